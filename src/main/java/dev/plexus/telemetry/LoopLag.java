package dev.plexus.telemetry;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Measures how late an event loop is: a periodic timer that notes its own delay. Of one event loop.
final class LoopLag {

    static final Duration PERIOD = Duration.ofMillis(250);
    /// Timers run up to a millisecond early.
    private static final long EARLY_NANOS_MAX = 2_000_000;

    private final LongSupplier nanos;
    private final Timer lag;
    private long due;

    LoopLag(LongSupplier nanos, Timer lag) {
        this.nanos = nanos;
        this.lag = lag;
        this.due = nanos.getAsLong() + PERIOD.toNanos();
    }

    /// Starts measuring on the event loop of `lane`, until Vert.x closes.
    void start(Vertx vertx, Context lane) {
        lane.runOnContext(_ -> {
            due = nanos.getAsLong() + PERIOD.toNanos();
            vertx.setPeriodic(PERIOD.toMillis(), _ -> ran());
        });
    }

    /// The timer has run. After a block it runs once for each period missed; all but the first of those are early for the next period, and say nothing.
    void ran() {
        long late = nanos.getAsLong() - due;
        if (late < -EARLY_NANOS_MAX) {
            return;
        }
        lag.record(Math.max(0, late), TimeUnit.NANOSECONDS);
        due += PERIOD.toNanos() * (1 + Math.max(0, late) / PERIOD.toNanos());
    }
}
