package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers that do not say what they used, and streams that are cut before they could (accounting.md 5). The fox's sentence is 11 tokens there.
class EstimationTest {

    private static final String FOX = "The quick brown fox jumps over the lazy dog.";

    private static WritingProvider provider;
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        provider = new WritingProvider();
        StringBuilder yaml = new StringBuilder("adminKey: admin-secret\nmodels: {}\nkeys:\n  app: {secret: sk-test}\nproviders:\n");
        for (String dialect : new String[] {"chat", "responses", "messages", "gemini"}) {
            for (boolean estimates : new boolean[] {true, false}) {
                yaml.append("""
                          %s-%s:
                            api_base_url: {%s: "%s%s"}
                            api_key: k
                            estimateTokens: %s
                            models: {talk: {pricing: {source: simple, input: 1, output: 2}}}
                        """.formatted(dialect, estimates ? "yes" : "no", dialect, provider.url(), dialect.equals("gemini") ? "" : "/v1", estimates));
            }
        }
        gateway = RunningGateway.start(directory, yaml.toString());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static String whole(Question dialect) {
        return switch (dialect) {
            case CHAT -> "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
                    + "\"message\":{\"role\":\"assistant\",\"reasoning_content\":\"Hello\",\"content\":\"" + FOX + "\"}}]}";
            case RESPONSES -> "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"m\",\"output\":["
                    + "{\"type\":\"reasoning\",\"id\":\"q\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Hello\"}]},"
                    + "{\"type\":\"message\",\"id\":\"i\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":"
                    + "[{\"type\":\"output_text\",\"annotations\":[],\"text\":\"" + FOX + "\"}]}]}";
            case MESSAGES -> "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"stop_reason\":\"end_turn\",\"content\":["
                    + "{\"type\":\"thinking\",\"thinking\":\"Hello\",\"signature\":\"s\"},{\"type\":\"text\",\"text\":\"" + FOX + "\"}]}";
            case GEMINI -> "{\"candidates\":[{\"index\":0,\"finishReason\":\"STOP\",\"content\":{\"role\":\"model\",\"parts\":["
                    + "{\"text\":\"Hello\",\"thought\":true},{\"text\":\"" + FOX + "\"}]}}]}";
        };
    }

    private static String piece(Question dialect, String text) {
        return switch (dialect) {
            case CHAT -> "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";
            case RESPONSES -> "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"output_index\":0,"
                    + "\"content_index\":0,\"delta\":\"" + text + "\"}\n\n";
            case MESSAGES -> "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                    + text + "\"}}\n\n";
            case GEMINI -> "data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text + "\"}]}}]}\n\n";
        };
    }

    private static String beginning(Question dialect) {
        String opening = switch (dialect) {
            case CHAT, GEMINI -> "";
            case RESPONSES -> "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"status\":\"in_progress\"}}\n\n"
                    + "event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\",\"output_index\":0,"
                    + "\"item\":{\"type\":\"message\",\"id\":\"i\",\"content\":[]}}\n\n";
            case MESSAGES -> "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"content\":[],\"usage\":{\"input_tokens\":12,\"output_tokens\":1}}}\n\n"
                    + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
        };
        return opening + piece(dialect, FOX.substring(0, 20)) + piece(dialect, FOX.substring(20));
    }

    @ParameterizedTest
    @CsvSource({"CHAT,CHAT", "RESPONSES,RESPONSES", "MESSAGES,MESSAGES", "GEMINI,GEMINI", "MESSAGES,CHAT", "CHAT,MESSAGES", "CHAT,GEMINI", "GEMINI,RESPONSES"})
    void an_answer_without_usage_is_estimated_where_the_provider_is_configured_so(Question client, Question target) {
        provider.answers("talk", whole(target));

        HttpResponse<String> answer = client.ask(gateway, "direct/" + target.name().toLowerCase(java.util.Locale.ROOT) + "-yes/talk", false);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Map<String, Object> row = gateway.usageOf(answer);
        assertThat(row).containsEntry("tokens_output", 12).containsEntry("tokens_reasoning", 1).containsEntry("tokens_estimated", 1);
        assertThat((Integer) row.get("tokens_input")).isPositive();
        assertThat((Double) row.get("cost_output")).isEqualTo(0.000024);
    }

    @Test
    void rule_t14_without_usage_and_without_estimation_the_counts_stay_unknown() {
        provider.answers("talk", whole(Question.CHAT));

        Map<String, Object> row = gateway.usageOf(Question.CHAT.ask(gateway, "direct/chat-no/talk", false));

        assertThat(row)
                .containsEntry("tokens_input", null)
                .containsEntry("tokens_output", null)
                .containsEntry("tokens_estimated", 0);
    }

    @Test
    void usage_that_is_reported_always_wins_and_zero_is_a_report() {
        provider.answers("talk", whole(Question.CHAT).replace("{\"id\"", "{\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":2},\"id\""));

        Map<String, Object> row = gateway.usageOf(Question.CHAT.ask(gateway, "direct/chat-yes/talk", false));

        assertThat(row).containsEntry("tokens_input", 0).containsEntry("tokens_output", 2).containsEntry("tokens_estimated", 0);
    }

    @ParameterizedTest
    @CsvSource({"CHAT,CHAT", "RESPONSES,RESPONSES", "MESSAGES,MESSAGES", "GEMINI,GEMINI", "CHAT,MESSAGES", "MESSAGES,CHAT"})
    void a_client_that_leaves_in_the_middle_pays_for_what_it_got(Question client, Question target) throws Exception {
        provider.begins("cut", beginning(target));
        String model = "direct/" + target.name().toLowerCase(java.util.Locale.ROOT) + "-no/cut";

        String id;
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url(client.path(model, true))))
                    .header("authorization", "Bearer sk-test")
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(client.body(model, true)))
                    .build();
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            id = answer.headers().firstValue("x-request-id").orElseThrow();
            StringBuilder read = new StringBuilder();
            try (InputStream body = answer.body()) {
                while (read.indexOf("dog.") < 0) {
                    read.append((char) body.read());
                }
            }
            http.shutdownNow();
        }

        Map<String, Object> row = gateway.usageOf(id);
        assertThat(row).containsEntry("response_status", "cancelled").containsEntry("tokens_output", 11).containsEntry("tokens_estimated", 1);
        assertThat((Integer) row.get("tokens_input")).isPositive();
    }
}
