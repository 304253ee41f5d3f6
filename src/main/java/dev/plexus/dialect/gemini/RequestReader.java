package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.RequestHead;
import dev.plexus.model.ChatRequest;

/// Reads a client's request.
final class RequestReader {

    private RequestReader() {}

    static ChatRequest read(byte[] body, RequestHead head, Drops drops) {
        throw new UnsupportedOperationException("to be built");
    }
}
