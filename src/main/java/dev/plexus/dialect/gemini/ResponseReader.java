package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Traits;

/// Reads an upstream's whole answer.
final class ResponseReader {

    private ResponseReader() {}

    static void read(byte[] body, Traits target, Emitter out) {
        throw new UnsupportedOperationException("to be built");
    }
}
