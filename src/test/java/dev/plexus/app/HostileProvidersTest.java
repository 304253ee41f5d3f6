package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Providers that misuse the protocol. One provider, made of a socket, plays what each test asks of it.
class HostileProvidersTest {

    private static final String GOOD = "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"good\"},\"finish_reason\":\"stop\"}]}";

    private static final AtomicReference<RawProvider.Script> SCRIPT = new AtomicReference<>(line -> line.answer(200, GOOD));
    private static RawProvider provider;
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        provider = RawProvider.start(line -> SCRIPT.get().play(line));
        gateway = RunningGateway.start(directory, RunningGateway.oneTarget("x")
                        .replace("{sim}", provider.baseUrl())
                        .replace("api_key: upstream-secret-key", "api_key: upstream-secret-key\n    disable_cooldown: true")
                + "retry: {sameTargetRetries: 0}\ntimeouts: {firstByteMs: 1000, idleMs: 1000, totalMs: 8000}\n");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void no_connection_of_a_hostile_answer_stays_open() {
        SCRIPT.set(line -> {
            line.request();
            line.answer(200, GOOD, "connection: close");
        });
        assertThat(ask(Asking.CHAT_WHOLE).body()).contains("good");
        eventually("no open connection", () -> provider.openConnections() == 0);
    }

    private static HttpResponse<String> ask(Asking asking) {
        return gateway.post(asking.path("fast"), asking.body("fast"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirects_are_never_followed(int status) {
        int before = provider.heads().size();
        SCRIPT.set(line -> {
            line.request();
            line.answer(status, "{}", "location: " + provider.baseUrl() + "/stolen");
        });

        assertThat(ask(Asking.CHAT_WHOLE).statusCode()).isEqualTo(502);
        assertThat(provider.heads().size()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 500 No\r\n", "HTTP/1.1 200 OK\r\nx-endless: "})
    void endless_headers_are_cut_off(String head) {
        AtomicLong sent = new AtomicLong();
        SCRIPT.set(line -> {
            line.request();
            line.send(head);
            String more = head.endsWith("\r\n") ? "x-more: 1234567890\r\n".repeat(100) : "a".repeat(2_000);
            while (true) {
                line.send(more);
                sent.addAndGet(more.length());
            }
        });

        var answer = ask(Asking.CHAT_WHOLE);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(sent.get()).isLessThan(20L * 1024 * 1024);
    }

    @Test
    void a_line_without_an_end_is_cut_off() {
        AtomicLong sent = new AtomicLong();
        SCRIPT.set(line -> {
            line.request();
            line.streamHead();
            line.send("data: {\"choices\":[{\"delta\":{\"content\":\"");
            String more = "a".repeat(64 * 1024);
            for (int piece = 0; piece < 1_600; piece++) {
                line.send(more);
                sent.addAndGet(more.length());
            }
        });

        var answer = ask(Asking.CHAT_STREAM);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("too long");
        assertThat(sent.get()).isLessThan(64L * 1024 * 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {": still here\n\n", "\n\n\n", "event: ping\ndata: {}\n\n", "id: 1\n\n"})
    void endless_noise_is_not_an_answer(String noise) {
        SCRIPT.set(line -> {
            line.request();
            line.streamHead();
            while (true) {
                line.send(noise.repeat(50));
                Thread.yield();
            }
        });

        var answer = ask(Asking.CHAT_STREAM);

        String said = answer.statusCode() == 200 ? answer.body().substring(Math.max(0, answer.body().length() - 400)) : answer.body();
        assertThat(said).contains("\"error\":");
        assertThat(gateway.usageOf(answer).get("response_status")).isIn("timeout", "error");
        eventually("the end of the connection", () -> provider.openConnections() <= 1);
    }

    @Test
    void bytes_pushed_on_an_idle_connection_are_nobodys_answer() {
        String evil = GOOD.replace("good", "evil");
        SCRIPT.set(line -> {
            line.request();
            String extra = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + evil.length() + "\r\n\r\n" + evil;
            line.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + GOOD.length() + "\r\n\r\n" + GOOD
                    + (line.number() % 2 == 0 ? extra : ""));
            if (line.number() % 2 != 0) {
                line.send(extra);
            }
            line.untilClosed();
        });

        for (int request = 0; request < 20; request++) {
            var answer = ask(Asking.CHAT_WHOLE);

            assertThat(answer.body()).isEqualTo(GOOD);
            eventually("the end of a connection that spoke unasked", () -> provider.openConnections() == 0);
        }
    }

    /// Plays this for each request of a connection; once the test is over, the next request is answered well and the connection closed.
    private static void everyTime(RawProvider.Script each) {
        AtomicReference<RawProvider.Script> own = new AtomicReference<>();
        own.set(line -> {
            while (line.request() != null) {
                if (SCRIPT.get() != own.get()) {
                    line.answer(200, GOOD, "connection: close");
                    return;
                }
                each.play(line);
            }
        });
        SCRIPT.set(own.get());
    }

    /// A second answer behind the first: at once, as a whole or in parts, or a moment later. The next request begins as soon as the provider has sent
    /// it; were it sent later still, nobody could tell it from an answer.
    @ParameterizedTest
    @ValueSource(strings = {"whole at once", "half a head at once", "half a head later", "half a body later", "a byte later", "whole soon", "whole later"})
    void what_a_provider_pushes_behind_its_answer_is_never_the_answer_to_the_next_request(String how) throws Exception {
        String evil = GOOD.replace("good", "evil");
        String pushed = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + evil.length() + "\r\n\r\n" + evil;
        int cut = how.startsWith("half a head") ? 20 : how.startsWith("half a body") ? pushed.length() - 20 : how.startsWith("a byte") ? 1 : pushed.length();
        Semaphore sent = new Semaphore(0);
        everyTime(line -> {
            String good = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + GOOD.length() + "\r\n\r\n" + GOOD;
            if (how.endsWith("at once")) {
                line.send(good + pushed.substring(0, cut));
            } else {
                line.send(good);
                LockSupport.parkNanos(how.endsWith("soon") ? 1 : 100_000L);
                line.send(pushed.substring(0, cut));
            }
            sent.release();
            if (cut < pushed.length() && line.request() != null) {
                line.send(pushed.substring(cut)); // the rest of it, as if it answered the next request
            }
        });

        for (int request = 0; request < 200; request++) {
            assertThat(ask(Asking.CHAT_WHOLE).body()).isEqualTo(GOOD);
            sent.acquire();
        }
    }

    @Test
    void an_answer_that_comes_whole_is_delivered_although_the_connection_is_then_given_up() {
        String large = GOOD.replace("good", "g".repeat(3_000_000));
        SCRIPT.set(line -> {
            line.request();
            line.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + large.length() + "\r\n\r\n" + large + "HTTP/1.1 2");
            line.untilClosed();
        });
        try (RawClient client = RawClient.to(gateway.plexus().port(), 16 * 1024)) {
            assertThat(client.send(Asking.CHAT_WHOLE.raw("fast")).readAnswer().body()).isEqualTo(large);
        }
        eventually("the end of the connection", () -> provider.openConnections() == 0);
    }

    @Test
    void an_honest_provider_keeps_its_connection_through_interim_answers_and_chunks() {
        int before = provider.connections();
        everyTime(line -> {
            line.send("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                    + "transfer-encoding: chunked\r\n\r\n");
            line.chunk(GOOD);
            line.send("0\r\nx-trailer: a\r\n\r\n");
        });
        for (int request = 0; request < 20; request++) {
            assertThat(ask(Asking.CHAT_WHOLE).body()).isEqualTo(GOOD);
        }
        assertThat(provider.connections() - before).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 429, 500})
    void our_key_in_a_providers_error_is_masked_everywhere(int status) {
        String error = "{\"error\":{\"message\":\"Incorrect API key provided: upstream-secret-key."
                + " Url: /x?key=AIzaSyClientsOwnKey1234567890\",\"code\":"
                + "\"invalid_api_key\"}}";
        SCRIPT.set(line -> {
            line.request();
            line.answer(status, error);
        });
        try (LogLines log = new LogLines()) {
            var whole = ask(Asking.CHAT_WHOLE);
            gateway.usageOf(whole);

            assertThat(whole.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(whole.body()).doesNotContain("upstream-secret-key").doesNotContain("AIzaSyClientsOwnKey");
            assertThat(whole.headers().map().toString()).doesNotContain("upstream-secret-key");
            assertNowhere(log, "upstream-secret-key");
            assertNowhere(log, "AIzaSyClientsOwnKey");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void our_key_in_an_error_event_is_masked_everywhere(boolean afterContent) {
        SCRIPT.set(line -> {
            line.request();
            line.streamHead();
            if (afterContent) {
                line.send("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}\n\n");
            }
            line.send("data: {\"error\":{\"message\":\"bad key upstream-secret-key\",\"code\":\"upstream-secret-key\"}}\n\n");
        });
        try (LogLines log = new LogLines()) {
            var answer = ask(Asking.CHAT_STREAM);
            gateway.usageOf(answer);

            assertThat(answer.body()).contains("error").doesNotContain("upstream-secret-key");
            assertNowhere(log, "upstream-secret-key");
        }
    }

    private static void assertNowhere(LogLines log, String secret) {
        assertThat(log.seen()).noneMatch(line -> line.contains(secret));
        for (String table : new String[] {"request_usage", "inference_errors", "provider_cooldowns"}) {
            assertThat(gateway.rows("select * from " + table).toString()).doesNotContain(secret);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHAT_WHOLE", "CHAT_STREAM"})
    void an_answer_in_a_coding_that_was_not_asked_for_is_an_error(String asking) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(("data: " + GOOD + "\n\n").getBytes(StandardCharsets.UTF_8));
        }
        String type = asking.endsWith("STREAM") ? "text/event-stream" : "application/json";
        SCRIPT.set(line -> {
            line.request();
            line.send("HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\ncontent-encoding: gzip\r\ncontent-length: " + packed.size() + "\r\n\r\n");
            line.out().write(packed.toByteArray());
            line.out().flush();
        });

        var answer = ask(Asking.valueOf(asking));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("\"error\"");
    }

    @Test
    void an_endless_error_body_is_read_only_as_far_as_it_is_worth() {
        AtomicLong sent = new AtomicLong();
        SCRIPT.set(line -> {
            line.request();
            line.send("HTTP/1.1 500 No\r\ncontent-type: text/plain\r\n\r\n");
            while (true) {
                line.send("no ".repeat(1_000));
                sent.addAndGet(3_000);
            }
        });

        var answer = ask(Asking.MESSAGES_WHOLE);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).hasSizeLessThan(2_000);
        assertThat(sent.get()).isLessThan(20L * 1024 * 1024);
    }

    @Test
    void a_huge_whole_answer_streams_through() throws Exception {
        long bytes = 60L * 1024 * 1024;
        String piece = "y".repeat(64 * 1024);
        AtomicLong sent = new AtomicLong();
        CountDownLatch read = new CountDownLatch(1);
        SCRIPT.set(line -> {
            line.request();
            String begin = GOOD.substring(0, GOOD.indexOf("good"));
            String end = GOOD.substring(GOOD.indexOf("good") + 4);
            long length = begin.length() + bytes + end.length();
            line.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + length + "\r\n\r\n" + begin);
            for (long left = bytes; left > 0; left -= piece.length()) {
                line.send(piece);
                sent.addAndGet(piece.length());
            }
            line.send(end);
            read.await();
        });
        try (RawClient client = RawClient.to(gateway.plexus().port(), 16 * 1024)) {
            client.send(Asking.CHAT_WHOLE.raw("fast", "x-client-request-id: huge"));
            client.readUntil("yyyy");
            assertThat(sent.get()).as("bytes under way").isLessThan(40L * 1024 * 1024);

            String rest = client.readUntil("}]}");
            read.countDown();

            assertThat(rest.length()).isGreaterThan((int) bytes - 10);
        }
        assertThat(gateway.usageWhere(row -> "huge".equals(row.get("client_request_id")))).containsEntry("response_status", "success");
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void a_wrong_length_is_never_a_good_answer(int off) {
        SCRIPT.set(line -> {
            line.request();
            line.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + (GOOD.length() + off) + "\r\n\r\n" + GOOD);
        });

        var answer = ask(Asking.CHAT_WHOLE);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(gateway.usageOf(answer)).containsEntry("response_status", "error");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SSH-2.0-OpenSSH_9.6\r\n", "\u0015\u0003\u0001\u0000\u0002\u0002\u0028", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}", ""
    })
    void what_is_not_http_is_a_failed_attempt(String bytes) {
        SCRIPT.set(line -> {
            line.request();
            line.send(bytes);
        });

        for (Asking asking : new Asking[] {Asking.CHAT_WHOLE, Asking.MESSAGES_STREAM}) {
            var answer = ask(asking);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("error").doesNotContain("Exception");
        }
    }

    @Test
    void informational_answers_are_passed_over() {
        SCRIPT.set(line -> {
            line.request();
            line.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
            line.answer(200, GOOD);
        });

        assertThat(ask(Asking.CHAT_WHOLE).body()).isEqualTo(GOOD);
    }
}
