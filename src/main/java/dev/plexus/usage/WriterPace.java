package dev.plexus.usage;

import java.time.Duration;

/// How eagerly the database is kept up to date. One batch of at most `batchRows` every `tick` while the backlog is young, so that the database does
/// not compete with live traffic for the processor; twice as often once the oldest unwritten record is as old as `calm`, three times at twice that age,
/// and so on. So an overload makes rows late rather than requests slow, and no age sets off a burst.
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
        long calmMs = Math.max(1, calm.toMillis());
        long pause = rows < batchRows ? tick.toMillis() : tick.toMillis() * calmMs / (calmMs + Math.max(0, oldestAgeMs));
        return Math.max(0, pause - spentMs);
    }
}
