package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the operator says of a provider reaches the request that the provider gets.
class TranslationOptionsTest {

    private static final String CHAT = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
            + "{\"role\":\"assistant\",\"content\":\"good\"},\"finish_reason\":\"stop\"}]}";
    private static final String RESPONSES = "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"id\":\"m\","
            + "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"good\",\"annotations\":[]}]}]}";
    private static final String MESSAGES = "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\","
            + "\"text\":\"good\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";

    private final List<String> bodies = new CopyOnWriteArrayList<>();

    @Test
    void members_are_renamed(@TempDir Path directory) {
        ask(directory, "chat", CHAT, "rename_params: {max_tokens: max_new_tokens, reasoning.effort: thinking_level}", "/v1/chat/completions",
                "{\"model\":\"fast\",\"max_tokens\":5,\"reasoning\":{\"effort\":\"low\"},\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}");

        assertThat(bodies).containsExactly(
                "{\"model\":\"m\",\"max_new_tokens\":5,\"reasoning\":{},\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"thinking_level\":\"low\"}");
    }

    @Test
    void ids_of_another_vendors_calls_are_mended_where_anthropics_rules_hold(@TempDir Path directory) {
        String body = "{\"model\":\"fast\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":[{\"type\":"
                + "\"tool_use\",\"id\":\"f:0\",\"name\":\"f\",\"input\":{}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"f:0\"}]}]}";
        ask(directory, "messages", MESSAGES, "tool_id_style: anthropic", "/v1/messages", body);

        assertThat(bodies.getFirst()).doesNotContain("f:0").containsPattern("\"id\":\"f_0_[0-9a-f]{8}\"").containsPattern("\"tool_use_id\":\"f_0_[0-9a-f]{8}\"");
    }

    @Test
    void reasoning_goes_without_its_plain_text(@TempDir Path directory) {
        ask(directory, "responses", RESPONSES, "strip_reasoning_content: true", "/v1/responses",
                "{\"model\":\"fast\",\"input\":[{\"type\":\"reasoning\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"t\"}]},"
                        + "{\"role\":\"user\",\"content\":\"q\"}]}");

        assertThat(bodies).containsExactly(
                "{\"model\":\"m\",\"input\":[{\"type\":\"reasoning\",\"summary\":[],\"content\":[]},{\"role\":\"user\",\"content\":\"q\"}]}");
    }

    @Test
    void media_at_an_address_of_ours_are_not_fetched(@TempDir Path directory) {
        var answer = ask(directory, "gemini", "{}", "remote_media: fetch", "/v1/chat/completions",
                "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://127.0.0.1:1/a.png\"}}]}]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("not a public one");
        assertThat(bodies).isEmpty();
    }

    private java.net.http.HttpResponse<String> ask(Path directory, String dialect, String answer, String option, String path, String body) {
        try (RawProvider provider = RawProvider.start(line -> serve(line, answer));
                RunningGateway gateway = RunningGateway.start(directory, """
                        adminKey: admin-secret
                        providers:
                          raw:
                            api_base_url: {%s: "%s"}
                            api_key: k
                            translation: {%s}
                        models:
                          fast: {targets: [{provider: raw, model: m}]}
                        keys:
                          app: {secret: sk-test}
                        """.formatted(dialect, provider.baseUrl(), option))) {
            return gateway.post(path, body);
        }
    }

    private void serve(RawProvider.Line line, String answer) throws IOException {
        RawProvider.Asked asked = line.asked();
        if (asked != null) {
            bodies.add(asked.body());
            line.answer(200, answer);
        }
    }
}
