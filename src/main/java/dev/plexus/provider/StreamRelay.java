package dev.plexus.provider;

import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.BodyBuffers;
import dev.plexus.message.Fault;
import dev.plexus.message.Resume;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseFramer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Relays an event stream frame by frame along its [Course]: holds it back until its first content (the commit), keeps the upstream's pace to the
/// client's, and never lets a broken stream end like a good one.
final class StreamRelay implements Intake {

    /// A stream that says nothing in this many bytes is committed all the same.
    private static final int HELD_BYTES_MAX = 1024 * 1024;

    private static final int MALFORMED_IN_A_ROW_MAX = 3;

    /// What may gather before it is written, so that a client that does not read is noticed soon.
    private static final int GATHERED_BYTES_MAX = 64 * 1024;

    /// How long a stream whose finish reason has been seen may stay open without its terminal frame.
    private static final Duration LINGER_MAX = Duration.ofSeconds(5);

    private final Attempt attempt;
    private final AttemptAsked asked;
    private final HttpServerResponse response;
    private final Course course;
    private final SseFramer framer = new SseFramer();
    private final SseFramer.Handler frames = this::frame;

    private final Outbox out = new Outbox();
    private @Nullable Buffer untouchedChunk;
    private byte @Nullable [] untouchedArray;
    private boolean writeComing;

    private boolean committed;
    private boolean mayCommit;
    private boolean begun;
    private boolean over;
    private boolean closed;
    private boolean discarding;
    private boolean anyFrame;
    private boolean onlySigns;
    private int malformedInARow;
    private long firstByteNanos;
    private long lastWriteNanos;
    private long completeNanos;
    private long pausedSince;

    StreamRelay(Attempt attempt, AttemptAsked asked, Course course) {
        this.attempt = attempt;
        this.asked = asked;
        this.response = asked.response();
        this.course = course;
        if (response.headWritten()) {
            committed = true;
            attempt.metrics().streamOpened();
            response.drainHandler(_ -> resume());
        } else if (asked.failover().streamProbe().isZero()) {
            mayCommit = true;
            commit();
        }
    }

    @Override
    public void chunk(Buffer chunk) {
        if (over) {
            return; // what follows the terminal frame belongs to nobody
        }
        anyFrame = false;
        onlySigns = false;
        Pieces.Slice slice = BodyBuffers.slice(chunk);
        try {
            framer.feed(slice.array(), slice.offset(), slice.offset() + slice.length(), frames);
        } catch (SseFramer.FrameTooLong _) {
            broken(Break.invalid("upstream_invalid_stream", "The upstream sent an event that is too long"));
            return;
        }
        if (!begun || !anyFrame || !onlySigns) {
            attempt.alive(); // once the answer has begun, comments and pings are no sign of life
        }
        if (!over) {
            untouchedChunk = writeComing ? null : chunk;
            untouchedArray = slice.array();
            writeSoon();
        }
    }

    /// Chunks that were read together are written together: the write waits until the event loop has read what there is.
    private void writeSoon() {
        if (out.bytes() >= GATHERED_BYTES_MAX) {
            flush();
        } else if (!writeComing) {
            writeComing = true;
            attempt.later(() -> {
                writeComing = false;
                if (!over) {
                    flush();
                }
            });
        }
    }

    private void frame(SseFramer.Frame frame) {
        if (over) {
            return;
        }
        if (!frame.hasData()) {
            course.comment(frame, out);
            onlySigns = !anyFrame || onlySigns;
            anyFrame = true;
            return;
        }
        FrameKind kind = course.data(frame, out);
        if (course.departed()) {
            departed();
            return;
        }
        noteLife(kind);
        malformedInARow = kind == FrameKind.MALFORMED ? malformedInARow + 1 : 0;
        switch (kind) {
            case BOOKKEEPING -> noteCompletion();
            case CONTENT -> {
                begun = true;
                if (!committed) {
                    commit();
                }
                noteCompletion();
            }
            case UNASKED_USAGE -> noteCompletion();
            case MALFORMED -> malformed();
            case ERROR -> error();
            case TERMINAL -> complete();
        }
    }

    private void noteLife(FrameKind kind) {
        onlySigns = (!anyFrame || onlySigns) && kind == FrameKind.BOOKKEEPING;
        anyFrame = true;
    }

    /// Not by the watch alone: an item that begins after the last one ended makes the answer incomplete again.
    private void noteCompletion() {
        if (!course.complete()) {
            completeNanos = 0;
        } else {
            completeNanos = attempt.nanos(); // some put a finish reason on every chunk, so each one has the wait before it
        }
    }

    private void departed() {
        over = true;
        String text = "Another target could not go on with the answer";
        out.clear();
        endWith(Fault.DEPARTED, text, GatewayError.of(ErrorKind.UPSTREAM_INVALID, "upstream_stream_cut", text));
    }

    private void malformed() {
        attempt.malformedEvent();
        if (malformedInARow >= MALFORMED_IN_A_ROW_MAX) {
            broken(Break.invalid("upstream_invalid_stream", "The upstream sent events that are not JSON"));
        }
    }

    private void error() {
        UpstreamError found = course.error();
        UpstreamError error = found == null ? new UpstreamError(0, null, null, 0, "unknown error") : found;
        if (committed) {
            String message = attempt.masked(error.message());
            int status = error.status() == 0 ? 502 : error.status();
            over = true;
            String name = error.code() == null ? error.type() : error.code();
            String code = name == null ? null : attempt.masked(name);
            finishBroken(Fault.STREAM_CUT, message, new GatewayError(StatusRules.kind(status), status, message, code, null));
        } else {
            over = true;
            attempt.refusedInAnswer(error);
        }
    }

    /// Everything that has not been written goes with the tail, in one write with the end of the response.
    private void complete() {
        over = true;
        if (!committed) {
            commit();
        }
        if (discarding) {
            finish(cancelled(Fault.CLIENT_GONE));
            return;
        }
        course.end(out);
        finish(new AttemptEnd.Complete(
                attempt.statusCode(), out.take(), course.observed(), true, firstByteOrNow(), attempt.startedAt()));
    }

    private long firstByteOrNow() {
        return firstByteNanos == 0 ? attempt.nanos() : firstByteNanos;
    }

    /// Writes what is accepted; the chunk as it came when it is the only one, nothing was dropped from it and nothing is left over.
    private void flush() {
        Buffer whole = untouchedChunk;
        byte[] array = untouchedArray;
        untouchedChunk = null;
        untouchedArray = null;
        if (discarding) {
            out.clear();
            return;
        }
        if (!committed) {
            if (!mayCommit && out.bytes() < HELD_BYTES_MAX) {
                return;
            }
            commit();
        }
        if (out.bytes() == 0) {
            return;
        }
        if (whole != null && array != null && out.isOnly(array, whole.length())) {
            out.clear();
            write(whole);
        } else {
            write(out.take());
        }
    }

    private void commit() {
        committed = true;
        attempt.metrics().streamOpened();
        AnswerHead.stream(asked, attempt.statusCode(), course.isUpstreams() ? attempt.upstreamHeaders() : AnswerHead.NONE, course.asEvents());
        response.drainHandler(_ -> resume());
    }

    private void write(Buffer bytes) {
        long now = attempt.nanos();
        if (firstByteNanos == 0) {
            firstByteNanos = now;
        }
        lastWriteNanos = now;
        response.write(bytes); // a failing write is a client that left, and that has its own handler
        if (response.writeQueueFull() && pausedSince == 0) {
            pausedSince = now;
            attempt.pauseUpstream();
        }
    }

    private void resume() {
        if (pausedSince != 0) {
            pausedSince = 0;
            attempt.resumeUpstream();
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        framer.end(frames);
        if (over) {
            return;
        }
        if (course.endOfInput()) {
            complete();
        } else {
            broken(Break.invalid(
                    committed ? "upstream_stream_cut" : "upstream_empty_stream",
                    committed ? "The upstream's stream ended before the answer was complete" : "The upstream's stream ended without an answer"));
        }
    }

    @Override
    public void broken(Break why) {
        if (over) {
            return;
        }
        over = true;
        if (discarding) {
            finish(cancelled(Fault.CLIENT_GONE));
        } else if (committed) {
            finishBroken(why.afterCommit(), why.reason(), why.error());
        } else {
            attempt.broken(why);
        }
    }

    private void finish(AttemptEnd end) {
        noteClosed();
        attempt.finish(end);
    }

    /// Once: a stream may be cancelled while it ends.
    private void noteClosed() {
        if (committed && !closed) {
            closed = true;
            attempt.metrics().streamClosed();
        }
    }

    private void finishBroken(Fault fault, String reason, GatewayError error) {
        Told told = course.told();
        if (told == null || !mayResume(fault, told)) {
            endWith(fault, reason, error);
            return;
        }
        String text = told.text();
        Pen pen = course.pen();
        if (pen != null) {
            out.add(pen.sink().take());
        }
        if (out.bytes() > 0) {
            write(out.take());
        }
        Resume resume = new Resume(text, told, pen, why -> ending(why), error);
        finish(new AttemptEnd.Broken(
                fault, attempt.statusCode(), reason, null, course.observed(), true, firstByteNanos, attempt.startedAt(), resume));
    }

    private Buffer ending(GatewayError error) {
        course.fail(error, out);
        return out.take();
    }

    private boolean mayResume(Fault fault, Told told) {
        boolean upstreams = fault == Fault.STREAM_CUT || fault == Fault.TIMEOUT || fault == Fault.STALL;
        return upstreams && asked.retry().splice() && !asked.lastCandidate() && told.isPlain()
                && !asksForLogprobs();
    }

    /// Such answers have more to each piece of text than the text.
    private boolean asksForLogprobs() {
        String body = new String(asked.body().joined(), StandardCharsets.UTF_8);
        return body.contains("logprobs\"") || body.contains("Logprobs\"");
    }

    private void endWith(Fault fault, String reason, GatewayError error) {
        course.fail(error, out);
        finish(new AttemptEnd.Broken(
                fault, attempt.statusCode(), reason, out.take(), course.observed(), true, firstByteOrNow(), attempt.startedAt()));
    }

    @Override
    public void tick(long now) {
        if (over) {
            return;
        }
        if (!committed && attempt.isLongerThan(now - attempt.headNanos(), asked.failover().streamProbe())) {
            mayCommit = true;
            flush();
        }
        if (pausedSince != 0) {
            if (attempt.isLongerThan(now - pausedSince, asked.candidate().provider().timeouts().clientIdle())) {
                attempt.clientStoppedReading();
            }
            return;
        }
        if (completeNanos != 0 && now - completeNanos > linger()) {
            complete();
        } else if (committed && course.asEvents() && lastWriteNanos != 0 && attempt.isLongerThan(now - lastWriteNanos, asked.keepAlive())) {
            course.keepAlive(out);
            if (out.bytes() > 0) {
                write(out.take());
            }
        }
    }

    private long linger() {
        Duration idle = asked.candidate().provider().timeouts().idle();
        return (idle.isZero() || idle.compareTo(LINGER_MAX) > 0 ? LINGER_MAX : idle).toNanos();
    }

    /// True if the answer is complete in substance, so that silence is no fault.
    boolean lingers() {
        return completeNanos != 0;
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean waitsForClient() {
        return pausedSince != 0;
    }

    /// Reads on without a client, to learn what the answer used.
    void discard() {
        discarding = true;
        pausedSince = 0;
        out.clear();
    }

    /// Ends the relay, and says what was seen when the exchange was cancelled.
    AttemptEnd cancelled(Fault why) {
        over = true;
        noteClosed();
        return new AttemptEnd.Cancelled(why, course.observed(), true, firstByteNanos, attempt.startedAt());
    }

    @Override
    public Generated generated() {
        return course.generated();
    }

    /// No ending is written: what failed would have to write it, so the client's connection is cut.
    @Override
    public AttemptEnd bug() {
        over = true;
        noteClosed();
        if (!committed) {
            return attempt.internalError();
        }
        return new AttemptEnd.Broken(
                Fault.BUG, attempt.statusCode(), "internal error", null, course.observed(), true, firstByteNanos, attempt.startedAt());
    }
}
