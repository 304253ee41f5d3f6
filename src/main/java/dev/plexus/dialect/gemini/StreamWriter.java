package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.model.StreamEvent;
import dev.plexus.wire.FrameSink;

/// Writes a client's stream.
final class StreamWriter implements StreamEncoder {

    StreamWriter(FrameSink sink, Reply reply, Drops drops) {}

    @Override
    public void accept(StreamEvent event) {
        throw new UnsupportedOperationException("to be built");
    }

    @Override
    public void keepAlive() {
        throw new UnsupportedOperationException("to be built");
    }
}
