package dev.plexus.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/// A running simulator.
public final class Simulator {

    private final HttpServer server;

    private Simulator(HttpServer server) {
        this.server = server;
    }

    /// Starts listening; port 0 takes any free one.
    public static Future<Simulator> start(Vertx vertx, String host, int port) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(port, host)
                .map(Simulator::new);
    }

    /// The port it listens on.
    public int port() {
        return server.actualPort();
    }
}
