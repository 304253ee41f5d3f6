package dev.plexus.provider;

import dev.plexus.wire.PathEdits;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/// Puts a sign where a message lost all of its blocks: vendors refuse empty content, and without the message calls and results would run together.
final class EmptyContent {

    private static final byte[] SIGN = "[{\"type\":\"text\",\"text\":\"…\"}]".getBytes(StandardCharsets.UTF_8);

    private EmptyContent() {}

    /// The body with a sign as the content of the messages with these indexes.
    static byte[] filled(byte[] body, Collection<Integer> messages) {
        byte[] filled = body;
        for (int message : messages) {
            byte[] with = PathEdits.replace(filled, "messages[" + message + "].content", SIGN);
            filled = with == null ? filled : with;
        }
        return filled;
    }
}
