package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Inference goes on while many ask the management API for expensive things.
class AdminFloodTest {

    private static final int ROWS = 100_000;
    private static final int ASKERS = 24;
    private static final int REQUESTS = 500;
    private static final String CHAT = "/v1/chat/completions";
    private static final String QUESTION = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final List<String> EXPENSIVE = List.of(
            "/v0/management/usage/breakdown?groupBy=provider&from=2026-01-01&to=2026-06-01",
            "/v0/management/usage?q=nowhere-to-be-found&limit=500",
            "/v0/management/usage/timeseries?groupBy=model&from=2026-01-01&to=2026-06-01",
            "/v0/management/usage?limit=500");

    /// The bound is wide because the askers, the gateway, the simulator and the client of this test share the machine's CPUs; a lane that waited for
    /// queries would be slower by the length of a query, some hundreds of milliseconds.
    private static final long STALL_NANOS = 150_000_000L;

    @Test
    void a_flood_of_expensive_questions_stalls_no_lane(@TempDir Path directory) throws SQLException {
        try (RunningGateway gateway = RunningGateway.start(directory, RunningGateway.oneTarget("mock-c2"))) {
            fill(directory);
            infer(gateway, REQUESTS);
            long calm = infer(gateway, REQUESTS);

            Flood flood = new Flood(gateway);
            long flooded = infer(gateway, REQUESTS);
            flood.end();

            System.Logger log = System.getLogger(AdminFloodTest.class.getName());
            log.log(System.Logger.Level.INFO, "p99 calm {0} us, flooded {1} us, ratio {2}; questions {3}", calm / 1_000, flooded / 1_000,
                    (double) flooded / calm, flood.statuses);
            assertThat(flood.answered()).isPositive();
            assertThat(flood.statuses.keySet()).isSubsetOf(200, 503);
            assertThat(flooded).isLessThan(Math.max(20 * calm, STALL_NANOS));
        }
    }

    /// Twenty-four administrators who ask again as soon as they have an answer.
    private static final class Flood {

        private final AtomicBoolean over = new AtomicBoolean();
        private final ConcurrentHashMap<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
        private final List<CompletableFuture<Void>> askers = new ArrayList<>();
        private final HttpClient client = HttpClient.newHttpClient();

        Flood(RunningGateway gateway) {
            for (int asker = 0; asker < ASKERS; asker++) {
                String path = EXPENSIVE.get(asker % EXPENSIVE.size());
                askers.add(ask(HttpRequest.newBuilder(URI.create(gateway.url(path))).header("x-admin-key", Admin.KEY).build()));
            }
        }

        private CompletableFuture<Void> ask(HttpRequest request) {
            return client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenCompose(answer -> {
                statuses.computeIfAbsent(answer.statusCode(), _ -> new AtomicInteger()).incrementAndGet();
                return over.get() ? CompletableFuture.completedFuture(null) : ask(request);
            });
        }

        int answered() {
            return statuses.values().stream().mapToInt(AtomicInteger::get).sum();
        }

        void end() {
            over.set(true);
            askers.forEach(CompletableFuture::join);
            client.close();
        }
    }

    /// The 99th percentile of the time of one request, in nanoseconds.
    private static long infer(RunningGateway gateway, int requests) {
        long[] times = new long[requests];
        for (int request = 0; request < requests; request++) {
            long began = System.nanoTime();
            assertThat(gateway.post(CHAT, QUESTION).statusCode()).isEqualTo(200);
            times[request] = System.nanoTime() - began;
        }
        Arrays.sort(times);
        return times[requests * 99 / 100];
    }

    private static void fill(Path directory) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("plexus.db") + "?busy_timeout=10000")) {
            connection.setAutoCommit(false);
            String sql = "insert into request_usage (request_id, date, provider, selected_model_name, api_key, start_time, created_at,"
                    + " duration_ms, tokens_input, tokens_output, cost_total, response_status) values (?, '', ?, ?, 'app', ?, ?, 10, 20, 30, 0.1, 'success')";
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                for (int row = 0; row < ROWS; row++) {
                    long time = 1_767_225_600_000L + row * 100_000L;
                    insert.setString(1, "filled-" + row);
                    insert.setString(2, "provider-" + row % 10);
                    insert.setString(3, "model-" + row % 30);
                    insert.setLong(4, time);
                    insert.setLong(5, time);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }
}
