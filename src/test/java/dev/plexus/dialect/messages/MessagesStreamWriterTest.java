package dev.plexus.dialect.messages;

import static dev.plexus.dialect.messages.Messages.json;
import static dev.plexus.dialect.messages.Messages.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.FinishReason;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.Pieces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

class MessagesStreamWriterTest {

    private static final String NONE = Envelope.empty(DialectId.CHAT);
    private static final StreamEvent BEGUN = new StreamEvent.Start("up", "m", 1);
    private static final StreamEvent END = new StreamEvent.End();

    private final Drops drops = new Drops();
    private final FrameSink sink = new FrameSink(false);
    private final StreamWriter writer = new StreamWriter(sink, reply(), drops);

    private static StreamEvent open(int part, PartKind kind) {
        return new StreamEvent.PartStart(0, part, kind, null);
    }

    private static StreamEvent call(int part, String name) {
        return new StreamEvent.PartStart(0, part, PartKind.TOOL_CALL, new StreamEvent.Call("id_" + name, name, ToolKind.FUNCTION, null, null));
    }

    private static StreamEvent delta(int part, String text) {
        return new StreamEvent.Delta(part, text);
    }

    private static StreamEvent close(int part) {
        return new StreamEvent.PartEnd(part);
    }

    private static StreamEvent finish(FinishReason reason) {
        return new StreamEvent.Finish(0, reason, null, null);
    }

    private static StreamEvent sealed(int part, Secret secret) {
        return new StreamEvent.Sealed(part, secret);
    }

    private static Secret gemini(String value) {
        return new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, value);
    }

    private static String carried(String value, String call) {
        return Envelope.wrap(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, value, "id_" + call));
    }

    private String taken() {
        Pieces.Slice slice = sink.take();
        return new String(slice.array(), slice.offset(), slice.length(), UTF_8);
    }

    /// The data of the frames, each of which must have its type for a name.
    private static List<JsonNode> frames(String stream) {
        List<JsonNode> frames = new ArrayList<>();
        for (String frame : stream.split("\n\n")) {
            if (frame.isEmpty()) {
                continue;
            }
            assertThat(frame).matches("event: [a-z_]+\ndata: .*");
            JsonNode data = json(frame.substring(frame.indexOf("data: ") + 6));
            assertThat(frame).startsWith("event: " + data.get("type").asText() + "\n");
            frames.add(data);
        }
        return frames;
    }

    private List<JsonNode> play(StreamEvent... events) {
        List.of(events).forEach(writer::accept);
        return frames(taken());
    }

    /// The blocks that the frames tell, each in a line: `text Hi`, `thinking hm|<signature>`, `tool_use f {"a":1}`; deltas are divided by a `+`.
    private static List<String> blocks(List<JsonNode> frames) {
        List<String> blocks = new ArrayList<>();
        for (JsonNode frame : frames) {
            switch (frame.get("type").asText()) {
                case "content_block_start" -> {
                    JsonNode block = frame.get("content_block");
                    blocks.add(block.get("type").asText() + (block.has("name") ? " " + block.get("name").asText() : "")
                            + (block.has("data") ? " " + block.get("data").asText() : ""));
                }
                case "content_block_delta" -> {
                    JsonNode delta = frame.get("delta");
                    String last = blocks.removeLast();
                    blocks.add(switch (delta.get("type").asText()) {
                        case "text_delta" -> last + "+" + delta.get("text").asText();
                        case "thinking_delta" -> last + "+" + delta.get("thinking").asText();
                        case "signature_delta" -> last + "|" + delta.get("signature").asText();
                        case "input_json_delta" -> last + "+" + delta.get("partial_json").asText();
                        default -> last + "~" + delta.get("citation").get("url").asText();
                    });
                }
                default -> {}
            }
        }
        return blocks;
    }

    private List<String> blocksOf(StreamEvent... events) {
        List<JsonNode> frames = play(events);
        check(frames);
        return blocks(frames);
    }

    @Test
    void the_reference_answer_is_written_as_the_specification_says() {
        List<JsonNode> frames = play(
                BEGUN, open(0, PartKind.THINKING), delta(0, "hm"), close(0), open(1, PartKind.TEXT), delta(1, "Hi"), close(1), call(2, "f"),
                delta(2, "{\"a\""), delta(2, ":1}"), close(2), finish(FinishReason.TOOL_CALLS),
                new StreamEvent.Counted(new Usage(10, 0, 0, 0, 5, 2, 15)), END);
        String id = frames.getFirst().get("message").get("id").asText();

        assertThat(id).matches("msg_[0-9a-zA-Z]{24}");
        assertThat(frames).containsExactly(
                json("{\"type\":\"message_start\",\"message\":{\"id\":\"" + id + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                        + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":0,"
                        + "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":0}}}"),
                json("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}"),
                json("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}"),
                json("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"" + NONE + "\"}}"),
                json("{\"type\":\"content_block_stop\",\"index\":0}"),
                json("{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"),
                json("{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}"),
                json("{\"type\":\"content_block_stop\",\"index\":1}"),
                json("{\"type\":\"content_block_start\",\"index\":2,"
                        + "\"content_block\":{\"type\":\"tool_use\",\"id\":\"id_f\",\"name\":\"f\",\"input\":{}}}"),
                json("{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\"\"}}"),
                json("{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\":1}\"}}"),
                json("{\"type\":\"content_block_stop\",\"index\":2}"),
                json("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},"
                        + "\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":5,"
                        + "\"output_tokens_details\":{\"thinking_tokens\":2}}}"),
                json("{\"type\":\"message_stop\"}"));
    }

    @Test
    void a_delta_is_written_in_the_same_turn() {
        play(BEGUN, open(0, PartKind.TEXT), delta(0, "a"));

        assertThat(blocksOfDelta(play(delta(0, "b")))).containsExactly("b");
        assertThat(blocksOfDelta(play(close(0), call(1, "f"), delta(1, "{\"a")))).containsExactly("{\"a");
    }

    private static List<String> blocksOfDelta(List<JsonNode> frames) {
        return frames.stream().filter(frame -> frame.has("delta")).map(frame -> frame.get("delta"))
                .map(delta -> delta.has("text") ? delta.get("text").asText() : delta.get("partial_json").asText()).toList();
    }

    @Test
    void a_gemini_signature_behind_text_is_carried_by_an_empty_thinking_block() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.THINKING), delta(0, "hm"), close(0), open(1, PartKind.TEXT), delta(1, "Hi"), close(1),
                call(2, "f"), delta(2, "{\"a\":1}"), sealed(2, gemini("U0lH")), close(2), finish(FinishReason.TOOL_CALLS), END))
                .containsExactly("thinking+hm|" + NONE, "text+Hi", "thinking|" + carried("U0lH", "f"), "tool_use f+{\"a\":1}");
    }

    @Test
    void a_gemini_signature_right_behind_the_thoughts_is_carried_by_them() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.THINKING), delta(0, "hm"), close(0), call(1, "f"), sealed(1, gemini("U0lH")), delta(1, "{}"),
                close(1), call(2, "g"), delta(2, "{}"), close(2), END))
                .containsExactly("thinking+hm|" + carried("U0lH", "f"), "tool_use f+{}", "tool_use g+{}");
    }

    @Test
    void thoughts_with_a_secret_of_their_own_leave_the_calls_to_another_block() {
        Secret encrypted = new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1");

        assertThat(blocksOf(BEGUN, open(0, PartKind.THINKING), delta(0, "hm"), sealed(0, encrypted), close(0), call(1, "f"),
                sealed(1, gemini("U0lH")), close(1), END))
                .containsExactly("thinking+hm|" + Envelope.wrap(encrypted), "thinking|" + carried("U0lH", "f"), "tool_use f+");
    }

    @Test
    void a_secret_without_words_is_carried_too() {
        Secret encrypted = new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1");
        Secret redacted = new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "R");

        assertThat(blocksOf(BEGUN, open(0, PartKind.THINKING), sealed(0, encrypted), close(0), open(1, PartKind.THINKING), sealed(1, redacted),
                close(1), open(2, PartKind.THINKING), close(2), END))
                .containsExactly("thinking|" + Envelope.wrap(encrypted), "redacted_thinking R");
    }

    @Test
    void a_signature_that_comes_when_its_part_is_written_is_counted() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.TEXT), delta(0, "a"), sealed(0, gemini("U0lH")), close(0), END)).containsExactly("text+a");
        assertThat(drops.counts()).isEqualTo(Map.of(Feature.SIGNATURE, 1));
    }

    @Test
    void x1_parallel_calls_are_blocks_one_after_the_other() {
        assertThat(blocksOf(BEGUN, call(0, "f"), delta(0, "{\"x\":1}"), call(1, "g"), delta(1, "{}"), close(0), close(1), finish(FinishReason.TOOL_CALLS), END))
                .containsExactly("tool_use f+{\"x\":1}", "tool_use g+{}");
    }

    @Test
    void x2_interleaved_calls_are_put_in_order() {
        assertThat(blocksOf(BEGUN, call(0, "f"), call(1, "g"), delta(0, "{\"x\""), delta(1, "{\"y\":"), delta(0, ":1}"), delta(1, "2}"), close(0), close(1),
                finish(FinishReason.TOOL_CALLS), END))
                .containsExactly("tool_use f+{\"x\"+:1}", "tool_use g+{\"y\":+2}");
    }

    @Test
    void a_call_that_is_not_complete_is_not_cut_by_another() {
        assertThat(blocksOf(BEGUN, call(0, "f"), delta(0, "{\"x\":\"}"), call(1, "g"), delta(1, "{}"), delta(0, "\"}"), close(1), close(0), END))
                .containsExactly("tool_use f+{\"x\":\"}+\"}", "tool_use g+{}");
    }

    @Test
    void x5_a_fragment_that_looks_like_json_is_a_fragment() {
        assertThat(blocksOf(BEGUN, call(0, "f"), delta(0, "{\"command\":\"before "), delta(0, "{}"), call(1, "g"), delta(0, " after\"}"), close(0), close(1), END))
                .containsExactly("tool_use f+{\"command\":\"before +{}+ after\"}", "tool_use g+");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"{\\\"a\\\":1}\" | {\"a\":1}", "[1] | {\"value\":[1]}", "no json | {\"_raw\":\"no json\"}", "` ` | {}", "null | {}"
    })
    void arguments_that_are_no_object_are_made_one_at_their_end(String arguments, String object) {
        int half = arguments.length() / 2;

        assertThat(blocks(play(BEGUN, call(0, "f"), delta(0, arguments.substring(0, half)), delta(0, arguments.substring(half)), close(0),
                finish(FinishReason.TOOL_CALLS), new StreamEvent.End()))).containsExactly("tool_use f+" + object);
    }

    @Test
    void x29_text_after_a_complete_call_is_a_new_block() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.TEXT), delta(0, "a"), close(0), call(1, "f"), delta(1, "{}"), open(2, PartKind.TEXT), delta(2, "ok"),
                close(1), close(2), finish(FinishReason.TOOL_CALLS), END))
                .containsExactly("text+a", "tool_use f+{}", "text+ok");
    }

    @Test
    void a_call_ends_the_text_before_it_at_once() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.TEXT), delta(0, "a"), call(1, "f"), delta(1, "{"), delta(0, "b"), delta(1, "}"), close(0), close(1), END))
                .containsExactly("text+a", "tool_use f+{+}", "text+b");
    }

    @Test
    void x28_parts_without_content_are_no_blocks() {
        List<JsonNode> frames = play(BEGUN, open(0, PartKind.TEXT), close(0), open(1, PartKind.THINKING), close(1), finish(FinishReason.STOP), END);

        assertThat(frames).extracting(frame -> frame.get("type").asText()).containsExactly("message_start", "message_delta", "message_stop");
    }

    @Test
    void x30_interleaved_thinking_keeps_its_order() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.THINKING), delta(0, "a"), close(0), open(1, PartKind.TEXT), delta(1, "b"), close(1),
                open(2, PartKind.THINKING), delta(2, "c"), close(2), open(3, PartKind.TEXT), delta(3, "d"), close(3), END))
                .containsExactly("thinking+a|" + NONE, "text+b", "thinking+c|" + NONE, "text+d");
    }

    @Test
    void x19_a_refusal_is_text_and_the_reason() {
        List<JsonNode> frames = play(BEGUN, open(0, PartKind.REFUSAL), delta(0, "No."), close(0), finish(FinishReason.STOP), END);

        assertThat(blocks(frames)).containsExactly("text+No.");
        assertThat(frames.get(frames.size() - 2).get("delta").get("stop_reason").asText()).isEqualTo("refusal");
    }

    @ParameterizedTest
    @CsvSource({"LENGTH,max_tokens", "CONTENT_FILTER,refusal", "STOP_SEQUENCE,end_turn", "PAUSE,pause_turn", "TOOL_CALLS,tool_use"})
    void x17_x18_x42_reasons_to_stop_are_spelled(FinishReason reason, String word) {
        List<JsonNode> frames = play(BEGUN, finish(reason), END);

        assertThat(frames.get(1).get("delta").get("stop_reason").asText()).isEqualTo(word);
    }

    @Test
    void images_become_words_and_citations_stay_on_their_text() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.IMAGE), new StreamEvent.ImageData(0, "image/png", "AA"), close(0), open(1, PartKind.TEXT),
                delta(1, "t"), new StreamEvent.Cited(1, new Citation("https://u", null, null, 0, 1)), close(1), END))
                .containsExactly("text+[image omitted]", "text+t~https://u");
    }

    @Test
    void x22_an_error_ends_the_stream_where_it_is() {
        List<JsonNode> frames = play(BEGUN, open(0, PartKind.TEXT), delta(0, "Par"),
                new StreamEvent.Failed(GatewayError.of(ErrorKind.OVERLOADED, "Overloaded")), delta(0, "more"), END);

        assertThat(frames.getLast()).isEqualTo(json("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
        assertThat(frames).extracting(frame -> frame.get("type").asText()).doesNotContain("content_block_stop", "message_stop");
    }

    @Test
    void pings_come_only_between_the_start_and_the_end() {
        writer.keepAlive();
        assertThat(taken()).isEmpty();

        writer.accept(BEGUN);
        taken();
        writer.keepAlive();
        assertThat(taken()).isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");

        writer.accept(END);
        taken();
        writer.keepAlive();
        assertThat(taken()).isEmpty();
    }

    @Test
    void other_choices_have_no_place() {
        assertThat(blocksOf(BEGUN, open(0, PartKind.TEXT), new StreamEvent.PartStart(1, 1, PartKind.TEXT, null), delta(0, "a"), delta(1, "b"), close(0),
                close(1), new StreamEvent.Finish(1, FinishReason.LENGTH, null, null), finish(FinishReason.STOP), END)).containsExactly("text+a");
        assertThat(drops.counts()).containsKey(Feature.CHOICES);
    }

    @Property(tries = 600)
    void whatever_happens_the_stream_is_legal(@ForAll("events") List<StreamEvent> events) {
        FrameSink bytes = new FrameSink(false);
        StreamWriter automaton = new StreamWriter(bytes, reply(), new Drops());
        for (StreamEvent event : events) {
            automaton.accept(event);
            automaton.keepAlive();
        }
        automaton.accept(END);
        Pieces.Slice slice = bytes.take();

        check(frames(new String(slice.array(), slice.offset(), slice.length(), UTF_8)));
    }

    /// The grammar of a stream that has ended.
    private static void check(List<JsonNode> frames) {
        int index = -1;
        boolean open = false;
        boolean sealed = false;
        String block = "";
        List<String> types = frames.stream().map(frame -> frame.get("type").asText()).toList();
        boolean failed = types.getLast().equals("error");
        if (failed && types.size() == 1) {
            return;
        }
        assertThat(types.getFirst()).isEqualTo("message_start");
        for (int at = 1; at < frames.size(); at++) {
            JsonNode frame = frames.get(at);
            switch (types.get(at)) {
                case "content_block_start" -> {
                    assertThat(open).isFalse();
                    assertThat(frame.get("index").asInt()).isEqualTo(++index);
                    open = true;
                    sealed = false;
                    block = frame.get("content_block").get("type").asText();
                }
                case "content_block_delta" -> {
                    assertThat(open).isTrue();
                    assertThat(sealed).isFalse();
                    assertThat(frame.get("index").asInt()).isEqualTo(index);
                    String delta = frame.get("delta").get("type").asText();
                    sealed = delta.equals("signature_delta");
                    assertThat(switch (block) {
                        case "text" -> List.of("text_delta", "citations_delta");
                        case "thinking" -> List.of("thinking_delta", "signature_delta");
                        case "tool_use" -> List.of("input_json_delta");
                        default -> List.of();
                    }).contains(delta);
                }
                case "content_block_stop" -> {
                    assertThat(open).isTrue();
                    assertThat(block.equals("thinking")).isEqualTo(sealed);
                    assertThat(frame.get("index").asInt()).isEqualTo(index);
                    open = false;
                }
                case "message_delta" -> {
                    assertThat(open).isFalse();
                    assertThat(types.subList(at + 1, types.size())).containsExactly("message_stop");
                }
                case "message_stop" -> assertThat(types.get(at - 1)).isEqualTo("message_delta");
                case "error" -> assertThat(at).isEqualTo(frames.size() - 1);
                default -> assertThat(types.get(at)).isEqualTo("ping");
            }
        }
        assertThat(failed || types.getLast().equals("message_stop")).isTrue();
    }

    @Provide
    Arbitrary<List<StreamEvent>> events() {
        Arbitrary<Integer> parts = Arbitraries.integers().between(0, 4);
        Arbitrary<Integer> choices = Arbitraries.frequency(Tuple.of(9, 0), Tuple.of(1, 1));
        Arbitrary<String> texts = Arbitraries.of("a", "{\"x\":1}", "{", "}", "\"", "\\", "{}", "");
        Arbitrary<Secret> secrets = Combinators.combine(
                Arbitraries.of(DialectId.GEMINI, DialectId.MESSAGES, DialectId.RESPONSES), Arbitraries.of(Secret.Kind.values()))
                .as((dialect, kind) -> new Secret(dialect, kind, "v"));
        Arbitrary<StreamEvent> starts = Combinators.combine(choices, parts, Arbitraries.of(PartKind.values()), Arbitraries.integers().between(0, 9))
                .as((choice, part, kind, odd) -> new StreamEvent.PartStart(choice, part, kind,
                        (kind == PartKind.TOOL_CALL) == (odd > 0) ? new StreamEvent.Call("i", "f", ToolKind.FUNCTION, null, null) : null));
        Arbitrary<StreamEvent> deltas = Combinators.combine(parts, texts).as(StreamEvent.Delta::new);
        Arbitrary<StreamEvent> seals = Combinators.combine(parts, secrets).as(StreamEvent.Sealed::new);
        Arbitrary<StreamEvent> ends = parts.map(StreamEvent.PartEnd::new);
        Arbitrary<StreamEvent> cites = parts.map(part -> new StreamEvent.Cited(part, new Citation("u", null, null, 0, 0)));
        Arbitrary<StreamEvent> images = parts.map(part -> new StreamEvent.ImageData(part, "image/png", "AA"));
        Arbitrary<StreamEvent> finishes = Combinators.combine(choices, Arbitraries.of(FinishReason.values()))
                .as((choice, reason) -> new StreamEvent.Finish(choice, reason, null, "S"));
        Arbitrary<StreamEvent> others = Arbitraries.of(
                BEGUN, END, new StreamEvent.Counted(new Usage(1, 2, 3, 0, 4, 1, 10)), new StreamEvent.Logprobs(0, List.of()),
                new StreamEvent.Failed(GatewayError.of(ErrorKind.INTERNAL, "x")));
        return Arbitraries.frequencyOf(
                Tuple.of(6, starts), Tuple.of(12, deltas), Tuple.of(3, seals), Tuple.of(4, ends),
                Tuple.of(1, cites), Tuple.of(1, images), Tuple.of(1, finishes), Tuple.of(1, others))
                .list().ofMaxSize(40);
    }
}
