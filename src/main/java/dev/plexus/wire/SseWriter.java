package dev.plexus.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Puts data into server-sent event frames.
public final class SseWriter {

    private SseWriter() {}

    /// One frame; `data` has no line breaks.
    public static byte[] frame(@Nullable String event, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length + 64);
        if (event != null) {
            bytes.writeBytes(ascii("event: " + event + "\n"));
        }
        bytes.writeBytes(ascii("data: "));
        bytes.writeBytes(data);
        bytes.writeBytes(ascii("\n\n"));
        return bytes.toByteArray();
    }

    /// A block that says nothing, for clients of formats that have no ping of their own.
    public static byte[] keepAlive() {
        return ascii(": keep-alive\n\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
