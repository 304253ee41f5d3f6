package dev.plexus.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.Translating;
import dev.plexus.model.DialectId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Several thoughts of one streamed answer, each with its signature: a client gathers the pieces of text and the entries, and hands them back, and every
/// thought must have its own signature again.
class SeveralThoughtsTest {

    private static final String REQUEST = "{\"model\":\"a\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";

    @ParameterizedTest
    @CsvSource({"a, b, c", "'a\n\nmore', 'b\n\nmore', c", "same, same, same"})
    void each_thought_of_a_stream_comes_back_with_its_own_signature(String first, String second, String third) {
        String body = replayed(block(0, first, "S1") + block(1, second, "S2") + block(2, third, "S3"));

        assertThat(body).contains(thinking(first, "S1") + "," + thinking(second, "S2") + "," + thinking(third, "S3"));
    }

    @Test
    void a_thought_without_a_signature_takes_nothing_of_its_neighbours() {
        String body = replayed(block(0, "a\n\nx", "S1") + block(1, "b", null) + block(2, "c", "S3"));

        assertThat(body).contains(thinking("a\n\nx", "S1")).contains(thinking("c", "S3"));
    }

    @Test
    void a_first_thought_without_a_signature_takes_nothing_either() {
        String body = replayed(block(0, "a\n\nx", null) + block(1, "b", "S2"));

        assertThat(body).contains(thinking("b", "S2")).doesNotContain("a\\n\\nx\",\"signature");
    }

    /// What an Anthropic provider gets back of its streamed answer from a chat client.
    private static String replayed(String blocks) {
        String start = event("message_start", "\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
        String end = event("content_block_start", "\"index\":9,\"content_block\":{\"type\":\"text\",\"text\":\"done\"}")
                + event("content_block_stop", "\"index\":9")
                + event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}") + event("message_stop", "\"x\":0");
        String stream = Translating.request(DialectId.CHAT, REQUEST, DialectId.MESSAGES, Translating.target("claude-x"), true).stream(start + blocks + end, Integer.MAX_VALUE);
        String reasoning = gathered(stream, Pattern.compile("\"reasoning_content\":\"((?:[^\"\\\\]|\\\\.)*)\""), "");
        String details = gathered(stream, Pattern.compile("\"reasoning_details\":\\[(.*?)]"), ",");
        String next = "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"done\",\"reasoning_content\":\""
                + reasoning + "\",\"reasoning_details\":[" + details + "]},{\"role\":\"user\",\"content\":\"on\"}]}";
        return Translating.request(DialectId.CHAT, next, DialectId.MESSAGES, "claude-x").body();
    }

    private static String gathered(String stream, Pattern pattern, String between) {
        StringBuilder all = new StringBuilder();
        Matcher matcher = pattern.matcher(stream);
        while (matcher.find()) {
            all.append(all.isEmpty() ? "" : between).append(matcher.group(1));
        }
        return all.toString();
    }

    private static String block(int index, String text, String signature) {
        String sealed = signature == null ? "" : event(
                "content_block_delta", "\"index\":" + index + ",\"delta\":{\"type\":\"signature_delta\",\"signature\":\"" + signature + "\"}");
        return event("content_block_start", "\"index\":" + index + ",\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}")
                + event("content_block_delta", "\"index\":" + index + ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"" + json(text) + "\"}")
                + sealed + event("content_block_stop", "\"index\":" + index);
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static String thinking(String text, String signature) {
        return "{\"type\":\"thinking\",\"thinking\":\"" + json(text) + "\",\"signature\":\"" + signature + "\"}";
    }

    private static String json(String text) {
        return text.replace("\n", "\\n");
    }
}
