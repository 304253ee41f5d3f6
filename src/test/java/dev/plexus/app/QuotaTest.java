package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Quotas as a client meets them.
class QuotaTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String QUESTION = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final int AT_ONCE = 200;

    private static RunningGateway gateway;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(
                directory,
                RunningGateway.oneTarget("mock-c2") + """
                          gone: {secret: sk-gone, quota: one}
                          crowd: {secret: sk-crowd, quota: hundred}
                          tokens: {secret: sk-tokens, quota: tokens}
                          counted: {secret: sk-counted, quota: ten}
                          failing: {secret: sk-failing, quota: two}
                          misspelt: {secret: sk-misspelt, quota: nothing}
                          warned: {secret: sk-warned, quota: near}
                          scoped: {secret: sk-scoped, quotas: [here, there]}
                          proxied: {secret: sk-proxied, allowedIps: [192.0.2.0/24]}
                        user_quotas:
                          one: {type: daily, limitType: requests, limit: 1}
                          near: {type: daily, limitType: requests, limit: 4, warnAt: 0.5}
                          here: {type: daily, limitType: requests, limit: 2, allowedProviders: [sim]}
                          there: {type: daily, limitType: requests, limit: 1, excludedModels: [fast]}
                          two: {type: daily, limitType: requests, limit: 2}
                          ten: {type: rolling, limitType: requests, limit: 10, duration: 1h}
                          hundred: {type: daily, limitType: requests, limit: 100}
                          tokens: {type: rolling, limitType: tokens, limit: 500, duration: 1h}
                        trustedProxies: [127.0.0.0/8]
                        """);
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        assertThat(ask(CHAT, QUESTION, "sk-gone").statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions | {\"model\":\"fast\",\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | {\"model\":\"fast\",\"stream\":true,\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | {\"model\":\"nothing\",\"messages\":[{\"role\":\"user\"}]}",
                "/v1/responses | {\"model\":\"fast\",\"input\":\"x\"}",
                "/v1/embeddings | {\"model\":\"fast\",\"input\":\"x\"}",
                "/v1/messages | {\"model\":\"fast\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\"}]}",
                "/v1beta/models/fast:generateContent | {\"contents\":[{\"parts\":[]}]}",
                "/v1beta/models/fast:streamGenerateContent | {\"contents\":[{\"parts\":[]}]}"
            })
    void a_quota_that_is_used_up_is_named_at_every_endpoint(String path, String body) {
        HttpResponse<String> answer = ask(path, body, "sk-gone");

        String midnight = Instant.now().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).plusDays(1).toLocalDate() + "T00:00:00.000Z";
        JsonObject json = new JsonObject(answer.body());
        JsonObject error = json.getJsonObject("error");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(error.getString("message")).isEqualTo("Quota exceeded: one limit of 1 reached");
        assertThat(error.getString("quota_name")).isEqualTo("one");
        assertThat(error.getInteger("current_usage")).isEqualTo(1);
        assertThat(error.getInteger("limit")).isEqualTo(1);
        assertThat(error.getString("resets_at")).isEqualTo(midnight);
        assertThat(Long.parseLong(answer.headers().firstValue("retry-after").orElseThrow())).isBetween(1L, 86_400L);
        assertThat(answer.headers().firstValue("x-plexus-error-origin")).contains("gateway");
        if (path.equals("/v1/messages")) {
            assertThat(json.getString("type")).isEqualTo("error");
            assertThat(error.getString("type")).isEqualTo("rate_limit_error");
        } else if (path.startsWith("/v1beta")) {
            assertThat(error.getInteger("code")).isEqualTo(429);
            assertThat(error.getString("status")).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(error.getJsonArray("details").getJsonObject(0).getString("reason")).isEqualTo("QUOTA_EXCEEDED");
            assertThat(error.getJsonArray("details").getJsonObject(1).getString("retryDelay")).matches("\\d+s");
        } else {
            assertThat(error.getString("type")).isEqualTo("quota_exceeded");
            assertThat(error.getString("code")).isEqualTo("quota_exceeded");
        }
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "quota_exceeded").containsEntry("attempt_count", 0);
    }

    @Test
    void of_two_hundred_requests_at_once_exactly_as_many_pass_as_the_quota_allows() {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int request = 0; request < AT_ONCE; request++) {
            answers.add(client.sendAsync(request(CHAT, QUESTION, "sk-crowd"), BodyHandlers.discarding()).thenApply(HttpResponse::statusCode));
        }

        List<Integer> statuses = answers.stream().map(CompletableFuture::join).sorted().toList();
        assertThat(statuses.subList(0, 100)).containsOnly(200);
        assertThat(statuses.subList(100, AT_ONCE)).containsOnly(429);
    }

    @Test
    void answers_say_what_is_left() {
        for (int left = 9; left >= 7; left--) {
            HttpResponse<String> answer = ask(CHAT, left == 8 ? QUESTION.replace("{\"model\"", "{\"stream\":true,\"model\"") : QUESTION, "sk-counted");

            assertThat(answer.headers().firstValue("x-plexus-quota")).contains("ten");
            assertThat(answer.headers().firstValue("x-plexus-quota-limit")).contains("10");
            assertThat(answer.headers().firstValue("x-plexus-quota-remaining")).contains(Integer.toString(left));
            assertThat(Instant.parse(answer.headers().firstValue("x-plexus-quota-reset").orElseThrow())).isAfter(Instant.now());
        }
    }

    @Test
    void requests_that_come_to_nothing_do_not_count() {
        for (int request = 0; request < 5; request++) {
            assertThat(ask(CHAT, QUESTION.replace("fast", "nothing"), "sk-failing").statusCode()).isEqualTo(404);
            assertThat(ask(CHAT, "{", "sk-failing").statusCode()).isEqualTo(400);
        }

        RunningGateway.eventually("room for two", () -> ask(CHAT, QUESTION, "sk-failing").statusCode() == 200);
    }

    @Test
    void tokens_are_counted_when_they_are_known_so_that_the_request_that_crosses_the_limit_still_passes() {
        assertThat(ask(CHAT, QUESTION, "sk-tokens").statusCode()).isEqualTo(200);

        RunningGateway.eventually("an exhausted quota", () -> ask(CHAT, QUESTION, "sk-tokens").statusCode() == 429);

        JsonObject error = new JsonObject(ask(CHAT, QUESTION, "sk-tokens").body()).getJsonObject("error");
        assertThat(error.getInteger("current_usage")).isBetween(530, 540);
        assertThat(error.getInteger("limit")).isEqualTo(500);
    }

    @Test
    void a_quota_warns_before_its_end() {
        assertThat(ask(CHAT, QUESTION, "sk-warned").headers().firstValue("x-plexus-quota-warning")).isEmpty();
        assertThat(ask(CHAT, QUESTION, "sk-warned").headers().firstValue("x-plexus-quota-warning")).contains("near;limit=4;remaining=2");
    }

    @Test
    void a_quota_counts_only_the_targets_that_it_names() {
        assertThat(ask(CHAT, QUESTION, "sk-scoped").statusCode()).isEqualTo(200);
        assertThat(ask(CHAT, QUESTION, "sk-scoped").statusCode()).isEqualTo(200);

        HttpResponse<String> refused = ask(CHAT, QUESTION, "sk-scoped");

        JsonObject error = new JsonObject(refused.body()).getJsonObject("error");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(error.getString("quota_name")).isEqualTo("here");
        assertThat(error.getJsonArray("blocking_quotas")).hasSize(1);
        assertThat(error.getJsonArray("blocking_quotas").getJsonObject(0).getString("limitType")).isEqualTo("requests");
    }

    @Test
    void a_key_is_held_to_the_address_that_a_trusted_proxy_tells() {
        HttpRequest request = request(CHAT, QUESTION, "sk-proxied");

        assertThat(client.sendAsync(request, BodyHandlers.ofString()).join().statusCode()).isEqualTo(401);
        HttpRequest told = HttpRequest.newBuilder(request, (_, _) -> true).header("x-forwarded-for", "10.9.9.9, 192.0.2.7").build();
        assertThat(client.sendAsync(told, BodyHandlers.ofString()).join().statusCode()).isEqualTo(200);
        HttpRequest forged = HttpRequest.newBuilder(request, (_, _) -> true).header("x-forwarded-for", "192.0.2.7, 10.9.9.9").build();
        assertThat(client.sendAsync(forged, BodyHandlers.ofString()).join().statusCode()).isEqualTo(401);
    }

    @Test
    void a_key_whose_quota_does_not_exist_is_not_limited() {
        HttpResponse<String> answer = ask(CHAT, QUESTION, "sk-misspelt");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-plexus-quota")).isEmpty();
    }

    private static HttpResponse<String> ask(String path, String body, String key) {
        return client.sendAsync(request(path, body, key), BodyHandlers.ofString()).join();
    }

    private static HttpRequest request(String path, String body, String key) {
        return HttpRequest.newBuilder(URI.create(gateway.url(path)))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
