package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.simulator.Simulator;
import io.vertx.core.Vertx;
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
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thousand callers at one quota of requests, and the gateway killed in the middle of them.
class QuotaCrowdTest {

    private static final int CALLERS = 1_000;
    private static final int LIMIT = 600;
    private static final int AT_ONCE = 200;

    private final Path directory;
    private final AtomicInteger allowed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    QuotaCrowdTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static String yaml() {
        return RunningGateway.oneTarget("mock-c2") + """
                  crowd: {secret: sk-crowd, quota: limit}
                user_quotas:
                  limit: {type: monthly, limitType: requests, limit: %d}
                """.formatted(LIMIT);
    }

    private List<CompletableFuture<Void>> ask(HttpClient client, String url, int times) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(60))
                .header("authorization", "Bearer sk-crowd")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Question.CHAT.body("fast", false)))
                .build();
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (int caller = 0; caller < times; caller++) {
            asked.add(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).handle((answer, failure) -> {
                (failure != null ? lost : answer.statusCode() == 429 ? refused : allowed).incrementAndGet();
                return null;
            }));
        }
        return asked;
    }

    @Test
    void of_a_thousand_callers_at_once_exactly_as_many_pass_as_the_quota_allows() {
        try (RunningGateway gateway = RunningGateway.start(directory, yaml());
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            ask(client, gateway.url(""), CALLERS).forEach(CompletableFuture::join);

            assertThat(lost).hasValue(0);
            assertThat(allowed).hasValue(LIMIT);
            assertThat(refused).hasValue(CALLERS - LIMIT);
        }
    }

    @Test
    void a_kill_in_the_middle_lets_no_more_pass_than_were_in_flight_and_refuses_nobody_while_there_is_room() throws Exception {
        Vertx vertx = Vertx.vertx();
        Simulator simulator = RunningGateway.await(Simulator.start(vertx, "127.0.0.1", 0));
        Files.writeString(directory.resolve("plexus.yaml"), yaml().replace("{sim}", simulator.baseUrl()));
        try (KillTest.Child child = KillTest.Child.start(directory);
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            ask(client, child.url(), LIMIT / 2).forEach(CompletableFuture::join);
            RunningGateway.eventually("the count is saved", () -> saved() >= LIMIT / 2); // what ended in the last moments is forgotten by a kill
            List<CompletableFuture<Void>> cut = ask(client, child.url(), AT_ONCE);
            RunningGateway.eventually("some more answers", () -> allowed.get() > LIMIT / 2 + AT_ONCE / 4);
            child.kill();
            cut.forEach(CompletableFuture::join);
        }
        assertThat(refused).hasValue(0);
        try (KillTest.Child child = KillTest.Child.start(directory);
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            ask(client, child.url(), LIMIT).forEach(CompletableFuture::join);
        }

        // Those that were cut may or may not have been counted; no place that they held survives them.
        assertThat(allowed.get()).isBetween(LIMIT - AT_ONCE, LIMIT + AT_ONCE);
        assertThat(allowed.get() + lost.get()).isGreaterThanOrEqualTo(LIMIT);
        RunningGateway.await(vertx.close());
    }

    private long saved() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data").resolve("plexus.db") + "?busy_timeout=10000");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select coalesce(max(current_usage), 0) from quota_state")) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
