package dev.plexus.app;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/// A running gateway.
public final class Plexus {

    private final Vertx vertx;
    private final HttpServer server;
    private final @Nullable Config config;

    private Plexus(Vertx vertx, HttpServer server, @Nullable Config config) {
        this.vertx = vertx;
        this.server = server;
        this.config = config;
    }

    /// Starts everything; fails with a message for the operator if the gateway cannot serve.
    public static Future<Plexus> start(Settings settings) {
        @Nullable Config config;
        try {
            config = new ConfigReader(settings.environment()).read(Files.readString(settings.configFile())).config();
        } catch (IOException unreadable) {
            return Future.failedFuture("Configuration file not readable at " + settings.configFile() + ": " + unreadable.getMessage());
        }
        Vertx vertx = Vertx.vertx();
        return vertx.createHttpServer()
                .requestHandler(request -> request.response().end("OK"))
                .listen(settings.port(), settings.host())
                .map(server -> new Plexus(vertx, server, config));
    }

    /// The port it listens on.
    public int port() {
        return server.actualPort();
    }

    /// The configuration that holds.
    public @Nullable Config config() {
        return config;
    }

    /// Takes no new requests, lets the running ones finish within the grace period, and closes everything.
    public Future<Void> stop() {
        return vertx.close();
    }
}
