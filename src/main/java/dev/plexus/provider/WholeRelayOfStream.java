package dev.plexus.provider;

import dev.plexus.dialect.AnswerWatch;
import dev.plexus.message.BodyBuffers;
import dev.plexus.wire.Pieces;
import io.vertx.core.buffer.Buffer;

/// Takes a whole answer where a stream was asked for: an error in it is an error; anything else is not what the client can read.
final class WholeRelayOfStream implements Intake {

    private final Attempt attempt;
    private final AnswerWatch watch;
    private boolean begun;

    WholeRelayOfStream(Attempt attempt, AnswerWatch watch) {
        this.attempt = attempt;
        this.watch = watch;
    }

    @Override
    public void chunk(Buffer chunk) {
        begun = true;
        Pieces.Slice slice = BodyBuffers.slice(chunk);
        watch.feed(slice.array(), slice.offset(), slice.offset() + slice.length());
    }

    @Override
    public void end() {
        AnswerWatch.Result result = watch.end();
        if (result.verdict() == AnswerWatch.Verdict.ERROR && result.error() != null) {
            attempt.refusedInAnswer(result.error());
        } else {
            broken(Break.invalid("upstream_invalid_response", "The upstream did not answer with a stream"));
        }
    }

    @Override
    public void broken(Break why) {
        attempt.broken(why);
    }

    @Override
    public void tick(long now) {}

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean waitsForClient() {
        return false;
    }
}
