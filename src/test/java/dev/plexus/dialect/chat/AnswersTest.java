package dev.plexus.dialect.chat;

import static dev.plexus.dialect.chat.Fixtures.answer;
import static dev.plexus.dialect.chat.Fixtures.heard;
import static dev.plexus.dialect.chat.Fixtures.json;
import static dev.plexus.dialect.chat.Fixtures.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.dialect.chat.Fixtures.Heard;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonIn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole answers, from upstreams and for clients.
class AnswersTest {

    private static final Secret ANTHROPIC = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq");
    private static final Secret GOOGLE = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");

    private static FinishReason finish(String choice) {
        return answer("{\"choices\":[" + choice + "]}").completion().choices().getFirst().finish();
    }

    private static Completion completion(FinishReason finish, Part... parts) {
        return new Completion("r1", "m", 5, List.of(new Completion.Choice(0, List.of(parts), finish, null, List.of())), null);
    }

    private static JsonNode written(FinishReason finish, Part... parts) {
        return Fixtures.written(completion(finish, parts)).at("/choices/0");
    }

    private static JsonNode message(Part... parts) {
        return written(FinishReason.STOP, parts).get("message");
    }

    @Test
    void a_whole_answer_is_read() {
        Completion completion = answer("""
                {"choices":[{"finish_reason":"tool_calls","message":{"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}],
                 "content":"Hi","reasoning_content":"hm","role":"assistant","refusal":null}}],
                 "usage":{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":2}},"created":1,"model":"m","id":"c1"}
                """).completion();

        assertThat(completion).isEqualTo(new Completion("c1", "m", 1, List.of(new Completion.Choice(0, List.of(
                new Part.Thinking("hm", null), new Part.Text("Hi"), Part.ToolCall.function("call_1", "f", "{\"a\":1}")),
                FinishReason.TOOL_CALLS, null, List.of())), new Usage(10, 0, 0, 0, 5, 2, 15)));
    }

    @Test
    void content_may_come_in_pieces() {
        assertThat(heard("{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\"Hi\"}]}"))
                .containsExactly(new Part.Thinking("hm", null), new Part.Text("Hi"));
    }

    @Test
    void thoughts_are_read_once_and_with_their_secrets() {
        assertThat(heard("{\"content\":\"x\",\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"}")).first().isEqualTo(new Part.Thinking("hm", null));
        assertThat(heard("{\"content\":\"x\",\"reasoning\":\"ab\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"a\",\"signature\":\"Eq\",\"format\":\"anthropic-claude-v1\",\"index\":0},"
                + "{\"type\":\"reasoning.text\",\"text\":\"b\",\"index\":1}]}")).containsExactly(
                new Part.Thinking("a", new Secret(DialectId.CHAT, Secret.Kind.SIGNATURE, "anthropic-claude-v1:Eq")), new Part.Thinking("b", null), new Part.Text("x"));
        assertThat(heard("{\"content\":\"x\",\"reasoning\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"ENC\",\"id\":\"rs_1\",\"format\":\"openai-responses-v1\"}]}"))
                .first().isEqualTo(new Part.Thinking("hm", new Secret(DialectId.CHAT, Secret.Kind.ENCRYPTED, "openai-responses-v1:ENC", "rs_1")));
    }

    @Test
    void calls_are_read_whatever_their_ids_and_arguments_look_like() {
        List<Part> parts = heard("""
                {"content":null,"tool_calls":[{"id":"","function":{"name":"f","arguments":{"a": 1.0}}},{"function":{"name":"f","arguments":""}},
                 {"id":"3","type":"custom","custom":{"name":"p","input":"raw"}},
                 {"id":"4","function":{"name":"g","arguments":"{}"},"extra_content":{"google":{"thought_signature":"U0lH"}}}]}
                """);
        List<Part.ToolCall> calls = parts.stream().map(Part.ToolCall.class::cast).toList();

        assertThat(calls).extracting(Part.ToolCall::arguments).containsExactly("{\"a\":1.0}", "", "raw", "{}");
        assertThat(calls).extracting(Part.ToolCall::name).containsExactly("f", "f", "p", "g");
        assertThat(calls.get(0).id()).startsWith("call_").isNotEqualTo(calls.get(1).id());
        assertThat(calls.get(3).signature()).isEqualTo(new Secret(DialectId.CHAT, Secret.Kind.SIGNATURE, "U0lH"));
        assertThat(heard("{\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}")).singleElement()
                .isInstanceOfSatisfying(Part.ToolCall.class, call -> assertThat(call.name()).isEqualTo("f"));
    }

    @Test
    void everything_else_of_a_message_is_read() {
        assertThat(heard("{\"content\":null,\"refusal\":\"No.\"}")).containsExactly(new Part.Refusal("No."));
        assertThat(heard("{\"content\":\"x\",\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://x.test\",\"title\":\"t\",\"start_index\":0,\"end_index\":1}}]}"))
                .containsExactly(new Part.Text("x", List.of(new Citation("https://x.test", "t", null, 0, 1)), null, null));
        assertThat(heard("{\"content\":\"x\",\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/webp;base64,QUJD\"}}]}"))
                .contains(new Part.Image(new Source.Base64("image/webp", "QUJD"), null, null));
        assertThat(heard("{\"content\":\"x\",\"audio\":{\"id\":\"a\",\"data\":\"QUJD\"}}")).containsExactly(new Part.Text("x"));
        assertThat(answer("{\"choices\":[{\"message\":{\"content\":\"x\"},\"logprobs\":{\"content\":[{\"token\":\"x\",\"logprob\":-0.5,\"bytes\":[120],\"top_logprobs\":[{\"token\":\"y\",\"logprob\":-1}]}]}}]}")
                .completion().choices().getFirst().logprobs())
                .containsExactly(new TokenLogprob("x", -0.5, List.of(new TokenLogprob("y", -1, List.of()))));
    }

    @ParameterizedTest
    @CsvSource({
        "stop,STOP", "eos,STOP", "end_turn,STOP", "length,LENGTH", "max_tokens,LENGTH", "model_length,LENGTH", "content_filter,CONTENT_FILTER",
        "sensitive,CONTENT_FILTER", "safety,CONTENT_FILTER", "tool_calls,STOP", "tool_use,STOP", "weather,OTHER"})
    void finish_reasons_of_text_are_understood(String word, FinishReason reason) {
        assertThat(finish("{\"message\":{\"content\":\"x\"},\"finish_reason\":\"" + word + "\"}")).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"stop,TOOL_CALLS", "tool_calls,TOOL_CALLS", "function_call,TOOL_CALLS", "tool_use,TOOL_CALLS", "weather,TOOL_CALLS", "length,LENGTH", "content_filter,CONTENT_FILTER"})
    void calls_ask_to_be_run_unless_the_answer_was_cut(String word, FinishReason reason) {
        assertThat(finish("{\"message\":{\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"" + word + "\"}")).isEqualTo(reason);
    }

    @Test
    void an_unsaid_finish_is_a_stop_and_a_refusal_is_one() {
        assertThat(finish("{\"message\":{\"content\":\"x\"},\"finish_reason\":null}")).isEqualTo(FinishReason.STOP);
        assertThat(finish("{\"message\":{\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}")).isEqualTo(FinishReason.REFUSAL);
    }

    @Test
    void every_choice_is_read() {
        assertThat(answer("{\"choices\":[{\"index\":1,\"message\":{\"content\":\"b\"},\"finish_reason\":\"length\"},{\"index\":0,\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}")
                .completion().choices()).extracting(Completion.Choice::finish).containsExactly(FinishReason.STOP, FinishReason.LENGTH);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"error\":{\"message\":\"Rate\",\"code\":429}}|429|Rate",
        "{\"error\":\"boom\"}|502|boom",
        "{\"object\":\"error\",\"message\":\"bad\",\"code\":400}|400|bad",
        "{\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"\"},\"error\":{\"message\":\"x\",\"code\":502}}]}|502|x"})
    void an_error_with_a_good_status_is_an_error_all_the_same(String body, int status, String message) {
        Heard heard = answer(body);

        assertThat(heard.failure()).isNotNull();
        assertThat(heard.failure().status()).isEqualTo(status);
        assertThat(heard.failure().message()).isEqualTo(message);
        assertThat(heard.events()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "\"x\"", "{\"choices\":null}", "{\"choices\":{}}", "<html>", "{\"choices\":[", ""})
    void what_is_no_answer_is_refused(String body) {
        assertThatThrownBy(() -> answer(body)).isInstanceOf(JsonIn.Bad.class);
    }

    @Test
    void think_tags_are_thoughts_where_the_operator_says_so() {
        String body = "{\"choices\":[{\"message\":{\"content\":\"\\n<think>hm</think>\\n\\nHi <think>\"}}]}";

        assertThat(answer(plain("thinkTags", "parse"), body).completion().choices().getFirst().parts())
                .containsExactly(new Part.Thinking("hm", null), new Part.Text("Hi <think>"));
        assertThat(answer(body).completion().choices().getFirst().parts()).hasSize(1);
    }

    @Test
    void a_whole_answer_is_written() {
        Completion completion = new Completion(null, null, 0, List.of(new Completion.Choice(0, List.of(new Part.Text("a"), new Part.Text("b")),
                FinishReason.STOP, null, List.of())), new Usage(12, 1000, 50, 0, 30, 0, 1092));
        JsonNode json = Fixtures.written(completion);

        assertThat(json.get("id").asText()).matches("chatcmpl-[0-9A-Za-z]{24}");
        assertThat(json.get("object").asText()).isEqualTo("chat.completion");
        assertThat(json.get("created").asLong()).isEqualTo(1_760_000_000);
        assertThat(json.get("model").asText()).isEqualTo("target-model");
        assertThat(json.get("choices")).isEqualTo(json(
                "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"ab\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]"));
        assertThat(json.get("usage")).isEqualTo(json("""
                {"prompt_tokens":1062,"completion_tokens":30,"total_tokens":1092,"prompt_tokens_details":{"cached_tokens":1000,"cache_write_tokens":50},
                 "completion_tokens_details":{"reasoning_tokens":0}}
                """));
    }

    @Test
    void calls_are_written_without_empty_content() {
        assertThat(message(Part.ToolCall.function("1", "f", ""),
                new Part.ToolCall("2", "p", "{\"input\":\"raw\"}", ToolKind.CUSTOM, null, null, null),
                new Part.ToolCall("3", "g", "{ \"a\":1 }", ToolKind.FUNCTION, null, null, GOOGLE))).isEqualTo(json("""
                {"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},
                 {"id":"2","type":"custom","custom":{"name":"p","input":"raw"}},
                 {"id":"3","type":"function","function":{"name":"g","arguments":"{ \\"a\\":1 }"},"extra_content":{"google":{"thought_signature":"U0lH"}}}]}
                """));
    }

    @Test
    void thoughts_are_written_with_their_secrets() {
        assertThat(message(new Part.Thinking("a", null), new Part.Thinking("b", null), new Part.Text("x"))).isEqualTo(
                json("{\"role\":\"assistant\",\"content\":\"x\",\"refusal\":null,\"reasoning_content\":\"a\\n\\nb\"}"));
        assertThat(message(new Part.Thinking("a", ANTHROPIC), new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "RED"))).get("reasoning_details"))
                .isEqualTo(json("""
                        [{"type":"reasoning.text","text":"a","signature":"Eq","format":"anthropic-claude-v1","index":0},
                         {"type":"reasoning.encrypted","data":"RED","format":"anthropic-claude-v1","index":1}]
                        """));
        assertThat(message(new Part.Thinking("s", new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1"))).get("reasoning_details"))
                .isEqualTo(json("""
                        [{"type":"reasoning.summary","summary":"s","format":"openai-responses-v1","index":0},
                         {"type":"reasoning.encrypted","data":"ENC","id":"rs_1","format":"openai-responses-v1","index":0}]
                        """));
    }

    @Test
    void a_client_that_echoes_an_answer_gives_every_secret_back() {
        List<Part> parts = List.of(
                new Part.Thinking("a", ANTHROPIC), new Part.Thinking("b", null), new Part.Thinking("s", new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1")),
                new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "RED")), new Part.Text("Hi", List.of(), null, GOOGLE),
                new Part.ToolCall("1", "f", "{}", ToolKind.FUNCTION, null, null, GOOGLE));
        String echoed = message(parts.toArray(Part[]::new)).toString();

        assertThat(Fixtures.readMessages("[" + echoed + "]").parts(0)).isEqualTo(parts);
    }

    @Test
    void everything_else_of_an_answer_is_written() {
        assertThat(message(new Part.Text("x", List.of(new Citation("https://x.test", "t", null, 0, 1), new Citation("u", null, null, -1, -1)), null, null)).get("annotations"))
                .isEqualTo(json("""
                        [{"type":"url_citation","url_citation":{"url":"https://x.test","title":"t","start_index":0,"end_index":1}},
                         {"type":"url_citation","url_citation":{"url":"u"}}]
                        """));
        assertThat(message(new Part.Image(new Source.Base64("image/png", "QUJD"), null, null)).get("images"))
                .isEqualTo(json("[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}}]"));
        Completion.Choice choice = new Completion.Choice(0, List.of(new Part.Text("é")), FinishReason.STOP, null, List.of(new TokenLogprob("é", -0.5, List.of())));
        assertThat(Fixtures.written(new Completion(null, null, 0, List.of(choice), null)).at("/choices/0/logprobs")).isEqualTo(
                json("{\"content\":[{\"token\":\"é\",\"logprob\":-0.5,\"bytes\":[195,169],\"top_logprobs\":[]}],\"refusal\":null}"));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,stop", "STOP_SEQUENCE,stop", "LENGTH,length", "CONTEXT_WINDOW,length", "TOOL_CALLS,tool_calls", "CONTENT_FILTER,content_filter",
        "REFUSAL,content_filter", "PAUSE,stop", "OTHER,stop"})
    void finish_reasons_are_written(FinishReason reason, String word) {
        assertThat(written(reason, new Part.Text("x")).get("finish_reason").asText()).isEqualTo(word);
    }

    @Test
    void a_refusal_in_words_is_a_stop() {
        JsonNode choice = written(FinishReason.REFUSAL, new Part.Refusal("No."));

        assertThat(choice.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.get("message")).isEqualTo(json("{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\"}"));
    }
}
