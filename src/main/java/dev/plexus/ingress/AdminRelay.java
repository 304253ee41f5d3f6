package dev.plexus.ingress;

import static dev.plexus.message.Addresses.ADMIN_LIVE;
import static dev.plexus.message.Addresses.ADMIN_REQUEST;

import dev.plexus.message.AdminAnswer;
import dev.plexus.message.AdminAsked;
import dev.plexus.message.LiveAsked;
import dev.plexus.message.LiveEvents;
import dev.plexus.model.RequestId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/// One request of the management API: taken in here, answered by the admin actor, which works on threads of its own. Nothing of it is thought about
/// on the lane.
final class AdminRelay {

    private static final int BODY_BYTES_MAX = 256 * 1024;
    private static final long BODY_MILLIS_MAX = 10_000;
    /// A reader of live events that takes nothing for so long is let go.
    private static final long READING_MILLIS_MAX = 60_000;
    private static final String ADMIN_KEY = "x-admin-key";
    private static final String BEARER = "bearer ";

    private final Vertx vertx;
    private final Lane lane;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RequestId id;
    private final Buffer body = Buffer.buffer();
    private boolean refused;
    private boolean over;

    AdminRelay(Vertx vertx, Lane lane, HttpServerRequest request) {
        this.vertx = vertx;
        this.lane = lane;
        this.request = request;
        this.response = request.response();
        this.id = lane.ids().next();
    }

    void begin() {
        Answers.identify(response, id.value());
        long patience = vertx.setTimer(BODY_MILLIS_MAX, _ -> request.connection().close());
        response.closeHandler(_ -> {
            vertx.cancelTimer(patience);
            left();
        });
        request.exceptionHandler(_ -> left());
        request.handler(this::piece);
        request.endHandler(_ -> {
            vertx.cancelTimer(patience);
            if (!refused) {
                ask();
            }
        });
    }

    private void piece(Buffer piece) {
        if (refused) {
            return;
        }
        if (body.length() + piece.length() > BODY_BYTES_MAX) {
            refused = true;
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            say(413, "The body exceeds " + BODY_BYTES_MAX + " bytes");
            return;
        }
        body.appendBuffer(piece);
    }

    private void ask() {
        AdminAsked asked = new AdminAsked(
                id,
                request.method().name(),
                request.path() == null ? "/" : request.path(),
                request.query(),
                credential(),
                request.getHeader("last-event-id"),
                request.remoteAddress().hostAddress(),
                body);
        lane.bus().ask(ADMIN_REQUEST, asked).onComplete(this::answer, _ -> say(503, "The management API is not available"));
    }

    /// The header of our own decides where both are there.
    private @Nullable String credential() {
        String own = request.getHeader(ADMIN_KEY);
        if (own != null) {
            return own;
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        boolean bears = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return authorization == null || !bears ? null : authorization.substring(BEARER.length()).trim();
    }

    private void answer(AdminAnswer answer) {
        switch (answer) {
            case AdminAnswer.Whole whole -> {
                if (isOpen()) {
                    whole.headers().forEach(response::putHeader);
                    send(whole.status(), whole.body());
                }
            }
            case AdminAnswer.Live live -> {
                if (request.method() == HttpMethod.HEAD || !isOpen()) {
                    over = true;
                    lane.bus().ask(ADMIN_LIVE, new LiveAsked(id, true));
                    if (isOpen()) {
                        live.headers().forEach(response::putHeader);
                        response.end();
                    }
                    return;
                }
                live.headers().forEach(response::putHeader);
                response.setChunked(true).writeHead();
                next();
            }
        }
    }

    /// Fetches more events when the client has taken those that it has.
    private void next() {
        if (over) {
            return;
        }
        if (response.writeQueueFull()) {
            long patience = vertx.setTimer(READING_MILLIS_MAX, _ -> request.connection().close());
            response.drainHandler(_ -> {
                vertx.cancelTimer(patience);
                response.drainHandler(null);
                next();
            });
            return;
        }
        lane.bus().ask(ADMIN_LIVE, new LiveAsked(id, false)).onComplete(this::events, _ -> end());
    }

    private void events(LiveEvents events) {
        if (over || !isOpen()) {
            left();
            return;
        }
        if (events.text().length() > 0) {
            response.write(events.text()); // a failing write is a client that left, and that has its own handler
        }
        if (events.last()) {
            end();
        } else {
            next();
        }
    }

    private void end() {
        over = true;
        if (isOpen()) {
            response.end();
        }
    }

    private void left() {
        if (!over) {
            over = true;
            lane.bus().ask(ADMIN_LIVE, new LiveAsked(id, true));
        }
    }

    private boolean isOpen() {
        return !response.closed() && !response.ended();
    }

    private void say(int status, String error) {
        if (isOpen()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
            send(status, Buffer.buffer("{\"error\":\"" + error + "\"}"));
        }
    }

    private void send(int status, Buffer text) {
        response.setStatusCode(status);
        if (request.method() == HttpMethod.HEAD) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(text.length())).end();
        } else {
            response.end(text);
        }
    }
}
