package dev.plexus.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When a stream counts as stalled: fewer than `firstBytes` within `firstWithin` of the request, or fewer than `bytesPerSecond` over `window` once
/// `grace` has passed. Null means that this is not looked at. `cools` says whether a stall is the target's failure.
public record Stall(
        @Nullable Duration firstWithin,
        long firstBytes,
        @Nullable Long bytesPerSecond,
        Duration window,
        Duration grace,
        boolean cools) {

    public static final Stall OFF = new Stall(null, 100, null, Duration.ofSeconds(10), Duration.ofSeconds(30), false);

    /// True if nothing is looked at.
    public boolean isOff() {
        return firstWithin == null && bytesPerSecond == null;
    }
}
