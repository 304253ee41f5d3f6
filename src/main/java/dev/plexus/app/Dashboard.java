package dev.plexus.app;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Files;
import java.nio.file.Path;

/// Serves the dashboard's files to whoever asks for nothing of the API.
final class Dashboard implements Handler<HttpServerRequest> {

    private final Router router;

    Dashboard(Vertx vertx, Path webroot) {
        router = Router.router(vertx);
        if (Files.isDirectory(webroot)) {
            router.get().handler(StaticHandler.create(FileSystemAccess.ROOT, webroot.toAbsolutePath().toString()).setIndexPage("index.html"));
        }
    }

    @Override
    public void handle(HttpServerRequest request) {
        router.handle(request);
    }
}
