package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Routing with the whole gateway: figures that come from real answers, limits that hold over all lanes, conversations that stay where they are.
class RoutingTest {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static String yaml(String models, String more) {
        StringBuilder yaml = new StringBuilder(more).append("\nadminKey: admin-secret\nkeys: {app: {secret: sk-test}}\nproviders:\n");
        for (String id : List.of("a", "b")) {
            yaml.append("  ").append(id);
            yaml.append(": {api_base_url: {chat: \"{sim}/v1\", messages: \"{sim}/v1\", responses: \"{sim}/v1\"}, api_key: upstream-key}\n");
        }
        yaml.append("  two: {api_base_url: {chat: \"{sim}/v1\"}, api_key: upstream-key, maxConcurrency: 2}\n");
        return yaml.append("models:\n").append(models).toString();
    }

    private static String targets(String... targets) {
        StringBuilder list = new StringBuilder("[");
        for (String target : targets) {
            int slash = target.indexOf('/');
            list.append("{provider: ").append(target, 0, slash).append(", model: \"").append(target.substring(slash + 1)).append("\"}, ");
        }
        return list.append("]").toString();
    }

    private static String chat(String model, boolean stream, String... contents) {
        List<String> messages = new ArrayList<>();
        for (int index = 0; index < contents.length; index++) {
            messages.add("{\"role\":\"" + (index % 2 == 0 ? "user" : "assistant") + "\",\"content\":\"" + contents[index] + "\"}");
        }
        return "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"messages\":[" + String.join(",", messages) + "]}";
    }

    private static String provider(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-plexus-provider").orElse("none");
    }

    private static CompletableFuture<HttpResponse<String>> send(RunningGateway gateway, String body) {
        return CLIENT.sendAsync(
                HttpRequest.newBuilder(URI.create(gateway.url("/v1/chat/completions")))
                        .timeout(Duration.ofSeconds(30))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer sk-test")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void latency_learns_from_answers_and_still_knows_after_a_restart(@TempDir Path directory) {
        String yaml = yaml("  fast: {selector: latency, targets: " + targets("a/mock-slow300-c3-l", "b/mock-c3-l") + "}\n", "performanceExplorationRate: 0");
        try (RunningGateway gateway = RunningGateway.start(directory, yaml)) {
            assertThat(provider(gateway.post("/v1/chat/completions", chat("fast", true, "hi")))).isEqualTo("a");
            assertThat(gateway.post("/v1/chat/completions", chat("direct/b/mock-c3-l", true, "hi")).statusCode()).isEqualTo(200);
            eventually("the faster target to be the first", () -> provider(gateway.post("/v1/chat/completions", chat("fast", true, "hi"))).equals("b"));
            eventually("samples in the database", () -> !gateway.rows("select * from provider_performance where provider = 'b'").isEmpty());
            assertThat(gateway.rows("select * from provider_performance where provider = 'a'")).first().satisfies(row -> {
                assertThat(((Number) row.get("time_to_first_token_ms")).doubleValue()).isBetween(250.0, 5_000.0);
                assertThat(row).containsEntry("canonical_model_name", "fast").containsEntry("success_count", 1).containsEntry("failure_count", 0);
            });
        }
        try (RunningGateway gateway = RunningGateway.start(directory, yaml)) {
            assertThat(provider(gateway.post("/v1/chat/completions", chat("fast", true, "hi")))).isEqualTo("b");
        }
    }

    @Test
    void usage_spreads_requests_evenly(@TempDir Path directory) {
        String yaml = yaml("  fast: {selector: usage, targets: " + targets("a/mock-u", "b/mock-u") + "}\n", "");
        try (RunningGateway gateway = RunningGateway.start(directory, yaml)) {
            assertThat(provider(gateway.post("/v1/chat/completions", chat("fast", false, "hi")))).isEqualTo("a");

            eventually("the other target", () -> provider(gateway.post("/v1/chat/completions", chat("fast", false, "hi"))).equals("b"));
        }
    }

    @Test
    void r15_a_streamed_answer_holds_its_place_to_its_end_and_full_targets_are_passed_over_or_refused(@TempDir Path directory) {
        String yaml = yaml(
                "  only: {targets: " + targets("two/mock-d50-c30-s") + "}\n  spare: {selector: in_order, targets: "
                        + targets("two/mock-d50-c30-s", "b/mock-s") + "}\n",
                "");
        try (RunningGateway gateway = RunningGateway.start(directory, yaml)) {
            var first = send(gateway, chat("only", true, "hi"));
            var second = send(gateway, chat("only", true, "hi"));
            eventually("two running streams", () -> gateway.simulator().hits("mock-d50-c30-s") == 2);

            var third = gateway.post("/v1/chat/completions", chat("only", false, "hi"));
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.body()).contains("concurrency_limit");
            assertThat(third.headers().firstValue("retry-after")).hasValue("1");
            assertThat(provider(gateway.post("/v1/chat/completions", chat("spare", false, "hi")))).isEqualTo("b");
            var direct = gateway.post("/v1/chat/completions", chat("direct/two/mock-d50-c30-s", false, "hi"));
            assertThat(direct.statusCode()).isEqualTo(429);
            assertThat(direct.body()).contains("concurrency_limit");
            assertThat(direct.headers().firstValue("retry-after")).hasValue("1");

            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
            eventually("a free place", () -> gateway.post("/v1/chat/completions", chat("only", false, "hi")).statusCode() == 200);
        }
    }

    @Test
    void r14_a_place_is_free_again_after_every_kind_of_end(@TempDir Path directory) throws Exception {
        List<String> models = List.of("mock-500", "mock-reset", "mock-err0", "mock-cut2-c5", "mock-400", "mock-html", "mock-empty", "mock-c2");
        StringBuilder aliases = new StringBuilder();
        for (String model : models) {
            aliases.append("  ").append(model).append(": {targets: ").append(targets("two/" + model)).append("}\n");
        }
        try (RunningGateway gateway = RunningGateway.start(directory, yaml(aliases.toString(), ""))) {
            for (String model : models) {
                for (int round = 0; round < 3; round++) {
                    gateway.post("/v1/chat/completions", chat("direct/two/" + model, true, "hi"));
                }
            }
            try (RawClient client = RawClient.to(gateway.plexus().port())) {
                client.send(Asking.CHAT_STREAM.raw("direct/two/mock-hang"));
                eventually("a silent request", () -> gateway.simulator().hits("mock-hang") == 1);
            }
            eventually("both places", () -> {
                var answers = List.of(send(gateway, chat("direct/two/mock-d20-c5", true, "hi")), send(gateway, chat("direct/two/mock-d20-c5", true, "hi")));
                return answers.stream().allMatch(answer -> answer.join().statusCode() == 200);
            });
        }
    }

    @Test
    void a_conversation_stays_at_the_target_that_served_it(@TempDir Path directory) {
        String yaml = yaml("  fast: {selector: random, sticky_session: true, targets: " + targets("a/mock-k", "b/mock-k") + "}\n", "");
        try (RunningGateway gateway = RunningGateway.start(directory, yaml)) {
            for (int conversation = 0; conversation < 6; conversation++) {
                String question = "question " + conversation;
                String place = provider(gateway.post("/v1/chat/completions", chat("fast", false, question, "answer", "more")));
                for (int turn = 0; turn < 6; turn++) {
                    var answer = send(gateway, chat("fast", false, question, "answer", "more", "yes", "turn " + turn)).join();
                    assertThat(provider(answer)).isEqualTo(place);
                }
            }
        }
    }

    @Test
    void r1_a_target_that_may_no_longer_cool_loses_its_entry_at_the_start(@TempDir Path directory) {
        String models = "  fast: {targets: " + targets("a/mock-503") + "}\n";
        try (RunningGateway gateway = RunningGateway.start(directory, yaml(models, ""))) {
            gateway.post("/v1/chat/completions", chat("fast", false, "hi"));
            eventually("a cooldown", () -> gateway.rows("select * from provider_cooldowns").size() == 1);
        }
        String exempt = yaml(models, "").replace("  a: {", "  a: {disable_cooldown: true, ");
        try (RunningGateway gateway = RunningGateway.start(directory, exempt)) {
            var answer = gateway.post("/v1/chat/completions", chat("fast", false, "hi"));
            assertThat(answer.body()).contains("all_targets_failed");
            eventually("no cooldown", () -> gateway.rows("select * from provider_cooldowns").isEmpty());
        }
    }

    @Test
    void a_target_comes_back_soon_after_its_recovery_when_its_cooldown_is_short(@TempDir Path directory) throws SQLException {
        String yaml = yaml(
                "  fast: {selector: in_order, targets: " + targets("a/mock-503-b", "b/mock-b") + "}\n", "cooldown: {initialMinutes: 0.1, maxMinutes: 0.1}");
        try (RunningGateway gateway = RunningGateway.start(directory, yaml)) {
            for (int request = 0; request < 20; request++) {
                assertThat(provider(gateway.post("/v1/chat/completions", chat("fast", false, "hi")))).isEqualTo("b");
            }
            long tries = gateway.simulator().hits("mock-503-b");
            assertThat(tries).isBetween(1L, 4L); // the first request, its retry, and at most one probe
            gateway.simulator().behave("mock-503-b", "mock");

            eventually("the target to be back", () -> provider(gateway.post("/v1/chat/completions", chat("fast", false, "hi"))).equals("a"));
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("plexus.db"));
                var rows = connection.createStatement().executeQuery("select count(*) from provider_cooldowns")) {
            assertThat(rows.getInt(1)).isZero();
        }
    }
}
