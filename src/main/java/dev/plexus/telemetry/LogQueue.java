package dev.plexus.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.LongAdder;

/// Hands log lines to a thread of their own, so that no event loop ever waits for a terminal or a pipe. When its bounded queue is full, lines are
/// dropped and counted.
final class LogQueue extends AsyncAppender {

    static final String NAME = "plexus.queue";
    static final int LINES_MAX = 8_192;
    private static final int FLUSH_MILLIS_MAX = 2_000;

    private final LongAdder dropped = new LongAdder();

    LogQueue() {
        setName(NAME);
        setQueueSize(LINES_MAX);
        setDiscardingThreshold(0);
        setNeverBlock(true);
        setMaxFlushTime(FLUSH_MILLIS_MAX);
    }

    @Override
    protected void append(ILoggingEvent line) {
        if (getRemainingCapacity() == 0) {
            dropped.increment();
        } else {
            super.append(line);
        }
    }

    long dropped() {
        return dropped.sum();
    }
}
