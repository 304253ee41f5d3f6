package dev.plexus.dialect.responses;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.Traits;
import org.jspecify.annotations.Nullable;

/// Reads an upstream's stream.
final class StreamReader implements StreamDecoder {

    StreamReader(Traits target, Emitter out) {}

    @Override
    public boolean frame(byte[] array, int from, int to, @Nullable String event) {
        throw new UnsupportedOperationException("to be built");
    }

    @Override
    public void end() {
        throw new UnsupportedOperationException("to be built");
    }
}
