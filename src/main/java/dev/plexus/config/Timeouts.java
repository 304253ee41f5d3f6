package dev.plexus.config;

import java.time.Duration;

/// The time limits of one attempt; zero means none (`connect` and `total` always have one). `clientIdle` is how long a client may refuse to read.
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total, Duration clientIdle, Stall stall) {

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofSeconds(300));

    public Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total, Duration clientIdle) {
        this(connect, firstByte, idle, total, clientIdle, Stall.OFF);
    }

    Timeouts withStall(Stall other) {
        return new Timeouts(connect, firstByte, idle, total, clientIdle, other);
    }
}
