package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.model.DialectId;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Errors within streams (streaming.md, X22 to X24): after content they are said in the stream, in the client's words; before it they are a status, and the
/// next target is asked.
class StreamErrorsTest {

    private static final String START = event("message_start", "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
            + "\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
    private static final String TEXT = event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
            + event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Par\"}");
    private static final String END = event("content_block_stop", "\"index\":0")
            + event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}") + event("message_stop", "\"x\":0");
    private static final String OVERLOADED = event("error", "\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}");

    private static final String CHAT_BODY = "{\"model\":\"fast\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    /// How a client speaks, and how it hears of an overloaded provider.
    enum Client {
        CHAT("/v1/chat/completions", CHAT_BODY, 503, "{\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\""),
        MESSAGES("/v1/messages", CHAT_BODY.replace("\"stream\"", "\"max_tokens\":9,\"stream\""), 529,
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}"),
        GEMINI("/v1beta/models/fast:streamGenerateContent?alt=sse", "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}", 503,
                "data: {\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\""),
        RESPONSES("/v1/responses", "{\"model\":\"fast\",\"stream\":true,\"input\":\"Hi\"}", 503, "event: response.failed\n");

        private final String path;
        private final String body;
        private final int status;
        private final String words;

        Client(String path, String body, int status, String words) {
            this.path = path;
            this.body = body;
            this.status = status;
            this.words = words;
        }

        HttpResponse<String> ask(RunningGateway gateway) {
            return gateway.post(path, body);
        }
    }

    @ParameterizedTest
    @EnumSource
    void x22_an_error_after_content_is_said_in_the_stream(Client client, @TempDir Path directory) {
        try (RawProvider provider = saying(START + TEXT + OVERLOADED);
                RunningGateway gateway = RunningGateway.start(directory, yaml(DialectId.MESSAGES, provider))) {
            var answer = client.ask(gateway);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Par").contains(client.words);
            String behind = answer.body().substring(answer.body().indexOf("Overloaded"));
            assertThat(behind).doesNotContain("message_stop", "finish_reason", "finishReason", "response.completed");
            assertThat(behind.contains("[DONE]")).isEqualTo(client == Client.CHAT);
            assertThat(gateway.usageOf(answer)).containsEntry("response_status", "error");
        }
    }

    @Test
    void x22_a_responses_client_gets_what_there_was_of_the_answer(@TempDir Path directory) {
        try (RawProvider provider = saying(START + TEXT + OVERLOADED);
                RunningGateway gateway = RunningGateway.start(directory, yaml(DialectId.MESSAGES, provider))) {
            String body = Client.RESPONSES.ask(gateway).body();
            String failed = body.substring(body.indexOf("event: response.failed"));

            assertThat(failed).contains("\"status\":\"failed\"").contains("\"message\":\"Overloaded\"").contains("\"text\":\"Par\"").contains("\"incomplete\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void x23_an_error_as_the_first_event_is_a_status(Client client, @TempDir Path directory) {
        try (RawProvider provider = saying(START + OVERLOADED);
                RunningGateway gateway = RunningGateway.start(directory, yaml(DialectId.MESSAGES, provider))) {
            var answer = client.ask(gateway);

            assertThat(answer.statusCode()).isEqualTo(client.status);
            assertThat(answer.headers().firstValue("content-type").orElse("")).contains("json");
            assertThat(answer.body()).contains("Overloaded").doesNotContain("event:");
        }
    }

    @ParameterizedTest
    @EnumSource
    void x23_an_error_as_the_first_event_lets_the_next_target_answer(Client client, @TempDir Path directory) {
        try (RawProvider bad = saying(START + OVERLOADED);
                RawProvider good = saying(START + TEXT + END);
                RunningGateway gateway = RunningGateway.start(directory, yaml(DialectId.MESSAGES, bad, good))) {
            var answer = client.ask(gateway);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Par").doesNotContain("Overloaded");
            assertThat(answer.headers().firstValue("x-plexus-attempts")).contains("2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "data: {\"error\":{\"message\":\"x\",\"code\":429}}\n\n",
        "data: {\"error\":\"x\"}\n\n",
        "event: error\ndata: {\"message\":\"x\"}\n\n",
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\",\"error\":{\"message\":\"x\",\"code\":502}}]}\n\n"
    })
    void x24_every_form_of_an_error_in_a_chat_stream_is_one(String error, @TempDir Path directory) {
        String text = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Par\"}}]}\n\n";
        try (RawProvider early = saying(error);
                RawProvider late = saying(text + error);
                RunningGateway gateway = RunningGateway.start(directory, yaml(DialectId.CHAT, early, late))) {
            for (Client client : List.of(Client.MESSAGES, Client.GEMINI, Client.RESPONSES)) {
                var answer = client.ask(gateway);

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("Par").contains("\"message\":\"x\"");
                assertThat(answer.headers().firstValue("x-plexus-attempts")).contains("2");
            }
        }
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static RawProvider saying(String stream) {
        return RawProvider.start(line -> {
            line.request();
            line.streamHead();
            line.send(stream);
        });
    }

    private static String yaml(DialectId dialect, RawProvider... providers) {
        StringBuilder yaml = new StringBuilder("adminKey: admin-secret\nretry: {sameTargetRetries: 0}\nproviders:\n");
        StringBuilder targets = new StringBuilder();
        for (int index = 0; index < providers.length; index++) {
            yaml.append("  p").append(index).append(":\n    api_base_url: {").append(dialect.label()).append(": \"").append(providers[index].baseUrl())
                    .append("/v1\"}\n    api_key: k\n    disable_cooldown: true\n");
            targets.append(index == 0 ? "" : ", ").append("{provider: p").append(index).append(", model: m}");
        }
        return yaml + "models:\n  fast: {selector: in_order, targets: [" + targets + "]}\nkeys:\n  app: {secret: sk-test}\n";
    }
}
