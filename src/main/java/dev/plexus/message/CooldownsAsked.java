package dev.plexus.message;

/// Asks for all cooldowns as they are now.
public record CooldownsAsked() {}
