package dev.plexus.wire;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Bytes that grow and are handed over whole. A small array grows; beyond that chunks are put behind one another, so that nothing large is copied more
/// than once. Not for use by several threads.
public final class Bytes extends OutputStream {

    private static final int FIRST = 512;
    private static final int CHUNK = 64 * 1024;
    private static final byte[] NONE = new byte[0];

    private final List<byte[]> full = new ArrayList<>(0);
    private int fullLength;
    private byte[] array = NONE;
    private int length;

    @Override
    public void write(int one) {
        room(1);
        array[length++] = (byte) one;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        room(count);
        System.arraycopy(from, offset, array, length, count);
        length += count;
    }

    /// Adds these bytes.
    public void add(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    public int length() {
        return fullLength + length;
    }

    /// Everything written since the last call; what was there belongs to the caller now.
    public byte[] take() {
        byte[] all;
        if (full.isEmpty()) {
            all = length == array.length ? array : Arrays.copyOf(array, length);
        } else {
            all = new byte[fullLength + length];
            int at = 0;
            for (byte[] chunk : full) {
                System.arraycopy(chunk, 0, all, at, chunk.length);
                at += chunk.length;
            }
            System.arraycopy(array, 0, all, at, length);
        }
        clear();
        return all;
    }

    /// The same as a range, without a copy while it is small.
    public Pieces.Slice takeSlice() {
        if (!full.isEmpty()) {
            byte[] all = take();
            return new Pieces.Slice(all, 0, all.length);
        }
        Pieces.Slice slice = new Pieces.Slice(array, 0, length);
        clear();
        return slice;
    }

    private void clear() {
        full.clear();
        fullLength = 0;
        array = NONE;
        length = 0;
    }

    private void room(int more) {
        int needed = Math.addExact(length, more);
        if (needed <= array.length) {
            return;
        }
        if (length < CHUNK) {
            array = Arrays.copyOf(array, Math.max(needed, Math.max(FIRST, array.length + (array.length >> 1))));
            return;
        }
        byte[] chunk = length == array.length ? array : Arrays.copyOf(array, length);
        full.add(chunk);
        fullLength = Math.addExact(fullLength, length);
        array = new byte[Math.max(more, CHUNK)];
        length = 0;
    }
}
