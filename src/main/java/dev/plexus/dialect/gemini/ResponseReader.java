package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Traits;
import dev.plexus.wire.JsonIn;

/// Reads an upstream's whole answer, which is one chunk of a stream that has only one; or all chunks of a stream, as an array.
final class ResponseReader {

    private ResponseReader() {}

    static void read(byte[] body, Traits target, Emitter out) {
        StreamReader reader = new StreamReader(target, out);
        JsonIn.read(body, 0, body.length, in -> {
            if (!in.isObject() && !in.isArray()) {
                throw in.bad("must be an object");
            }
        });
        reader.read(body, 0, body.length, null);
        if (!out.isOver()) {
            if (!reader.saidSomething()) {
                JsonIn.read(body, 0, body.length, in -> {
                    throw in.bad("has neither candidates nor a reason for their absence");
                });
            }
            reader.finish();
            out.end();
        }
    }
}
