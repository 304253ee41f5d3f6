package dev.plexus.ingress;

import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;
import static dev.plexus.message.Addresses.INGRESS_DRAIN;
import static dev.plexus.message.Addresses.USAGE_LANE;

import dev.plexus.config.Config;
import dev.plexus.config.Limits;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigChanged;
import dev.plexus.message.Done;
import dev.plexus.message.DrainAsked;
import dev.plexus.message.UsageLane;
import dev.plexus.message.UsageLaneAsked;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.telemetry.GatewayMetrics;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One lane's front door: accepts connections, tells inference from the small pages, and gives each inference request an
/// [Exchange].
public final class IngressVerticle extends VerticleBase {

    private static final int CHUNK_BYTES_MAX = 64 * 1024;
    private static final long TICK_MILLIS = 250;
    private static final int BACKLOG = 4096;

    /// Where the lane listens and what it needs from the outside. `started` is when the process began: what all lanes say of their age must agree.
    public record Wiring(
            Bus bus,
            int lane,
            String host,
            int port,
            InstantSource clock,
            Instant started,
            LongSupplier nanos,
            RandomGenerator random,
            GatewayMetrics meters,
            HealthSource health,
            Handler<HttpServerRequest> dashboard,
            Config config) {}

    private final Wiring wiring;
    private final Connections connections = new Connections();
    private @Nullable HttpServer server;
    private @Nullable Promise<Done> drained;

    public IngressVerticle(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Future<?> start() {
        return wiring.bus().ask(USAGE_LANE, new UsageLaneAsked(wiring.lane())).compose(this::open);
    }

    private Future<?> open(UsageLane usage) {
        Lane own = new Lane(
                vertx,
                wiring.bus(),
                wiring.lane(),
                wiring.clock(),
                wiring.nanos(),
                wiring.random(),
                usage,
                wiring.meters(),
                wiring.config());
        Pages small = new Pages(vertx, wiring.bus(), wiring.clock(), wiring.started(), wiring.health(), wiring.dashboard(), own.ids(), wiring.config());
        wiring.bus().hear(CONFIG_IN_FORCE, changed -> configured(changed, own, small));
        wiring.bus().answer(INGRESS_DRAIN.on(wiring.lane()), asked -> drain(asked, own, small));
        own.tracing().follow();
        vertx.setPeriodic(TICK_MILLIS, _ -> tick(own));
        HttpServerOptions options = options(wiring.config().limits());
        HttpServer opened = vertx.createHttpServer(options);
        server = opened;
        return opened.connectionHandler(connection -> {
                    StrictRequestDecoder.guard(connection, options);
                    connections.opened(connection, wiring.nanos().getAsLong());
                })
                .requestHandler(request -> handle(request, own, small))
                .invalidRequestHandler(request -> refuse(request, small))
                .listen(wiring.port(), wiring.host());
    }

    private static HttpServerOptions options(Limits limits) {
        return new HttpServerOptions()
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                .setMaxHeaderSize(limits.headerBytesMax())
                .setMaxInitialLineLength(limits.urlBytesMax())
                .setHandle100ContinueAutomatically(false)
                .setHttp2ClearTextEnabled(false) // such connections are shown to us too late, see decision 8
                .setAcceptBacklog(BACKLOG)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }

    private void handle(HttpServerRequest request, Lane own, Pages small) {
        HttpConnection connection = request.connection();
        if (!connections.requestBegan(connection)) {
            return;
        }
        request.response().endHandler(_ -> connections.requestEnded(connection, wiring.nanos().getAsLong()));
        if (!Framing.isValid(request)) {
            request.response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            connections.endsWithThisRequest(connection);
            small.unknown(request, refusal(request, "A request must have one host header, and a body whose length is clear", 400));
            return;
        }
        if (request.method() == HttpMethod.OPTIONS) {
            Answers.preflight(request, own.ids().next().value());
            return;
        }
        switch (Paths.match(request.method(), request.path() == null ? "/" : request.path(), request.query())) {
            case Match.Inference inference -> new Exchange(own, request, inference).begin();
            case Match.TokenCount count -> new TokenCountExchange(own, request, count).begin();
            case Match.Admin _ -> new AdminRelay(vertx, own, request).begin();
            case Match.Page page -> small.answer(request, page);
            case Match.Unknown unknown -> small.unknown(request, unknown);
        }
    }

    /// A request that is not HTTP, or larger than a head may be: it is answered like any other, then the connection is closed.
    private static void refuse(HttpServerRequest request, Pages small) {
        Match.Unknown refusal = switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ -> refusal(request, "The request line is too long", 414);
            case TooLongHttpHeaderException _ -> refusal(request, "The headers are too large", 431);
            case StrictRequestDecoder.Ambiguous ambiguous -> refusal(request, String.valueOf(ambiguous.getMessage()), 400);
            case null, default -> refusal(request, "This is not a valid HTTP request", 400);
        };
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        small.unknown(request, refusal);
        request.connection().close();
    }

    /// In the dialect whose path the request names, as far as it could be read.
    private static Match.Unknown refusal(HttpServerRequest request, String message, int status) {
        String path = request.path();
        GatewayError error = GatewayError.of(ErrorKind.INVALID_REQUEST, message).withStatus(status);
        return new Match.Unknown(path == null ? DialectId.CHAT : Paths.dialectOf(path), error, null);
    }

    private static void configured(ConfigChanged changed, Lane lane, Pages pages) {
        lane.configure(changed.config());
        pages.configure(changed.config());
    }

    private void tick(Lane own) {
        long now = wiring.nanos().getAsLong();
        List.copyOf(own.running()).forEach(exchange -> exchange.tick(now));
        connections.sweep(now, own.config().limits().headerTimeout());
        if (own.isDraining()) {
            answerIfDrained(own);
        }
    }

    private Future<Done> drain(DrainAsked asked, Lane own, Pages small) {
        Promise<Done> done = Promise.promise();
        drained = done;
        own.drain();
        small.drain();
        if (!asked.grace().isZero()) {
            vertx.setTimer(asked.grace().toMillis(), _ -> List.copyOf(own.running()).forEach(Running::stop));
        } else {
            List.copyOf(own.running()).forEach(Running::stop);
        }
        answerIfDrained(own);
        return done.future();
    }

    private void answerIfDrained(Lane own) {
        if (own.running().isEmpty() && drained != null) {
            drained.tryComplete(Done.DONE);
        }
    }

    @Override
    public Future<?> stop() {
        return server == null ? Future.succeededFuture() : server.close();
    }
}
