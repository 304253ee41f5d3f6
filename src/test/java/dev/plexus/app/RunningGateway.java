package dev.plexus.app;

import dev.plexus.simulator.Simulator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// The whole gateway in this process, wired as in production, with a simulator as its provider: what tests of behaviour talk to.
///
/// `{sim}` in the YAML stands for the simulator's base URL.
public final class RunningGateway implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final Path directory;
    private final Vertx simulatorVertx;
    private final Simulator simulator;
    private final Plexus plexus;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningGateway(Path directory, Vertx simulatorVertx, Simulator simulator, Plexus plexus) {
        this.directory = directory;
        this.simulatorVertx = simulatorVertx;
        this.simulator = simulator;
        this.plexus = plexus;
    }

    public static RunningGateway start(Path directory, String yaml) {
        return start(directory, yaml, Map.of());
    }

    /// `home` is where the dashboard's files are, in its folder `webroot`.
    public static RunningGateway start(Path directory, String yaml, Path home) {
        return start(directory, yaml, Map.of(), home);
    }

    /// `environment` overrides the database (`DATABASE_URL`) and whatever `${NAME}` in the YAML asks for.
    public static RunningGateway start(Path directory, String yaml, Map<String, String> environment) {
        return start(directory, yaml, environment, directory);
    }

    private static RunningGateway start(Path directory, String yaml, Map<String, String> environment, Path home) {
        Vertx vertx = Vertx.vertx();
        Simulator simulator = await(Simulator.start(vertx, "127.0.0.1", 0));
        Path file = directory.resolve("plexus.yaml");
        write(file, yaml.replace("{sim}", "http://127.0.0.1:" + simulator.port()));
        Map<String, String> variables = new HashMap<>(environment);
        Settings settings = new Settings(
                home,
                file,
                variables.getOrDefault("DATABASE_URL", "sqlite://" + directory.resolve("plexus.db")),
                directory,
                directory.resolve("auth.json"),
                "127.0.0.1",
                0,
                false,
                100,
                null,
                "test",
                variables::get);
        return new RunningGateway(directory, vertx, simulator, await(Plexus.start(settings)));
    }

    /// A configuration with one provider that speaks all dialects at the simulator, the alias `fast` for `model`, and the key `sk-test`.
    public static String oneTarget(String model) {
        return """
                adminKey: admin-secret
                providers:
                  sim:
                    api_base_url: {chat: "{sim}/v1", messages: "{sim}/v1", responses: "{sim}/v1", embeddings: "{sim}/v1", gemini: "{sim}"}
                    api_key: upstream-secret-key
                    models: {"%s": {pricing: {source: simple, input: 3, output: 15, cached: 0.3}}}
                models:
                  fast: {selector: in_order, targets: [{provider: sim, model: "%s"}]}
                keys:
                  app: {secret: sk-test}
                """
                .formatted(model, model);
    }

    public Simulator simulator() {
        return simulator;
    }

    public Plexus plexus() {
        return plexus;
    }

    public Path directory() {
        return directory;
    }

    public Path configFile() {
        return directory.resolve("plexus.yaml");
    }

    public String url(String path) {
        return "http://127.0.0.1:" + plexus.port() + path;
    }

    /// Posts JSON with the key `sk-test`.
    public HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (request.build().headers().firstValue("authorization").isEmpty()) {
            request.header("authorization", "Bearer sk-test");
        }
        return send(request.build());
    }

    public HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// The usage record of a request, once it is in the database and final.
    public Map<String, Object> usageOf(String requestId) {
        List<Map<String, Object>> found = new ArrayList<>();
        eventually("usage record of " + requestId, () -> {
            found.clear();
            found.addAll(rows("select * from request_usage where response_status <> 'pending' and request_id = '" + requestId + "'"));
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    public Map<String, Object> usageOf(HttpResponse<?> answer) {
        return usageOf(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    /// The usage records that fulfil the condition, once there is one.
    public Map<String, Object> usageWhere(Predicate<Map<String, Object>> condition) {
        List<Map<String, Object>> found = new ArrayList<>();
        eventually("a usage record", () -> {
            found.clear();
            rows("select * from request_usage where response_status <> 'pending'").stream().filter(condition).forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    /// Reads from the SQLite database beside the gateway.
    public List<Map<String, Object>> rows(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("plexus.db"));
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            List<Map<String, Object>> all = new ArrayList<>();
            while (rows.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.put(rows.getMetaData().getColumnName(column), rows.getObject(column));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// Waits until the condition holds; fails after a while.
    public static void eventually(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    public static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        await(plexus.stop());
        await(simulator.close());
        await(simulatorVertx.close());
        client.close();
    }
}
