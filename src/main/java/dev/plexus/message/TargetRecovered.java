package dev.plexus.message;

import dev.plexus.model.TargetId;

/// An attempt at a cooled target, started at this epoch millisecond, succeeded.
public record TargetRecovered(TargetId target, long startedAt) {}
