package dev.plexus.cli;

import dev.plexus.app.Plexus;
import dev.plexus.app.Settings;
import dev.plexus.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `plexus train`: runs the demo configuration for a moment and asks every endpoint a few times, so that the virtual machine can record which
/// classes and methods a start and the first requests need (the AOT cache). It leaves nothing behind.
final class TrainCommand {

    /// Enough to see both the first and the usual way through each endpoint; more only takes longer.
    private static final int ROUNDS = 5;
    private static final long SECONDS_MAX = 30;

    /// One request of the training. The model name of the demo is put where `%s` stands.
    private record Lesson(HttpMethod method, String path, @Nullable String body) {

        static Lesson get(String path) {
            return new Lesson(HttpMethod.GET, path, null);
        }

        static Lesson post(String path, String body) {
            return new Lesson(HttpMethod.POST, path, body);
        }
    }

    private static final List<Lesson> FREE = List.of(
            Lesson.get("/health"), Lesson.get("/health/live"), Lesson.get("/health/ready"), Lesson.get("/metrics"), Lesson.get("/"),
            Lesson.get("/v1/models"), Lesson.get("/v1beta/models"), Lesson.get("/v1/nothing"));

    private static final List<Lesson> PER_ALIAS = List.of(
            Lesson.post("/v1/chat/completions", "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"),
            Lesson.post("/v1/chat/completions", "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"),
            Lesson.post("/v1/messages", "{\"model\":\"%s\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"),
            Lesson.post("/v1/messages",
                    "{\"model\":\"%s\",\"max_tokens\":64,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"),
            Lesson.post("/v1/responses", "{\"model\":\"%s\",\"input\":\"Hello\"}"),
            Lesson.post("/v1/responses", "{\"model\":\"%s\",\"stream\":true,\"input\":\"Hello\"}"),
            Lesson.post("/v1beta/models/%s:generateContent", "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}"),
            Lesson.post("/v1beta/models/%s:streamGenerateContent?alt=sse",
                    "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}"),
            Lesson.post("/v1/embeddings", "{\"model\":\"%s\",\"input\":\"Hello\"}"),
            Lesson.post("/v1/chat/completions", "{\"model\":\"%s\","));

    private final Terminal terminal;
    private final Launch launch;

    TrainCommand(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.launch = launch;
    }

    int run() {
        Path scratch;
        try {
            scratch = Files.createTempDirectory("plexus-train");
        } catch (IOException failed) {
            terminal.complain("no room for a training run: " + failed);
            return Exit.FAILED;
        }
        try {
            return train(scratch);
        } finally {
            remove(scratch);
        }
    }

    private int train(Path scratch) {
        Map<String, String> fixed = Map.of("DATA_DIR", scratch.toString(), "AUTH_JSON", scratch.resolve("auth.json").toString(),
                "LOG_LEVEL", "warn", "ADMIN_KEY", "training");
        var outcome = Environment.read(
                fixed::get, new Environment.Options("127.0.0.1", 0), launch.home(), launch.demoConfig(), scratch);
        return switch (outcome) {
            case Environment.Outcome.Bad(var faults) -> {
                faults.forEach(terminal::complain);
                yield Exit.FAILED;
            }
            case Environment.Outcome.Good(var settings) -> train(settings);
        };
    }

    private int train(Settings settings) {
        Vertx vertx = Vertx.vertx();
        try {
            Plexus plexus = wait(Plexus.start(settings));
            terminal.say(Banner.of(settings, plexus.port(), plexus.config()));
            int answered = wait(lessons(vertx.createHttpClient(), plexus.port(), plexus.config()));
            terminal.say("trained with " + answered + " answers");
            wait(plexus.stop());
            return Exit.OK;
        } catch (TimeoutException | ExecutionException failed) {
            terminal.complain("training failed: " + failed);
            return Exit.FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Exit.FAILED;
        } finally {
            vertx.close();
        }
    }

    /// Sends everything in order; an answer of any status counts, for errors have their own code to learn.
    private static Future<Integer> lessons(HttpClient client, int port, @Nullable Config config) {
        List<Lesson> lessons = new ArrayList<>();
        String key = config == null ? "none" : Banner.demoSecret(config).orElse("none");
        for (int round = 0; round < ROUNDS; round++) {
            lessons.addAll(FREE);
            if (config != null) {
                config.aliases().keySet().forEach(alias -> PER_ALIAS.forEach(lesson -> lessons.add(new Lesson(
                        lesson.method(),
                        lesson.path().replace("%s", alias.value()),
                        lesson.body() == null ? null : lesson.body().replace("%s", alias.value())))));
            }
        }
        Future<Integer> answered = Future.succeededFuture(0);
        for (Lesson lesson : lessons) {
            answered = answered.compose(count -> ask(client, port, key, lesson).map(_ -> count + 1).otherwise(count));
        }
        return answered;
    }

    private static Future<Buffer> ask(HttpClient client, int port, String key, Lesson lesson) {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1").setPort(port).setMethod(lesson.method()).setURI(lesson.path()).setIdleTimeout(2_000)
                .putHeader("Authorization", "Bearer " + key)
                .putHeader("Content-Type", "application/json");
        return client.request(options)
                .compose(request -> lesson.body() == null ? request.send() : request.send(lesson.body()))
                .compose(HttpClientResponse::body);
    }

    private static <T> T wait(Future<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // a leftover in the temporary folder is the operating system's to clear
        }
    }
}
