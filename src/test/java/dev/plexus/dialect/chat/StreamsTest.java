package dev.plexus.dialect.chat;

import static dev.plexus.dialect.chat.Fixtures.data;
import static dev.plexus.dialect.chat.Fixtures.deltas;
import static dev.plexus.dialect.chat.Fixtures.hear;
import static dev.plexus.dialect.chat.Fixtures.json;
import static dev.plexus.dialect.chat.Fixtures.plain;
import static dev.plexus.dialect.chat.Fixtures.spoken;
import static dev.plexus.dialect.chat.Fixtures.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.chat.Fixtures.Heard;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.FinishReason;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.Call;
import dev.plexus.model.StreamEvent.Delta;
import dev.plexus.model.StreamEvent.End;
import dev.plexus.model.StreamEvent.Finish;
import dev.plexus.model.StreamEvent.PartEnd;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.StreamEvent.PartStart;
import dev.plexus.model.StreamEvent.Sealed;
import dev.plexus.model.StreamEvent.Start;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams, from upstreams and for clients; the names of the fixtures are those of the specification.
class StreamsTest {

    private static final String HEAD = "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":";

    private static final String[] P_CHAT = {
        delta("{\"role\":\"assistant\",\"content\":\"\"}"),
        delta("{\"reasoning_content\":\"hm\"}"),
        delta("{\"content\":\"Hi\"}"),
        delta("{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"),
        delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}"),
        delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}"),
        finish("tool_calls"),
        "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}",
        "[DONE]"};

    private static final List<String> P_EVENTS = List.of(
            "start c1 m 1", "open 0 THINKING", "0 hm", "close 0", "open 1 TEXT", "1 Hi", "close 1", "open 2 TOOL_CALL f call_1", "2 {\"a\"", "2 :1}", "close 2",
            "finish TOOL_CALLS", "usage 10+0 5 (2)", "end");

    private static final Secret ANTHROPIC = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG");

    private static String delta(String delta) {
        return HEAD + delta + ",\"finish_reason\":null}]}";
    }

    private static String call(String calls) {
        return delta("{\"tool_calls\":[" + calls + "]}");
    }

    private static String finish(String reason) {
        return HEAD + "{},\"finish_reason\":\"" + reason + "\"}]}";
    }

    /// What happens between the start and the end.
    private static List<String> middle(Heard heard) {
        List<String> told = heard.told();
        assertThat(told).first().asString().startsWith("start");
        assertThat(told).last().isEqualTo("end");
        return told.subList(1, told.size() - 1);
    }

    private static List<String> middle(String... frames) {
        List<String> all = new ArrayList<>(List.of(frames));
        all.add("[DONE]");
        return middle(hear(all.toArray(String[]::new)));
    }

    /// Name, id and arguments of each call that the frames make.
    private static List<String> calls(String... frames) {
        return hear(frames).completion().choices().getFirst().parts().stream()
                .filter(part -> part instanceof dev.plexus.model.Part.ToolCall)
                .map(dev.plexus.model.Part.ToolCall.class::cast)
                .map(call -> call.name() + " " + call.id() + " " + call.arguments())
                .toList();
    }

    private static PartStart open(int part, PartKind kind) {
        return new PartStart(0, part, kind, null);
    }

    private static PartStart openCall(int part, String id, ToolKind kind) {
        return new PartStart(0, part, PartKind.TOOL_CALL, new Call(id, "f", kind, null, null));
    }

    private static Finish end(FinishReason reason) {
        return new Finish(0, reason, null, null);
    }

    private static final Start START = new Start("u1", "m", 5);

    @Test
    void p_chat_is_understood_at_every_split() {
        byte[] bytes = stream(P_CHAT).getBytes(UTF_8);

        IntStream.rangeClosed(1, bytes.length).forEach(split -> assertThat(hear(plain(), bytes, split).told()).isEqualTo(P_EVENTS));
    }

    @Test
    void x25_framing_makes_no_difference() {
        String lines = stream(P_CHAT);
        for (String other : List.of(lines.replace("\n", "\r\n"), lines.replace("\n", "\r"), lines.replace("data: ", "data:"), "\uFEFF" + lines,
                ": OPENROUTER PROCESSING\n\n" + lines.replace("\n\n", "\n\n: ping\n\n"), lines.stripTrailing(),
                lines.replace(",\"object\"", ",\ndata: \"object\""))) {
            byte[] bytes = other.getBytes(UTF_8);
            for (int split : new int[] {1, 2, 7, bytes.length}) {
                assertThat(hear(plain(), bytes, split).told()).isEqualTo(P_EVENTS);
            }
        }
    }

    @Test
    void x26_characters_survive_every_split() {
        byte[] bytes = stream(delta("{\"content\":\"é😀日\"}"), "[DONE]").getBytes(UTF_8);

        IntStream.rangeClosed(1, bytes.length).forEach(split -> assertThat(hear(plain(), bytes, split).told()).contains("0 é😀日"));
    }

    @Test
    void the_head_of_the_answer_may_come_behind_its_choices() {
        assertThat(hear("{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"model\":\"m\",\"created\":1,\"id\":\"c1\"}", "[DONE]").told()).startsWith("start c1 m 1");
        assertThat(hear("{\"choices\":[],\"id\":\"\",\"model\":\"\",\"prompt_filter_results\":[]}", delta("{\"content\":\"x\"}"), "[DONE]").told()).startsWith("start c1 m 1");
    }

    @Test
    void x1_parallel_calls_are_two_parts() {
        assertThat(calls(call("{\"index\":0,\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}"),
                call("{\"index\":1,\"id\":\"2\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}"), finish("tool_calls"))).containsExactly("f 1 {\"x\":1}", "g 2 {}");
    }

    @Test
    void x2_interleaved_fragments_reach_their_call() {
        assertThat(calls(call("{\"index\":0,\"id\":\"1\",\"function\":{\"name\":\"f\"}},{\"index\":1,\"id\":\"2\",\"function\":{\"name\":\"g\"}}"),
                call("{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\"\"}}"), call("{\"index\":1,\"function\":{\"arguments\":\"{\\\"y\\\":\"}}"),
                call("{\"index\":0,\"function\":{\"arguments\":\":1}\"}}"), call("{\"index\":1,\"function\":{\"arguments\":\"2}\"}}"), finish("tool_calls")))
                .containsExactly("f 1 {\"x\":1}", "g 2 {\"y\":2}");
    }

    @Test
    void x3_empty_ids_and_names_go_on() {
        assertThat(calls(call("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"),
                call("{\"index\":0,\"id\":\"\",\"function\":{\"name\":\"\",\"arguments\":\"{\\\"q\\\":\"}}"),
                call("{\"index\":0,\"id\":null,\"function\":{\"name\":null,\"arguments\":\"\\\"z\\\"}\"}}"), finish("tool_calls"))).containsExactly("f c1 {\"q\":\"z\"}");
    }

    @Test
    void x4_calls_that_are_all_numbered_0_are_told_apart() {
        assertThat(calls(call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"),
                call("{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}"), finish("tool_calls"))).containsExactly("f a {}", "g b {}");
    }

    @Test
    void fragments_without_an_index_go_by_id_and_order() {
        assertThat(calls(call("{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"), call("{\"function\":{\"arguments\":\"}\"}}"),
                call("{\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"[\"}}"), call("{\"id\":\"a\",\"function\":{\"arguments\":\" \"}}"),
                call("{\"function\":{\"name\":\"h\",\"arguments\":\"{}\"}}"), finish("tool_calls")))
                .hasSize(3).startsWith("f a {} ", "g b [").last().asString().startsWith("h call_").endsWith(" {}");
    }

    @Test
    void a_name_that_comes_late_is_waited_for() {
        assertThat(calls(call("{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{\\\"a\\\"\"}}"), call("{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\":1}\"}}"),
                call("{\"index\":1,\"id\":\"b\",\"function\":{\"arguments\":\"{}\"}}"), finish("tool_calls"))).containsExactly("f a {\"a\":1}");
    }

    @Test
    void x5_and_x41_arguments_are_appended_whatever_they_look_like() {
        assertThat(calls(call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"c\\\":\\\"before \"}}"), call("{\"index\":0,\"function\":{\"arguments\":\"{}\"}}"),
                call("{\"index\":0,\"function\":{\"arguments\":\" after\\\"}\"}}"), finish("tool_calls"))).containsExactly("f a {\"c\":\"before {} after\"}");
        assertThat(calls(call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{ \"a\": 1.0 }}}"),
                call("{\"index\":0,\"function\":{\"arguments\":{ \"a\": 1.0 }}}"), finish("tool_calls"))).containsExactly("f a {\"a\":1.0}");
    }

    @Test
    void snapshots_are_told_by_what_they_add() {
        Heard heard = hear(plain("toolArgs", "snapshot"), call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\"\"}}"),
                call("{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}}"), call("{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}}"), finish("tool_calls"));

        assertThat(heard.told()).contains("0 {\"a\"", "0 :1}").hasSize(7);
    }

    @Test
    void a_legacy_function_call_is_a_call() {
        assertThat(calls(delta("{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}"), delta("{\"function_call\":{\"arguments\":\"{}\"}}"), finish("function_call")))
                .singleElement().asString().startsWith("f call_").endsWith(" {}");
    }

    @Test
    void googles_signature_seals_its_call() {
        assertThat(middle(call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},\"extra_content\":{\"google\":{\"thought_signature\":\"U0lH\"}}}"), finish("stop")))
                .containsExactly("open 0 TOOL_CALL f a", "seal 0 GEMINI SIGNATURE U0lH", "0 {}", "close 0", "finish TOOL_CALLS");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}",
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}",
        "{\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}}",
        "{\"choices\":[{\"delta\":{},\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}]}",
        "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1},\"choices\":[{\"delta\":{\"content\":\"y\"}}]}"})
    void x15_usage_is_found_wherever_it_is(String chunk) {
        assertThat(middle(delta("{\"content\":\"x\"}"), chunk)).contains("usage 3+0 1 (0)");
        assertThat(hear(delta("{\"content\":\"x\"}"), "[DONE]", chunk).told()).doesNotContain("usage 3+0 1 (0)");
    }

    @Test
    void x20_an_end_without_a_mark_is_one_only_after_a_finish() {
        assertThat(hear(delta("{\"content\":\"x\"}"), finish("stop")).told()).endsWith("finish STOP", "end");
        assertThat(hear(delta("{\"content\":\"x\"}"), "[DONE]").told()).endsWith("close 0", "finish STOP", "end");
        assertThat(hear(call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}"), "[DONE]").told()).endsWith("finish TOOL_CALLS", "end");
        assertThat(hear(delta("{\"content\":\"x\"}")).over()).isFalse();
        assertThat(hear(plain("lenientEof", true), delta("{\"content\":\"x\"}")).told()).endsWith("finish STOP", "end");
        assertThat(hear(plain("lenientEof", true)).over()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"error\":{\"message\":\"Rate\",\"code\":429}}", "{\"error\":\"boom\"}", "error | {\"message\":\"x\"}",
        "{\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"message\":\"x\",\"code\":502}}]}", "{\"x_groq\":{\"error\":\"x\"}}",
        "{\"object\":\"error\",\"message\":\"x\",\"code\":400}"})
    void x24_every_form_of_an_error_is_one(String error) {
        for (Heard heard : List.of(hear(error), hear(delta("{\"content\":\"x\"}"), error))) {
            assertThat(heard.failure()).isNotNull();
            assertThat(heard.told()).doesNotContain("end");
        }
        assertThat(hear(error).events()).isEmpty();
    }

    @Test
    void text_about_errors_is_text() {
        assertThat(middle("{\"choices\":[{\"delta\":{\"content\":\"error: {\\\"error\\\":1}\"}}],\"error\":null}", finish("stop"))).contains("0 error: {\"error\":1}");
    }

    @Test
    void x27_thoughts_said_twice_are_told_once() {
        assertThat(middle(delta("{\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"}"))).containsExactly("open 0 THINKING", "0 hm", "close 0", "finish STOP");
        assertThat(middle(delta("{\"reasoning\":\"h\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"h\",\"index\":0}]}"),
                delta("{\"reasoning\":\"m\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"m\",\"index\":0}]}"),
                delta("{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"Eq\",\"format\":\"anthropic-claude-v1\",\"index\":0}]}"), delta("{\"content\":\"x\"}")))
                .startsWith("open 0 THINKING", "0 h", "0 m", "seal 0 CHAT SIGNATURE anthropic-claude-v1:Eq", "close 0", "open 1 TEXT");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{}", "{\"content\":null}", "{\"content\":\"\"}", "{\"tool_calls\":[]}", "{\"reasoning_content\":\"\"}", "{\"audio\":{\"id\":\"a\"}}", "{\"refusal\":null}", "{\"content\":[]}",
        "{\"tool_calls\":null,\"reasoning_details\":null,\"annotations\":7}"})
    void x28_and_x43_what_says_nothing_is_nothing(String empty) {
        assertThat(middle(delta(empty), delta("{\"content\":\" \"}"), finish("stop"))).containsExactly("open 0 TEXT", "0  ", "close 0", "finish STOP");
    }

    @Test
    void x29_text_may_follow_a_call() {
        assertThat(middle(call("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"), delta("{\"content\":\"ok\"}"), finish("tool_calls")))
                .containsExactly("open 0 TOOL_CALL f a", "0 {}", "open 1 TEXT", "1 ok", "close 0", "close 1", "finish TOOL_CALLS");
    }

    @Test
    void x30_thoughts_and_texts_keep_their_order() {
        assertThat(middle(delta("{\"reasoning_content\":\"a\"}"), delta("{\"content\":\"b\"}"), delta("{\"reasoning_content\":\"c\"}"), delta("{\"content\":\"d\"}")))
                .filteredOn(told -> Character.isDigit(told.charAt(0))).containsExactly("0 a", "1 b", "2 c", "3 d");
    }

    @Test
    void x34_choices_are_kept_apart() {
        assertThat(middle("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}},{\"index\":1,\"delta\":{\"content\":\"b\"}}]}",
                "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"c\"},\"finish_reason\":\"length\"}]}", "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"))
                .containsExactly("open 0 TEXT", "0 a", "open 1 TEXT of 1", "1 b", "1 c", "close 1", "finish 1 LENGTH", "close 0", "finish STOP");
    }

    @Test
    void x38_a_whole_answer_is_a_stream_of_one_chunk() {
        assertThat(middle("{\"id\":\"c1\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}"))
                .containsExactly("open 0 TEXT", "0 Hi", "close 0", "open 1 TOOL_CALL f a", "1 {}", "close 1", "finish TOOL_CALLS");
    }

    @Test
    void a_whole_message_at_the_end_repeats_nothing() {
        assertThat(middle(delta("{\"content\":\"Hi\"}"),
                "{\"choices\":[{\"delta\":{},\"message\":{\"content\":\"Hi\",\"reasoning_content\":\"hm\"},\"finish_reason\":\"stop\"}]}"))
                .containsExactly("open 0 TEXT", "0 Hi", "close 0", "open 1 THINKING", "1 hm", "close 1", "finish STOP");
    }

    @Test
    void x40_deepseek_is_understood() {
        assertThat(middle(delta("{\"content\":null,\"reasoning_content\":\"hm\"}"), delta("{\"content\":\"Hi\",\"reasoning_content\":null}"),
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\",\"reasoning_content\":null},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":8,\"prompt_cache_hit_tokens\":64}}"))
                .containsExactly("open 0 THINKING", "0 hm", "close 0", "open 1 TEXT", "1 Hi", "close 1", "finish STOP", "usage 36+64 8 (0)");
    }

    @Test
    void think_tags_are_found_across_chunks() {
        for (String text : List.of("<think>hm</think>\n\nHi", "\n<think>hm</think>Hi")) {
            String[] frames = text.chars().mapToObj(one -> delta("{\"content\":" + json("[\"" + (one == '\n' ? "\\n" : String.valueOf((char) one)) + "\"]").get(0) + "}"))
                    .toArray(String[]::new);
            Heard heard = hear(plain("thinkTags", "parse", "lenientEof", true), frames);
            assertThat(heard.completion().choices().getFirst().parts())
                    .containsExactly(new dev.plexus.model.Part.Thinking("hm", null), new dev.plexus.model.Part.Text("Hi"));
        }
        assertThat(hear(plain("thinkTags", "parse"), delta("{\"content\":\"<th\"}"), finish("stop")).told()).contains("0 <th");
        assertThat(hear(plain("thinkTags", "parse"), delta("{\"content\":\"<think>a</th\"}"), finish("length")).told()).contains("0 a", "0 </th");
    }

    @Test
    void text_that_may_have_been_a_tag_is_told_before_a_call() {
        Heard heard = hear(plain("thinkTags", "parse"), delta("{\"content\":\"<th\"}"),
                delta("{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"), finish("tool_calls"));

        assertThat(heard.completion().choices().getFirst().parts()).first().isEqualTo(new dev.plexus.model.Part.Text("<th"));
    }

    @Test
    void what_is_no_json_is_skipped() {
        Heard heard = hear("nonsense", "[1]", "{\"choices\":", delta("{\"content\":\"x\"}"), "[DONE]");

        assertThat(heard.frames()).containsExactly(false, false, false, true, true);
        assertThat(heard.told()).contains("0 x").endsWith("end");
    }

    @Test
    void a_finish_at_the_top_and_odd_finishes_are_read() {
        assertThat(middle(delta("{\"content\":\"x\"}"), "{\"choices\":[],\"finish_reason\":\"length\"}")).endsWith("finish LENGTH");
        assertThat(middle(delta("{\"content\":\"x\"}"), finish("stop"), finish("length"))).endsWith("finish STOP");
        assertThat(middle(delta("{\"refusal\":\"No.\"}"), finish("stop"))).containsExactly("open 0 REFUSAL", "0 No.", "close 0", "finish REFUSAL");
    }

    @Test
    void e_chat_is_written() {
        String stream = spoken(true, List.of(
                START, open(0, PartKind.THINKING), new Delta(0, "hm"), new PartEnd(0), open(1, PartKind.TEXT), new Delta(1, "Hi"), new PartEnd(1),
                openCall(2, "A1", ToolKind.FUNCTION), new Delta(2, "{\"a\""), new Delta(2, ":1}"), new PartEnd(2), end(FinishReason.TOOL_CALLS),
                new StreamEvent.Counted(new Usage(10, 0, 0, 0, 5, 2, 15)), new End()));
        List<String> frames = data(stream);
        String id = json(frames.getFirst()).get("id").asText();

        List<String> expected = List.of(
                "{\"role\":\"assistant\",\"content\":\"\"}", "{\"reasoning_content\":\"hm\"}", "{\"content\":\"Hi\"}",
                "{\"tool_calls\":[{\"index\":0,\"id\":\"A1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}", "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}", "{}");
        assertThat(frames).hasSize(expected.size() + 2).last().isEqualTo("[DONE]");
        for (int at = 0; at < expected.size(); at++) {
            String finish = at == expected.size() - 1 ? "\"tool_calls\"" : "null";
            assertThat(json(frames.get(at))).isEqualTo(json("{\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                    + expected.get(at) + ",\"logprobs\":null,\"finish_reason\":" + finish + "}],\"usage\":null}"));
        }
        assertThat(json(frames.get(expected.size()))).isEqualTo(json("{\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\"choices\":[],"
                + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,\"prompt_tokens_details\":{\"cached_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":2}}}"));
    }

    @Test
    void every_event_but_a_calls_head_is_written_at_once() {
        FrameSink sink = new FrameSink(false);
        var writer = Fixtures.DIALECT.writeStream(sink, Fixtures.reply(false), new Drops());
        List<Integer> lengths = new ArrayList<>();
        for (StreamEvent event : List.of(START, open(0, PartKind.TEXT), new Delta(0, "a"), new Delta(0, "b"), new PartEnd(0), openCall(1, "A1", ToolKind.FUNCTION),
                new Delta(1, "{}"), new PartEnd(1), end(FinishReason.TOOL_CALLS), new End())) {
            writer.accept(event);
            lengths.add(sink.take().length());
        }

        assertThat(lengths.stream().map(length -> length > 0)).containsExactly(true, false, true, true, false, false, true, false, true, true);
    }

    @Test
    void usage_is_silent_where_it_was_not_asked_for() {
        List<StreamEvent> events = List.of(START, open(0, PartKind.TEXT), new Delta(0, "x"), end(FinishReason.STOP), new StreamEvent.Counted(new Usage(1, 0, 0, 0, 1, 0, 2)), new End());

        assertThat(spoken(false, events)).doesNotContain("usage");
        assertThat(spoken(true, List.of(START, end(FinishReason.STOP), new End()))).contains("\"prompt_tokens\":0");
    }

    @Test
    void secrets_go_where_a_chat_client_keeps_them() {
        assertThat(deltas(List.of(START, open(0, PartKind.THINKING), new Delta(0, "hm"), new Sealed(0, ANTHROPIC), new PartEnd(0))).get(2)).isEqualTo(
                json("{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"EqSIG\",\"format\":\"anthropic-claude-v1\",\"index\":0}]}"));
        assertThat(deltas(List.of(START, open(0, PartKind.THINKING), new Sealed(0, new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1")))).get(1)).isEqualTo(
                json("{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"ENC\",\"id\":\"rs_1\",\"format\":\"openai-responses-v1\",\"index\":0}]}"));
        assertThat(deltas(List.of(START, openCall(0, "A1", ToolKind.FUNCTION), new Sealed(0, new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH")), new Delta(0, "{}"))).get(1))
                .isEqualTo(json("{\"tool_calls\":[{\"index\":0,\"id\":\"A1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"},\"extra_content\":{\"google\":{\"thought_signature\":\"U0lH\"}}}]}"));
        assertThat(deltas(List.of(START, open(0, PartKind.THINKING), new Sealed(0, new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "RED")))).get(1)).isEqualTo(
                json("{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"RED\",\"format\":\"anthropic-claude-v1\",\"index\":0}]}"));
    }

    @Test
    void a_second_thought_is_set_apart() {
        assertThat(deltas(List.of(START, open(0, PartKind.THINKING), new Delta(0, "a"), new PartEnd(0), open(1, PartKind.THINKING), new Delta(1, "b"), new Delta(1, "c"))))
                .extracting(JsonNode::toString).containsExactly(
                        "{\"role\":\"assistant\",\"content\":\"\"}", "{\"reasoning_content\":\"a\"}", "{\"reasoning_content\":\"\\n\\nb\"}", "{\"reasoning_content\":\"c\"}");
    }

    @Test
    void x6_and_x7_calls_are_counted_by_themselves() {
        assertThat(deltas(List.of(START, open(0, PartKind.THINKING), open(1, PartKind.TEXT), openCall(2, "a", ToolKind.FUNCTION), openCall(3, "b", ToolKind.FUNCTION),
                new Delta(3, "{}"), new PartEnd(2), new PartEnd(3))).stream().map(delta -> delta.at("/tool_calls/0")).filter(call -> !call.isMissingNode()).map(JsonNode::toString))
                .containsExactly("{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}",
                        "{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}",
                        "{\"index\":1,\"function\":{\"arguments\":\"{}\"}}", "{\"index\":0,\"function\":{\"arguments\":\"{}\"}}");
    }

    @Test
    void x32_free_text_is_unwrapped() {
        assertThat(deltas(List.of(START, openCall(0, "a", ToolKind.CUSTOM), new Delta(0, "{\"inp"), new Delta(0, "ut\":\"*** Begin Patch"), new Delta(0, "\\n\"}"), new PartEnd(0))))
                .extracting(JsonNode::toString).endsWith("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"\"}}]}",
                        "{\"tool_calls\":[{\"index\":0,\"custom\":{\"input\":\"*** Begin Patch\\n\"}}]}");
    }

    @Test
    void citations_images_refusals_and_logprobs_have_members_of_their_own() {
        List<String> deltas = deltas(List.of(START, open(0, PartKind.TEXT), new Delta(0, "é is"), new StreamEvent.Cited(0, new Citation("https://x.test", "t", null, 0, 1)),
                open(1, PartKind.IMAGE), new StreamEvent.ImageData(1, "image/png", "QUJD"), new PartEnd(1), open(2, PartKind.REFUSAL), new Delta(2, "No.")))
                .stream().map(JsonNode::toString).toList();

        assertThat(deltas).endsWith(
                "{\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://x.test\",\"title\":\"t\",\"start_index\":0,\"end_index\":1}}]}",
                "{\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}}]}", "{\"refusal\":\"No.\"}");
        List<String> frames = data(spoken(false, List.of(START, new StreamEvent.Logprobs(0, List.of(new TokenLogprob("x", -1, List.of()))), open(0, PartKind.TEXT), new Delta(0, "x"))));
        assertThat(json(frames.get(1)).at("/choices/0/logprobs/content/0/token").asText()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({"STOP,stop", "STOP_SEQUENCE,stop", "LENGTH,length", "CONTENT_FILTER,content_filter", "REFUSAL,content_filter", "TOOL_CALLS,stop", "PAUSE,stop", "OTHER,stop"})
    void a_finish_is_written_once(FinishReason reason, String word) {
        List<String> frames = data(spoken(false, List.of(START, open(0, PartKind.TEXT), new Delta(0, "x"), end(reason), end(FinishReason.LENGTH), new Delta(0, "late"), new End(), new End())));

        assertThat(frames).hasSize(4).last().isEqualTo("[DONE]");
        assertThat(json(frames.get(2)).at("/choices/0/finish_reason").asText()).isEqualTo(word);
    }

    @Test
    void x19_a_refusal_in_words_is_a_stop() {
        assertThat(spoken(false, List.of(START, open(0, PartKind.REFUSAL), new Delta(0, "No."), end(FinishReason.REFUSAL), new End()))).contains("\"finish_reason\":\"stop\"");
    }

    @Test
    void x22_an_error_is_the_last_word() {
        GatewayError error = GatewayError.of(ErrorKind.OVERLOADED, "overloaded_error", "Overloaded");
        List<String> frames = data(spoken(true, List.of(START, open(0, PartKind.TEXT), new Delta(0, "Par"), new StreamEvent.Failed(error), end(FinishReason.STOP), new End())));

        assertThat(frames).hasSize(4).last().isEqualTo("[DONE]");
        assertThat(json(frames.get(2))).isEqualTo(json("{\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\",\"param\":null,\"code\":\"overloaded_error\"}}"));
    }

    @Test
    void a_silent_stream_is_kept_alive_until_its_end() {
        FrameSink sink = new FrameSink(false);
        var writer = Fixtures.DIALECT.writeStream(sink, Fixtures.reply(false), new Drops());
        writer.keepAlive();
        assertThat(sink.take().length()).isEqualTo(": keep-alive\n\n".length());

        writer.accept(new End());
        sink.take();
        writer.keepAlive();
        assertThat(sink.length()).isZero();
    }

    @Test
    void x34_every_choice_has_a_head_and_an_end() {
        List<String> frames = data(spoken(false, List.of(START, open(0, PartKind.TEXT), new PartStart(1, 1, PartKind.TEXT, null), new Delta(1, "b"), new Delta(0, "a"),
                new Finish(1, FinishReason.LENGTH, null, null), end(FinishReason.STOP), new End())));

        assertThat(frames.stream().filter(frame -> frame.contains("\"role\"")).map(StreamsTest::index)).containsExactly(0, 1);
        assertThat(frames.stream().filter(frame -> frame.contains("\"finish_reason\":\"")).map(StreamsTest::index)).containsExactly(1, 0);
    }

    private static @Nullable Integer index(String frame) {
        return json(frame).at("/choices/0/index").asInt();
    }
}
