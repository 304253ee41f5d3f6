package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.simulator.SeenRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that no honest client sends: they get a refusal in their dialect or a closed connection, never a 5xx, never silence, and the next client
/// notices nothing.
class HostileClientsTest {

    private static final String NEXT = "GET /health/live HTTP/1.1\r\nhost: gateway\r\n\r\n";

    private static RunningGateway gateway;

    /// When a client whose body never comes got which answer: begun before the other tests, because that time is not configurable.
    private static final CompletableFuture<Map.Entry<Duration, RawClient.Answer>> BODILESS = new CompletableFuture<>();

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, RunningGateway.oneTarget("mock-c3")
                + "limits: {headerTimeoutMs: 1000, bodyBytesMax: 200000, headerBytesMax: 8192, urlBytesMax: 2048}\n");
        long since = System.nanoTime();
        RawClient bodiless = RawClient.patient(gateway.plexus().port(), 60).send(post("/v1/messages", "x".repeat(50)).replace("x".repeat(50), "{"));
        Thread.ofVirtual().start(() -> {
            RawClient.Answer answer = bodiless.readAnswer();
            BODILESS.complete(Map.entry(Duration.ofNanos(System.nanoTime() - since), answer));
            bodiless.close();
        });
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void a_healthy_client_keeps_working() {
        var answer = gateway.post("/v1/chat/completions", Asking.CHAT_WHOLE.body("fast"));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static RawClient client() {
        return RawClient.to(gateway.plexus().port());
    }

    private static String post(String path, String body, String... headers) {
        StringBuilder text = new StringBuilder("POST " + path + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer sk-test\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    // Framing

    static Stream<Arguments> brokenFraming() {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer sk-test\r\ncontent-type: application/json\r\n";
        return Stream.of(
                Arguments.of("two lengths", head + "content-length: 2\r\ncontent-length: 40\r\n\r\n{}"),
                Arguments.of("two lengths in one field", head + "content-length: 2, 40\r\n\r\n{}"),
                Arguments.of("length and chunks", head + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("chunks and length", head + "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"),
                Arguments.of("length and chunks, written as others write them",
                        head + "Content-Length: 5\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("the same length twice", head + "content-length: 2\r\ncontent-length: 2\r\n\r\n{}"),
                Arguments.of("two lengths and chunks", head + "content-length: 2\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("a folded line", head + "x-folded: a\r\n b\r\ncontent-length: 2\r\n\r\n{}"),
                Arguments.of("a line folded with a tab", head + "x-folded: a\r\n\tb\r\ncontent-length: 2\r\n\r\n{}"),
                Arguments.of("a folded last line", head + "content-length: 2\r\nx-folded: a\r\n b\r\n\r\n{}"),
                Arguments.of("a folded line without content", head + "content-length: 2\r\nx-folded: a\r\n \r\n\r\n{}"),
                Arguments.of("a folded length", head + "content-length:\r\n 2\r\n\r\n{}"),
                Arguments.of("a folded transfer coding", head + "transfer-encoding:\r\n\tchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of("a space before the first line", head.replace("host:", " host:") + "content-length: 2\r\n\r\n{}"),
                Arguments.of("a negative length", head + "content-length: -1\r\n\r\n"),
                Arguments.of("a signed length", head + "content-length: +2\r\n\r\n{}"),
                Arguments.of("a length that is no number", head + "content-length: two\r\n\r\n{}"),
                Arguments.of("a huge length", head + "content-length: 99999999999999999999\r\n\r\n{}"),
                Arguments.of("a bad chunk size", head + "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
                Arguments.of("a negative chunk size", head + "transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of("a huge chunk size", head + "transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
                Arguments.of("an unknown transfer coding", head + "transfer-encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of("a coding after chunked", head + "transfer-encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of("two transfer codings", head + "transfer-encoding: identity\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("chunks of HTTP/1.0", head.replace("HTTP/1.1", "HTTP/1.0") + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("a space before the colon", head + "content-length : 2\r\n\r\n{}"),
                Arguments.of("a zero byte in a field", head + "x-zero: a\u0000b\r\ncontent-length: 2\r\n\r\n{}"),
                Arguments.of("a bare CR in a field", head + "x-cr: a\rb\r\ncontent-length: 2\r\n\r\n{}"),
                Arguments.of("no host", head.replace("host: gateway\r\n", "") + "content-length: 2\r\n\r\n{}"),
                Arguments.of("two hosts", head + "host: other\r\ncontent-length: 2\r\n\r\n{}"),
                Arguments.of("no version", "POST /v1/chat/completions\r\nhost: gateway\r\n\r\n"),
                Arguments.of("an unknown version", head.replace("HTTP/1.1", "HTTP/9.9") + "content-length: 2\r\n\r\n{}"),
                Arguments.of("a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"),
                Arguments.of("a long header", head + "x-long: " + "a".repeat(40_000) + "\r\ncontent-length: 2\r\n\r\n{}"),
                Arguments.of("many headers", head + "x-many: a\r\n".repeat(5_000) + "content-length: 2\r\n\r\n{}"),
                Arguments.of("a long URL", head.replace("/v1/chat/completions", "/" + "a".repeat(20_000)) + "content-length: 2\r\n\r\n{}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenFraming")
    void broken_framing_is_refused_and_nothing_after_it_is_read(String name, String request) {
        try (RawClient client = client()) {
            String answers = client.trySend(request + NEXT).readUntil("never to be seen");

            assertThat(answers.split("HTTP/\\d\\.", -1)).as(answers).hasSizeLessThanOrEqualTo(2);
            if (!answers.isEmpty()) {
                assertThat(answers).matches("(?s)HTTP/\\d\\.\\d (4\\d\\d|50[15]) .*");
            }
        }
    }

    /// What is refused for its framing, and what hides behind it: a request that whoever stands before us did not see.
    static Stream<Arguments> ambiguousHeads() {
        return Stream.of("x-folded: a\r\n b\r\ncontent-length: 2\r\n", "content-length: 2\r\nx-folded: a\r\n\t b\r\n",
                        "content-length: 2\r\ntransfer-encoding: chunked\r\n", "transfer-encoding: chunked\r\ncontent-length: 2\r\n",
                        "content-length: 2\r\ncontent-length: 2\r\n", "content-length: 2\r\ncontent-length: 3\r\n")
                .flatMap(lines -> Stream.of("/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1beta/models/fast:generateContent")
                        .map(path -> Arguments.of(path, lines)));
    }

    @ParameterizedTest
    @MethodSource("ambiguousHeads")
    void an_ambiguous_head_is_refused_in_the_dialect_and_what_hides_behind_it_is_never_forwarded(String path, String lines) {
        gateway.simulator().clear();
        String head = "POST " + path + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer sk-test\r\n" + lines + "\r\n";
        String body = lines.contains("chunked") ? "0\r\n\r\n" : "{}";
        for (int parts : new int[] {1, head.length()}) {
            try (RawClient client = client()) {
                for (int part = 0; part < parts; part++) {
                    client.trySend(head.substring(part * head.length() / parts, (part + 1) * head.length() / parts));
                }
                var answer = client.trySend(body + Asking.CHAT_WHOLE.raw("fast", "x-smuggled: yes") + NEXT).readAnswer();

                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.headers()).containsEntry("connection", "close");
                JsonObject said = new JsonObject(answer.body());
                assertThat(said.getValue("error")).isInstanceOf(JsonObject.class);
                assertThat("error".equals(said.getString("type"))).isEqualTo(path.startsWith("/v1/messages"));
                assertThat(said.getJsonObject("error").containsKey("status")).isEqualTo(path.startsWith("/v1beta"));
                assertThat(client.drain()).as("bytes behind the refusal").isZero();
            }
        }
        assertThat(gateway.simulator().requests()).isEmpty();
    }

    @Test
    void a_chunked_request_with_trailers_leaves_its_connection_usable() {
        String body = Asking.CHAT_WHOLE.body("fast");
        String chunked = post("/v1/chat/completions", body).replace("content-length: " + body.length() + "\r\n\r\n" + body,
                "transfer-encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\nx-trailer: a\r\n\r\n");
        try (RawClient client = client()) {
            assertThat(client.send(chunked).readAnswer().status()).isEqualTo(200);
            assertThat(client.send(chunked + NEXT).readAnswer().status()).isEqualTo(200);
            assertThat(client.readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void a_blank_line_before_a_request_and_blanks_in_its_body_are_no_folding() {
        try (RawClient client = client()) {
            String spaced = post("/v1/chat/completions", " " + Asking.CHAT_WHOLE.body("fast") + "\r\n \r\n\t");
            assertThat(client.send("\r\n" + spaced + spaced).readAnswer().status()).isEqualTo(200);
            assertThat(client.readAnswer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "POST /v1/chat", "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nx-slow: "})
    void headers_that_do_not_come_in_time_end_the_connection(String begun) {
        long since = System.nanoTime();
        try (RawClient client = client()) {
            client.send(begun).drain();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
    }

    @Test
    void headers_that_drip_end_the_connection_all_the_same() {
        long since = System.nanoTime();
        try (RawClient client = client(); ExecutorService drips = Executors.newVirtualThreadPerTaskExecutor()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n");
            Future<?> dripping = drips.submit(() -> {
                for (int drop = 0; drop < 200 && !Thread.currentThread().isInterrupted(); drop++) {
                    client.trySend("x-drop: a\r\n");
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                return null;
            });
            client.drain();
            dripping.cancel(true);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void a_body_that_does_not_come_is_given_up() throws Exception {
        var bodiless = BODILESS.get(50, TimeUnit.SECONDS);

        assertThat(bodiless.getKey()).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(40));
        assertThat(bodiless.getValue().status()).isEqualTo(408);
    }

    // Sizes

    @Test
    void a_body_that_is_too_large_is_refused_by_its_length_and_by_its_bytes() {
        try (RawClient client = client()) {
            var answer = client.trySend(post("/v1/messages", "{}").replace("content-length: 2", "content-length: 300000")).readAnswer();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(new JsonObject(answer.body()).getString("type")).isEqualTo("error");
        }
        try (RawClient client = client()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer sk-test\r\n"
                    + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
            for (int chunk = 0; chunk < 210; chunk++) {
                client.trySend("3e8\r\n" + "x".repeat(1000) + "\r\n");
            }
            assertThat(client.readAnswer().status()).isEqualTo(413);
        }
    }

    // Content

    static Stream<String> hostileBodies() {
        String messages = "\"max_tokens\":9,\"input\":\"hi\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        return Stream.of(
                "",
                "{",
                "nonsense",
                "[]",
                "null",
                "1",
                "\"model\"",
                "{\"model\":\"fast\"," + messages,
                "{\"model\":\"fast\"," + messages + "}}",
                "{\"model\":\"fast\"," + messages + "} trailing",
                "{\"model\":1," + messages + "}",
                "{\"model\":null," + messages + "}",
                "{\"model\":{}," + messages + "}",
                "{\"model\":[\"fast\"]," + messages + "}",
                "{\"model\":\"\"," + messages + "}",
                "{\"model\":\"nobody\"," + messages + "}",
                "{\"model\":\"\\ud800\"," + messages + "}",
                "{\"model\":\"\\u0000\\u001b[31m\\r\\nforged\"," + messages + "}",
                "{\"model\":\"" + "m".repeat(100_000) + "\"," + messages + "}",
                "{\"model\":\"fast\",\"model\":\"nobody\"," + messages + "}",
                "{\"model\":\"nobody\"," + messages + ",\"model\":\"fast\"}",
                "{\"model\":\"fast\",\"stream\":\"yes\"," + messages + "}",
                "{\"model\":\"fast\",\"stream\":1," + messages + "}",
                "{\"model\":\"fast\",\"messages\":\"hi\",\"max_tokens\":\"many\",\"input\":7}",
                "{\"model\":\"fast\",\"messages\":null,\"max_tokens\":-1,\"input\":null}",
                "{\"model\":\"fast\",\"n\":" + "9".repeat(5_000) + "," + messages + "}",
                "{\"model\":\"fast\",\"temperature\":1e999999999," + messages + "}",
                "{\"model\":\"fast\",\"x\":" + "[".repeat(90_000) + "," + messages + "}",
                "{\"model\":\"fast\",\"x\":" + "{\"a\":".repeat(30_000) + "1" + "}".repeat(30_000) + "," + messages + "}",
                "{\"model\":\"fast\",\"x\":\"\u00ff\u00fe\u00c0\u00af\"," + messages + "}",
                "{\"model\":\"fa\u00c3\"," + messages + "}",
                "{\"model\":\"../../admin\"," + messages + "}",
                "{\"model\":\"direct/sim\"," + messages + "}",
                "{\"model\":\"direct/nobody/x\"," + messages + "}",
                "{\"model\":\"direct//x\"," + messages + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings", "/v1beta/models/fast:generateContent",
        "/v1beta/models/nobody:streamGenerateContent", "/v1beta/models/%2e%2e:generateContent", "/v1beta/models/:generateContent",
        "/v1beta/models/a%0d%0ab:generateContent", "/v1beta/models/%ff%fe:generateContent", "/v1beta/models/fast:explode"
    })
    void hostile_bodies_are_refused_in_the_dialect_and_the_connection_goes_on(String path) {
        hostileBodies().forEach(body -> {
            try (RawClient client = client()) {
                var answer = client.trySend(post(path, body)).readAnswer();

                assertThat(answer.status()).as("%s %.80s", path, body).isBetween(200, 499);
                if (answer.status() >= 400) {
                    assertThat(new JsonObject(answer.body()).containsKey("error")).as(answer.body()).isTrue();
                    assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\tat ");
                    assertThat(client.send(NEXT).readAnswer().status()).isEqualTo(200);
                }
            }
        });
    }

    @Test
    void the_last_of_two_models_cannot_differ_from_the_one_that_was_allowed() {
        gateway.simulator().clear();
        for (String body : List.of(
                "{\"model\":\"fast\",\"model\":\"smuggled\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\":\"smuggled\",\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")) {
            gateway.post("/v1/chat/completions", body);
        }
        assertThat(gateway.simulator().requests()).noneMatch(seen -> seen.body().toString().contains("smuggled"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "direct/sim/../../admin", "direct/sim/..", "direct/sim/.", "direct/sim/%2e%2e/%2e%2e/admin", "direct/sim/a/../b", "direct/sim/a?b=c#d",
        "direct/sim/http://127.0.0.1:1/x", "direct/sim//etc/passwd", "direct/sim/mock\\r\\nx-evil: 1",
        "direct/sim/mock\\u0000", "direct/sim/\\u001b[2J"
    })
    void a_model_name_never_leaves_the_providers_base_path_nor_forges_a_header(String model) {
        gateway.simulator().clear();
        try (LogLines log = new LogLines(); RawClient client = client()) {
            String plain = model.replace("\\r\\n", "\r\n").replace("\\u0000", "\u0000").replace("\\u001b", "\u001b");
            String path = "/v1beta/models/" + URLEncoder.encode(plain, StandardCharsets.UTF_8) + ":generateContent";
            var byPath = client.send(post(path, Asking.GEMINI_WHOLE.body(""))).readAnswer();
            var byBody = client.send(post("/v1/chat/completions", Asking.CHAT_WHOLE.body(model))).readAnswer();

            for (var answer : List.of(byPath, byBody)) {
                assertThat(answer.status()).isBetween(200, 499);
                assertThat(answer.headers()).doesNotContainKey("x-evil");
            }
            for (SeenRequest seen : gateway.simulator().requests()) {
                assertThat(seen.path()).doesNotContain("/..").doesNotContain("%2e%2e/").doesNotContain("admin/");
                assertThat(seen.path()).matches("/v1/chat/completions|/v1beta/models/[^/?#]*:generateContent|/v1beta/models/[^?#]*:generateContent");
                assertThat(seen.headers().contains("x-evil")).isFalse();
            }
            assertThat(log.seen()).noneMatch(line -> line.contains("\n") || line.contains("\r") || line.contains("\u001b"));
        }
    }

    @Test
    void labels_are_cut_and_cannot_forge_anything() {
        try (LogLines log = new LogLines(); RawClient client = client()) {
            var answer = client.send(post("/v1/chat/completions", Asking.CHAT_WHOLE.body("fast"))
                            .replace("Bearer sk-test", "Bearer sk-test:" + "l".repeat(1_000)))
                    .readAnswer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(((String) gateway.usageOf(answer.headers().get("x-request-id")).get("attribution")).length()).isEqualTo(128);
            client.send(post("/v1/chat/completions", Asking.CHAT_WHOLE.body("fast"))
                            .replace("Bearer sk-test", "Bearer sk-test:one\ttwo\u00e9\u0085three"))
                    .readAnswer();
            assertThat(log.seen()).noneMatch(line -> line.contains("\n") || line.contains("\u0085") || line.contains("\t"));
        }
    }

    // Methods and versions

    @Test
    void unusual_methods_are_answered_with_their_framing_intact() {
        try (RawClient client = client()) {
            String head = client.send("HEAD /health/live HTTP/1.1\r\nhost: gateway\r\n\r\n").readUntil("\r\n\r\n");
            assertThat(head).startsWith("HTTP/1.1 200");
            assertThat(client.send("HEAD /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n\r\n").readUntil("\r\n\r\n")).startsWith("HTTP/1.1 405");
            assertThat(client.send("OPTIONS /v1/messages HTTP/1.1\r\nhost: gateway\r\n\r\n").readAnswer().status()).isEqualTo(204);
            assertThat(client.send("OPTIONS * HTTP/1.1\r\nhost: gateway\r\n\r\n").readAnswer().status()).isBetween(200, 499);
            var trace = client.send("TRACE /v1/messages HTTP/1.1\r\nhost: gateway\r\nx-secret: reflected\r\n\r\n").readAnswer();
            assertThat(trace.status()).isBetween(400, 501);
            assertThat(trace.body()).doesNotContain("reflected");
            assertThat(client.send("BREW /v1/messages HTTP/1.1\r\nhost: gateway\r\n\r\n").readAnswer().status()).isBetween(400, 501);
            assertThat(client.send("DELETE /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n\r\n").readAnswer().status()).isEqualTo(405);
            assertThat(client.send(NEXT).readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void an_upgrade_to_something_else_is_not_taken() {
        try (RawClient client = client()) {
            var answer = client.send("GET /health/live HTTP/1.1\r\nhost: gateway\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
                            + "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .readAnswer();

            assertThat(answer.status()).isNotEqualTo(101).isBetween(200, 499);
        }
    }

    @Test
    void a_client_that_waits_for_100_continue_gets_it_only_when_its_body_will_be_read() {
        String body = Asking.CHAT_WHOLE.body("fast");
        String whole = post("/v1/chat/completions", body, "expect: 100-continue");
        try (RawClient client = client()) {
            var interim = client.send(whole.substring(0, whole.length() - body.length())).readAnswer();
            assertThat(interim.status()).isEqualTo(100);
            assertThat(client.send(body).readAnswer().status()).isEqualTo(200);
            assertThat(client.send(NEXT).readAnswer().status()).isEqualTo(200);
        }
        try (RawClient client = client()) {
            String tooLarge = whole.replace("content-length: " + body.length(), "content-length: 300000");
            assertThat(client.send(tooLarge.substring(0, tooLarge.length() - body.length())).readAnswer().status()).isEqualTo(413);
        }
        try (RawClient client = client()) {
            String unauthorized = whole.replace("sk-test", "sk-wrong");
            assertThat(client.send(unauthorized.substring(0, unauthorized.length() - body.length())).readAnswer().status()).isEqualTo(401);
        }
    }

    @Test
    void http_1_0_is_answered_without_chunks_and_then_closed() {
        try (RawClient client = client()) {
            String answer = client.send(Asking.CHAT_STREAM.raw("fast").replace("HTTP/1.1", "HTTP/1.0").replace("host: gateway\r\n", ""))
                    .readUntil("never to be seen");

            assertThat(answer).startsWith("HTTP/1.0 200").doesNotContainIgnoringCase("transfer-encoding").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void pipelined_requests_are_answered_in_their_order() {
        try (RawClient client = client()) {
            client.send(Asking.CHAT_WHOLE.raw("fast") + NEXT + Asking.MESSAGES_STREAM.raw("fast") + Asking.CHAT_WHOLE.raw("nobody") + NEXT);

            assertThat(client.readAnswer().body()).contains("chat.completion");
            assertThat(client.readAnswer().body()).doesNotContain("chat.completion");
            assertThat(client.readAnswer().body()).contains("event: message_stop");
            assertThat(client.readAnswer().status()).isEqualTo(404);
            assertThat(client.readAnswer().status()).isEqualTo(200);
        }
    }

    // All at once

    @Test
    void ten_thousand_hostile_requests_leave_nothing_behind() throws Exception {
        List<String> requests = new ArrayList<>(brokenFraming().map(arguments -> (String) arguments.get()[1]).toList());
        hostileBodies().forEach(body -> requests.add(post("/v1/chat/completions", body)));
        hostileBodies().forEach(body -> requests.add(post("/v1/messages", body)));
        requests.removeIf(request -> request.length() > 60_000);
        String unfinished = Asking.CHAT_STREAM.raw("fast").substring(0, 200);
        long descriptors = openDescriptors();
        try (ExecutorService attackers = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> attacks = new ArrayList<>();
            for (int attacker = 0; attacker < 8; attacker++) {
                int first = attacker;
                attacks.add(attackers.submit(() -> {
                    int serverErrors = 0;
                    for (int number = first; number < 10_000; number += 8) {
                        try (RawClient client = client()) {
                            client.trySend(number % 3 == 0 ? unfinished : requests.get(number % requests.size()));
                            if (number % 3 == 1) { // the others leave without waiting
                                serverErrors += client.trySend("\r\n\r\n").readUntil("\r\n").matches("(?s).* 50[02-4].*") ? 1 : 0;
                            }
                        }
                    }
                    return serverErrors;
                }));
            }
            while (attacks.stream().anyMatch(attack -> !attack.isDone())) {
                assertThat(gateway.post("/v1/chat/completions", Asking.CHAT_WHOLE.body("fast")).statusCode()).isEqualTo(200);
            }
            for (Future<Integer> attack : attacks) {
                assertThat(attack.get()).isZero();
            }
        }
        eventually("base line of gauges", () -> gauge("plexus_exchanges_in_flight") <= 1 && gauge("plexus_streams_open") == 0);
        eventually("base line of descriptors", () -> openDescriptors() < descriptors + 40);
    }

    private static long openDescriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException _) {
            return 0; // not a Linux
        }
    }

    private static double gauge(String name) {
        Matcher line = Pattern.compile("(?m)^" + name + "(\\{[^}]*})? ([0-9.E+-]+)$")
                .matcher(gateway.get("/metrics", "authorization", "Bearer admin-secret").body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(2));
    }
}
