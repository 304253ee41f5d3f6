package dev.plexus.simulator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/// One request until its answer has ended, by whoever ends it. Lives on the event loop of its connection; tells the ledger exactly once how it ended.
final class Visit {

    private static final long NO_TIMER = -1;
    private static final int RESET_AFTER_MS = 5;

    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Ledger ledger;
    private @Nullable Future<Void> lastWrite;
    private boolean streaming;
    private boolean over;
    private long timer = NO_TIMER;

    Visit(Vertx vertx, Context context, HttpServerRequest request, Ledger ledger) {
        this.vertx = vertx;
        this.context = context;
        this.request = request;
        this.response = request.response();
        this.ledger = ledger;
        ledger.visitBegan();
        response.closeHandler(_ -> left());
        response.exceptionHandler(_ -> left());
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return response;
    }

    boolean isOver() {
        return over;
    }

    /// From here on it counts as an open stream.
    void streams() {
        if (!over && !streaming) {
            streaming = true;
            ledger.streamBegan();
        }
    }

    /// Runs it after so many milliseconds, or in a turn of its own; never if the client has left by then. One at a time.
    void after(int waitMs, Runnable next) {
        if (over) {
            return;
        }
        Runnable guarded = () -> {
            timer = NO_TIMER;
            if (!over) {
                next.run();
            }
        };
        if (waitMs > 0) {
            timer = vertx.setTimer(waitMs, _ -> guarded.run());
        } else {
            context.runOnContext(_ -> guarded.run());
        }
    }

    void write(Buffer bytes) {
        if (!over) {
            lastWrite = response.write(bytes);
        }
    }

    boolean isFull() {
        return response.writeQueueFull();
    }

    void onRoom(Runnable next) {
        response.drainHandler(_ -> {
            response.drainHandler(null);
            if (!over) {
                next.run();
            }
        });
    }

    /// Ends the answer as it should end.
    void end() {
        if (finish(Ledger.Outcome.COMPLETED)) {
            response.end();
        }
    }

    /// Ends the answer with these last bytes.
    void end(Buffer last) {
        if (finish(Ledger.Outcome.COMPLETED)) {
            response.end(last);
        }
    }

    /// Does no more, and waits for the client to leave.
    void stayOpen() {
        ledger.silenced();
    }

    /// Resets the connection once everything written has gone out; a moment later, for a reset overtakes what the reader has not yet taken.
    void cut() {
        whenWritten(() -> after(lastWrite == null ? 0 : RESET_AFTER_MS, this::reset));
    }

    /// Closes the connection once everything written has gone out, in the middle of the body.
    void drop() {
        whenWritten(() -> {
            if (finish(Ledger.Outcome.BROKEN)) {
                if (socket() instanceof Channel channel) {
                    channel.close();
                } else {
                    response.reset();
                }
            }
        });
    }

    private void whenWritten(Runnable next) {
        if (lastWrite == null) {
            next.run();
        } else {
            lastWrite.onComplete(_ -> next.run());
        }
    }

    /// The socket that is this visit's alone: of HTTP/1.
    private @Nullable Channel socket() {
        return request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection ? connection.channel() : null;
    }

    private void reset() {
        if (!finish(Ledger.Outcome.BROKEN)) {
            return;
        }
        if (socket() instanceof Channel channel) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);      // a close that lingers for nothing is sent as a reset
            channel.close();
        } else {
            response.reset();
        }
    }

    private void left() {
        finish(Ledger.Outcome.CANCELLED);
    }

    private boolean finish(Ledger.Outcome outcome) {
        if (over) {
            return false;
        }
        over = true;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
        }
        ledger.visitEnded(outcome, streaming);
        return true;
    }
}
