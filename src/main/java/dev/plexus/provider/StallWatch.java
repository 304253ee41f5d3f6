package dev.plexus.provider;

import dev.plexus.config.Stall;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Measures how fast one upstream answer comes (routing.md 11). One per upstream call.
final class StallWatch {

    private record Sample(long nanos, long bytes) {}

    private final Stall limits;
    private final long sentNanos;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long bytes;
    private long measuredFrom;

    StallWatch(Stall limits, long sentNanos) {
        this.limits = limits;
        this.sentNanos = sentNanos;
        this.measuredFrom = sentNanos;
    }

    void received(int length) {
        bytes += length;
    }

    /// The client did not read, so that nothing could come: the window begins anew.
    void pausedUntil(long now) {
        samples.clear();
        measuredFrom = now;
    }

    /// What is too slow now; null if nothing is.
    @Nullable String complaint(long now) {
        if (limits.firstWithin() != null && bytes < limits.firstBytes() && now - sentNanos > limits.firstWithin().toNanos()) {
            return "fewer than " + limits.firstBytes() + " bytes within " + limits.firstWithin().toMillis() + " ms";
        }
        Long slowest = limits.bytesPerSecond();
        if (slowest == null || now - sentNanos < limits.grace().toNanos()) {
            return null;
        }
        long window = limits.window().toNanos();
        samples.addLast(new Sample(now, bytes));
        while (samples.size() > 1 && now - samples.getFirst().nanos > window) {
            samples.removeFirst();
        }
        boolean whole = now - measuredFrom >= window && now - samples.getFirst().nanos >= window * 9 / 10;
        long came = bytes - samples.getFirst().bytes;
        if (!whole || came * 1_000_000_000L >= slowest * (now - samples.getFirst().nanos)) {
            return null;
        }
        return "fewer than " + slowest + " bytes per second over " + limits.window().toMillis() + " ms";
    }
}
