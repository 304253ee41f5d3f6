package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients that leave, and clients that do not read.
class DisconnectTest {

    private static final int UPSTREAM_GONE_MILLIS = 250;

    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, yaml("{sim}"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /// Whatever a test did, nothing of it is left in the gateway.
    @AfterEach
    void nothing_is_left() {
        eventually("idle gauges", () -> gauge("plexus_exchanges_in_flight") == 0 && gauge("plexus_streams_open") == 0);
        eventually("a quiet upstream", () -> gateway.simulator().tally().open() == 0);
    }

    private static String yaml(String at) {
        String speaks = ("api_base_url: {chat: \"%1$s/v1\", messages: \"%1$s/v1\", responses: \"%1$s/v1\", gemini: \"%1$s\"}, "
                + "api_key: upstream-secret-key")
                .formatted(at);
        return """
                adminKey: admin-secret
                keys: {app: {secret: sk-test}}
                providers:
                  sim: {%1$s}
                  draining: {%1$s, on_disconnect: drain}
                  impatient: {%1$s, timeouts: {clientIdleMs: 700}}
                models:
                  silent: {selector: in_order, targets: [{provider: sim, model: mock-hang}, {provider: sim, model: mock-second}]}
                  stream: {selector: in_order, targets: [{provider: sim, model: mock-d20-c500}]}
                  dribble: {selector: in_order, targets: [{provider: sim, model: mock-silent3-c10}]}
                  retried: {selector: in_order, targets: [{provider: sim, model: mock-500-once-d20-c500}]}
                  slow: {selector: in_order, targets: [{provider: sim, model: mock-d300-c8}]}
                  drained: {selector: in_order, targets: [{provider: draining, model: mock-d50-c20}]}
                  big: {selector: in_order, targets: [{provider: sim, model: big}]}
                  unread: {selector: in_order, targets: [{provider: impatient, model: big30000}]}
                """
                .formatted(speaks);
    }

    private static double gauge(String name) {
        Matcher line = Pattern.compile("(?m)^" + name + "(\\{[^}]*})? ([0-9.E+-]+)$")
                .matcher(gateway.get("/metrics", "authorization", "Bearer admin-secret").body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(2));
    }

    /// Lets a client leave at the moment that `until` names, and returns how long the upstream request outlived it.
    private static Duration leave(Asking asking, String model, String clientId, Runnable until, String marker) {
        long cancelled = gateway.simulator().tally().cancelled();
        long left;
        try (RawClient client = RawClient.to(gateway.plexus().port())) {
            client.send(asking.raw(model, "x-client-request-id: " + clientId));
            until.run();
            if (marker != null) {
                client.readUntil(marker);
            }
            left = System.nanoTime();
        }
        RunningGateway.await(gateway.simulator().whenCancelled(cancelled + 1));
        return Duration.ofNanos(System.nanoTime() - left);
    }

    /// The fastest of a few leavings counts: the machine may be busy with something else, the gateway may not.
    private static void leavesInTime(Asking asking, String model, Runnable until, String marker) {
        Duration fastest = Duration.ofDays(1);
        for (int time = 0; time < 3; time++) {
            String clientId = model + "-" + asking.name().toLowerCase(Locale.ROOT) + "-" + time;
            Duration took = leave(asking, model, clientId, until, marker);
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
            assertOneCancelledRecord(clientId);
        }
        assertThat(fastest).isLessThan(Duration.ofMillis(UPSTREAM_GONE_MILLIS));
        assertThat(gateway.rows("select * from provider_cooldowns")).isEmpty();
    }

    private static void assertOneCancelledRecord(String clientId) {
        var usage = gateway.usageWhere(row -> clientId.equals(row.get("client_request_id")));
        assertThat(usage).containsEntry("response_status", "cancelled").containsEntry("attempt_count", 1);
        assertThat(gateway.rows("select * from request_usage where client_request_id = '" + clientId + "'")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_leaves_before_the_upstreams_headers_ends_the_upstream_request(Asking asking) {
        leavesInTime(asking, "silent", () -> eventually("an open request", () -> gateway.simulator().tally().open() == 1), null);

        assertThat(gateway.simulator().hits("mock-second")).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.plexus.app.Asking#streamed")
    void a_client_that_leaves_in_the_middle_of_a_stream_ends_the_upstream_request(Asking asking) {
        leavesInTime(asking, "stream", () -> {}, "quick");
    }

    @ParameterizedTest
    @MethodSource("dev.plexus.app.Asking#whole")
    void a_client_that_leaves_in_the_middle_of_a_whole_answer_ends_the_upstream_request(Asking asking) {
        leavesInTime(asking, "dribble", () -> eventually("an open request", () -> gateway.simulator().tally().open() == 1), null);
    }

    @Test
    void a_client_that_leaves_after_the_target_was_asked_again_ends_the_second_upstream_request() {
        Duration took = leave(Asking.CHAT_STREAM, "retried", "after-retry", () -> {}, "quick");

        assertThat(took).isLessThan(Duration.ofSeconds(1));
        assertThat(gateway.simulator().hits("mock-500-once-d20-c500")).isEqualTo(2);
        assertOneCancelledRecord("after-retry");
    }

    @Test
    void a_hundred_clients_that_leave_at_once_leave_no_upstream_request_behind() {
        long cancelled = gateway.simulator().tally().cancelled();
        List<RawClient> clients = new ArrayList<>();
        for (int one = 0; one < 100; one++) {
            clients.add(RawClient.to(gateway.plexus().port()).send(Asking.CHAT_STREAM.raw("stream", "x-client-request-id: crowd-" + one)));
        }
        clients.forEach(client -> client.readUntil("quick"));
        assertThat(gateway.simulator().tally().openStreams()).isEqualTo(100);

        long left = System.nanoTime();
        clients.forEach(RawClient::close);

        RunningGateway.await(gateway.simulator().whenCancelled(cancelled + 100));
        assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(1));
        eventually("a hundred records", () -> gateway.rows(
                                "select * from request_usage where client_request_id like 'crowd-%' and response_status = 'cancelled'")
                        .size()
                == 100);
    }

    @Test
    void a_client_that_leaves_while_its_body_is_sent_is_recorded_once() {
        try (RawClient client = RawClient.to(gateway.plexus().port())) {
            String whole = Asking.CHAT_STREAM.raw("stream", "x-client-request-id: half-sent");
            client.send(whole.substring(0, whole.length() - 10));
            eventually("an exchange", () -> gauge("plexus_exchanges_in_flight") == 1);
        }

        assertThat(gateway.usageWhere(row -> "half-sent".equals(row.get("client_request_id"))))
                .containsEntry("response_status", "cancelled")
                .containsEntry("provider", null);
    }

    @Test
    void a_provider_that_is_to_be_drained_is_read_to_the_end_for_its_usage() {
        try (RawClient client = RawClient.to(gateway.plexus().port())) {
            client.send(Asking.MESSAGES_STREAM.raw("drained", "x-client-request-id: drained"));
            client.readUntil("quick");
        }

        var usage = gateway.usageWhere(row -> "drained".equals(row.get("client_request_id")));
        assertThat(usage).containsEntry("response_status", "cancelled").containsEntry("tokens_output", 128);
        assertThat(((Number) usage.get("duration_ms")).longValue()).isGreaterThan(800);
    }

    @Test
    void a_client_that_never_reads_is_let_go_after_a_while() {
        long cancelled = gateway.simulator().tally().cancelled();
        try (RawClient client = RawClient.to(gateway.plexus().port(), 4096)) {
            client.send(Asking.CHAT_STREAM.raw("unread", "x-client-request-id: unread"));

            RunningGateway.await(gateway.simulator().whenCancelled(cancelled + 1));
            assertOneCancelledRecord("unread");
            client.drain();
        }
        assertThat(gateway.rows("select * from provider_cooldowns")).isEmpty();
    }

    @Test
    void a_slow_reader_pauses_the_upstream_and_gets_everything_in_the_end(@TempDir Path directory) throws Exception {
        slowReader(directory, false);
    }

    @Test
    void a_slow_reader_gets_everything_although_the_target_had_to_be_asked_twice(@TempDir Path directory) throws Exception {
        slowReader(directory, true);
    }

    private static void slowReader(Path directory, boolean failsFirst) throws Exception {
        int frames = 4_000;
        String text = "x".repeat(16 * 1024);
        AtomicLong sent = new AtomicLong();
        AtomicInteger requests = new AtomicInteger();
        RawProvider.Script talkative = line -> {
            while (line.request() != null) {
                if (failsFirst && requests.getAndIncrement() == 0) {
                    line.answer(500, "{}");
                    continue;
                }
                line.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
                String frame = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
                for (int number = 0; number < frames; number++) {
                    line.chunk(frame);
                    sent.addAndGet(frame.length());
                }
                line.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
                line.send("0\r\n\r\n");
            }
        };
        try (RawProvider provider = RawProvider.start(talkative);
                RunningGateway quiet = RunningGateway.start(directory, RunningGateway.oneTarget("x").replace("{sim}", provider.baseUrl()));
                RawClient client = RawClient.to(quiet.plexus().port(), 16 * 1024)) {
            client.send(Asking.CHAT_STREAM.raw("fast", "x-client-request-id: slow-reader"));
            client.readUntil("xxxx");
            long paused = settled(sent);

            assertThat(paused).as("bytes under way to a client that does not read").isLessThan(24L * 1024 * 1024);
            String rest = client.readUntil("data: [DONE]\n\n");
            assertThat(rest.chars().filter(letter -> letter == 'x').count()).isEqualTo(frames * (text.length() + 1L) - 4); // "index" has one too
            assertThat(quiet.usageWhere(row -> "slow-reader".equals(row.get("client_request_id"))))
                    .containsEntry("response_status", "success");
        }
    }

    /// The value of a count that has stopped growing.
    private static long settled(AtomicLong count) {
        long[] seen = {-1, System.nanoTime()};
        eventually("a pause of the upstream", () -> {
            if (count.get() != seen[0]) {
                seen[0] = count.get();
                seen[1] = System.nanoTime();
            }
            return seen[0] > 0 && System.nanoTime() - seen[1] > TimeUnit.MILLISECONDS.toNanos(700);
        });
        return seen[0];
    }

    @Test
    void six_hundred_streams_to_one_provider_all_make_progress() throws Exception {
        int streams = 600;
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<RawClient> clients = new ArrayList<>();
            List<Future<String>> begun = new ArrayList<>();
            for (int one = 0; one < streams; one++) {
                RawClient client = RawClient.to(gateway.plexus().port());
                clients.add(client);
                begun.add(readers.submit(() -> client.send(Asking.CHAT_STREAM.raw("slow")).readUntil("quick")));
            }
            RunningGateway.await(gateway.simulator().when(tally -> tally.openStreams() >= 500));
            List<Future<String>> ended = new ArrayList<>();
            for (int one = 0; one < streams; one++) {
                assertThat(get(begun.get(one))).endsWith("quick");
                RawClient client = clients.get(one);
                ended.add(readers.submit(() -> client.readUntil("data: [DONE]\n\n")));
            }
            for (Future<String> end : ended) {
                assertThat(get(end)).endsWith("data: [DONE]\n\n");
            }
            clients.forEach(RawClient::close);
        }
    }

    private static String get(Future<String> future) throws Exception {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("a stream made no progress", late);
        }
    }
}
