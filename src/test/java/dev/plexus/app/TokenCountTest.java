package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How many tokens would this have? Asked of the provider, or estimated.
class TokenCountTest {

    private static final String YAML = """
            adminKey: admin-secret
            retry: {sameTargetRetries: 0}
            limits: {bodyBytesMax: 1000000}
            providers:
              counting:
                api_base_url: {messages: "{sim}/v1", gemini: "{sim}"}
                api_key: upstream-secret-key
                headers: {x-extra: configured}
                extraBody: {temperature: 1}
                translation: {count_tokens: true}
              hasty:
                api_base_url: {messages: "{sim}/v1", gemini: "{sim}"}
                api_key: upstream-secret-key
                translation: {count_tokens: true}
                timeouts: {firstByteMs: 200}
              silent: {api_key: k, api_base_url: {messages: "{sim}/v1", gemini: "{sim}"}}
              chatting: {api_key: k, api_base_url: {chat: "{sim}/v1"}}
              gone:
                api_base_url: {messages: "http://127.0.0.1:1/v1", gemini: "http://127.0.0.1:1"}
                api_key: k
                translation: {count_tokens: true}
            models:
              fast: {targets: [{provider: counting, model: up-fast}]}
              says-404: {targets: [{provider: counting, model: sim-404}]}
              says-405: {targets: [{provider: counting, model: sim-405}]}
              says-501: {targets: [{provider: counting, model: sim-501}]}
              says-400: {targets: [{provider: counting, model: sim-400}]}
              says-401: {targets: [{provider: counting, model: sim-401}]}
              says-429: {targets: [{provider: counting, model: sim-429-ra3}]}
              says-html: {targets: [{provider: counting, model: sim-html}]}
              resets: {targets: [{provider: counting, model: sim-reset}]}
              hangs: {targets: [{provider: hasty, model: sim-hang}]}
              endless: {targets: [{provider: counting, model: sim-hang-endless}]}
              unasked: {targets: [{provider: silent, model: plain}]}
              chat: {targets: [{provider: chatting, model: plain}]}
              gone: {targets: [{provider: gone, model: x}]}
              lost: {targets: [{provider: gone, model: y}]}
            user_quotas:
              one: {type: daily, limitType: requests, limit: 1}
            keys:
              app: {secret: sk-test}
              narrow: {secret: sk-narrow, allowedModels: [other]}
              limited: {secret: sk-limited, quota: one}
            """;

    private static RunningGateway gateway;

    /// A counting endpoint, and how a question to it looks.
    private enum Asked {
        MESSAGES("/v1/messages/count_tokens", "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, world!\"}]}", "input_tokens", 5),
        GEMINI("/v1beta/models/%s:countTokens", "{\"contents\":[{\"parts\":[{\"text\":\"Hello, world!\"}]}]}", "totalTokens", 4);

        private final String path;
        private final String body;
        private final String member;
        private final int estimate;

        Asked(String path, String body, String member, int estimate) {
            this.path = path;
            this.body = body;
            this.member = member;
            this.estimate = estimate;
        }

        HttpResponse<String> of(String model, String... headers) {
            return gateway.post(path.formatted(model), body.formatted(model), headers);
        }

        void assertEstimated(HttpResponse<String> answer) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-plexus-estimated")).contains("true");
            assertThat(new JsonObject(answer.body()).getMap()).isEqualTo(Map.of(member, estimate));
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, YAML);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_target_that_counts_is_asked_and_its_answer_relayed(Asked asked) {
        HttpResponse<String> answer = asked.of("fast", "anthropic-beta", "some-beta", "anthropic-version", "2023-06-01");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-plexus-estimated")).isEmpty();
        assertThat(answer.headers().firstValue("x-plexus-provider")).contains("counting");
        assertThat(new JsonObject(answer.body()).getInteger(asked.member)).isPositive();
        var seen = gateway.simulator().requests("up-fast").getLast();
        assertThat(seen.path()).isEqualTo(asked == Asked.MESSAGES ? "/v1/messages/count_tokens" : "/v1beta/models/up-fast:countTokens");
        assertThat(seen.body().toString()).isEqualTo(asked.body.formatted("up-fast"));
        assertThat(seen.headers().get("x-extra")).isEqualTo("configured");
        assertThat(seen.headers().get("authorization")).isNull();
        assertThat(seen.headers().get(asked == Asked.MESSAGES ? "x-api-key" : "x-goog-api-key")).isEqualTo("upstream-secret-key");
        assertThat(seen.headers().get("anthropic-beta")).isEqualTo(asked == Asked.MESSAGES ? "some-beta" : null);
    }

    @Test
    void a_whole_gemini_request_inside_the_question_names_the_upstreams_model_too() {
        String body = "{\"generateContentRequest\": {\"model\":\"models/%s\", \"contents\":[{\"parts\":[{\"text\":\"hi\"}]}], \"x\": 1 }}";

        HttpResponse<String> answer = gateway.post("/v1beta/models/fast:countTokens", body.formatted("fast"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(gateway.simulator().requests("up-fast").getLast().body().toString()).isEqualTo(body.formatted("up-fast"));
    }

    @ParameterizedTest
    @CsvSource({
        "says-404, MESSAGES", "says-405, MESSAGES", "says-501, MESSAGES", "says-html, MESSAGES", "resets, MESSAGES", "hangs, MESSAGES",
        "gone, MESSAGES", "unasked, MESSAGES", "chat, MESSAGES", "says-404, GEMINI", "hangs, GEMINI", "gone, GEMINI", "unasked, GEMINI", "chat, GEMINI"
    })
    void without_a_count_of_the_provider_it_is_estimated_and_says_so(String model, Asked asked) {
        asked.assertEstimated(asked.of(model));
    }

    @Test
    void a_target_that_does_not_count_is_not_asked() {
        int before = gateway.simulator().requests().size();

        Asked.MESSAGES.of("unasked");
        Asked.GEMINI.of("chat");

        assertThat(gateway.simulator().requests()).hasSize(before);
    }

    @ParameterizedTest
    @EnumSource
    void a_mistake_that_the_provider_finds_is_relayed(Asked asked) {
        HttpResponse<String> answer = asked.of("says-400");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("x-plexus-error-origin")).contains("upstream");
        assertThat(new JsonObject(answer.body()).containsKey("error")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"says-401, 502", "says-429, 429"})
    void other_refusals_are_told_in_the_form_of_the_dialect(String model, int status) {
        HttpResponse<String> answer = Asked.MESSAGES.of(model);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("type")).isEqualTo("error");
        assertThat(answer.headers().firstValue("retry-after")).isEqualTo(status == 429 ? Optional.of("3") : Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_model_is_not_found(Asked asked) {
        assertError(asked.of("nothing"), asked, 404, "not_found_error", "NOT_FOUND");
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_may_not_use_the_model_is_forbidden(Asked asked) {
        assertError(asked.of("fast", "authorization", "Bearer sk-narrow"), asked, 403, "permission_error", "PERMISSION_DENIED");
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_key_is_not_let_in(Asked asked) {
        assertError(asked.of("fast", "authorization", "Bearer sk-wrong"), asked, 401, "authentication_error", "UNAUTHENTICATED");
    }

    @ParameterizedTest
    @EnumSource
    void a_missing_key_is_not_let_in(Asked asked) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url(asked.path.formatted("fast"))))
                .POST(HttpRequest.BodyPublishers.ofString(asked.body.formatted("fast")))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertError(answer, asked, 401, "authentication_error", "UNAUTHENTICATED");
            assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"model\":\"fast\"}", "{\"model\":\"fast\",\"messages\":[]}", "{\"messages\":[{}]}", "{\"model\":1,\"messages\":[{}]}"})
    void a_malformed_messages_body_is_refused(String body) {
        assertError(gateway.post(Asked.MESSAGES.path, body), Asked.MESSAGES, 400, "invalid_request_error", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"contents\":[]}", "{\"generateContentRequest\":{}}", "{\"generateContentRequest\":[]}"})
    void a_malformed_gemini_body_is_refused(String body) {
        assertError(gateway.post("/v1beta/models/fast:countTokens", body), Asked.GEMINI, 400, "", "INVALID_ARGUMENT");
    }

    @Test
    void a_body_beyond_the_limit_is_refused() {
        HttpResponse<String> answer = gateway.post(Asked.MESSAGES.path, " ".repeat(1_000_001));

        assertError(answer, Asked.MESSAGES, 413, "request_too_large", "");
    }

    @Test
    void other_methods_are_named() {
        HttpResponse<String> answer = gateway.get("/v1/messages/count_tokens");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("POST");
    }

    @Test
    void counting_is_neither_recorded_nor_taken_from_a_quota_nor_does_it_cool_a_target() {
        for (int time = 0; time < 3; time++) {
            Asked.MESSAGES.of("fast", "authorization", "Bearer sk-limited");
            Asked.MESSAGES.of("lost", "authorization", "Bearer sk-limited");
        }
        String question = "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", question, "authorization", "Bearer sk-limited");

        assertThat(answer.statusCode()).isEqualTo(200);
        gateway.usageOf(answer);
        assertThat(gateway.rows("select * from request_usage where api_key = 'limited'")).hasSize(1);
        assertThat(gateway.post("/v1/messages", "{\"model\":\"lost\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}").statusCode())
                .isEqualTo(502);
    }

    @Test
    void a_client_that_leaves_cancels_the_question_upstream() {
        long cancelled = gateway.simulator().tally().cancelled();
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url(Asked.MESSAGES.path)))
                .header("authorization", "Bearer sk-test")
                .POST(HttpRequest.BodyPublishers.ofString(Asked.MESSAGES.body.formatted("endless")))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<String>> asking = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        eventually("the question at the provider", () -> !gateway.simulator().requests("sim-hang-endless").isEmpty());

        asking.cancel(true);
        client.shutdownNow();

        RunningGateway.await(gateway.simulator().whenCancelled(cancelled + 1));
    }

    @Test
    void a_large_request_is_counted_while_others_go_on() {
        JsonArray messages = new JsonArray();
        for (String text : List.of("The quick brown fox jumps over the lazy dog. ".repeat(8_000), "x".repeat(400_000))) {
            messages.add(new JsonObject().put("role", "user").put("content", text));
        }

        HttpResponse<String> answer =
                gateway.post(Asked.MESSAGES.path, new JsonObject().put("model", "chat").put("messages", messages).encode());

        assertThat(new JsonObject(answer.body()).getInteger("input_tokens")).isBetween(150_000, 200_000);
    }

    private static void assertError(HttpResponse<String> answer, Asked asked, int status, String anthropic, String gemini) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        JsonObject body = new JsonObject(answer.body());
        if (asked == Asked.MESSAGES) {
            assertThat(body.getString("type")).isEqualTo("error");
            assertThat(body.getJsonObject("error").getString("type")).isEqualTo(anthropic);
        } else {
            assertThat(body.getJsonObject("error").getInteger("code")).isEqualTo(status);
            assertThat(body.getJsonObject("error").getString("status")).isEqualTo(gemini);
        }
    }
}
