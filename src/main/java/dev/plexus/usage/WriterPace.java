package dev.plexus.usage;

import java.time.Duration;

/// How eagerly the database is kept up to date. One batch of at most `batchRows` every `tick` while the backlog is young, so that the database does
/// not compete with live traffic for the processor; without a pause once the oldest unwritten record is older than `calm`.
public record WriterPace(int batchRows, Duration tick, Duration calm) {

    /// At most 2,500 rows a second while all is well.
    public static final WriterPace DEFAULT = new WriterPace(250, Duration.ofMillis(100), Duration.ofSeconds(30));

    public WriterPace {
        if (batchRows < 1 || tick.toMillis() < 1 || calm.isNegative()) {
            throw new IllegalArgumentException("WriterPace: batchRows must be positive, tick a millisecond at least, calm not negative");
        }
    }

    /// How long to wait after a batch, in milliseconds.
    long pauseMs(int rows, long oldestAgeMs, long spentMs) {
        if (rows >= batchRows && oldestAgeMs > calm.toMillis()) {
            return 0;
        }
        return Math.max(0, tick.toMillis() - spentMs);
    }
}
