package dev.plexus.message;

/// The answer of those that have nothing to say but that it is done.
public record Done() {

    public static final Done DONE = new Done();
}
