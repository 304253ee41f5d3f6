package dev.plexus.message;

import java.time.Duration;

/// Stop taking exchanges; those still running after `grace` are ended with an error.
public record DrainAsked(Duration grace) {}
