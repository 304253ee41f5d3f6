package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debug traces, from the switch to the table.
class DebugTraceTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String QUESTION = "{\"model\":\"%s\",\"logit_bias\":{\"50256\":-100},\"messages\":[{\"role\":\"user\",\"content\":\"sk-test says hi\"}]}";
    private static final String OFF =
            "{\"enabled\":false,\"onError\":false,\"providers\":null,\"keys\":null,\"aliases\":null,\"expiresInMinutes\":null}";
    private static final String DEBUG = "/v0/management/debug";

    private static RunningGateway gateway;
    private static Admin admin;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, """
                adminKey: admin-secret
                providers:
                  sim: {api_base_url: {chat: "{sim}/v1"}, api_key: upstream-secret-key, headers: {x-extra-token: very-secret-value}}
                  other: {api_base_url: {messages: "{sim}/v1"}, api_key: other-secret-key}
                models:
                  fast: {targets: [{provider: sim, model: "mock-c2"}]}
                  foreign: {targets: [{provider: other, model: "mock-c2"}]}
                  broken: {targets: [{provider: sim, model: "sim-500"}]}
                keys:
                  app: {secret: sk-test}
                  second: {secret: sk-second}
                """);
        admin = new Admin(gateway, HttpClient.newHttpClient());
    }

    @AfterEach
    void switchOff() {
        Admin.expecting(200, admin.post(DEBUG, OFF));
        Admin.expecting(200, admin.delete("/v0/management/cooldowns"));
    }

    @AfterAll
    static void stop() {
        admin.client().close();
        gateway.close();
    }

    private static String exchange(String model, String key, boolean stream) {
        String body = QUESTION.formatted(model).replace("{\"model\"", "{\"stream\":" + stream + ",\"model\"");
        HttpResponse<String> answer = gateway.post(CHAT, body, "authorization", "Bearer " + key);
        gateway.usageOf(answer);
        return answer.headers().firstValue("x-request-id").orElseThrow();
    }

    private static JsonObject trace(String id) {
        RunningGateway.eventually("the trace of " + id, () -> admin.get(DEBUG + "/logs/" + id).statusCode() == 200);
        return admin.object(DEBUG + "/logs/" + id);
    }

    /// Traces are stored in order, so one that is not there when a later one is never will be.
    private static boolean isKept(String id) {
        Admin.expecting(200, admin.post(DEBUG, OFF.replace("\"enabled\":false", "\"enabled\":true")));
        trace(exchange("fast", "sk-test", false));
        return admin.get(DEBUG + "/logs/" + id).statusCode() == 200;
    }

    @Test
    void nothing_is_kept_while_it_is_off() {
        assertThat(admin.object(DEBUG)).isEqualTo(new JsonObject("""
                {"enabled":false,"onError":false,"providers":null,"keys":null,"aliases":null,"expiresAt":null}"""));

        assertThat(isKept(exchange("fast", "sk-test", false))).isFalse();
    }

    @Test
    void a_trace_has_all_four_bodies_with_their_headers_and_no_secret() {
        admin.post(DEBUG, "{\"enabled\":true}");

        String id = exchange("fast", "sk-test", false);
        JsonObject trace = trace(id);

        assertThat(trace.getString("rawRequest")).contains("\"model\":\"fast\"", "*** says hi");
        assertThat(trace.getString("transformedRequest")).contains("\"model\":\"mock-c2\"");
        assertThat(new JsonObject(trace.getString("rawResponse")).getJsonArray("choices")).isNotEmpty();
        assertThat(new JsonObject(trace.getString("transformedResponse")).getJsonArray("choices")).isNotEmpty();
        assertThat(trace.getString("upstreamUrl")).endsWith("/v1/chat/completions");
        assertThat(trace.getInteger("upstreamStatus")).isEqualTo(200);
        assertThat(trace.getInteger("responseStatus")).isEqualTo(200);
        assertThat(trace.getJsonObject("requestHeaders").getString("authorization")).isEqualTo("Bearer ***");
        assertThat(trace.getJsonObject("upstreamRequestHeaders").getString("x-extra-token")).isEqualTo("***");
        assertThat(trace.getJsonObject("responseHeaders").getString("x-request-id")).isEqualTo(id);
        assertThat(trace.getBoolean("truncated")).isFalse();
        assertThat(trace.getJsonArray("attempts")).hasSize(1);
        assertThat(trace.encode()).doesNotContain("sk-test", "upstream-secret-key", "very-secret-value", "admin-secret");
        assertThat(admin.object("/v0/management/usage/" + id).getBoolean("hasDebug")).isTrue();
        JsonObject listed = admin.object(DEBUG + "/logs?detail=1").getJsonArray("data").getJsonObject(0);
        assertThat(listed.getString("requestId")).isEqualTo(id);
        assertThat(listed.getString("status")).isEqualTo("success");
        assertThat(admin.array(DEBUG + "/logs?limit=1").getJsonObject(0).getString("requestId")).isEqualTo(id);
        assertThat(admin.delete(DEBUG + "/logs/" + id).statusCode()).isEqualTo(200);
        assertThat(admin.get(DEBUG + "/logs/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void a_translated_stream_is_kept_in_both_dialects_with_what_was_left_out() {
        admin.post(DEBUG, "{\"enabled\":true,\"providers\":[\"other\"]}");

        JsonObject trace = trace(exchange("foreign", "sk-test", true));

        assertThat(trace.getString("transformedRequest")).contains("\"max_tokens\"");
        assertThat(trace.getString("rawResponse")).contains("event: message_start", "event: message_stop");
        assertThat(trace.getString("transformedResponse")).contains("chat.completion.chunk", "data: [DONE]");
        assertThat(trace.getJsonArray("translationDrops").encode()).contains("logit_bias");
    }

    @Test
    void traces_can_be_had_of_some_exchanges_only() {
        admin.post(DEBUG, "{\"enabled\":true,\"keys\":[\"second\"],\"aliases\":[\"foreign\"]}");
        String ofKey = exchange("fast", "sk-second", false);
        String ofAlias = exchange("foreign", "sk-test", false);
        String ofNeither = exchange("fast", "sk-test", false);

        assertThat(trace(ofKey).getString("requestId")).isEqualTo(ofKey);
        assertThat(trace(ofAlias).getString("requestId")).isEqualTo(ofAlias);
        assertThat(isKept(ofNeither)).isFalse();
    }

    @Test
    void with_on_error_only_failures_are_kept() {
        admin.post(DEBUG, "{\"onError\":true}");
        String good = exchange("fast", "sk-test", false);
        String bad = exchange("broken", "sk-test", false);

        JsonObject trace = trace(bad);
        assertThat(trace.getInteger("upstreamStatus")).isEqualTo(500);
        assertThat(trace.getString("rawResponse")).isNotEmpty();
        assertThat(trace.getString("transformedResponse")).contains("error");
        assertThat(isKept(good)).isFalse();
    }

    @Test
    void what_is_not_understood_changes_nothing() {
        assertThat(admin.post(DEBUG, "{\"enabled\":\"yes\"}").statusCode()).isEqualTo(400);
        assertThat(admin.post(DEBUG, "{\"enabled\":true,\"keys\":\"app\"}").statusCode()).isEqualTo(400);
        assertThat(admin.post(DEBUG, "{\"enabled\":true,\"expiresInMinutes\":-1}").statusCode()).isEqualTo(400);
        assertThat(admin.post(DEBUG, "nonsense").statusCode()).isEqualTo(400);

        assertThat(admin.object(DEBUG).getBoolean("enabled")).isFalse();
    }
}
