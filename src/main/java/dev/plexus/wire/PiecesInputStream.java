package dev.plexus.wire;

import java.io.InputStream;
import java.util.List;

/// Reads the slices of a [Pieces] one after the other.
final class PiecesInputStream extends InputStream {

    private final List<Pieces.Slice> slices;
    private int index;
    private int position;

    PiecesInputStream(List<Pieces.Slice> slices) {
        this.slices = slices;
    }

    @Override
    public int read() {
        while (index < slices.size()) {
            Pieces.Slice slice = slices.get(index);
            if (position < slice.length()) {
                return slice.array()[slice.offset() + position++] & 0xff;
            }
            index++;
            position = 0;
        }
        return -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        while (index < slices.size()) {
            Pieces.Slice slice = slices.get(index);
            int left = slice.length() - position;
            if (left > 0) {
                int count = Math.min(left, length);
                System.arraycopy(slice.array(), slice.offset() + position, target, offset, count);
                position += count;
                return count;
            }
            index++;
            position = 0;
        }
        return -1;
    }
}
