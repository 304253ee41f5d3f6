package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.app.RawClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is let in, and in what words each endpoint says no.
class AuthenticationAndErrorsTest {

    private static final String UUID_7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    private static final String QUESTION = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final int BODY_BYTES_MAX = 100_000;

    private static RunningGateway gateway;
    private static HttpClient client;

    /// An inference endpoint: its dialect, and a body that it takes.
    private enum Endpoint {
        CHAT("/v1/chat/completions", "openai", "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
        MESSAGES("/v1/messages", "anthropic", "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
        RESPONSES("/v1/responses", "openai", "{\"model\":\"%s\",\"input\":\"hi\"}"),
        GEMINI("/v1beta/models/%s:generateContent", "gemini", "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}"),
        GEMINI_STREAM("/v1beta/models/%s:streamGenerateContent?alt=sse", "gemini", "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}"),
        EMBEDDINGS("/v1/embeddings", "openai", "{\"model\":\"%s\",\"input\":\"hi\"}");

        private final String path;
        private final String form;
        private final String body;

        Endpoint(String path, String form, String body) {
            this.path = path;
            this.form = form;
            this.body = body;
        }

        String path(String model) {
            return path.formatted(model);
        }

        String body(String model) {
            return body.formatted(model);
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(
                directory,
                RunningGateway.oneTarget("mock-c2") + """
                          elsewhere: {secret: sk-elsewhere, allowedIps: [10.0.0.0/8]}
                          here: {secret: sk-here, allowedIps: ["127.0.0.0/8", "::1"]}
                          narrow: {secret: sk-narrow, allowedModels: [other]}
                        limits: {bodyBytesMax: %d}
                        """.formatted(BODY_BYTES_MAX));
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource
    void without_a_key_nobody_is_let_in(Endpoint endpoint) {
        HttpResponse<String> answer = post(endpoint.path("fast"), endpoint.body("fast"), "content-type", "application/json");

        assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
        assertError(answer, endpoint, 401, "Missing API key", "auth_error", "401", "authentication_error", "UNAUTHENTICATED");
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_key_is_not_let_in_and_not_repeated(Endpoint endpoint) {
        HttpResponse<String> answer = post(endpoint.path("fast"), endpoint.body("fast"), "authorization", "Bearer sk-wrong");

        assertThat(answer.body()).doesNotContain("sk-wrong");
        assertError(answer, endpoint, 401, "Invalid API key", "auth_error", "401", "authentication_error", "UNAUTHENTICATED");
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_model_is_not_found(Endpoint endpoint) {
        HttpResponse<String> answer = gateway.post(endpoint.path("nothing"), endpoint.body("nothing"));

        assertError(
                answer, endpoint, 404, "Model 'nothing' not found in configuration", "invalid_request_error", "model_not_found", "not_found_error",
                "NOT_FOUND");
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_may_not_use_the_model_is_forbidden(Endpoint endpoint) {
        HttpResponse<String> answer = gateway.post(endpoint.path("fast"), endpoint.body("fast"), "authorization", "Bearer sk-narrow");

        assertError(
                answer, endpoint, 403, "This API key may not use model 'fast'", "permission_error", "access_denied", "permission_error",
                "PERMISSION_DENIED");
    }

    @ParameterizedTest
    @EnumSource
    void a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(Endpoint endpoint) {
        try (RawClient raw = RawClient.to(gateway.plexus().port())) {
            Answer answer = raw.send(head(endpoint, "content-length: " + (BODY_BYTES_MAX + 1) + "\r\nexpect: 100-continue")).readAnswer();

            assertError(
                    answer, endpoint, 413, "The body exceeds 100000 bytes", "invalid_request_error", "request_too_large", "request_too_large",
                    "INVALID_ARGUMENT");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_body_without_a_length_is_cut_off_as_soon_as_it_is_too_large(Endpoint endpoint) {
        try (RawClient raw = RawClient.to(gateway.plexus().port())) {
            raw.send(head(endpoint, "transfer-encoding: chunked"));
            raw.send(Integer.toHexString(BODY_BYTES_MAX) + "\r\n" + " ".repeat(BODY_BYTES_MAX) + "\r\n");
            Answer answer = raw.send("1\r\n \r\n").readAnswer();

            assertThat(answer.status()).isEqualTo(413);
            raw.trySend("100000\r\n" + " ".repeat(1 << 20));
            raw.drain();
        }
    }

    @ParameterizedTest
    @EnumSource
    void other_media_types_are_refused(Endpoint endpoint) {
        HttpResponse<String> answer = post(
                endpoint.path("fast"), endpoint.body("fast"), "authorization", "Bearer sk-test", "content-type", "application/xml");

        assertError(
                answer, endpoint, 415, "The content type must be application/json", "invalid_request_error", "unsupported_media_type",
                "invalid_request_error", "INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.api+json", "text/plain"})
    void whatever_is_json_is_taken(String type) {
        assertThat(post("/v1/chat/completions", QUESTION, "authorization", "Bearer sk-test", "content-type", type).statusCode()).isEqualTo(200);
    }

    @Test
    void a_body_without_a_media_type_is_taken() {
        assertThat(post("/v1/chat/completions", QUESTION, "authorization", "Bearer sk-test").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_content_coding_is_refused(Endpoint endpoint) {
        HttpResponse<String> answer = gateway.post(endpoint.path("fast"), endpoint.body("fast"), "content-encoding", "br");

        assertError(
                answer, endpoint, 415, "The content encoding is not supported", "invalid_request_error", "unsupported_media_type",
                "invalid_request_error", "INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @EnumSource
    void the_wrong_method_is_told_the_right_one(Endpoint endpoint) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri(endpoint.path("fast"))).PUT(BodyPublishers.ofString("{}")).build());

        assertThat(answer.headers().firstValue("allow")).contains("POST");
        assertError(
                answer, endpoint, 405, "This path answers to POST", "invalid_request_error", "method_not_allowed", "invalid_request_error",
                "UNIMPLEMENTED");
    }

    @ParameterizedTest
    @EnumSource
    void a_body_that_is_no_json_object_is_a_bad_request(Endpoint endpoint) {
        List<byte[]> bodies = new ArrayList<>();
        for (String text : List.of("", " ", "{", "[]", "\"text\"", "null", "{\"a\":1} x", "{'a':1}", "{\"a\":NaN}", "[".repeat(200), "{\"x\":"
                + "[".repeat(128) + "]".repeat(128) + "}")) {
            bodies.add(text.getBytes(StandardCharsets.UTF_8));
        }
        bodies.add(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'});
        bodies.add(endpoint.body("fast").getBytes(StandardCharsets.UTF_16));
        for (byte[] body : bodies) {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(uri(endpoint.path("fast")))
                    .header("authorization", "Bearer sk-test")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build());

            assertThat(answer.statusCode()).as(Arrays.toString(body)).isEqualTo(400);
            assertError(answer, endpoint, 400, null, "invalid_request_error", null, "invalid_request_error", "INVALID_ARGUMENT");
        }
    }

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions | model | {\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | model | {\"model\":null,\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | model | {\"model\":\"\",\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | model | {\"model\":7,\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | messages | {\"model\":\"fast\"}",
                "/v1/chat/completions | messages | {\"model\":\"fast\",\"messages\":null}",
                "/v1/chat/completions | messages | {\"model\":\"fast\",\"messages\":[]}",
                "/v1/chat/completions | messages[1].role | {\"model\":\"fast\",\"messages\":[{\"role\":\"user\"},{\"content\":\"x\"}]}",
                "/v1/chat/completions | stream | {\"model\":\"fast\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | tools | {\"model\":\"fast\",\"tools\":{},\"messages\":[{\"role\":\"user\"}]}",
                "/v1/chat/completions | tools[0] | {\"model\":\"fast\",\"tools\":[1],\"messages\":[{\"role\":\"user\"}]}",
                "/v1/responses | input | {\"model\":\"fast\"}",
                "/v1/responses | conversation | {\"model\":\"fast\",\"previous_response_id\":\"a\",\"conversation\":\"b\"}",
                "/v1/embeddings | model | {\"input\":\"x\"}",
                "/v1/embeddings | input | {\"model\":\"fast\"}"
            })
    void what_is_missing_or_wrong_is_named(String path, String param, String body) {
        HttpResponse<String> answer = gateway.post(path, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer).getString("param")).isEqualTo(param);
        assertThat(error(answer).getString("message")).contains(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"fast\",\"messages\":[{}]} | max_tokens: Field required",
                "{\"model\":\"fast\",\"max_tokens\":null,\"messages\":[{}]} | max_tokens: Field required",
                "{\"model\":\"fast\",\"max_tokens\":0,\"messages\":[{}]} | max_tokens: must be an integer of at least 1",
                "{\"model\":\"fast\",\"max_tokens\":9,\"messages\":[]} | messages: Field required",
                "{\"max_tokens\":9,\"messages\":[{}]} | model: Field required"
            })
    void a_message_request_names_what_is_missing_in_its_message(String body, String message) {
        HttpResponse<String> answer = gateway.post("/v1/messages", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer).getString("message")).isEqualTo(message);
    }

    @Test
    void null_is_the_same_as_absent() {
        String nothing = ",\"stream\":null,\"tools\":null,\"stream_options\":null,\"temperature\":null,\"conversation\":null,\"prompt\":null}";
        for (Endpoint endpoint : List.of(Endpoint.CHAT, Endpoint.MESSAGES, Endpoint.RESPONSES, Endpoint.EMBEDDINGS)) {
            String body = endpoint.body("fast");
            HttpResponse<String> answer = gateway.post(endpoint.path("fast"), body.substring(0, body.length() - 1) + nothing);

            assertThat(answer.statusCode()).as(endpoint.name()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
        }
    }

    @ParameterizedTest(name = "<{0}> <{1}> {3}: {4}")
    @CsvSource({
        "Bearer sk-test, , , , 200",
        "bearer sk-test, , , , 200",
        "sk-test, , , , 200",
        ", sk-test, , , 200",
        ", , sk-test, , 200",
        ", , , sk-test, 200",
        "Bearer sk-wrong, sk-test, sk-test, sk-test, 401",
        "Basic c2stdGVzdA==, sk-test, , , 401",
        ", sk-wrong, sk-test, sk-test, 401",
        ", , sk-wrong, sk-test, 401",
        "Bearer, sk-test, , , 200",
        "Bearer sk-elsewhere, , , , 401",
        "Bearer sk-here, , , , 200"
    })
    void the_first_credential_decides_and_later_ones_are_not_tried(String authorization, String apiKey, String googKey, String query, int status) {
        List<String> headers = new ArrayList<>(List.of("content-type", "application/json"));
        if (authorization != null) {
            headers.addAll(List.of("authorization", authorization));
        }
        if (apiKey != null) {
            headers.addAll(List.of("x-api-key", apiKey));
        }
        if (googKey != null) {
            headers.addAll(List.of("x-goog-api-key", googKey));
        }

        HttpResponse<String> answer = post("/v1/chat/completions" + (query == null ? "" : "?key=" + query), QUESTION, headers.toArray(String[]::new));

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void a_forged_header_does_not_lend_an_address() {
        assertThat(gateway.post("/v1/chat/completions", QUESTION, "authorization", "Bearer sk-elsewhere", "x-forwarded-for", "10.0.0.1").statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"sk-test, ", "sk-test:, ", "sk-test:Label:X, label:x", "sk-test:Copilot, copilot"})
    void what_follows_the_key_is_recorded_as_attribution(String credential, String label) {
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", QUESTION, "authorization", "Bearer " + credential);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(gateway.usageOf(answer)).containsEntry("api_key", "app").containsEntry("attribution", label);
    }

    @Test
    void no_credential_of_a_client_reaches_the_provider() {
        gateway.simulator().clear();
        post(
                "/v1beta/models/fast:generateContent?key=sk-test",
                Endpoint.GEMINI.body("fast"),
                "content-type", "application/json", "cookie", "a=sk-test", "x-forwarded-for", "1.2.3.4", "user-agent", "spy", "x-plexus-x", "y");

        assertThat(gateway.simulator().requests()).singleElement().satisfies(seen -> {
            assertThat(seen.path()).doesNotContain("sk-test");
            assertThat(seen.headers().entries()).noneMatch(header -> header.getValue().contains("sk-test"));
            assertThat(seen.headers().names()).doesNotContainAnyElementsOf(List.of("cookie", "x-forwarded-for", "x-plexus-x"));
            assertThat(seen.headers().get("user-agent")).isNotEqualTo("spy");
            assertThat(seen.headers().get("x-goog-api-key")).isEqualTo("upstream-secret-key");
        });
    }

    @Test
    void every_answer_has_a_request_id_of_its_own() {
        Set<String> ids = new HashSet<>();
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (String path : List.of(
                "/v1/models", "/v1/models/fast", "/v1/models/nothing", "/v1beta/models", "/v1beta/models/fast", "/health", "/health/live",
                "/health/ready", "/metrics", "/v1/nothing", "/v1beta/nothing", "/v1/messages", "/")) {
            answers.add(gateway.get(path));
            answers.add(send(HttpRequest.newBuilder(uri(path)).method("OPTIONS", BodyPublishers.noBody()).build()));
            answers.add(send(HttpRequest.newBuilder(uri(path)).method("HEAD", BodyPublishers.noBody()).build()));
        }
        for (Endpoint endpoint : Endpoint.values()) {
            answers.add(gateway.post(endpoint.path("fast"), endpoint.body("fast")));
            answers.add(gateway.post(endpoint.path("fast"), endpoint.body("fast"), "authorization", "Bearer sk-wrong"));
            answers.add(gateway.post(endpoint.path("fast"), "{"));
        }

        assertThat(answers).allSatisfy(answer -> {
            String id = answer.headers().firstValue("x-request-id").orElse("none at " + answer.request().method() + " " + answer.uri());
            assertThat(id).matches(UUID_7);
            assertThat(ids.add(id)).isTrue();
            assertThat(answer.headers().firstValue("x-content-type-options")).as(answer.uri().getPath()).contains("nosniff");
        });
    }

    @Test
    void the_request_id_is_that_of_the_record_and_the_clients_own_id_comes_back() {
        HttpResponse<String> answer = gateway.post("/v1/messages", Endpoint.MESSAGES.body("fast"), "x-client-request-id", "mine-1");

        assertThat(answer.headers().firstValue("request-id")).isEqualTo(answer.headers().firstValue("x-request-id"));
        assertThat(answer.headers().firstValue("x-client-request-id")).contains("mine-1");
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "success");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"no host, 400", "two hosts, 400", "no HTTP, 400", "a long line, 414", "large headers, 431"})
    void what_is_hardly_a_request_is_answered_with_an_id_and_a_reason(String what, int status) {
        String request = switch (what) {
            case "no host" -> "POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}";
            case "two hosts" -> "GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n";
            case "no HTTP" -> "GET /health HTTP/1.1\r\nhost a\r\n no: colon\r\n: x\r\n\r\n";
            case "a long line" -> "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nhost: a\r\n\r\n";
            default -> "GET /health HTTP/1.1\r\nhost: a\r\nx-large: " + "x".repeat(60_000) + "\r\n\r\n";
        };
        try (RawClient raw = RawClient.to(gateway.plexus().port())) {
            Answer answer = raw.send(request).readAnswer();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers().get("x-request-id")).matches(UUID_7);
            assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("type")).isEqualTo("invalid_request_error");
            raw.drain();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages", "/v1beta/models/fast:generateContent", "/v1/embeddings", "/v1/models"})
    void a_browser_may_ask_before_it_asks_without_a_key(String path) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri(path))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("origin", "https://app.example")
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,x-stainless-lang")
                .build());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(answer.headers().firstValue("access-control-allow-methods")).contains("GET, POST, PUT, PATCH, DELETE, OPTIONS");
        assertThat(answer.headers().firstValue("access-control-allow-headers")).contains("authorization,x-stainless-lang");
        assertThat(answer.headers().firstValue("access-control-max-age")).contains("86400");
    }

    @Test
    void a_browser_that_names_no_headers_is_given_a_list() {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(uri("/v1/messages")).method("OPTIONS", BodyPublishers.noBody()).build());

        assertThat(answer.headers().firstValue("access-control-allow-headers").orElseThrow()).contains("x-api-key", "anthropic-version");
    }

    @Test
    void a_browser_may_read_answers_errors_and_streams() {
        List<HttpResponse<String>> answers = List.of(
                gateway.post("/v1/chat/completions", QUESTION, "origin", "https://app.example"),
                gateway.post("/v1/chat/completions", QUESTION.replace("{\"model\"", "{\"stream\":true,\"model\""), "origin", "https://app.example"),
                gateway.post("/v1/chat/completions", "{", "origin", "https://app.example"),
                gateway.get("/v1/models", "origin", "https://app.example"));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
            assertThat(answer.headers().firstValue("access-control-expose-headers").orElseThrow()).contains("x-request-id", "retry-after", "etag");
        });
    }

    @Test
    void health_is_two_letters() {
        HttpResponse<String> answer = gateway.get("/health");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
        assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void a_gemini_stream_without_alt_is_a_json_array() {
        HttpResponse<String> answer = gateway.post("/v1beta/models/fast:streamGenerateContent", Endpoint.GEMINI.body("fast"));

        assertThat(answer.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
        JsonArray chunks = new JsonArray(answer.body());
        assertThat(chunks.size()).isGreaterThan(1);
        assertThat(chunks.getJsonObject(0).getJsonArray("candidates")).isNotEmpty();
        assertThat(gateway.post("/v1beta/models/fast:streamGenerateContent?alt=json", Endpoint.GEMINI.body("fast")).body()).startsWith("[");
    }

    @Test
    void a_gemini_stream_in_another_form_is_a_bad_request() {
        HttpResponse<String> answer = gateway.post("/v1beta/models/fast:streamGenerateContent?alt=proto", Endpoint.GEMINI.body("fast"));

        assertError(answer, Endpoint.GEMINI, 400, "alt must be 'sse' or 'json'", "", null, "", "INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/models/fast", "/v1beta/models", "/v1beta/models/fast"})
    void a_list_that_has_not_changed_is_not_sent_again(String path) {
        HttpResponse<String> first = gateway.get(path);
        String tag = first.headers().firstValue("etag").orElseThrow();
        String changed = first.headers().firstValue("last-modified").orElseThrow();

        assertThat(tag).matches("\"[0-9a-f]{64}\"");
        for (String asked : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            HttpResponse<String> again = gateway.get(path, "if-none-match", asked);

            assertThat(again.statusCode()).as(asked).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.headers().firstValue("etag")).contains(tag);
        }
        assertThat(gateway.get(path, "if-none-match", "\"other\"").statusCode()).isEqualTo(200);
        assertThat(gateway.get(path, "if-modified-since", changed).statusCode()).isEqualTo(304);
        assertThat(gateway.get(path, "if-modified-since", "Thu, 01 Jan 2015 00:00:00 GMT").statusCode()).isEqualTo(200);
        assertThat(gateway.get(path, "if-modified-since", "yesterday").statusCode()).isEqualTo(200);
        assertThat(gateway.get(path, "if-none-match", "\"other\"", "if-modified-since", changed).statusCode()).isEqualTo(200);
    }

    @Test
    void a_list_is_the_same_on_every_connection() {
        Set<String> tags = new HashSet<>();
        for (int connection = 0; connection < 8; connection++) {
            try (RawClient raw = RawClient.to(gateway.plexus().port())) {
                tags.add(raw.send("GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n").readAnswer().headers().get("etag"));
            }
        }

        assertThat(tags).hasSize(1);
    }

    @Test
    void an_unknown_path_is_not_found_in_the_words_of_its_prefix() {
        assertError(gateway.get("/v1/nothing"), Endpoint.CHAT, 404, null, "invalid_request_error", "not_found", "", "");
        assertError(gateway.get("/v1/messages/nothing"), Endpoint.MESSAGES, 404, null, "", "", "not_found_error", "");
        assertError(gateway.get("/v1beta/nothing"), Endpoint.GEMINI, 404, null, "", "", "", "NOT_FOUND");
    }

    private static String head(Endpoint endpoint, String headers) {
        return "POST " + endpoint.path("fast") + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-test\r\ncontent-type: application/json\r\n" + headers
                + "\r\n\r\n";
    }

    private static HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body));
        return send((headers.length > 0 ? request.headers(headers) : request).build());
    }

    private static URI uri(String path) {
        return URI.create(gateway.url(path));
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString()).join();
    }

    private static JsonObject error(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonObject("error");
    }

    private static void assertError(
            HttpResponse<String> answer,
            Endpoint endpoint,
            int status,
            String message,
            String openAiType,
            String openAiCode,
            String anthropicType,
            String geminiStatus) {
        assertThat(answer.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
        assertThat(answer.headers().firstValue("x-plexus-error-origin")).contains("gateway");
        Answer same = new Answer(
                answer.statusCode(), Map.of("x-request-id", answer.headers().firstValue("x-request-id").orElse("none")), answer.body());
        assertError(same, endpoint, status, message, openAiType, openAiCode, anthropicType, geminiStatus);
    }

    private static void assertError(
            Answer answer,
            Endpoint endpoint,
            int status,
            String message,
            String openAiType,
            String openAiCode,
            String anthropicType,
            String geminiStatus) {
        assertThat(answer.status()).isEqualTo(status);
        JsonObject body = new JsonObject(answer.body());
        JsonObject error = body.getJsonObject("error");
        if (message != null) {
            assertThat(error.getString("message")).isEqualTo(message);
        }
        switch (endpoint.form) {
            case "openai" -> {
                assertThat(body.fieldNames()).containsExactly("error");
                assertThat(error.fieldNames()).containsExactly("message", "type", "param", "code");
                assertThat(error.getString("type")).isEqualTo(openAiType);
                assertThat(error.getValue("code")).isEqualTo("401".equals(openAiCode) ? (Object) 401 : openAiCode);
            }
            case "anthropic" -> {
                assertThat(body.fieldNames()).containsExactly("type", "error", "request_id");
                assertThat(body.getString("type")).isEqualTo("error");
                assertThat(body.getString("request_id")).isEqualTo(answer.headers().get("x-request-id"));
                assertThat(error.fieldNames()).containsExactly("type", "message");
                assertThat(error.getString("type")).isEqualTo(anthropicType);
            }
            default -> {
                assertThat(body.fieldNames()).containsExactly("error");
                assertThat(error.fieldNames()).containsExactly("code", "message", "status");
                assertThat(error.getInteger("code")).isEqualTo(status);
                assertThat(error.getString("status")).isEqualTo(geminiStatus);
            }
        }
    }
}
