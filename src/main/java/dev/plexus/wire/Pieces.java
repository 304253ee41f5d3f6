package dev.plexus.wire;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A body as it arrived: slices of byte arrays in order, never joined, never changed.
///
/// Joining costs a copy of everything (50 us for 500 KB, more than the rest of a request), so bodies stay in the pieces the socket gave
/// and are spliced by naming ranges. Whoever hands an array in must not write to it again.
public final class Pieces {

    /// A range of an array.
    public record Slice(byte[] array, int offset, int length) {

        public Slice {
            if (offset < 0 || length < 0 || offset > array.length - length) {
                throw new IllegalArgumentException("slice: range outside of its array");
            }
        }
    }

    public static final Pieces EMPTY = new Pieces(List.of());

    private final List<Slice> slices;
    private final long length;

    public Pieces(List<Slice> slices) {
        this.slices = List.copyOf(slices);
        long sum = 0;
        for (Slice slice : this.slices) {
            sum += slice.length();
        }
        this.length = sum;
    }

    public static Pieces of(byte[] array) {
        return new Pieces(List.of(new Slice(array, 0, array.length)));
    }

    public static Pieces of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public List<Slice> slices() {
        return slices;
    }

    /// Bytes in all.
    public long length() {
        return length;
    }

    /// The bytes in order, for parsers that pull.
    public InputStream stream() {
        return new PiecesInputStream(slices);
    }

    /// A copy of everything in one array: for tests and small bodies.
    public byte[] joined() {
        byte[] all = new byte[Math.toIntExact(length)];
        int at = 0;
        for (Slice slice : slices) {
            System.arraycopy(slice.array(), slice.offset(), all, at, slice.length());
            at += slice.length();
        }
        return all;
    }

    /// The bytes in one array: the body's own where it is one slice that fills its array, else a copy.
    public byte[] contiguous() {
        if (slices.size() == 1) {
            Slice only = slices.getFirst();
            if (only.offset() == 0 && only.length() == only.array().length) {
                return only.array();
            }
        }
        return joined();
    }

    /// The range `[from, to)` as a body of its own, in the same arrays.
    public Pieces part(long from, long to) {
        return new Pieces(range(from, to));
    }

    /// The bytes of the range `[from, to)`, as slices of the same arrays.
    List<Slice> range(long from, long to) {
        List<Slice> found = new ArrayList<>();
        long start = 0;
        for (Slice slice : slices) {
            long end = start + slice.length();
            long first = Math.max(from, start);
            long last = Math.min(to, end);
            if (first < last) {
                found.add(new Slice(slice.array(), slice.offset() + (int) (first - start), (int) (last - first)));
            }
            start = end;
        }
        return found;
    }
}
