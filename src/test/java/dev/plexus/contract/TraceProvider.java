package dev.plexus.contract;

import static dev.plexus.app.RunningGateway.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plexus.model.DialectId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A provider that answers with recorded traces: the model name says which, as in `gpt-trace.one_call`; with `.bytes` behind it a stream comes byte by
/// byte. It keeps the last request for each model.
final class TraceProvider implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx;
    private final HttpServer server;
    private final Map<String, JsonNode> requests = new ConcurrentHashMap<>();

    TraceProvider() {
        vertx = Vertx.vertx();
        server = await(vertx.createHttpServer().requestHandler(this::request).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    /// The body of the last request for that model.
    JsonNode request(String model) {
        return requests.get(model);
    }

    private void request(HttpServerRequest request) {
        request.body().onSuccess(body -> answer(request, parsed(body)));
    }

    private void answer(HttpServerRequest request, JsonNode body) {
        String path = request.path();
        DialectId dialect = path.endsWith("/chat/completions") ? DialectId.CHAT
                : path.endsWith("/messages") ? DialectId.MESSAGES
                : path.endsWith("/responses") ? DialectId.RESPONSES : DialectId.GEMINI;
        String model = dialect == DialectId.GEMINI
                ? path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf(':'))
                : body.path("model").asText();
        boolean stream = dialect == DialectId.GEMINI ? path.endsWith(":streamGenerateContent") : body.path("stream").asBoolean();
        requests.put(model, body);
        String[] names = model.split("\\.", -1);
        String name = names[1];
        boolean byteByByte = names.length > 2;
        if (name.equals("error")) {
            request.response()
                    .setStatusCode(429)
                    .putHeader("content-type", "application/json")
                    .end(Buffer.buffer(trace(dialect, "error.response.json")));
        } else if (!stream) {
            request.response().putHeader("content-type", "application/json").end(Buffer.buffer(trace(dialect, name + ".response.json")));
        } else {
            byte[] bytes = trace(dialect, name + ".stream.sse");
            request.response().putHeader("content-type", "text/event-stream").setChunked(true);
            if (byteByByte) {
                for (byte one : bytes) {
                    request.response().write(Buffer.buffer(new byte[] {one}));
                }
                request.response().end();
            } else {
                request.response().end(Buffer.buffer(bytes));
            }
        }
    }

    private static byte[] trace(DialectId dialect, String name) {
        try (InputStream stream = TraceProvider.class.getResourceAsStream("/traces/" + dialect.label() + "/" + name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no trace " + dialect.label() + "/" + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parsed(Buffer body) {
        try {
            return JSON.readTree(body.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        await(server.close());
        await(vertx.close());
    }
}
