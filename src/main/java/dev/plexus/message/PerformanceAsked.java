package dev.plexus.message;

/// Asks for the performance figures as they are now.
public record PerformanceAsked() {}
