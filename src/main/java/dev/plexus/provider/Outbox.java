package dev.plexus.provider;

import dev.plexus.message.BodyBuffers;
import dev.plexus.wire.Pieces;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bytes on their way to a client that have not been written yet. Ranges that follow one another in one array are one range.
final class Outbox {

    private final List<Pieces.Slice> slices = new ArrayList<>(4);
    private byte @Nullable [] run;
    private int runFrom;
    private int runTo;
    private long bytes;

    void add(byte[] array, int from, int to) {
        bytes += to - from;
        if (array == run && from == runTo) {
            runTo = to;
            return;
        }
        closeRun();
        run = array;
        runFrom = from;
        runTo = to;
    }

    void add(byte[] array) {
        add(array, 0, array.length);
    }

    void add(Pieces.Slice slice) {
        if (slice.length() > 0) {
            add(slice.array(), slice.offset(), slice.offset() + slice.length());
        }
    }

    long bytes() {
        return bytes;
    }

    /// True if what is here is the whole of that array's chunk of this length, and nothing else.
    boolean isOnly(byte[] array, int length) {
        return slices.isEmpty() && run == array && bytes == length;
    }

    /// Everything, which is then no longer here.
    Buffer take() {
        closeRun();
        Buffer all = slices.isEmpty() ? Buffer.buffer() : BodyBuffers.buffer(slices);
        clear();
        return all;
    }

    void clear() {
        slices.clear();
        run = null;
        bytes = 0;
    }

    private void closeRun() {
        byte[] array = run;
        if (array != null) {
            slices.add(new Pieces.Slice(array, runFrom, runTo - runFrom));
            run = null;
        }
    }
}
