package dev.plexus.simulator;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Queue;

/// Sends one reel: chunk by chunk, each flushed on its own, no faster than the reader takes them, and breaks where it was told to.
/// Lives on the event loop of its visit.
final class Telling {

    private static final int HALVES = -1;
    private static final Buffer COMMENT = Buffer.buffer(": keep-alive\n\n");
    private static final Buffer COMMENT_CRLF = Buffer.buffer(": keep-alive\r\n\r\n");

    private final Visit visit;
    private final Reel reel;
    private final Behaviour behaviour;
    private final int delayMs;
    private final boolean comments;
    private final boolean fails;
    private final int pieceBytes;
    private final Queue<Buffer> pieces = new ArrayDeque<>();
    private int at;

    private Telling(Visit visit, Reel reel, Behaviour behaviour, int delayMs, boolean comments, boolean fails) {
        this.visit = visit;
        this.reel = reel;
        this.behaviour = behaviour;
        this.delayMs = delayMs;
        this.comments = comments;
        this.fails = fails;
        this.pieceBytes = behaviour.has(Token.SPLIT) ? behaviour.number(Token.SPLIT, HALVES) : 0;
    }

    /// A stream of events, or the array of gemini, into which no comment fits.
    static Telling stream(Visit visit, Reel reel, Behaviour behaviour, boolean comments) {
        return new Telling(visit, reel, behaviour, behaviour.number(Token.DELAY, 0), comments && behaviour.has(Token.COMMENT), true);
    }

    /// A whole answer that breaks or dribbles.
    static Telling whole(Visit visit, Reel reel, Behaviour behaviour) {
        return new Telling(visit, reel, behaviour, 0, false, false);
    }

    /// Begins, once the head has been sent.
    void begin() {
        put(reel.opening());
        then(behaviour.number(Token.HEADERS_SLOW, delayMs), this::step);
    }

    private void step() {
        if (at == behaviour.number(Token.CUT, -1)) {
            visit.cut();
        } else if (at == behaviour.number(Token.DROP, -1)) {
            visit.drop();
        } else if (at == behaviour.number(Token.SILENT, -1)) {
            visit.stayOpen();
        } else if (at == behaviour.number(Token.END, -1)) {
            visit.end();
        } else if (fails && at == behaviour.number(Token.ERROR, -1)) {
            put(reel.failure());
            then(0, visit::end);
        } else {
            sayNext();
        }
    }

    private void sayNext() {
        if (at == behaviour.number(Token.BAD, -1)) {
            put(reel.malformed());
        }
        Buffer chunk = reel.step(at);
        if (chunk == null) {
            close();
            return;
        }
        if (comments && at % 3 == 1) {
            put(behaviour.has(Token.CRLF) ? COMMENT_CRLF : COMMENT);
        }
        put(chunk);
        at++;
        then(delayMs, this::step);
    }

    private void close() {
        Buffer closing = reel.closing();
        if (pieceBytes == 0 && pieces.isEmpty() && !behaviour.has(Token.NO_END)) {
            visit.end(closing);
            return;
        }
        put(closing);
        then(0, () -> {
            if (!behaviour.has(Token.NO_END)) {
                visit.end();
            } else if (behaviour.number(Token.NO_END, 0) > 0) {
                visit.after(behaviour.number(Token.NO_END, 0), visit::end);
            } else {
                visit.stayOpen();
            }
        });
    }

    private void put(Buffer bytes) {
        if (bytes.length() == 0) {
            return;
        }
        if (pieceBytes == 0) {
            visit.write(bytes);
            return;
        }
        int step = pieceBytes == HALVES ? (bytes.length() + 1) / 2 : Math.max(1, pieceBytes);
        for (int from = 0; from < bytes.length(); from += step) {
            pieces.add(bytes.slice(from, Math.min(bytes.length(), from + step)));
        }
    }

    /// Goes on when all that was put has been written, the reader has made room, and the delay is over.
    private void then(int waitMs, Runnable next) {
        if (visit.isOver()) {
            return;
        }
        if (visit.isFull()) {
            visit.onRoom(() -> then(waitMs, next));
            return;
        }
        Buffer piece = pieces.poll();
        if (piece != null) {
            visit.write(piece);
            visit.after(pieceBytes == HALVES ? 1 : 0, () -> then(waitMs, next));
            return;
        }
        visit.after(waitMs, next);
    }
}
