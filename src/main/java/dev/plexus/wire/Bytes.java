package dev.plexus.wire;

import java.io.OutputStream;
import java.util.Arrays;

/// A growing array of bytes that is handed over whole. Not for use by several threads.
public final class Bytes extends OutputStream {

    private static final int FIRST = 512;
    private static final byte[] NONE = new byte[0];

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
        return length;
    }

    /// Everything written since the last call; what was there belongs to the caller now.
    public byte[] take() {
        byte[] all = length == array.length ? array : Arrays.copyOf(array, length);
        array = NONE;
        length = 0;
        return all;
    }

    /// The same without a copy, as a range of a larger array.
    public Pieces.Slice takeSlice() {
        Pieces.Slice slice = new Pieces.Slice(array, 0, length);
        array = NONE;
        length = 0;
        return slice;
    }

    private void room(int more) {
        int needed = Math.addExact(length, more);
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.max(needed, Math.max(FIRST, array.length + (array.length >> 1))));
        }
    }
}
