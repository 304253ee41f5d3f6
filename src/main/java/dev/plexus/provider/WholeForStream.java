package dev.plexus.provider;

import dev.plexus.dialect.AnswerWatch;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Translation;
import dev.plexus.dialect.Unsupported;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.BodyBuffers;
import dev.plexus.message.Fault;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Takes a whole answer where a stream was asked for, and gives the client the stream that says the same: some upstreams answer so when they do not
/// stream, and Gemini's answer is an array of chunks where `alt=sse` got lost. An error in it is an error.
final class WholeForStream implements Intake {

    private static final int HELD_BYTES_MAX = 64 * 1024 * 1024;

    private final Attempt attempt;
    private final AttemptAsked asked;
    private final AnswerWatch watch;
    private final Supplier<Translation> translation;
    private final List<Pieces.Slice> held = new ArrayList<>(2);
    private long heldBytes;
    private boolean over;
    private Generated generated = Generated.nothing();

    WholeForStream(Attempt attempt, AttemptAsked asked, AnswerWatch watch, Supplier<Translation> translation) {
        this.attempt = attempt;
        this.asked = asked;
        this.watch = watch;
        this.translation = translation;
    }

    @Override
    public void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        Pieces.Slice slice = BodyBuffers.slice(chunk);
        watch.feed(slice.array(), slice.offset(), slice.offset() + slice.length());
        held.add(slice);
        heldBytes += chunk.length();
        if (heldBytes > HELD_BYTES_MAX) {
            broken(notAStream());
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        over = true;
        if (asked.resume() != null) {
            attempt.broken(notAStream()); // a stream is to be gone on with
            return;
        }
        AnswerWatch.Result result = watch.end();
        if (result.verdict() == AnswerWatch.Verdict.ERROR && result.error() != null) {
            attempt.refusedInAnswer(result.error());
            return;
        }
        try {
            tell(translation.get());
        } catch (JsonIn.Bad | Unsupported bad) {
            attempt.broken(notAStream());
        }
    }

    private void tell(Translation answer) {
        FrameSink sink = new FrameSink(!asked.head().sse());
        StreamEncoder encoder = answer.encoder(sink);
        Emitter emitter = answer.emitter(encoder::accept);
        generated = emitter.generated();
        byte[] body = new Pieces(held).contiguous();
        if (isArray(body)) {
            StreamDecoder decoder = answer.decoder(emitter);
            JsonIn.read(body, 0, body.length, in -> in.array(() -> {
                byte[] chunk = in.raw().getBytes(StandardCharsets.UTF_8);
                decoder.frame(chunk, 0, chunk.length, null);
            }));
            decoder.end();
        } else {
            answer.readAnswer(body, emitter);
        }
        if (emitter.failure() != null) {
            attempt.refusedInAnswer(emitter.failure());
        } else if (!emitter.isOver()) {
            attempt.broken(notAStream());
        } else if (!emitter.observed().visible() && !asked.lastCandidate()) {
            attempt.refused(Fault.EMPTY, "the answer is empty", Break.invalid("upstream_empty_answer", "The upstream's answer was empty").error());
        } else {
            sink.close();
            AnswerHead.stream(asked, attempt.statusCode(), AnswerHead.NONE, asked.head().sse());
            Buffer tail = BodyBuffers.buffer(sink.take());
            attempt.finish(new AttemptEnd.Complete(attempt.statusCode(), tail, emitter.observed(), true, attempt.nanos(), attempt.startedAt()));
        }
    }

    private static boolean isArray(byte[] body) {
        int at = 0;
        while (at < body.length && body[at] >= 0 && body[at] <= ' ') {
            at++;
        }
        return at < body.length && body[at] == '[';
    }

    private static Break notAStream() {
        return Break.invalid("upstream_invalid_response", "The upstream did not answer with a stream");
    }

    @Override
    public void broken(Break why) {
        over = true;
        attempt.broken(why);
    }

    @Override
    public void tick(long now) {}

    @Override
    public boolean begun() {
        return heldBytes > 0;
    }

    @Override
    public boolean waitsForClient() {
        return false;
    }

    @Override
    public Generated generated() {
        return generated;
    }

    @Override
    public AttemptEnd bug() {
        return attempt.internalError();
    }
}
