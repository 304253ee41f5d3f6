package dev.plexus.dialect.messages;

import static dev.plexus.dialect.messages.Messages.TARGET;
import static dev.plexus.dialect.messages.Messages.events;
import static dev.plexus.dialect.messages.Messages.frames;
import static dev.plexus.dialect.messages.Messages.names;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.Collector;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesStreamReaderTest {

    private static final String START = "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";
    private static final Secret SIGNED = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG");

    /// The reference stream, by the names of its events.
    private static final String REFERENCE = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: ping
            data: {"type":"ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqSIG"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":":1}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":5,"output_tokens_details":{"thinking_tokens":2}}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private static final List<StreamEvent> EVENTS = List.of(
            new StreamEvent.Start("msg_1", "m", 0),
            new StreamEvent.Counted(new Usage(10, 0, 0, 0, 1, 0, 11)),
            new StreamEvent.PartStart(0, 0, PartKind.THINKING, null),
            new StreamEvent.Delta(0, "hm"),
            new StreamEvent.Sealed(0, SIGNED),
            new StreamEvent.PartEnd(0),
            new StreamEvent.PartStart(0, 1, PartKind.TEXT, null),
            new StreamEvent.Delta(1, "Hi"),
            new StreamEvent.PartEnd(1),
            new StreamEvent.PartStart(0, 2, PartKind.TOOL_CALL, new StreamEvent.Call("toolu_1", "f", ToolKind.FUNCTION, null, null)),
            new StreamEvent.Delta(2, "{\"a\""),
            new StreamEvent.Delta(2, ":1}"),
            new StreamEvent.PartEnd(2),
            new StreamEvent.Finish(0, FinishReason.TOOL_CALLS, "tool_use", null),
            new StreamEvent.Counted(new Usage(10, 0, 0, 0, 5, 2, 15)),
            new StreamEvent.End());

    private static String delta(int index, String members) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":{" + members + "}}";
    }

    private static String start(int index, String members) {
        return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":{" + members + "}}";
    }

    private static String stopped(String reason) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + reason + "\"},\"usage\":{\"output_tokens\":7}}";
    }

    private static Completion completion(String... datas) {
        Collector collector = new Collector();
        events(datas).forEach(collector);
        return collector.completion();
    }

    private static List<Part> parts(String... datas) {
        return completion(datas).choices().getFirst().parts();
    }

    @Test
    void the_reference_stream_gives_the_reference_events_at_every_split() {
        byte[] stream = REFERENCE.getBytes(UTF_8);
        for (int split = 1; split <= stream.length; split++) {
            assertThat(events(stream, split, TARGET)).as("split %d", split).isEqualTo(EVENTS);
        }
    }

    @Test
    void the_type_is_read_from_the_data_when_names_are_dropped() {
        String unnamed = REFERENCE.replaceAll("event: .*\n", "");

        assertThat(events(unnamed.getBytes(UTF_8), Integer.MAX_VALUE, TARGET)).isEqualTo(EVENTS);
    }

    @Test
    void characters_of_several_bytes_survive_every_split() {
        byte[] stream = frames(START, start(0, "\"type\":\"text\",\"text\":\"\""), delta(0, "\"text\":\"é😀日\""), STOP);
        for (int split = 1; split < 20; split++) {
            assertThat(events(stream, split, TARGET)).contains(new StreamEvent.Delta(0, "é😀日"));
        }
    }

    @Test
    void x35_cache_counts_are_kept_from_the_start() {
        String start = "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3,\"cache_read_input_tokens\":100,"
                + "\"cache_creation_input_tokens\":20}}}";

        assertThat(completion(start, stopped("end_turn"), STOP).usage()).isEqualTo(new Usage(3, 100, 20, 0, 7, 0, 130));
    }

    @Test
    void x36_a_later_zero_does_not_replace_a_count() {
        String delta = "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":0,\"output_tokens\":5}}";

        assertThat(completion(START, delta, STOP).usage()).isEqualTo(new Usage(10, 0, 0, 0, 5, 0, 15));
    }

    @Test
    void x49_a_full_input_without_deltas_is_told_once() {
        assertThat(parts(START, start(0, "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":[1, 2]}"),
                "{\"type\":\"content_block_stop\",\"index\":0}", stopped("tool_use"), STOP))
                .containsExactly(Part.ToolCall.function("t", "f", "{\"a\":[1,2]}"));
    }

    @Test
    void deltas_replace_the_input_of_the_start() {
        assertThat(parts(START, start(0, "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}"),
                delta(0, "\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"b\\\":2}\""), stopped("tool_use"), STOP))
                .containsExactly(Part.ToolCall.function("t", "f", "{\"b\":2}"));
    }

    @Test
    void texts_in_the_start_of_a_block_count() {
        assertThat(parts(START, start(0, "\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"EqSIG\""), start(1, "\"type\":\"text\",\"text\":\"b\""),
                stopped("end_turn"), STOP)).containsExactly(new Part.Thinking("a", SIGNED), new Part.Text("b"));
    }

    @Test
    void blocks_that_nobody_announced_open_by_their_deltas() {
        assertThat(parts(START, delta(0, "\"type\":\"thinking_delta\",\"thinking\":\"a\""), delta(1, "\"type\":\"text_delta\",\"text\":\"b\""), STOP))
                .containsExactly(new Part.Thinking("a", null), new Part.Text("b"));
    }

    @Test
    void x31_redacted_thinking_is_a_secret_without_words() {
        assertThat(parts(START, start(0, "\"type\":\"redacted_thinking\",\"data\":\"R\""), STOP))
                .containsExactly(new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "R")));
    }

    @Test
    void x30_interleaved_thinking_keeps_its_order() {
        assertThat(parts(START, start(0, "\"type\":\"thinking\",\"thinking\":\"a\""), start(1, "\"type\":\"text\",\"text\":\"b\""),
                start(2, "\"type\":\"thinking\",\"thinking\":\"c\""), start(3, "\"type\":\"text\",\"text\":\"d\""), STOP))
                .containsExactly(new Part.Thinking("a", null), new Part.Text("b"), new Part.Thinking("c", null), new Part.Text("d"));
    }

    @Test
    void citations_of_web_pages_span_their_block_in_code_points() {
        String cited = "\"type\":\"citations_delta\",\"citation\":{\"type\":\"web_search_result_location\",\"url\":\"https://u\",\"title\":\"T\",\"cited_text\":\"q\"}";
        String other = "\"type\":\"citations_delta\",\"citation\":{\"type\":\"char_location\",\"cited_text\":\"q\"}";

        assertThat(parts(START, start(0, "\"type\":\"text\",\"text\":\"😀a\""), "{\"type\":\"content_block_stop\",\"index\":0}",
                start(1, "\"type\":\"text\",\"text\":\"\""), delta(1, cited), delta(1, other), delta(1, "\"text\":\"é!\""), stopped("end_turn"), STOP))
                .containsExactly(new Part.Text("😀a"), new Part.Text("é!", List.of(new Citation("https://u", "T", "q", 2, 4)), null, null));
    }

    @Test
    void x50_what_nobody_knows_is_passed_over() {
        assertThat(parts(START, "{\"type\":\"brand_new\",\"x\":1}", start(0, "\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}"),
                delta(0, "\"type\":\"input_json_delta\",\"partial_json\":\"{}\""), "{\"type\":\"content_block_stop\",\"index\":0}",
                start(1, "\"type\":\"text\",\"text\":\"a\""), delta(1, "\"type\":\"new_delta\",\"new\":[1]"), stopped("end_turn"), STOP))
                .containsExactly(new Part.Text("a"));
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn,STOP", "max_tokens,LENGTH", "stop_sequence,STOP_SEQUENCE", "pause_turn,PAUSE", "refusal,REFUSAL",
        "model_context_window_exceeded,CONTEXT_WINDOW", "compaction,OTHER", "whatever,OTHER", "tool_use,STOP"})
    void reasons_to_stop_are_mapped(String word, FinishReason reason) {
        assertThat(events(START, stopped(word), STOP)).contains(new StreamEvent.Finish(0, reason, word, null));
    }

    @Test
    void x42_the_stop_sequence_is_told() {
        assertThat(events(START, "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"END\"}}", STOP))
                .contains(new StreamEvent.Finish(0, FinishReason.STOP_SEQUENCE, "stop_sequence", "END"));
    }

    @Test
    void the_reason_may_come_in_a_second_message_delta() {
        assertThat(events(START, "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":{\"output_tokens\":2}}", stopped("max_tokens"), STOP))
                .contains(new StreamEvent.Finish(0, FinishReason.LENGTH, "max_tokens", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {STOP, "[DONE]"})
    void x20b_an_end_without_a_reason_gets_one(String end) {
        String call = start(0, "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}");

        assertThat(events(START, end)).endsWith(new StreamEvent.Finish(0, FinishReason.STOP, null, null), new StreamEvent.End());
        assertThat(events(START, call, end)).endsWith(new StreamEvent.Finish(0, FinishReason.TOOL_CALLS, null, null), new StreamEvent.End());
    }

    @Test
    void x20a_bytes_that_end_after_the_reason_are_a_whole_answer() {
        assertThat(events(START, stopped("end_turn"))).endsWith(new StreamEvent.End());
    }

    @Test
    void x20c_bytes_that_end_before_the_reason_are_cut_unless_the_option_says_otherwise() {
        byte[] stream = frames(START, start(0, "\"type\":\"text\",\"text\":\"a\""));

        assertThat(events(stream, 99, TARGET)).doesNotContain(new StreamEvent.End());
        assertThat(events(stream, 99, Messages.with(null, null, null, true))).endsWith(new StreamEvent.End());
        assertThat(events(new byte[0], 99, Messages.with(null, null, null, true))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}|503|Overloaded",
        "{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow\"}}|429|Slow",
        "{\"error\":\"boom\"}|502|boom",
        "{\"code\":529,\"message\":\"x\"}|529|x"})
    void errors_in_the_stream_are_told_as_the_upstream_said_them(String data, int status, String message) {
        AtomicReference<UpstreamError> failure = new AtomicReference<>();
        Emitter emitter = new Emitter(names(), true, _ -> {});
        Messages.play(frames(START, start(0, "\"type\":\"text\",\"text\":\"Par\""), data), 99, TARGET, emitter);
        failure.set(emitter.failure());

        assertThat(failure.get()).isNotNull();
        assertThat(failure.get().status()).isEqualTo(status);
        assertThat(failure.get().message()).isEqualTo(message);
    }

    @Test
    void text_that_speaks_of_an_error_is_none() {
        assertThat(parts(START, start(0, "\"type\":\"text\",\"text\":\"{\\\"error\\\":1}\""), STOP)).containsExactly(new Part.Text("{\"error\":1}"));
    }

    @Test
    void what_is_not_json_is_said_to_be_skipped() {
        StreamReader reader = new StreamReader(TARGET, new Emitter(names(), true, _ -> {}));

        for (String data : List.of("", "x", "7", "[]", "{\"type\":", "{} {}")) {
            assertThat(reader.frame(data.getBytes(UTF_8), 0, data.length(), null)).as(data).isFalse();
        }
    }

    @Test
    void the_forced_tool_is_the_answer_where_it_was_forced() {
        Traits byTool = Messages.with("tool", null, null, null);
        Collector collector = new Collector();
        events(frames(START, start(0, "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"json_response\",\"input\":{}"),
                delta(0, "\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":1}\""), stopped("tool_use"), STOP), 99, byTool).forEach(collector);
        Collector whole = new Collector();
        ResponseReader.read("""
                {"type":"message","content":[{"type":"tool_use","id":"t","name":"json_response","input":{"a":1}}],"stop_reason":"tool_use"}"""
                .getBytes(UTF_8), byTool, new Emitter(names(), true, whole));

        for (Completion completion : List.of(collector.completion(), whole.completion())) {
            assertThat(completion.choices().getFirst().parts()).containsExactly(new Part.Text("{\"a\":1}"));
            assertThat(completion.choices().getFirst().finish()).isEqualTo(FinishReason.STOP);
        }
    }

    private static Completion answer(String body) {
        Collector collector = new Collector();
        ResponseReader.read(body.getBytes(UTF_8), TARGET, new Emitter(names(), true, collector));
        return collector.completion();
    }

    @Test
    void a_whole_answer_says_what_the_stream_says() {
        Completion completion = answer("""
                {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"hm","signature":"EqSIG"},
                 {"type":"text","text":"Hi"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a": 1}}],
                 "stop_reason":"tool_use","stop_sequence":null,
                 "usage":{"input_tokens":10,"output_tokens":5,"output_tokens_details":{"thinking_tokens":2}}}""");
        Collector streamed = new Collector();
        EVENTS.forEach(streamed);

        assertThat(completion).isEqualTo(streamed.completion());
    }

    @Test
    void every_text_of_a_whole_answer_is_kept() {
        Completion completion = answer("""
                {"content":[{"type":"text","text":"a"},{"type":"redacted_thinking","data":"R"},{"type":"web_search_tool_result","content":[]},
                 {"type":"text","text":"b","citations":[{"type":"web_search_result_location","url":"https://u"}]},{"type":"tool_use","name":"f"}],
                 "stop_reason":"max_tokens"}""");

        assertThat(completion.usage()).isNull();
        assertThat(completion.choices().getFirst().finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(completion.choices().getFirst().parts()).hasSize(4).startsWith(
                new Part.Text("a"),
                new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "R")),
                new Part.Text("b", List.of(new Citation("https://u", null, null, 1, 2)), null, null));
        assertThat(completion.choices().getFirst().parts().getLast()).isInstanceOfSatisfying(
                Part.ToolCall.class, call -> assertThat(call.id()).matches("toolu_[0-9a-f]{24}"));
    }

    @Test
    void an_error_with_status_200_is_an_error() {
        Emitter emitter = new Emitter(names(), true, _ -> {});
        ResponseReader.read("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"O\"}}".getBytes(UTF_8), TARGET, emitter);

        assertThat(emitter.failure()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "{}", "{\"choices\":[]}", "{\"content\":\"x\"}"})
    void what_is_no_answer_is_refused(String body) {
        assertThatThrownBy(() -> answer(body)).isInstanceOf(JsonIn.Bad.class);
    }

    @Property(tries = 400)
    void whatever_comes_the_events_keep_their_rules(@ForAll("streams") List<String> datas) {
        List<StreamEvent> events = new ArrayList<>();
        Emitter emitter = new Emitter(names(), true, events::add);
        Messages.play(frames(datas.toArray(String[]::new)), 7, TARGET, emitter);

        check(events);
    }

    private static void check(List<StreamEvent> events) {
        Map<Integer, Integer> open = new HashMap<>();
        Set<Integer> finished = new HashSet<>();
        int parts = 0;
        for (int at = 0; at < events.size(); at++) {
            StreamEvent event = events.get(at);
            assertThat(event instanceof StreamEvent.Start).isEqualTo(at == 0);
            assertThat(event instanceof StreamEvent.End && at < events.size() - 1).isFalse();
            switch (event) {
                case StreamEvent.PartStart start -> {
                    assertThat(start.part()).isEqualTo(parts++);
                    assertThat(finished).doesNotContain(start.choice());
                    open.put(start.part(), start.choice());
                }
                case StreamEvent.Delta(var part, var text) -> {
                    assertThat(open).containsKey(part);
                    assertThat(text).isNotEmpty();
                }
                case StreamEvent.Sealed(var part, _) -> assertThat(open).containsKey(part);
                case StreamEvent.Cited(var part, _) -> assertThat(open).containsKey(part);
                case StreamEvent.PartEnd(var part) -> assertThat(open.remove(part)).isNotNull();
                case StreamEvent.Finish finish -> {
                    assertThat(open).doesNotContainValue(finish.choice());
                    assertThat(finished.add(finish.choice())).isTrue();
                }
                case StreamEvent.Start _, StreamEvent.Counted _, StreamEvent.End _, StreamEvent.Failed _, StreamEvent.ImageData _, StreamEvent.Logprobs _ -> {}
            }
        }
    }

    @Provide
    Arbitrary<List<String>> streams() {
        Arbitrary<String> index = Arbitraries.of("0", "1", "2", "-1", "99999999999", "\"0\"", "null", "1.5");
        Arbitrary<String> block = Arbitraries.of(
                "{\"type\":\"text\",\"text\":\"t\"}", "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"s\"}", "{\"type\":\"redacted_thinking\",\"data\":\"d\"}",
                "{\"type\":\"tool_use\",\"id\":\"i\",\"name\":\"f\",\"input\":{\"a\":1}}", "{\"type\":\"tool_use\",\"name\":7}", "{\"type\":[]}", "{}", "null", "7");
        Arbitrary<String> delta = Arbitraries.of(
                "{\"type\":\"text_delta\",\"text\":\"a\"}", "{\"thinking\":\"a\"}", "{\"partial_json\":\"{\"}", "{\"signature\":\"s\"}", "{\"text\":{}}",
                "{\"citation\":{\"type\":\"web_search_result_location\",\"url\":\"u\"}}", "{\"citation\":7}", "[]", "null", "{\"stop_reason\":\"tool_use\"}");
        Arbitrary<String> starts = Combinators.combine(index, block)
                .as((at, value) -> "{\"content_block\":" + value + ",\"index\":" + at + ",\"type\":\"content_block_start\"}");
        Arbitrary<String> deltas = Combinators.combine(index, delta)
                .as((at, value) -> "{\"type\":\"content_block_delta\",\"index\":" + at + ",\"delta\":" + value + "}");
        Arbitrary<String> stops = index.map(at -> "{\"type\":\"content_block_stop\",\"index\":" + at + "}");
        Arbitrary<String> others = Arbitraries.of(
                START, STOP, "[DONE]", stopped("end_turn"), "{\"type\":\"message_delta\",\"delta\":7,\"usage\":{\"output_tokens\":\"x\"}}", "{\"type\":7}", "{\"a\":",
                "{\"type\":\"error\"}", "{\"type\":\"message_start\",\"message\":[1]}", "x");
        return Arbitraries.frequencyOf(Tuple.of(4, starts), Tuple.of(6, deltas), Tuple.of(2, stops),
                Tuple.of(1, others)).list().ofMaxSize(30);
    }
}
