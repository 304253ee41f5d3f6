package dev.plexus.config;

import java.time.Duration;

/// The bounds of what a client may send and how long a quiet stream stays quiet (`keepAlive`, zero = no keep-alive blocks).
public record Limits(long bodyBytesMax, int headerBytesMax, int urlBytesMax, Duration headerTimeout, Duration keepAlive) {

    public static final Limits DEFAULT =
            new Limits(30L * 1024 * 1024, 32 * 1024, 8 * 1024, Duration.ofSeconds(15), Duration.ofSeconds(15));
}
