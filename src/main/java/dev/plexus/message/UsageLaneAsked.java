package dev.plexus.message;

/// A lane asks for its end of the usage journal.
public record UsageLaneAsked(int lane) {}
