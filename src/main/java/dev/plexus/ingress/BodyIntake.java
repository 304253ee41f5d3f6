package dev.plexus.ingress;

import dev.plexus.config.Config;
import dev.plexus.message.BodyBuffers;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Pieces;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes in the body of one request: what its head promises, the pieces within the limit and at a bearable pace, and then undoes its coding.
final class BodyIntake {

    /// Whoever wants the body. It is told one of these; what it has decided meanwhile is its own affair.
    interface Taker {
        void received(Pieces plain);

        void refused(GatewayError error);

        void bug(Throwable failure);
    }

    /// The longest pause between two pieces.
    private static final long PAUSE_NANOS_MAX = Duration.ofSeconds(30).toNanos();

    /// The slowest that a body may arrive on the whole: a kilobyte a second, after a grace as long as one pause.
    private static final long NANOS_PER_BYTE_MAX = Duration.ofSeconds(1).toNanos() / 1024;

    private static final int DROPPED_BYTES_MAX = 64 * 1024;

    private static final String CONTINUE = "100-continue";

    private final Lane lane;
    private final Config config;
    private final HttpServerRequest request;
    private final long startNanos;
    private final Taker taker;
    private final List<Pieces.Slice> pieces = new ArrayList<>(1);
    private long bytes;
    private long lastPieceNanos;
    private boolean receiving = true;
    private boolean dropping;

    BodyIntake(Lane lane, Config config, HttpServerRequest request, long startNanos, Taker taker) {
        this.lane = lane;
        this.config = config;
        this.request = request;
        this.startNanos = startNanos;
        this.lastPieceNanos = startNanos;
        this.taker = taker;
    }

    /// Begins to read, unless the head of the request says already that it would be in vain.
    void begin() {
        GatewayError error = headError();
        if (error != null) {
            taker.refused(error);
            return;
        }
        if (expectsContinue()) {
            request.response().writeContinue();
        }
        request.handler(this::piece);
        request.endHandler(_ -> ended());
    }

    /// A client that waits for this before it sends its body is told only when the body will be read.
    private boolean expectsContinue() {
        return request.version() != HttpVersion.HTTP_1_0 && CONTINUE.equalsIgnoreCase(request.headers().get(HttpHeaders.EXPECT));
    }

    private @Nullable GatewayError headError() {
        if (lane.isDraining()) {
            request.response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            return GatewayError.of(ErrorKind.UNAVAILABLE, "draining", "The gateway is shutting down");
        }
        String type = request.headers().get(HttpHeaders.CONTENT_TYPE);
        if (type != null && !MediaTypes.isJson(type)) {
            return GatewayError.of(ErrorKind.MEDIA_TYPE, "unsupported_media_type", "The content type must be application/json");
        }
        String coding = request.headers().get(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && !ContentCoding.knows(coding)) {
            return GatewayError.of(ErrorKind.MEDIA_TYPE, "unsupported_media_type", "The content encoding is not supported");
        }
        String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
        boolean tooLarge = length != null && (length.length() > 18 || Long.parseLong(length) > config.limits().bodyBytesMax());
        return tooLarge ? tooLarge() : null;
    }

    private GatewayError tooLarge() {
        return GatewayError.of(
                ErrorKind.TOO_LARGE, "request_too_large", "The body exceeds " + config.limits().bodyBytesMax() + " bytes");
    }

    private void piece(Buffer piece) {
        lastPieceNanos = lane.nanos();
        bytes += piece.length();
        if (dropping) {
            if (bytes > DROPPED_BYTES_MAX) {
                request.connection().close();
            }
            return;
        }
        if (bytes > config.limits().bodyBytesMax()) {
            taker.refused(tooLarge());
            return;
        }
        pieces.add(BodyBuffers.slice(piece));
    }

    /// The body is complete: undo its coding, if it has one.
    private void ended() {
        receiving = false;
        if (dropping) {
            return;
        }
        Pieces whole = new Pieces(pieces);
        pieces.clear();
        String coding = request.headers().get(HttpHeaders.CONTENT_ENCODING);
        if (coding == null || ContentCoding.isIdentity(coding)) {
            taker.received(whole);
            return;
        }
        long bytesMax = config.limits().bodyBytesMax();
        lane.vertx()
                .executeBlocking(() -> ContentCoding.decode(coding, whole, bytesMax), false)
                .onComplete(
                        decoded -> {
                            switch (decoded) {
                                case ContentCoding.Decoded.Plain(var plain) -> taker.received(plain);
                                case ContentCoding.Decoded.TooLarge _ -> taker.refused(tooLarge());
                                case ContentCoding.Decoded.Unreadable(var why) ->
                                    taker.refused(GatewayError.of(ErrorKind.INVALID_REQUEST, why));
                            }
                        },
                        taker::bug);
    }

    /// The request was answered before its body was complete: the rest is read and dropped, within a bound, so that the client reads the answer.
    void drop() {
        dropping = true;
        pieces.clear();
        if (receiving && !request.isEnded()) {
            request.handler(this::piece);
        }
    }

    /// What to tell a client whose body does not come, null while it does.
    @Nullable GatewayError late(long now) {
        boolean tooSlow = now - startNanos > PAUSE_NANOS_MAX + bytes * NANOS_PER_BYTE_MAX;
        if (!receiving || !tooSlow && now - lastPieceNanos <= PAUSE_NANOS_MAX) {
            return null;
        }
        request.response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        return GatewayError.of(ErrorKind.TIMEOUT, "request_timeout", "The request body did not arrive in time").withStatus(408);
    }
}
