package dev.plexus.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes into server-sent event frames, whatever the boundaries at which the bytes arrive. One instance per stream.
///
/// Every byte fed comes out again in exactly one frame, in order, so a relay that writes all frames writes the stream. Lines end at LF,
/// CRLF or a lone CR. A frame ends with its blank line as soon as that is certain: when a lone CR is the last byte of a feed the frame is
/// given at once, and an LF that turns up next opens the following frame's bytes without being a line of its own.
///
/// A frame that lies within one fed array is a range of that array. The bytes of a frame that spans feeds are collected in a fresh array
/// that belongs to that frame alone. Nothing is scanned twice.
public final class SseFramer {

    /// The most bytes that one frame may have.
    public static final int FRAME_BYTES_MAX = 16 * 1024 * 1024;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long FIRST_PRINTABLE = 0x20 * ONES;
    private static final int FIRST_PENDING = 1024;
    private static final byte[] NONE = new byte[0];
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR_NAME = "\"error\"".getBytes(StandardCharsets.US_ASCII);

    /// Takes the frames; a frame is valid only until the method returns, its arrays beyond that.
    public interface Handler {
        void frame(Frame frame);
    }

    /// A frame is longer than [#FRAME_BYTES_MAX]; the framer cannot be used any more.
    public static final class FrameTooLong extends RuntimeException {
        FrameTooLong() {
            super("event longer than " + FRAME_BYTES_MAX + " bytes", null, false, false);
        }
    }

    /// One frame: a reused window onto arrays.
    public static final class Frame {

        private byte[] array = NONE;
        private int from;
        private int to;
        private byte[] data = NONE;
        private int dataFrom;
        private int dataTo;
        private boolean hasData;
        private int eventFrom;
        private int eventTo;

        private Frame() {}

        /// The array that holds the whole frame, its blank line included.
        public byte[] array() {
            return array;
        }

        public int from() {
            return from;
        }

        public int to() {
            return to;
        }

        /// The array that holds the data: the frame's own for a single data line, a fresh one where several were joined with LF.
        public byte[] data() {
            return data;
        }

        public int dataFrom() {
            return dataFrom;
        }

        public int dataTo() {
            return dataTo;
        }

        /// The event name, if the frame has one that is not empty.
        public @Nullable String event() {
            return eventFrom < eventTo ? new String(array, eventFrom, eventTo - eventFrom, StandardCharsets.UTF_8) : null;
        }

        /// False for frames that are only comments, names or blank lines: nothing to look at, but still bytes of the stream.
        public boolean hasData() {
            return hasData;
        }
    }

    private final Frame frame = new Frame();

    /// Bytes of the unfinished frame, from its first; taken over by the frame when it is complete.
    private byte[] held = NONE;
    private int heldLength;

    private boolean atStart = true;
    private boolean afterCarriageReturn;

    // Positions within the array that holds the current frame: the fed one, or `held`.
    private int frameFrom;
    private int lineFrom;
    private int dataFrom;
    private int dataTo;
    private int dataLines;
    private int eventFrom;
    private int eventTo;
    /// The earlier data lines of an event that has several, each with its LF.
    private byte[] joined = NONE;
    private int joinedLength;

    /// Takes the next bytes `[from, to)` and hands on every frame that they complete.
    public void feed(byte[] array, int from, int to, Handler handler) {
        int at = from;
        while (heldLength > 0 && at < to) {
            at = feedHeld(array, at, to, handler);
        }
        if (at == to) {
            return;
        }
        begin(at);
        if (afterCarriageReturn) {
            afterCarriageReturn = false;
            if (array[at] == '\n') {
                at++;
                lineFrom = at;
            }
        }
        while (at < to) {
            int end = lineEnd(array, at, to);
            if (end == to) {
                break;
            }
            at = end + 1;
            if (array[end] == '\r') {
                if (at < to) {
                    if (array[at] == '\n') {
                        at++;
                    }
                } else {
                    afterCarriageReturn = true;
                }
            }
            line(array, lineFrom, end, at, handler);
        }
        if (frameFrom < to) {
            hold(array, frameFrom, to);
        }
    }

    /// Says that no more bytes will come; what is left is given as the last frame.
    public void end(Handler handler) {
        if (heldLength == 0) {
            return;
        }
        int length = heldLength;
        byte[] array = held;
        held = NONE;
        heldLength = 0;
        int start = afterMark(array, lineFrom, length);
        if (start < length) {
            field(array, start, length, handler);
        }
        dispatch(array, length, handler);
    }

    /// Bytes of a frame that is not complete yet.
    public int pending() {
        return heldLength;
    }

    /// Adds bytes to the held frame up to the next line end, and looks at that line. Returns where to go on.
    private int feedHeld(byte[] array, int from, int to, Handler handler) {
        if (afterCarriageReturn) {
            afterCarriageReturn = false;
            if (array[from] == '\n') {
                append(array, from, from + 1);
                lineFrom = heldLength;
                return from + 1;
            }
        }
        int end = lineEnd(array, from, to);
        if (end == to) {
            append(array, from, to);
            return to;
        }
        int next = end + 1;
        if (array[end] == '\r') {
            if (next < to) {
                if (array[next] == '\n') {
                    next++;
                }
            } else {
                afterCarriageReturn = true;
            }
        }
        append(array, from, next);
        int length = heldLength;
        byte[] whole = held;
        line(whole, lineFrom, length - (next - end), length, handler);
        if (frameFrom == length) {
            held = NONE;
            heldLength = 0;
        } else if (frameFrom > 0) {
            hold(whole, frameFrom, length);
        }
        return next;
    }

    /// Looks at the line `[from, end)`, whose line end reaches to `next`.
    private void line(byte[] array, int from, int end, int next, Handler handler) {
        int start = afterMark(array, from, end);
        if (start < end) {
            field(array, start, end, handler);
            lineFrom = next;
        } else {
            dispatch(array, next, handler);
        }
    }

    private void field(byte[] array, int from, int end, Handler handler) {
        switch (array[from]) {
            case 'd' -> {
                int value = value(array, from, end, DATA);
                if (value >= 0) {
                    data(array, value, end);
                }
            }
            case 'e' -> {
                int value = value(array, from, end, EVENT);
                if (value >= 0) {
                    eventFrom = value;
                    eventTo = end;
                }
            }
            case '{' -> {
                if (mentionsError(array, from, end)) {
                    if (dataLines > 0) {
                        dispatch(array, from, handler);
                    }
                    data(array, from, end);
                }
            }
            default -> {}
        }
    }

    /// Where the value of the field begins if the line `[from, end)` has that name, else -1.
    private static int value(byte[] array, int from, int end, byte[] name) {
        int colon = from + name.length;
        if (colon > end || !Arrays.equals(array, from, colon, name, 0, name.length)) {
            return -1;
        }
        if (colon == end) {
            return end;
        }
        if (array[colon] != ':') {
            return -1;
        }
        int value = colon + 1;
        return value < end && array[value] == ' ' ? value + 1 : value;
    }

    private void data(byte[] array, int from, int end) {
        if (dataLines > 0) {
            join(array, dataFrom, dataTo);
        }
        dataFrom = from;
        dataTo = end;
        dataLines++;
    }

    /// Keeps a data line aside because another follows it.
    private void join(byte[] array, int from, int to) {
        int length = joinedLength + to - from + 1;
        if (length > joined.length) {
            joined = Arrays.copyOf(joined, Math.max(length, Math.min(2 * joined.length, FRAME_BYTES_MAX)));
        }
        System.arraycopy(array, from, joined, joinedLength, to - from);
        joined[length - 1] = '\n';
        joinedLength = length;
    }

    /// Hands on the frame that ends at `to`, and begins the next one there.
    private void dispatch(byte[] array, int to, Handler handler) {
        if (to - frameFrom > FRAME_BYTES_MAX) {
            throw new FrameTooLong();
        }
        frame.array = array;
        frame.from = frameFrom;
        frame.to = to;
        frame.hasData = dataLines > 0;
        frame.eventFrom = eventFrom;
        frame.eventTo = eventTo;
        if (dataLines > 1) {
            join(array, dataFrom, dataTo);
            frame.data = joined;
            frame.dataFrom = 0;
            frame.dataTo = joinedLength - 1;
            joined = NONE;
            joinedLength = 0;
        } else {
            frame.data = array;
            frame.dataFrom = dataFrom;
            frame.dataTo = dataTo;
        }
        begin(to);
        handler.frame(frame);
    }

    private void begin(int at) {
        frameFrom = at;
        lineFrom = at;
        dataFrom = 0;
        dataTo = 0;
        dataLines = 0;
        eventFrom = 0;
        eventTo = 0;
    }

    /// Copies the unfinished frame `[from, to)` into a fresh array, and moves the positions there.
    private void hold(byte[] array, int from, int to) {
        int length = to - from;
        checkLength(length);
        byte[] fresh = new byte[Math.max(FIRST_PENDING, length)];
        System.arraycopy(array, from, fresh, 0, length);
        held = fresh;
        heldLength = length;
        frameFrom = 0;
        lineFrom -= from;
        dataFrom -= from;
        dataTo -= from;
        if (eventFrom < eventTo) {
            eventFrom -= from;
            eventTo -= from;
        }
    }

    private void append(byte[] array, int from, int to) {
        int length = heldLength + to - from;
        checkLength(length);
        if (length > held.length) {
            held = Arrays.copyOf(held, Math.max(length, 2 * held.length));
        }
        System.arraycopy(array, from, held, heldLength, to - from);
        heldLength = length;
    }

    private static void checkLength(int length) {
        if (length > FRAME_BYTES_MAX) {
            throw new FrameTooLong();
        }
    }

    /// Behind the byte order mark that may open the stream's first line.
    private int afterMark(byte[] array, int from, int end) {
        if (!atStart) {
            return from;
        }
        atStart = false;
        boolean mark = end - from >= 3 && array[from] == (byte) 0xef && array[from + 1] == (byte) 0xbb && array[from + 2] == (byte) 0xbf;
        return mark ? from + 3 : from;
    }

    /// The first LF or CR of `[from, to)`, else `to`. Eight bytes at a time: a word is looked at closely only if it holds a byte below
    /// 0x20, which JSON text does not.
    private static int lineEnd(byte[] array, int from, int to) {
        int at = from;
        for (int words = to - 8; at <= words; at += 8) {
            long word = (long) LONGS.get(array, at);
            if (((word - FIRST_PRINTABLE) & ~word & HIGHS) != 0) {
                int end = lineEndByByte(array, at, at + 8);
                if (end < at + 8) {
                    return end;
                }
            }
        }
        return lineEndByByte(array, at, to);
    }

    private static int lineEndByByte(byte[] array, int from, int to) {
        for (int at = from; at < to; at++) {
            byte one = array[at];
            if (one == '\n' || one == '\r') {
                return at;
            }
        }
        return to;
    }

    private static boolean mentionsError(byte[] array, int from, int end) {
        for (int at = from; at <= end - ERROR_NAME.length; at++) {
            if (array[at] == '"' && Arrays.equals(array, at, at + ERROR_NAME.length, ERROR_NAME, 0, ERROR_NAME.length)) {
                return true;
            }
        }
        return false;
    }
}
