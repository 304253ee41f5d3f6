package dev.plexus.config;

import java.time.Duration;

/// How long a failing target is left out: the first time, and at most.
public record CooldownPolicy(Duration initial, Duration max) {}
