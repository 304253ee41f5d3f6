package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Traits;
import dev.plexus.wire.JsonIn;

/// Reads an upstream's whole answer, which is a stream of one chunk; or all chunks of a stream, as an array.
final class ResponseReader {

    private ResponseReader() {}

    static void read(byte[] body, Traits target, Emitter out) {
        StreamReader reader = new StreamReader(target, out);
        boolean readable = reader.read(body, 0, body.length, null);
        if (out.isOver()) {
            return;
        }
        if (!readable || !reader.saidSomething()) {
            JsonIn.read(body, 0, body.length, in -> {
                throw in.bad("must be an answer, with candidates or the reason why there are none");
            });
        }
        reader.finish();
        out.end();
    }
}
