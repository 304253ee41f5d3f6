package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a broken stream may go on at another target, how that target is asked, and where the client hears of the break instead.
class ResumedStreamsTest {

    private static final String PATH = "/v1/chat/completions";
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, """
                adminKey: admin-secret
                keys: {app: {secret: sk-test}}
                keepAliveMs: 200
                providers:
                  a: {api_base_url: {chat: "{sim}/v1", messages: "{sim}/v1"}, api_key: k}
                  b: {api_base_url: {chat: "{sim}/v1", messages: "{sim}/v1"}, api_key: k}
                  willing: {api_base_url: {chat: "{sim}/v1"}, api_key: k, prefill: true}
                  watched: {api_base_url: {chat: "{sim}/v1"}, api_key: k, stallMinBps: 5000, stallWindowMs: 3000, stallGracePeriodMs: 0}
                  early: {api_base_url: {chat: "{sim}/v1"}, api_key: k, stallTtfbMs: 1500}
                models:
                  waits: {targets: [{provider: a, model: mock-429-ra1-once-waits}]}
                  waitslong: {targets: [{provider: a, model: mock-429-ra1-waitslong}]}
                  departs: {selector: in_order, targets: [{provider: a, model: mock-c60-d2-cut40-departs}, {provider: b, model: mock-c60-utf8-departs}]}
                  goeson: {selector: in_order, targets: [{provider: a, model: mock-c60-d2-cut40-goeson}, {provider: b, model: mock-c60-goeson}]}
                  prefilled: {selector: in_order, targets: [{provider: a, model: mock-c60-d2-cut40-p}, {provider: willing, model: mock-c60-prefilled}]}
                  off: {selector: in_order, resume: "off", targets: [{provider: a, model: mock-c60-d2-cut40-off}, {provider: b, model: mock-c60-off}]}
                  third: {selector: in_order, targets: [{provider: a, model: mock-c60-d2-cut20-third}, {provider: b, model: mock-c60-d2-cut40-third},
                    {provider: b, model: mock-c60-third}]}
                  gone: {selector: in_order, targets: [{provider: a, model: mock-c60-d2-cut20-gone}, {provider: b, model: mock-500-gone}]}
                  slow: {selector: in_order, targets: [{provider: watched, model: mock-c90-d100-slow}, {provider: b, model: mock-c90-slow}]}
                  late: {selector: in_order, targets: [{provider: early, model: mock-slow20000-late}, {provider: b, model: mock-late}]}
                """);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String ask(String model) {
        return gateway.post(PATH, Asking.CHAT_STREAM.body(model)).body();
    }

    @Test
    void a_client_that_waits_for_a_retry_hears_comments() {
        assertThat(ask("waits")).contains(": keep-alive").endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
    }

    @Test
    void a_wait_that_was_in_vain_ends_with_an_error_event() {
        assertThat(ask("waitslong")).contains(": keep-alive").contains("data: {\"error\":");
    }

    @Test
    void another_answer_is_not_mixed_with_the_first() {
        assertThat(ask("departs")).contains("data: {\"error\":").contains("could not go on");
    }

    @Test
    void a_target_that_continues_turns_is_sent_the_text_so_far() {
        String body = ask("prefilled");

        assertThat(body).doesNotContain("\"error\"").endsWith("data: [DONE]\n\n");
        assertThat(gateway.simulator().hits("mock-c60-prefilled")).isEqualTo(1);
    }

    @Test
    void with_resume_off_the_client_hears_of_the_break() {
        assertThat(ask("off")).contains("data: {\"error\":");
        assertThat(gateway.simulator().hits("mock-c60-off")).isZero();
    }

    @Test
    void a_stream_that_breaks_twice_goes_on_at_the_third_target() {
        assertThat(text(ask("third"))).isEqualTo(text(ask("goeson")));
    }

    @Test
    void a_stream_that_nobody_can_go_on_with_ends_with_its_error() {
        assertThat(ask("gone")).contains("data: {\"error\":").endsWith("data: [DONE]\n\n");
    }

    @Test
    void a_stream_that_is_too_slow_goes_on_elsewhere() {
        var answer = gateway.post(PATH, Asking.CHAT_STREAM.body("slow"));

        assertThat(answer.body()).doesNotContain("\"error\"").endsWith("data: [DONE]\n\n");
        assertThat((String) gateway.usageOf(answer).get("retry_history")).contains("bytes per second").contains("resumed after");
    }

    @Test
    void a_target_that_is_late_with_its_first_bytes_is_left() {
        var answer = gateway.post(PATH, Asking.CHAT_STREAM.body("late"));

        assertThat(answer.headers().firstValue("x-plexus-provider")).contains("b");
        assertThat((String) gateway.usageOf(answer).get("retry_history")).contains("fewer than 100 bytes");
    }

    private static String text(String body) {
        StringBuilder text = new StringBuilder();
        for (String line : body.split("\n")) {
            if (line.startsWith("data: {")) {
                var choices = Buffer.buffer(line.substring(6)).toJsonObject().getJsonArray("choices");
                if (choices != null && !choices.isEmpty()) {
                    text.append(choices.getJsonObject(0).getJsonObject("delta").getString("content", ""));
                }
            }
        }
        return text.toString();
    }
}
