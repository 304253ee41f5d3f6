package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassThroughTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, RunningGateway.oneTarget("mock-c5"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void a_whole_chat_answer_arrives_and_is_recorded_with_tokens_and_cost() {
        var answer = gateway.post("/v1/chat/completions", "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Object> usage = gateway.usageOf(answer);
        assertThat(usage)
                .containsEntry("response_status", "success")
                .containsEntry("api_key", "app")
                .containsEntry("canonical_model_name", "fast")
                .containsEntry("selected_model_name", "mock-c5")
                .containsEntry("tokens_input", 156)
                .containsEntry("tokens_cached", 256)
                .containsEntry("tokens_output", 128)
                .containsEntry("attempt_count", 1)
                .containsEntry("cost_total", 0.0024648);
    }

    @Test
    void a_stream_arrives_whole_and_its_unasked_usage_is_read_but_not_shown() {
        var answer = gateway.post(
                "/v1/chat/completions", "{\"model\":\"fast\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("\"usage\":{");
        assertThat(gateway.usageOf(answer)).containsEntry("tokens_output", 128).containsEntry("is_streamed", 1);
    }
}
