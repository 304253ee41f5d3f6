package dev.plexus.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.model.DialectId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Nothing of an answer is lost without being counted, and what is only bookkeeping is not.
class AnswerDropsTest {

    private static final Map<DialectId, String> WHOLE = Map.of(
            DialectId.CHAT, "{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",~},\"finish_reason\":\"stop\"}]}",
            DialectId.MESSAGES, "{\"id\":\"m\",\"type\":\"message\",\"content\":[~,{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\"}",
            DialectId.GEMINI, "{\"candidates\":[{\"content\":{\"parts\":[~,{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}]}",
            DialectId.RESPONSES, "{\"id\":\"r\",\"status\":\"completed\",\"output\":[~,{\"type\":\"message\",\"content\":[{\"type\":\"output_text\","
                    + "\"text\":\"Hi\"}]}]}");

    private static Arguments whole(DialectId provider, String piece, Feature... lost) {
        return Arguments.of(provider, piece, List.of(lost));
    }

    static List<Arguments> answers() {
        return List.of(
                whole(DialectId.CHAT, "\"audio\":{\"id\":\"a\",\"data\":\"AAAA\"}", Feature.AUDIO),
                whole(DialectId.CHAT, "\"annotations\":[{\"type\":\"file_citation\",\"file_id\":\"f\"}]", Feature.CITATIONS),
                whole(DialectId.CHAT, "\"images\":[{\"image_url\":{\"url\":\"https://x.test/a.png\"}}]", Feature.IMAGE),
                whole(DialectId.CHAT, "\"holograms\":[{\"a\":1}]", Feature.NATIVE_PART),
                whole(DialectId.CHAT, "\"refusal\":null,\"audio\":null,\"annotations\":[],\"tool_calls\":[],\"provider_specific_fields\":{},\"name\":\"n\""),
                whole(DialectId.MESSAGES, "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}},"
                        + "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[]}", Feature.NATIVE_PART, Feature.NATIVE_PART),
                whole(DialectId.MESSAGES, "{\"type\":\"text\",\"text\":\"x\",\"citations\":[{\"type\":\"char_location\",\"cited_text\":\"y\"}]}", Feature.CITATIONS),
                whole(DialectId.MESSAGES, "{\"type\":\"text\",\"text\":\"x\",\"citations\":null}"),
                whole(DialectId.GEMINI, "{\"executableCode\":{\"code\":\"1\"}},{\"codeExecutionResult\":{\"output\":\"1\"}}", Feature.NATIVE_PART,
                        Feature.NATIVE_PART),
                whole(DialectId.GEMINI, "{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":\"AAAA\"}}", Feature.AUDIO),
                whole(DialectId.GEMINI, "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"},\"thought\":true}", Feature.IMAGE),
                whole(DialectId.GEMINI, "{\"text\":\"x\",\"thought\":false}"),
                whole(DialectId.RESPONSES, "{\"type\":\"web_search_call\",\"id\":\"ws\",\"status\":\"completed\"}", Feature.NATIVE_PART),
                whole(DialectId.RESPONSES, "{\"type\":\"message\",\"content\":[{\"type\":\"output_audio\",\"data\":\"A\"}]}", Feature.AUDIO),
                whole(DialectId.RESPONSES, "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\",\"annotations\":["
                        + "{\"type\":\"file_citation\",\"file_id\":\"f\"}]}]}", Feature.CITATIONS),
                whole(DialectId.RESPONSES, "{\"type\":\"reasoning\",\"summary\":[]}"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void what_a_whole_answer_loses_is_counted(DialectId provider, String piece, List<Feature> lost) {
        Translating translating = translating(provider, false);
        translating.completion(String.valueOf(WHOLE.get(provider)).replace("~", piece));

        assertThat(translating.drops().counts()).isEqualTo(counted(lost));
    }

    static List<Arguments> streams() {
        return List.of(
                whole(DialectId.CHAT, chunk("\"audio\":{\"id\":\"a\",\"data\":\"AAAA\"}") + chunk("\"audio\":{\"data\":\"AAAA\"}"), Feature.AUDIO),
                whole(DialectId.CHAT, chunk("\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"arguments\":\"{}\"}}]"), Feature.NATIVE_PART),
                whole(DialectId.CHAT, chunk("\"role\":\"assistant\",\"content\":\"\"")),
                whole(DialectId.MESSAGES, event("ping", "\"x\":1")),
                whole(DialectId.MESSAGES, event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"server_tool_use\",\"id\":\"s\",\"input\":{}}")
                        + event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}")
                        + event("content_block_stop", "\"index\":0"), Feature.NATIVE_PART),
                whole(DialectId.MESSAGES, event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"x\"}")
                        + event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"citations_delta\",\"citation\":{\"type\":\"page_location\"}}")
                        + event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"smell_delta\",\"smell\":\"x\"}")
                        + event("content_block_stop", "\"index\":0"), Feature.CITATIONS, Feature.NATIVE_PART),
                whole(DialectId.MESSAGES, event("weather", "\"x\":1"), Feature.NATIVE_PART),
                whole(DialectId.GEMINI, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"executableCode\":{\"code\":\"1\"}}]}}]}\n\n", Feature.NATIVE_PART),
                whole(DialectId.RESPONSES, event("response.in_progress", "\"response\":{\"id\":\"r\"}")),
                whole(DialectId.RESPONSES, event("response.output_item.added", "\"output_index\":0,\"item\":{\"type\":\"web_search_call\",\"id\":\"ws\"}")
                        + event("response.web_search_call.searching", "\"output_index\":0,\"item_id\":\"ws\"")
                        + event("response.output_item.done", "\"output_index\":0,\"item\":{\"type\":\"web_search_call\",\"id\":\"ws\"}"), Feature.NATIVE_PART),
                whole(DialectId.RESPONSES, event("response.audio.delta", "\"delta\":\"AAAA\"") + event("response.audio.done", "\"x\":1"), Feature.AUDIO));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void what_a_stream_loses_is_counted(DialectId provider, String stream, List<Feature> lost) {
        Translating translating = translating(provider, true);
        translating.events(stream, Integer.MAX_VALUE);
        if (provider == DialectId.CHAT) {
            translating.events(chunk("\"content\":\"x\"") + stream + "data: [DONE]\n\n", Integer.MAX_VALUE);
        }

        assertThat(translating.drops().counts().keySet()).isEqualTo(counted(lost).keySet());
    }

    @Test
    void more_arguments_than_can_be_gathered_are_an_error_of_the_upstream() {
        String piece = "x".repeat(1 << 20);
        StringBuilder stream = new StringBuilder(chunk("\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]"));
        for (int count = 0; count < 17; count++) {
            stream.append(chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + piece + "\"}}]"));
        }

        assertThat(translating(DialectId.CHAT, true).failure(stream.toString())).contains("longer than");
    }

    private static Map<Feature, Integer> counted(List<Feature> lost) {
        return lost.stream().collect(Collectors.toMap(feature -> feature, _ -> 1, Integer::sum));
    }

    private static Translating translating(DialectId provider, boolean stream) {
        DialectId client = Arrays.stream(new DialectId[] {DialectId.CHAT, DialectId.MESSAGES}).filter(one -> one != provider).findFirst().orElseThrow();
        String limit = client == DialectId.MESSAGES ? "\"max_tokens\":9," : "";
        String body = "{\"model\":\"a\"," + limit + "\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";
        return Translating.request(client, body, provider, Translating.target("m"), stream);
    }

    private static String chunk(String delta) {
        return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{" + delta + "}}]}\n\n";
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }
}
