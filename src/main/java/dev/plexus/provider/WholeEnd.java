package dev.plexus.provider;

import dev.plexus.config.Timeouts;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import java.time.Duration;
import java.util.List;

/// Knows when a whole answer is there although its upstream does not end it: the document is complete, and nothing has come after it for a while.
final class WholeEnd {

    private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

    private long checked = -1;

    /// True if it is time to look, once for each silence.
    boolean isDue(long silentNanos, long bytes, Timeouts timeouts) {
        if (bytes == 0 || bytes == checked || silentNanos < wait(timeouts)) {
            return false;
        }
        checked = bytes;
        return true;
    }

    private static long wait(Timeouts timeouts) {
        Duration idle = timeouts.idle();
        return (idle.isZero() || idle.compareTo(SILENCE_MAX) > 0 ? SILENCE_MAX : idle).toNanos();
    }

    static boolean isComplete(List<Pieces.Slice> slices) {
        byte[] body = new Pieces(slices).contiguous();
        try {
            JsonIn.read(body, 0, body.length, _ -> {});
            return true;
        } catch (JsonIn.Bad _) {
            return false;
        }
    }
}
