package dev.plexus.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Where a stream's writer puts its events: as server-sent event frames, or as the elements of a JSON array. One per stream, single-threaded.
public final class FrameSink {

    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] LINE = ascii("\n");
    private static final byte[] BLANK_LINE = ascii("\n\n");
    private static final byte[] ARRAY_OPEN = ascii("[");
    private static final byte[] ARRAY_NEXT = ascii(",\r\n");
    private static final byte[] ARRAY_CLOSE = ascii("\n]");

    private final Bytes bytes = new Bytes();
    private final JsonOut json = new JsonOut(bytes);
    private final boolean asArray;
    private boolean any;

    public FrameSink(boolean asArray) {
        this.asArray = asArray;
    }

    /// Begins an event; its one JSON document is to be written, and then [#end] called.
    public JsonOut begin(@Nullable String event) {
        if (asArray) {
            bytes.add(any ? ARRAY_NEXT : ARRAY_OPEN);
        } else {
            if (event != null) {
                bytes.add(EVENT);
                bytes.add(ascii(event));
                bytes.add(LINE);
            }
            bytes.add(DATA);
        }
        any = true;
        return json;
    }

    /// Ends the event.
    public void end() {
        json.flush();
        if (!asArray) {
            bytes.add(BLANK_LINE);
        }
    }

    /// An event whose data is this text as it is.
    public void data(String text) {
        bytes.add(DATA);
        bytes.add(text.getBytes(StandardCharsets.UTF_8));
        bytes.add(BLANK_LINE);
    }

    /// An event whose data is this document.
    public void document(@Nullable String event, byte[] document) {
        begin(event);
        bytes.add(document);
        end();
    }

    /// Keeps a silent connection alive with a block that says nothing; an array has no place for one.
    public void keepAlive() {
        if (!asArray) {
            bytes.add(SseWriter.keepAlive());
        }
    }

    /// Says that no more events will come.
    public void close() {
        if (asArray) {
            bytes.add(any ? ARRAY_CLOSE : ascii("[]"));
        }
        json.done();
    }

    /// Bytes written since the last [#take].
    public int length() {
        return bytes.length();
    }

    /// Everything written since the last call.
    public Pieces.Slice take() {
        return bytes.takeSlice();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
