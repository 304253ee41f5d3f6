package dev.plexus.dialect.responses;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Written;
import dev.plexus.model.ChatRequest;

/// Writes a request for an upstream.
final class RequestWriter {

    private RequestWriter() {}

    static Written write(ChatRequest request, Traits target, Drops drops) {
        throw new UnsupportedOperationException("to be built");
    }
}
