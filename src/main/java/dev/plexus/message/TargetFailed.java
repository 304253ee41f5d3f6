package dev.plexus.message;

import dev.plexus.config.CooldownPolicy;
import dev.plexus.model.TargetId;

/// An attempt at a target failed in a way that cools it. Times are epoch milliseconds; `givenMillis` is the wait that the provider asked for, 0 when
/// it did not.
public record TargetFailed(TargetId target, long startedAt, long givenMillis, String reason, CooldownPolicy policy) {}
