package dev.plexus.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// A running simulator, and a window on what it has seen. Usable from any thread.
///
/// It answers every dialect at one port; what it does with a request is told by tokens ([Token]) in the model name, in the header `x-simulate`, or by
/// [#behave].
public final class Simulator {

    private static final int BACKLOG = 4_096;
    private static final int HEAD_BYTES_MAX = 256 << 10;
    private static final int CHUNK_BYTES_MAX = 64 << 10;

    private final HttpServer server;
    private final String host;
    private final Ledger ledger;
    private final Moods moods;

    private Simulator(HttpServer server, String host, Ledger ledger, Moods moods) {
        this.server = server;
        this.host = host;
        this.ledger = ledger;
        this.moods = moods;
    }

    /// Starts one that records requests; `port` 0 takes a free one. Its time stamps are wall time.
    public static Future<Simulator> start(Vertx vertx, String host, int port) {
        return start(vertx, host, port, wallNanos(), true);
    }

    /// Starts one whose time stamps are of this clock, recording requests or not until `/__record/on`.
    public static Future<Simulator> start(Vertx vertx, String host, int port, LongSupplier nanos, boolean recording) {
        Context context = vertx.getOrCreateContext();
        Ledger ledger = new Ledger(recording);
        Moods moods = new Moods(nanos);
        Reception reception = new Reception(vertx, context, nanos, InstantSource.system(), ledger, moods);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setAcceptBacklog(BACKLOG)
                        .setMaxHeaderSize(HEAD_BYTES_MAX)
                        .setMaxInitialLineLength(HEAD_BYTES_MAX)
                        .setMaxChunkSize(CHUNK_BYTES_MAX)
                        .setHandle100ContinueAutomatically(true))
                .connectionHandler(connection -> {
                    ledger.connected();
                    connection.closeHandler(_ -> ledger.disconnected());
                })
                .requestHandler(reception::receive);
        Future<HttpServer> listening = Future.future(promise ->
                context.runOnContext(_ -> server.listen(port, host).onComplete(promise)));
        return listening.map(_ -> new Simulator(server, host, ledger, moods));
    }

    static LongSupplier wallNanos() {
        InstantSource clock = InstantSource.system();
        return () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
    }

    /// The port it listens on.
    public int port() {
        return server.actualPort();
    }

    /// `http://host:port`, without trailing slash: the base URL of gemini; the others add `/v1`.
    public String baseUrl() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /// What it has counted.
    public Tally tally() {
        return ledger.tally();
    }

    /// Requests per model.
    public Map<String, Long> hits() {
        return ledger.hits();
    }

    /// Requests for this model.
    public long hits(String model) {
        return ledger.hits().getOrDefault(model, 0L);
    }

    /// The latest requests, oldest first: at most 5,000, and 64 MB of bodies.
    public List<SeenRequest> requests() {
        return ledger.kept();
    }

    /// The latest requests for this model, oldest first.
    public List<SeenRequest> requests(String model) {
        return ledger.kept().stream().filter(seen -> seen.model().equals(model)).toList();
    }

    /// Completes as soon as the counts are so; at once if they already are. It is for the caller to bound the wait.
    public Future<Tally> when(Predicate<Tally> condition) {
        return ledger.when(condition);
    }

    /// Completes when clients have cancelled so many requests in all.
    public Future<Tally> whenCancelled(long count) {
        return when(tally -> tally.cancelled() >= count);
    }

    /// Completes when so many requests have arrived in all.
    public Future<Tally> whenRequested(long count) {
        return when(tally -> tally.requests() >= count);
    }

    /// Completes when no request is open.
    public Future<Tally> whenQuiet() {
        return when(tally -> tally.open() == 0);
    }

    /// From now on this model behaves as these tokens say (parted by blanks), whatever its name says; no tokens: healthy.
    public void behave(String model, String tokens) {
        Behaviour.unknownIn(tokens).ifPresent(word -> {
            throw new IllegalArgumentException("tokens: there is no token '" + word + "'");
        });
        moods.set(model, tokens);
    }

    /// Forgets requests, counts, and what [#behave] and earlier requests have changed; open requests stay open.
    public void clear() {
        ledger.clear();
        moods.clear();
    }

    /// Stops listening and closes every connection.
    public Future<Void> close() {
        return server.close();
    }
}
