package dev.plexus.config;

import java.time.Duration;

/// The time limits of one attempt; zero means none (`connect` and `total` always have one). `clientIdle` is how long a client may refuse to read.
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total, Duration clientIdle) {

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofSeconds(300));
}
