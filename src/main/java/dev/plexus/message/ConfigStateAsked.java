package dev.plexus.message;

/// How did the last reload go?
public record ConfigStateAsked() {}
