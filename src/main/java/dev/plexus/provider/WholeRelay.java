package dev.plexus.provider;

import dev.plexus.dialect.AnswerWatch;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.BodyBuffers;
import dev.plexus.message.Fault;
import dev.plexus.wire.Pieces;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Relays a whole answer: holds it back until it is known to be good, unless it grows too large for that; then it is passed on as it comes.
final class WholeRelay implements Intake {

    /// An answer larger than this is relayed before it has been judged.
    private static final int HELD_BYTES_MAX = 8 * 1024 * 1024;

    private final Attempt attempt;
    private final AttemptAsked asked;
    private final HttpServerResponse response;
    private final AnswerWatch watch;
    private final List<Buffer> held = new ArrayList<>(2);
    private final WholeEnd end = new WholeEnd();
    private long heldBytes;
    private boolean committed;
    private @Nullable Buffer last;
    private long firstByteNanos;
    private long pausedSince;

    WholeRelay(Attempt attempt, AttemptAsked asked, AnswerWatch watch) {
        this.attempt = attempt;
        this.asked = asked;
        this.response = asked.response();
        this.watch = watch;
        if (!asked.candidate().provider().estimateTokens()) {
            watch.generated().off(); // a whole answer is estimated only where the operator asked for it
        }
    }

    @Override
    public void chunk(Buffer chunk) {
        Pieces.Slice slice = BodyBuffers.slice(chunk);
        watch.feed(slice.array(), slice.offset(), slice.offset() + slice.length());
        if (committed) {
            pass(chunk);
            return;
        }
        held.add(chunk);
        heldBytes += chunk.length();
        if (heldBytes > HELD_BYTES_MAX) {
            commitEarly();
        }
    }

    /// The last buffer is always kept back: the exchange's record goes before the last bytes.
    private void commitEarly() {
        committed = true;
        AnswerHead.whole(asked, attempt.statusCode(), attempt.upstreamHeaders(), attempt.upstreamLength());
        firstByteNanos = attempt.nanos();
        response.drainHandler(_ -> resume());
        List<Buffer> all = List.copyOf(held);
        held.clear();
        all.forEach(this::pass);
    }

    private void pass(Buffer chunk) {
        if (last != null) {
            response.write(last); // a failing write is a client that left, and that has its own handler
            if (response.writeQueueFull() && pausedSince == 0) {
                pausedSince = attempt.nanos();
                attempt.pauseUpstream();
            }
        }
        last = chunk;
    }

    private void resume() {
        if (pausedSince != 0) {
            pausedSince = 0;
            attempt.resumeUpstream();
        }
    }

    @Override
    public void end() {
        AnswerWatch.Result result = watch.end();
        if (committed) {
            Buffer tail = last == null ? Buffer.buffer() : last;
            attempt.finish(new AttemptEnd.Complete(
                    attempt.statusCode(), tail, result.observed(), false, firstByteNanos, attempt.startedAt()));
            return;
        }
        switch (result.verdict()) {
            case GOOD -> deliver(result.observed());
            case EMPTY -> {
                if (asked.lastCandidate()) {
                    deliver(result.observed());
                } else {
                    attempt.refused(Fault.EMPTY, "the answer is empty", Break.invalid("upstream_empty_answer", "The upstream's answer was empty").error());
                }
            }
            case ERROR -> attempt.refusedInAnswer(errorOf(result));
            case BROKEN -> attempt.broken(Break.invalid("upstream_invalid_response", "The upstream's answer is not valid JSON"));
        }
    }

    private static UpstreamError errorOf(AnswerWatch.Result result) {
        UpstreamError error = result.error();
        return error == null ? new UpstreamError(0, null, null, 0, "unknown error") : error;
    }

    private void deliver(Observed observed) {
        AnswerHead.whole(asked, attempt.statusCode(), attempt.upstreamHeaders(), heldBytes);
        firstByteNanos = attempt.nanos();
        Buffer tail = held.isEmpty() ? Buffer.buffer() : held.removeLast();
        held.forEach(response::write);
        attempt.finish(new AttemptEnd.Complete(attempt.statusCode(), tail, observed, false, firstByteNanos, attempt.startedAt()));
    }

    @Override
    public void broken(Break why) {
        if (!committed && heldBytes > 0 && why.mayBeLate() && isComplete()) {
            end(); // all of it had come
            return;
        }
        if (committed) {
            attempt.finish(new AttemptEnd.Broken(
                    why.afterCommit(), attempt.statusCode(), why.reason(), null, Observed.NOTHING, false, firstByteNanos, attempt.startedAt()));
        } else {
            attempt.broken(why);
        }
    }

    @Override
    public void tick(long now) {
        if (pausedSince != 0 && attempt.isLongerThan(now - pausedSince, asked.candidate().provider().timeouts().clientIdle())) {
            attempt.clientStoppedReading();
        } else if (!committed && end.isDue(attempt.silentNanos(now), heldBytes, asked.candidate().provider().timeouts()) && isComplete()) {
            end();
        }
    }

    private boolean isComplete() {
        return attempt.upstreamLength() < 0 && WholeEnd.isComplete(held.stream().map(BodyBuffers::slice).toList());
    }

    @Override
    public boolean begun() {
        return committed || !held.isEmpty();
    }

    @Override
    public boolean waitsForClient() {
        return pausedSince != 0;
    }

    /// What was seen when the exchange was cancelled.
    AttemptEnd cancelled(Fault why) {
        return new AttemptEnd.Cancelled(why, Observed.NOTHING, false, firstByteNanos, attempt.startedAt());
    }

    @Override
    public Generated generated() {
        return watch.generated();
    }

    @Override
    public AttemptEnd bug() {
        if (!committed) {
            return attempt.internalError();
        }
        return new AttemptEnd.Broken(
                Fault.BUG, attempt.statusCode(), "internal error", null, Observed.NOTHING, false, firstByteNanos, attempt.startedAt());
    }
}
