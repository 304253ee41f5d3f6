package dev.plexus.app;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A provider that answers word for word what a test wrote down for the model; it also publishes the price list of OpenRouter's form.
final class WritingProvider implements AutoCloseable {

    private static final String PRICES =
            """
            {"data":[
              {"id":"lab/one","pricing":{"prompt":"0.000003","completion":"0.000015","input_cache_read":"0.0000003","input_cache_write":"0.0000006"}},
              {"id":"lab/two","pricing":{"prompt":"0.00003","completion":"0.00006","request":"0","image":"0"}},
              {"id":"auto","pricing":{"prompt":"-1","completion":"-1"}},
              {"id":"far/lab/one-more","pricing":{"prompt":"0","completion":"0"}}]}
            """;

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, String> beginnings = new ConcurrentHashMap<>();
    private final HttpServer server;

    WritingProvider() {
        server = RunningGateway.await(vertx.createHttpServer().requestHandler(this::request).listen(0, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    void answers(String model, String body) {
        answers.put(model, body);
    }

    /// A stream for this model begins so, and then nothing comes any more.
    void begins(String model, String frames) {
        beginnings.put(model, frames);
    }

    private void request(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            String path = request.path();
            if (path.endsWith("/prices")) {
                request.response().putHeader("content-type", "application/json").end(PRICES);
                return;
            }
            String model = path.contains("/models/")
                    ? path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf(':'))
                    : body.toJsonObject().getString("model");
            String beginning = beginnings.get(model);
            if (beginning != null) {
                request.response().putHeader("content-type", "text/event-stream").setChunked(true).write(beginning);
                return;
            }
            String answer = answers.getOrDefault(model, "{}");
            request.response()
                    .putHeader("content-type", answer.startsWith("{") ? "application/json" : "text/event-stream")
                    .end(answer);
        });
    }

    @Override
    public void close() {
        RunningGateway.await(server.close());
        RunningGateway.await(vertx.close());
    }
}
