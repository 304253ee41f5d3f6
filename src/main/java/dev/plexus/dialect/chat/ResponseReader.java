package dev.plexus.dialect.chat;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Traits;

/// Reads an upstream's whole answer, which has the shape of a stream's chunk that says everything at once.
final class ResponseReader {

    private ResponseReader() {}

    static void read(byte[] body, Traits target, Emitter out) {
        new StreamReader(target, out).whole(body);
    }
}
