package dev.plexus.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A client of the simulator that tells what it got, even if the answer broke. All it does happens on one event loop: handed from one to another, what
/// was read just before a reset would be lost.
final class Caller {

    /// An answer as far as it came; `clean` if it ended as HTTP says it should.
    record Got(int status, Map<String, String> headers, String text, boolean clean) {

        JsonObject json() {
            return new JsonObject(text);
        }

        /// The JSON of each event, `[DONE]` and comments left out; unreadable ones as `{"unreadable":true}`.
        List<JsonObject> events() {
            List<JsonObject> events = new ArrayList<>();
            for (String block : text.split("\r?\n\r?\n", -1)) {
                for (String line : block.split("\r?\n", -1)) {
                    if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
                        events.add(read(line.substring(6)));
                    }
                }
            }
            return events;
        }

        private static JsonObject read(String json) {
            try {
                return new JsonObject(json);
            } catch (RuntimeException _) {
                return new JsonObject().put("unreadable", true);
            }
        }
    }

    /// A dialect as a client sees it: where it asks, and how it reads.
    enum Tongue { CHAT, MESSAGES, GEMINI, RESPONSES }

    private final Context context;
    private final HttpClient client;
    private final int port;

    Caller(Vertx vertx, int port) {
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(2_000));
        this.port = port;
    }

    static JsonObject body(Tongue tongue, String model, boolean stream, String said) {
        JsonObject turn = new JsonObject().put("role", "user").put("content", said);
        return switch (tongue) {
            case CHAT -> new JsonObject().put("model", model).put("stream", stream)
                    .put("stream_options", new JsonObject().put("include_usage", true)).put("messages", List.of(turn));
            case MESSAGES -> new JsonObject().put("model", model).put("stream", stream).put("max_tokens", 4096).put("messages", List.of(turn));
            case GEMINI -> new JsonObject().put("contents", List.of(new JsonObject().put("role", "user")
                    .put("parts", List.of(new JsonObject().put("text", said)))));
            case RESPONSES -> new JsonObject().put("model", model).put("stream", stream).put("input", said);
        };
    }

    static String path(Tongue tongue, String model, boolean stream) {
        return switch (tongue) {
            case CHAT -> "/v1/chat/completions";
            case MESSAGES -> "/v1/messages";
            case GEMINI -> "/v1beta/models/" + model + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
            case RESPONSES -> "/v1/responses";
        };
    }

    Got ask(Tongue tongue, String model, boolean stream) throws Exception {
        return ask(path(tongue, model, stream), body(tongue, model, stream, "hello there"));
    }

    Got ask(String path, JsonObject body, String... header) throws Exception {
        return await(exchange(path, body, header));
    }

    /// The answer when it is over.
    Future<Got> exchange(String path, JsonObject body, String... header) {
        return here(() -> sent(path, body, header).compose(Caller::collected));
    }

    /// The answer once its head is there, paused.
    Future<HttpClientResponse> send(String path, JsonObject body, String... header) {
        return here(() -> sent(path, body, header));
    }

    private Future<HttpClientResponse> sent(String path, JsonObject body, String... header) {
        return client.request(HttpMethod.POST, port, "127.0.0.1", path).compose(request -> {
            for (int i = 0; i < header.length; i += 2) {
                request.putHeader(header[i], header[i + 1]);
            }
            return request.send(body.toBuffer()).map(response -> {
                response.pause();
                return response;
            });
        });
    }

    private <T> Future<T> here(Supplier<Future<T>> what) {
        return Future.future(promise -> context.runOnContext(_ -> what.get().onComplete(promise)));
    }

    Future<Void> close() {
        return client.close();
    }

    Got get(String path) throws Exception {
        return await(here(() -> client.request(HttpMethod.GET, port, "127.0.0.1", path).compose(request -> request.send().compose(Caller::collected))));
    }

    private static Future<Got> collected(HttpClientResponse response) {
        Promise<Got> promise = Promise.promise();
        Buffer all = Buffer.buffer();
        Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().forEach((name, value) -> headers.put(name, value));
        response.handler(all::appendBuffer);
        response.exceptionHandler(_ -> promise.tryComplete(new Got(response.statusCode(), headers, all.toString(), false)));
        response.endHandler(_ -> promise.tryComplete(new Got(response.statusCode(), headers, all.toString(), true)));
        response.resume();
        return promise.future();
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /// The text that a client of that dialect would put together.
    static String text(Tongue tongue, Got got, boolean stream) {
        StringBuilder all = new StringBuilder();
        for (JsonObject json : stream ? got.events() : List.of(got.json())) {
            all.append(switch (tongue) {
                case CHAT -> chatText(json, stream ? "delta" : "message");
                case MESSAGES -> stream ? Lenient.objectOrEmpty(json, "delta").getString("text", "") : Lenient.spoken(json, "content");
                case GEMINI -> json.containsKey("candidates")
                        ? Lenient.spoken(Lenient.objectOrEmpty(Lenient.objects(json, "candidates").getFirst(), "content"), "parts") : "";
                case RESPONSES -> stream
                        ? ("response.output_text.delta".equals(json.getString("type")) ? json.getString("delta") : "")
                        : responsesText(json);
            });
        }
        return all.toString();
    }

    private static String chatText(JsonObject json, String member) {
        List<JsonObject> choices = Lenient.objects(json, "choices");
        String text = choices.isEmpty() ? null : Lenient.text(Lenient.objectOrEmpty(choices.getFirst(), member), "content");
        return text == null ? "" : text;
    }

    private static String responsesText(JsonObject json) {
        StringBuilder all = new StringBuilder();
        for (JsonObject item : Lenient.objects(json, "output")) {
            all.append(Lenient.spoken(item, "content"));
        }
        return all.toString();
    }

    /// The last usage that a client of that dialect was told, as it was spelled, or an empty object.
    static JsonObject usage(Tongue tongue, Got got, boolean stream) {
        JsonObject last = new JsonObject();
        for (JsonObject json : stream ? got.events() : List.of(got.json())) {
            JsonObject here = switch (tongue) {
                case CHAT -> Lenient.object(json, "usage");
                case MESSAGES -> Lenient.object(json.containsKey("message") ? json.getJsonObject("message") : json, "usage");
                case GEMINI -> Lenient.object(json, "usageMetadata");
                case RESPONSES -> Lenient.object(stream ? Lenient.objectOrEmpty(json, "response") : json, "usage");
            };
            if (here != null) {
                last.mergeIn(here);
            }
        }
        return last;
    }
}
