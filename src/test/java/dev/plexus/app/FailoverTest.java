package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Failover, retries, time limits and cooldowns, from the client's side and from the provider's.
///
/// Every case has aliases of its own, one per way of asking, so that no case sees another's cooldowns. A target is written `provider:tokens`; the
/// tokens say how the simulator behaves.
class FailoverTest {

    private static final Map<String, List<String>> CASES = new LinkedHashMap<>();

    static {
        CASES.put("fails", List.of("a:500", "b:"));
        CASES.put("rejects", List.of("a:400", "b:"));
        CASES.put("toolarge", List.of("a:413", "b:"));
        CASES.put("unprocessable", List.of("a:422", "b:"));
        CASES.put("unpaid", List.of("a:402", "b:"));
        CASES.put("moved", List.of("a:302", "b:"));
        CASES.put("refuses", List.of("dead:", "b:"));
        CASES.put("resets", List.of("a:reset", "b:"));
        CASES.put("bothfail", List.of("a:500", "b:500"));
        CASES.put("errorfirst", List.of("a:err0", "b:"));
        CASES.put("errorwhole", List.of("a:error200", "b:"));
        CASES.put("cutlater", List.of("a:cut3-c10", "b:"));
        CASES.put("cutalone", List.of("a:cut3-c10"));
        CASES.put("errorlater", List.of("a:err3-c10", "b:"));
        CASES.put("nothing", List.of("a:empty", "b:"));
        CASES.put("page", List.of("a:html", "b:"));
        CASES.put("brokenwhole", List.of("a:bad2", "b:"));
        CASES.put("exempt", List.of("exempt:500", "b:"));
        CASES.put("flaky", List.of("a:once"));
        CASES.put("flakyreset", List.of("a:reset-once"));
        CASES.put("alwaysreset", List.of("a:reset"));
        CASES.put("waits", List.of("a:429-ra1-once"));
        CASES.put("moveson", List.of("a:429-ra2", "b:"));
        CASES.put("toolong", List.of("a:429-ra30"));
        CASES.put("silent", List.of("hasty:hang", "b:"));
        CASES.put("silentalone", List.of("hasty:hang"));
        CASES.put("left", List.of("a:hang", "b:"));
        CASES.put("headsonly", List.of("hasty:hslow5000", "b:"));
        CASES.put("fallssilent", List.of("hasty:silent3-c10", "b:"));
        CASES.put("endless", List.of("brief:d100-c60"));
        CASES.put("cooling", List.of("a:503"));
    }

    private static RunningGateway gateway;
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, yaml(""));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CLIENT.close();
    }

    private static String yaml(String more) {
        StringBuilder yaml = new StringBuilder(more);
        yaml.append("adminKey: admin-secret\nkeys: {app: {secret: sk-test}}\nproviders:\n");
        provider(yaml, "a", "{sim}", "");
        provider(yaml, "b", "{sim}", "");
        provider(yaml, "exempt", "{sim}", ", disable_cooldown: true");
        provider(yaml, "hasty", "{sim}", ", timeouts: {firstByteMs: 400, idleMs: 400}");
        provider(yaml, "brief", "{sim}", ", timeouts: {totalMs: 1000}");
        provider(yaml, "dead", "http://127.0.0.1:" + closedPort(), "");
        yaml.append("models:\n");
        CASES.forEach((name, targets) -> {
            for (Asking asking : Asking.values()) {
                yaml.append("  \"").append(alias(name, asking)).append("\": {selector: in_order, resume: \"off\", targets: [");
                for (int index = 0; index < targets.size(); index++) {
                    yaml.append("{provider: ").append(targets.get(index).substring(0, targets.get(index).indexOf(':')));
                    yaml.append(", model: \"").append(model(name, asking, index)).append("\"}, ");
                }
                yaml.append("]}\n");
            }
        });
        return yaml.toString();
    }

    private static void provider(StringBuilder yaml, String name, String at, String more) {
        yaml.append("  ").append(name).append(": {api_base_url: {chat: \"").append(at).append("/v1\", messages: \"").append(at);
        yaml.append("/v1\", responses: \"").append(at).append("/v1\", gemini: \"").append(at).append("\"}, api_key: upstream-secret-key");
        yaml.append(more).append("}\n");
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String alias(String name, Asking asking) {
        return name + "." + asking.name().toLowerCase(Locale.ROOT);
    }

    /// The upstream model of a target: its tokens, and a name that no other case has.
    private static String model(String name, Asking asking, int target) {
        String tokens = CASES.get(name).get(target);
        tokens = tokens.substring(tokens.indexOf(':') + 1);
        return "mock-" + (tokens.isEmpty() ? "" : tokens + "-") + alias(name, asking).replace('.', '_') + target;
    }

    private static HttpResponse<String> ask(String name, Asking asking) {
        return send(gateway.url(""), asking, alias(name, asking));
    }

    private static HttpResponse<String> send(String baseUrl, Asking asking, String model) {
        try {
            return CLIENT.send(asking.request(baseUrl, model), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// What the second target says to whoever asks it without a gateway.
    private static String saidBySecond(String name, Asking asking) {
        return send(gateway.simulator().baseUrl(), asking, model(name, asking, 1)).body();
    }

    private static long hits(String name, Asking asking, int target) {
        return gateway.simulator().hits(model(name, asking, target));
    }

    private static List<Map<String, Object>> cooldowns(String name, Asking asking, int target) {
        return gateway.rows("select * from provider_cooldowns where model = '" + model(name, asking, target) + "'");
    }

    private static Map<String, Object> cooldown(String name, Asking asking, int target) {
        eventually("a cooldown of " + model(name, asking, target), () -> !cooldowns(name, asking, target).isEmpty());
        return cooldowns(name, asking, target).getFirst();
    }

    private static long lasts(Map<String, Object> cooldown) {
        return ((Number) cooldown.get("expiry")).longValue() - ((Number) cooldown.get("last_failure_at")).longValue();
    }

    // Scenarios (a) to (l)

    @ParameterizedTest
    @EnumSource
    void a_failing_target_is_cooled_and_the_next_one_answers(Asking asking) {
        var answer = ask("fails", asking);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-plexus-provider")).contains("b");
        assertThat(answer.headers().firstValue("x-plexus-attempts")).contains("2");
        assertThat(answer.body()).isEqualTo(saidBySecond("fails", asking));
        assertThat(hits("fails", asking, 0)).isEqualTo(2); // a same-target retry, then never again
        assertThat(lasts(cooldown("fails", asking, 0))).isEqualTo(Duration.ofMinutes(2).toMillis());
        assertThat(ask("fails", asking).headers().firstValue("x-plexus-attempts")).contains("1");
        assertThat(hits("fails", asking, 0)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void the_record_of_a_failover_names_both_attempts(Asking asking) {
        var answer = ask("resets", asking);

        var usage = gateway.usageOf(answer);
        assertThat(usage)
                .containsEntry("response_status", "success")
                .containsEntry("attempt_count", 2)
                .containsEntry("provider", "b")
                .containsEntry("selected_model_name", model("resets", asking, 1))
                .containsEntry("final_attempt_provider", "b")
                .containsEntry("tokens_output", 128);
        assertThat(new JsonArray((String) usage.get("all_attempted_providers")).getList())
                .isEqualTo(List.of("a/" + model("resets", asking, 0), "b/" + model("resets", asking, 1)));
        JsonArray history = new JsonArray((String) usage.get("retry_history"));
        assertThat(history.size()).isEqualTo(2);
        assertThat(history.getJsonObject(0).getString("status")).isEqualTo("failed");
        assertThat(history.getJsonObject(0).getString("reason")).contains("ECONNRESET");
        assertThat(history.getJsonObject(1).getString("status")).isEqualTo("success");
    }

    @ParameterizedTest
    @EnumSource
    void a_rejected_request_is_not_offered_to_others_and_cools_nobody(Asking asking) {
        for (String name : List.of("rejects", "toolarge", "unprocessable")) {
            var answer = ask(name, asking);

            var direct = send(gateway.simulator().baseUrl(), asking, model(name, asking, 0));
            assertThat(answer.statusCode()).isEqualTo(direct.statusCode());
            assertThat(answer.body()).isEqualTo(direct.body());
            assertThat(hits(name, asking, 1)).isZero();
            assertThat(gateway.usageOf(answer)).containsEntry("response_status", "error").containsEntry("attempt_count", 1);
            assertThat(cooldowns(name, asking, 0)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_target_that_cannot_be_reached_is_passed_over(Asking asking) {
        var answer = ask("refuses", asking);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(saidBySecond("refuses", asking));
        assertThat((String) gateway.usageOf(answer).get("retry_history")).contains("ECONNREFUSED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unpaid", "moved", "nothing", "page"})
    void other_useless_answers_fail_over_too(String name) {
        for (Asking asking : Asking.values()) {
            var answer = ask(name, asking);

            assertThat(answer.statusCode()).as("%s", asking).isEqualTo(200);
            assertThat(answer.body()).as("%s", asking).isEqualTo(saidBySecond(name, asking));
            assertThat(hits(name, asking, 0)).as("%s", asking).isEqualTo(1);
        }
    }

    @Test
    void without_failover_the_first_failure_is_the_answer(@TempDir Path directory) {
        try (RunningGateway single = RunningGateway.start(directory, yaml("failover: {enabled: false}\n"))) {
            for (Asking asking : List.of(Asking.CHAT_WHOLE, Asking.MESSAGES_STREAM)) {
                var answer = send(single.url(""), asking, alias("fails", asking));

                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(single.simulator().hits(model("fails", asking, 1))).isZero();
                assertThat(single.usageOf(answer)).containsEntry("attempt_count", 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void when_all_fail_the_client_learns_who_and_both_are_cooled_for_two_minutes(Asking asking) {
        var answer = ask("bothfail", asking);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .contains("All targets failed: a/" + model("bothfail", asking, 0) + " (500), b/" + model("bothfail", asking, 1) + " (500)")
                .contains("Last error: ");
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "error").containsEntry("attempt_count", 2);
        for (int target = 0; target < 2; target++) {
            assertThat(lasts(cooldown("bothfail", asking, target))).isEqualTo(Duration.ofMinutes(2).toMillis());
            assertThat(cooldown("bothfail", asking, target)).containsEntry("consecutive_failures", 1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plexus.app.Asking#streamed")
    void a_stream_that_begins_with_an_error_fails_over_and_shows_nothing_of_the_first_target(Asking asking) {
        var answer = ask("errorfirst", asking);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(saidBySecond("errorfirst", asking));
        assertThat(gateway.usageOf(answer)).containsEntry("attempt_count", 2);
        cooldown("errorfirst", asking, 0);
    }

    @ParameterizedTest
    @MethodSource("dev.plexus.app.Asking#whole")
    void an_error_with_status_200_and_a_body_that_is_no_json_fail_over(Asking asking) {
        for (String name : List.of("errorwhole", "brokenwhole")) {
            var answer = ask(name, asking);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(saidBySecond(name, asking));
            cooldown(name, asking, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plexus.app.Asking#streamed")
    void a_stream_that_breaks_after_content_ends_with_the_dialects_error_event(Asking asking) {
        for (String name : List.of("cutlater", "errorlater")) {
            var answer = ask(name, asking);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains(asking.errorEvent());
            assertThat(hits(name, asking, 1)).as("the second target").isZero();
            var usage = gateway.usageOf(answer);
            assertThat(usage).containsEntry("response_status", "error").containsEntry("attempt_count", 1);
            cooldown(name, asking, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plexus.app.Asking#whole")
    void a_whole_answer_that_is_cut_off_fails_over(Asking asking) {
        var answer = ask("cutlater", asking);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(saidBySecond("cutlater", asking));
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "success").containsEntry("attempt_count", 2);
    }

    @Test
    void a_broken_messages_stream_is_recorded_with_the_tokens_seen_so_far() {
        var answer = ask("cutalone", Asking.MESSAGES_STREAM);

        var usage = gateway.usageOf(answer);
        assertThat(usage).containsEntry("response_status", "error");
        assertThat(((Number) usage.get("tokens_input")).longValue() + ((Number) usage.get("tokens_cached")).longValue()).isEqualTo(412);
    }

    @Test
    void many_requests_to_one_dead_target_count_as_one_failure() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int request = 0; request < 20; request++) {
            answers.add(CLIENT.sendAsync(
                    Asking.CHAT_WHOLE.request(gateway.url(""), alias("cooling", Asking.CHAT_WHOLE)), HttpResponse.BodyHandlers.ofString()));
        }
        answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(503));

        var cooldown = cooldown("cooling", Asking.CHAT_WHOLE, 0);
        assertThat(cooldown).containsEntry("consecutive_failures", 1);
        assertThat(lasts(cooldown)).isEqualTo(Duration.ofMinutes(2).toMillis());
    }

    @Test
    void when_all_targets_cool_the_answer_says_when_to_come_back() {
        ask("cooling", Asking.MESSAGES_WHOLE);
        long hits = hits("cooling", Asking.MESSAGES_WHOLE, 0);

        var answer = ask("cooling", Asking.MESSAGES_WHOLE);

        assertThat(answer.statusCode()).isIn(503, 529);
        assertThat(answer.body())
                .contains("All providers for model alias '" + alias("cooling", Asking.MESSAGES_WHOLE) + "' are currently on cooldown.");
        assertThat(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow())).isBetween(110, 120);
        assertThat(hits("cooling", Asking.MESSAGES_WHOLE, 0)).isEqualTo(hits);
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "error");
    }

    @Test
    void a_target_that_may_not_cool_stays_the_first() {
        for (int request = 1; request <= 3; request++) {
            var answer = ask("exempt", Asking.CHAT_WHOLE);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(hits("exempt", Asking.CHAT_WHOLE, 0)).isEqualTo(2L * request);
        }
        assertThat(cooldowns("exempt", Asking.CHAT_WHOLE, 0)).isEmpty();
    }

    @Test
    void cooldowns_survive_a_restart_escalate_after_their_expiry_and_are_forgotten_after_a_success(@TempDir Path directory) throws SQLException {
        Asking asking = Asking.CHAT_WHOLE;
        String model = model("cooling", asking, 0);
        try (RunningGateway first = RunningGateway.start(directory, yaml(""))) {
            assertThat(send(first.url(""), asking, alias("cooling", asking)).statusCode()).isEqualTo(503);
        }
        try (RunningGateway second = RunningGateway.start(directory, yaml(""))) {
            var refused = send(second.url(""), asking, alias("cooling", asking));
            assertThat(refused.body()).contains("all_targets_cooling");
            assertThat(second.simulator().hits(model)).isZero();
        }
        letExpire(directory);
        try (RunningGateway third = RunningGateway.start(directory, yaml(""))) {
            assertThat(send(third.url(""), asking, alias("cooling", asking)).body()).contains("all_targets_failed");
            eventually("an escalated cooldown", () -> third.rows("select * from provider_cooldowns").stream()
                    .anyMatch(row -> row.get("consecutive_failures").equals(2) && lasts(row) == Duration.ofMinutes(4).toMillis()));
        }
        letExpire(directory);
        try (RunningGateway fourth = RunningGateway.start(directory, yaml(""))) {
            fourth.simulator().behave(model, "mock");
            assertThat(send(fourth.url(""), asking, alias("cooling", asking)).statusCode()).isEqualTo(200);
            eventually("a forgotten cooldown", () -> fourth.rows("select * from provider_cooldowns").isEmpty());

            fourth.simulator().behave(model, "503");
            send(fourth.url(""), asking, alias("cooling", asking));
            eventually("a first cooldown", () -> fourth.rows("select * from provider_cooldowns").stream()
                    .anyMatch(row -> row.get("consecutive_failures").equals(1) && lasts(row) == Duration.ofMinutes(2).toMillis()));
        }
    }

    private static void letExpire(Path directory) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("plexus.db"))) {
            connection.createStatement().executeUpdate("update provider_cooldowns set expiry = last_failure_at + 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_leaves_while_the_first_target_is_silent_ends_it_and_no_second_one_is_asked(Asking asking) {
        long before = gateway.simulator().tally().cancelled();
        try (RawClient client = RawClient.to(gateway.plexus().port())) {
            client.send(asking.raw(alias("left", asking), "x-client-request-id: leaver-" + asking));
            eventually("the request upstream", () -> hits("left", asking, 0) == 1);
        }

        eventually("the end of the upstream request", () -> gateway.simulator().tally().cancelled() > before);
        var usage = gateway.usageWhere(row -> ("leaver-" + asking).equals(row.get("client_request_id")));
        assertThat(usage).containsEntry("response_status", "cancelled").containsEntry("attempt_count", 1);
        assertThat(hits("left", asking, 1)).isZero();
        assertThat(cooldowns("left", asking, 0)).isEmpty();
    }

    // The same target again

    @ParameterizedTest
    @EnumSource
    void a_target_that_answers_on_its_second_try_was_not_unwell(Asking asking) {
        for (String name : List.of("flaky", "flakyreset")) {
            var answer = ask(name, asking);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-plexus-attempts")).contains("1");
            assertThat(hits(name, asking, 0)).as(name).isEqualTo(2);
            assertThat(gateway.usageOf(answer)).containsEntry("response_status", "success").containsEntry("attempt_count", 1);
            assertThat(cooldowns(name, asking, 0)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_target_that_always_resets_is_tried_exactly_twice(Asking asking) {
        var answer = ask("alwaysreset", asking);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("a/" + model("alwaysreset", asking, 0) + " (network)");
        cooldown("alwaysreset", asking, 0);
        assertThat(hits("alwaysreset", asking, 0)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT_WHOLE", "MESSAGES_STREAM"})
    void a_short_retry_after_is_sat_out_where_nobody_else_is_left(Asking asking) {
        long began = System.nanoTime();

        var answer = ask("waits", asking);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(hits("waits", asking, 0)).isEqualTo(2);
        assertThat(gateway.usageOf(answer)).containsEntry("attempt_count", 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"GEMINI_WHOLE", "RESPONSES_STREAM"})
    void a_retry_after_is_not_sat_out_while_another_target_is_well(Asking asking) {
        var answer = ask("moveson", asking);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-plexus-provider")).contains("b");
        assertThat(hits("moveson", asking, 0)).isEqualTo(1);
        assertThat(lasts(cooldown("moveson", asking, 0))).isEqualTo(2_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT_STREAM", "MESSAGES_WHOLE"})
    void a_long_retry_after_is_handed_to_the_client(Asking asking) {
        var answer = ask("toolong", asking);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains("30");
        assertThat(hits("toolong", asking, 0)).isEqualTo(1);
        assertThat(lasts(cooldown("toolong", asking, 0))).isEqualTo(30_000);
    }

    // Time limits

    @ParameterizedTest
    @EnumSource
    void a_silent_target_is_tried_once_and_then_passed_over(Asking asking) {
        for (String name : List.of("silent", "headsonly")) {
            var answer = ask(name, asking);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(saidBySecond(name, asking));
            assertThat(hits(name, asking, 0)).isEqualTo(1);
            assertThat((String) gateway.usageOf(answer).get("retry_history")).contains("no answer within 400 ms");
            cooldown(name, asking, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT_WHOLE", "GEMINI_STREAM"})
    void when_the_last_target_is_silent_the_answer_is_a_timeout(Asking asking) {
        long cancelled = gateway.simulator().tally().cancelled();

        var answer = ask("silentalone", asking);

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("(timeout)");
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "timeout");
        eventually("the end of the upstream request", () -> gateway.simulator().tally().cancelled() > cancelled);
    }

    @ParameterizedTest
    @MethodSource("dev.plexus.app.Asking#streamed")
    void a_stream_that_falls_silent_ends_with_an_error_and_its_upstream_is_cancelled(Asking asking) {
        long cancelled = gateway.simulator().tally().cancelled();

        var answer = ask("fallssilent", asking);

        assertThat(answer.body()).contains(asking.errorEvent()).contains("silent for 400 ms");
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "timeout");
        assertThat(hits("fallssilent", asking, 1)).isZero();
        eventually("the end of the upstream request", () -> gateway.simulator().tally().cancelled() > cancelled);
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT_STREAM", "CHAT_WHOLE"})
    void an_attempt_ends_when_its_whole_time_is_up(Asking asking) {
        long began = System.nanoTime();

        var answer = ask("endless", asking);

        assertThat(gateway.usageOf(answer)).containsEntry("response_status", asking.streams() ? "timeout" : "success");
        if (asking.streams()) {
            assertThat(answer.body()).contains(asking.errorEvent()).contains("longer than 1000 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
        }
    }

    // What has been sent to nobody

    @Test
    void a_kept_connection_that_the_provider_had_closed_is_nobodys_fault(@TempDir Path directory) {
        String whole = "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
                + "\"finish_reason\":\"stop\"}]}";
        RawProvider.Script closesAfterEachAnswer = line -> {
            if (line.request() != null) {
                line.answer(200, whole);
                line.request();     // takes the next request, and closes without a word
            }
        };
        try (RawProvider provider = RawProvider.start(closesAfterEachAnswer);
                RunningGateway stale = RunningGateway.start(directory, raw(provider))) {
            for (int request = 1; request <= 4; request++) {
                var answer = send(stale.url(""), Asking.CHAT_WHOLE, "fast");

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(stale.usageOf(answer)).containsEntry("attempt_count", 1);
            }
            assertThat(stale.rows("select * from provider_cooldowns")).isEmpty();
        }
    }

    private static String raw(RawProvider provider) {
        return RunningGateway.oneTarget("x").replace("{sim}", provider.baseUrl()) + "retry: {sameTargetRetries: 0}\n";
    }

    @Test
    void the_probe_ends_after_its_time_and_loses_nothing(@TempDir Path directory) {
        RawProvider.Script bookkeepsThenFails = line -> {
            line.request();
            line.streamHead();
            line.send(": first\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n");
            line.untilClosed();
        };
        try (RawProvider provider = RawProvider.start(bookkeepsThenFails);
                RunningGateway probing = RunningGateway.start(
                        directory, raw(provider) + "failover: {streamProbeMs: 300}\ntimeouts: {firstByteMs: 1500}\n")) {
            var answer = send(probing.url(""), Asking.CHAT_STREAM, "fast");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .startsWith(": first\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n")
                    .contains("data: {\"error\":")
                    .endsWith("data: [DONE]\n\n");
            assertThat(probing.usageOf(answer)).containsEntry("response_status", "timeout");
        }
    }

    @Test
    void a_probe_of_no_time_commits_on_the_headers(@TempDir Path directory) {
        RawProvider.Script fails = line -> {
            line.request();
            line.streamHead();
            line.send("data: {\"error\":{\"message\":\"no\",\"code\":500}}\n\n");
        };
        try (RawProvider provider = RawProvider.start(fails);
                RunningGateway eager = RunningGateway.start(directory, raw(provider) + "failover: {streamProbeMs: 0}\n")) {
            var answer = send(eager.url(""), Asking.CHAT_STREAM, "fast");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("data: {\"error\":");
            assertThat(eager.usageOf(answer)).containsEntry("response_status", "error");
        }
    }

    @Test
    void text_that_speaks_of_errors_is_no_error(@TempDir Path directory) {
        String frame = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"error: {\\\"error\\\": 500} rate limit\"}}]}\n\n";
        String last = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        RawProvider.Script speaksOfErrors = line -> {
            line.request();
            line.streamHead();
            line.send(frame + last);
        };
        try (RawProvider provider = RawProvider.start(speaksOfErrors); RunningGateway calm = RunningGateway.start(directory, raw(provider))) {
            var answer = send(calm.url(""), Asking.CHAT_STREAM, "fast");

            assertThat(answer.body()).isEqualTo(frame + last);
            assertThat(calm.usageOf(answer)).containsEntry("response_status", "success");
        }
    }

    @Test
    void an_error_before_the_commit_carries_the_providers_message_and_wait(@TempDir Path directory) {
        RawProvider.Script limits = line -> {
            line.request();
            line.streamHead();
            line.send("data: {\"error\":{\"message\":\"slow down\",\"code\":429,\"metadata\":{\"retry_after_seconds\":12}}}\n\n");
        };
        try (RawProvider provider = RawProvider.start(limits); RunningGateway limited = RunningGateway.start(directory, raw(provider))) {
            var answer = send(limited.url(""), Asking.CHAT_STREAM, "fast");

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("message")).contains("slow down");
            assertThat(answer.headers().firstValue("retry-after")).contains("12");
        }
    }
}
