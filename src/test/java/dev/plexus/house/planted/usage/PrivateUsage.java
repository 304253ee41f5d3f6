package dev.plexus.house.planted.usage;

/// What another room has no business with.
public record PrivateUsage() {}
