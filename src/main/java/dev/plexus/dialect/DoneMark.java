package dev.plexus.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The `[DONE]` that ends chat streams, and that some upstreams send in other formats too.
public final class DoneMark {

    private static final byte[] MARK = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private DoneMark() {}

    /// A copy of the mark.
    public static byte[] bytes() {
        return MARK.clone();
    }

    /// True for the `[DONE]` that ends some event streams, blanks around it aside.
    public static boolean is(byte[] array, int from, int to) {
        int first = from;
        while (first < to && array[first] <= ' ' && array[first] >= 0) {
            first++;
        }
        if (to - first < MARK.length || array[first] != '[' || array[first + 1] != 'D') {
            return false;
        }
        int last = to;
        while (last > first && array[last - 1] <= ' ' && array[last - 1] >= 0) {
            last--;
        }
        return Arrays.equals(array, first, last, MARK, 0, MARK.length);
    }
}
