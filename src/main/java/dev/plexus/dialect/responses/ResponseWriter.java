package dev.plexus.dialect.responses;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Reply;
import dev.plexus.model.Completion;

/// Writes a whole answer for a client.
final class ResponseWriter {

    private ResponseWriter() {}

    static byte[] write(Completion completion, Reply reply, Drops drops) {
        throw new UnsupportedOperationException("to be built");
    }
}
