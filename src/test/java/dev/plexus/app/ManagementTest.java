package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The management API as an administrator meets it.
class ManagementTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String QUESTION = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String USAGE = "/v0/management/usage";

    private static RunningGateway gateway;
    private static Admin admin;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, """
                adminKey: admin-secret
                providers:
                  sim:
                    api_base_url: {chat: "{sim}/v1"}
                    api_key: upstream-secret-key
                    models: {"mock-c2": {pricing: {source: simple, input: 3, output: 15, cached: 0.3}}, "sim-500": {}}
                models:
                  fast: {targets: [{provider: sim, model: "mock-c2"}]}
                  team/fast: {targets: [{provider: sim, model: "mock-c2"}]}
                  broken: {targets: [{provider: sim, model: "sim-500"}]}
                keys:
                  app: {secret: sk-test}
                  limited: {secret: sk-limited, quota: two}
                user_quotas:
                  two: {type: daily, limitType: requests, limit: 2}
                """);
        admin = new Admin(gateway, HttpClient.newHttpClient());
    }

    @AfterAll
    static void stop() {
        admin.client().close();
        gateway.close();
    }

    private static String exchange(String model, String... headers) {
        HttpResponse<String> answer = gateway.post(CHAT, QUESTION.formatted(model), headers);
        gateway.usageOf(answer);
        return answer.headers().firstValue("x-request-id").orElseThrow();
    }

    @Test
    void usage_is_listed_filtered_and_paged() {
        String first = exchange("fast", "authorization", "Bearer sk-test:Nightly");
        String second = exchange("team/fast", "authorization", "Bearer sk-test:Nightly");

        JsonObject list = admin.object(USAGE + "?attribution=nightly&limit=1");
        assertThat(list.getInteger("total")).isEqualTo(2);
        assertThat(list.getInteger("limit")).isEqualTo(1);
        JsonObject newest = list.getJsonArray("data").getJsonObject(0);
        assertThat(newest.getString("requestId")).isEqualTo(second);
        assertThat(newest.getString("apiKey")).isEqualTo("app");
        assertThat(newest.getString("provider")).isEqualTo("sim");
        assertThat(newest.getString("responseStatus")).isEqualTo("success");
        assertThat(newest.getBoolean("isStreamed")).isFalse();
        assertThat(newest.getBoolean("hasDebug")).isFalse();
        assertThat(newest.getDouble("costTotal")).isPositive();

        JsonObject next = admin.object(
                USAGE + "?attribution=nightly&before=" + newest.getLong("startTime") + "," + newest.getLong("id"));
        assertThat(next.getJsonArray("data")).hasSize(1);
        assertThat(next.getJsonArray("data").getJsonObject(0).getString("requestId")).isEqualTo(first);
        assertThat(ids(USAGE + "?attribution=nightly&incomingModelAlias=TEAM/")).containsExactly(second);
        assertThat(ids(USAGE + "?attribution=nightly&sortBy=incomingModelAlias&sortDir=asc")).containsExactly(first, second);
        assertThat(ids(USAGE + "?attribution=nightly&incomingModelAlias=%25")).isEmpty();
        assertThat(ids(USAGE + "?attribution=nightly&incomingModelAlias=_")).isEmpty();
        assertThat(ids(USAGE + "?attribution=nightly&q=" + first.substring(4, 20))).containsExactly(first);
        assertThat(ids(USAGE + "?attribution=nightly&hasError=true")).isEmpty();
        assertThat(ids(USAGE + "?attribution=nightly&endDate=2000-01-01")).isEmpty();
        assertThat(ids(USAGE + "?attribution=nightly&startDate=" + Instant.now().toString().substring(0, 10))).hasSize(2);
        JsonObject projected = admin.object(USAGE + "?attribution=nightly&fields=requestId,provider,nonsense");
        assertThat(projected.getJsonArray("data").getJsonObject(0).fieldNames()).containsExactlyInAnyOrder("requestId", "provider");
    }

    private static List<String> ids(String path) {
        return admin.object(path).getJsonArray("data").stream().map(record -> ((JsonObject) record).getString("requestId")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "?limit=x", "?offset=1.5", "?startDate=yesterday", "?sortBy=drop", "?minCost=much", "?before=1", "?isStreamed=maybe",
        "/summary?range=year", "/summary?range=custom", "/summary?range=custom&startDate=x&endDate=y",
        "/summary?range=custom&startDate=2026-01-02&endDate=2026-01-01", "/summary?tz=Moon/Base", "/timeseries?groupBy=weather",
        "/timeseries?step=1&from=2026-01-01&to=2026-02-01", "/breakdown?from=2000-01-01"
    })
    void what_cannot_be_understood_is_refused(String query) {
        HttpResponse<String> answer = admin.get(USAGE + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("error")).isNotEmpty();
    }

    @Test
    void one_record_comes_with_its_attempts_and_its_error() {
        String id = exchange("broken");

        JsonObject record = admin.object(USAGE + "/" + id);
        assertThat(record.getString("responseStatus")).isEqualTo("error");
        assertThat(record.getJsonArray("attempts").getJsonObject(0).getString("status")).isEqualTo("failed");
        assertThat(record.getJsonObject("error").getString("requestId")).isEqualTo(id);
        assertThat(admin.get(USAGE + "/unknown").statusCode()).isEqualTo(404);
        assertThat(admin.delete(USAGE + "/" + id).statusCode()).isEqualTo(200);
        assertThat(admin.delete(USAGE + "/" + id).statusCode()).isEqualTo(404);
        assertThat(admin.delete(USAGE).statusCode()).isEqualTo(400);
        assertThat(admin.delete(USAGE + "?olderThanDays=x").statusCode()).isEqualTo(400);
        assertThat(admin.delete(USAGE + "?olderThanDays=1").body()).isEqualTo("{\"success\":true,\"deleted\":0}");
    }

    @Test
    void usage_is_summed_up_over_time_and_by_who_or_what() {
        exchange("fast", "authorization", "Bearer sk-test:Sums");
        exchange("fast", "authorization", "Bearer sk-test:Sums");

        JsonObject summary = admin.object(USAGE + "/summary?range=hour&attribution=sums");
        int counted = summary.getJsonArray("series").stream().mapToInt(bucket -> ((JsonObject) bucket).getInteger("requests")).sum();
        assertThat(counted).isEqualTo(2);
        assertThat(summary.getJsonObject("today").getInteger("requests")).isGreaterThanOrEqualTo(2);
        assertThat(summary.getJsonObject("stats").getLong("totalTokens")).isPositive();
        assertThat(summary.getJsonObject("previous").getInteger("requests")).isZero();
        for (String range : List.of("day", "week", "month")) {
            assertThat(admin.object(USAGE + "/summary?tz=Asia/Tokyo&range=" + range).getString("range")).isEqualTo(range);
        }

        JsonObject series = admin.object(USAGE + "/timeseries?groupBy=apiKey&attribution=sums");
        assertThat(series.getJsonArray("groups")).containsExactly("app");
        assertThat(series.getJsonArray("buckets").getJsonObject(0).getJsonObject("app").getDouble("cost")).isPositive();

        JsonObject breakdown = admin.object(USAGE + "/breakdown?groupBy=provider&attribution=sums");
        JsonObject line = breakdown.getJsonArray("data").getJsonObject(0);
        assertThat(line.getString("key")).isEqualTo("sim");
        assertThat(line.getInteger("requests")).isEqualTo(2);
        assertThat(line.getDouble("share")).isEqualTo(1.0);
        assertThat(breakdown.getJsonObject("total").getInteger("requests")).isEqualTo(2);
    }

    @Test
    void a_cooled_target_is_shown_and_let_go() {
        Admin.expecting(200, admin.post("/v0/management/cooldowns", "{\"provider\":\"sim\",\"model\":\"a:b/c\",\"minutes\":5}"));

        JsonArray held = admin.array("/v0/management/cooldowns");
        JsonObject line = held.stream().map(JsonObject.class::cast).filter(one -> one.getString("model").equals("a:b/c")).findFirst().orElseThrow();
        assertThat(line.getString("provider")).isEqualTo("sim");
        assertThat(line.getLong("timeRemainingMs")).isBetween(290_000L, 300_000L);
        assertThat(line.getString("lastError")).isEqualTo("held by an administrator");
        assertThat(admin.delete("/v0/management/cooldowns/sim?model=other").statusCode()).isEqualTo(200);
        assertThat(models()).contains("a:b/c");
        assertThat(admin.delete("/v0/management/cooldowns/sim?model=a:b%2Fc").statusCode()).isEqualTo(200);
        assertThat(models()).doesNotContain("a:b/c");

        Admin.expecting(200, admin.post("/v0/management/cooldowns", "{\"provider\":\"sim\",\"model\":\"mock-c2\",\"minutes\":5}"));
        assertThat(gateway.post(CHAT, QUESTION.formatted("fast")).statusCode()).isEqualTo(503);
        assertThat(admin.delete("/v0/management/cooldowns").statusCode()).isEqualTo(200);
        assertThat(gateway.post(CHAT, QUESTION.formatted("fast")).statusCode()).isEqualTo(200);
        assertThat(admin.post("/v0/management/cooldowns", "{\"provider\":\"none\",\"model\":\"x\",\"minutes\":5}").statusCode()).isEqualTo(404);
        assertThat(admin.post("/v0/management/cooldowns", "{\"provider\":\"sim\",\"model\":\"x\",\"minutes\":0}").statusCode()).isEqualTo(400);
    }

    private static List<String> models() {
        return admin.array("/v0/management/cooldowns").stream().map(one -> ((JsonObject) one).getString("model")).toList();
    }

    @Test
    void a_quota_is_shown_and_forgiven() {
        for (int asked = 0; asked < 2; asked++) {
            assertThat(gateway.post(CHAT, QUESTION.formatted("fast"), "authorization", "Bearer sk-limited").statusCode()).isEqualTo(200);
        }
        assertThat(gateway.post(CHAT, QUESTION.formatted("fast"), "authorization", "Bearer sk-limited").statusCode()).isEqualTo(429);

        JsonObject used = admin.object("/v0/management/quota/status/limited");
        assertThat(used.getString("quota_name")).isEqualTo("two");
        assertThat(used.getBoolean("allowed")).isFalse();
        assertThat(used.getInteger("current_usage")).isEqualTo(2);
        assertThat(used.getInteger("remaining")).isZero();
        assertThat(Instant.parse(used.getString("resets_at"))).isAfter(Instant.now());
        JsonObject free = admin.object("/v0/management/quota/status/app");
        assertThat(free.getValue("quota_name")).isNull();
        assertThat(free.getBoolean("allowed")).isTrue();
        assertThat(admin.object("/v0/management/quota/status").getJsonArray("data")).hasSize(2);
        assertThat(admin.get("/v0/management/quota/status/nobody").body())
                .isEqualTo("{\"error\":{\"message\":\"Key not found: nobody\",\"type\":\"not_found_error\"}}");
        assertThat(admin.post("/v0/management/quota/clear", "{}").statusCode()).isEqualTo(400);

        assertThat(admin.post("/v0/management/quota/clear", "{\"key\":\"limited\"}").body())
                .isEqualTo("{\"success\":true,\"key\":\"limited\",\"message\":\"Quota reset successfully\"}");
        assertThat(gateway.post(CHAT, QUESTION.formatted("fast"), "authorization", "Bearer sk-limited").statusCode()).isEqualTo(200);
    }

    @Test
    void errors_are_listed_and_deleted() {
        admin.delete("/v0/management/cooldowns");
        String id = exchange("broken");

        JsonObject error = admin.array("/v0/management/errors?limit=500").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("requestId").equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(new JsonObject(error.getString("details")).getInteger("statusCode")).isEqualTo(500);
        JsonObject page = admin.object("/v0/management/errors?format=page&provider=sim&statusCode=500");
        assertThat(page.getInteger("total")).isPositive();
        assertThat(admin.array("/v0/management/errors?provider=nobody")).isEmpty();
        assertThat(admin.delete("/v0/management/errors/" + id).statusCode()).isEqualTo(200);
        assertThat(admin.array("/v0/management/errors?q=" + id)).isEmpty();
        assertThat(admin.object(USAGE + "/" + id).getBoolean("hasError")).isFalse();
    }

    @Test
    void performance_is_shown_by_target_and_forgotten_by_model() throws SQLException {
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + gateway.directory().resolve("plexus.db") + "?busy_timeout=5000");
                var statement = connection.createStatement()) {
            statement.executeUpdate("insert into provider_performance (provider, model, time_to_first_token_ms, tokens_per_sec, success_count,"
                    + " failure_count, created_at) values ('p', 'slow', 900, 10, 1, 0, 5), ('p', 'quick', 100, 90, 1, 0, 6),"
                    + " ('p', 'quick', 300, 50, 0, 1, 7)");
        }

        JsonArray lines = admin.array("/v0/management/performance?provider=p");
        assertThat(lines).hasSize(2);
        JsonObject best = lines.getJsonObject(0);
        assertThat(best.getString("target_model")).isEqualTo("quick");
        assertThat(best.getDouble("avg_ttft_ms")).isEqualTo(200);
        assertThat(best.getDouble("max_tokens_per_sec")).isEqualTo(90);
        assertThat(best.getDouble("success_rate")).isEqualTo(0.5);
        assertThat(admin.delete("/v0/management/performance").statusCode()).isEqualTo(400);
        assertThat(admin.delete("/v0/management/performance?model=quick").body()).isEqualTo("{\"success\":true,\"model\":\"quick\"}");
        assertThat(admin.array("/v0/management/performance?provider=p&model=quick")).isEmpty();
    }

    @Test
    void exchanges_are_seen_live_and_a_reader_that_comes_back_misses_nothing() throws IOException, InterruptedException {
        String seen;
        try (BufferedReader events = events("/v0/management/events?types=log")) {
            String id = exchange("fast");
            String text = until(events, id);
            seen = text.lines().filter(line -> line.startsWith("id: ")).reduce((_, last) -> last).orElseThrow().substring(4);
            JsonObject record = new JsonObject(text.lines().filter(line -> line.contains(id)).findFirst().orElseThrow().substring(6));
            assertThat(record.getBoolean("isStreamed")).isFalse();
            assertThat(record.getDouble("costTotal")).isPositive();
        }
        String missed = exchange("fast");
        try (BufferedReader events = events("/v0/management/events?types=log,config", "last-event-id", seen)) {
            assertThat(until(events, missed)).contains("event: log");
        }
    }

    private static BufferedReader events(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url(path))).header("x-admin-key", Admin.KEY);
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> answer = admin.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String until(BufferedReader events, String part) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(part) < 0) {
            String line = events.readLine();
            assertThat(line).as("the stream ended after " + text).isNotNull();
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
