package dev.plexus.dialect.responses;

import static dev.plexus.dialect.responses.Play.frames;
import static dev.plexus.dialect.responses.Play.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.ObjectMappers;
import com.openai.models.responses.ResponseStreamEvent;
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
import dev.plexus.model.StreamEvent.Call;
import dev.plexus.model.StreamEvent.Cited;
import dev.plexus.model.StreamEvent.Counted;
import dev.plexus.model.StreamEvent.Delta;
import dev.plexus.model.StreamEvent.End;
import dev.plexus.model.StreamEvent.Failed;
import dev.plexus.model.StreamEvent.Finish;
import dev.plexus.model.StreamEvent.ImageData;
import dev.plexus.model.StreamEvent.Logprobs;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamWriterTest {

    private static final Start START = new Start("c1", "m", 1);
    private static final Counted COUNTED = new Counted(new Usage(10, 0, 0, 0, 5, 2, 15));
    private static final End END = new End();

    private static PartStart start(int part, PartKind kind) {
        return new PartStart(0, part, kind, null);
    }

    private static PartStart call(int part, String name) {
        return new PartStart(0, part, PartKind.TOOL_CALL, new Call("call_" + part, name, ToolKind.FUNCTION, null, null));
    }

    private static Delta delta(int part, String text) {
        return new Delta(part, text);
    }

    private static PartEnd end(int part) {
        return new PartEnd(part);
    }

    private static Finish finish(FinishReason reason) {
        return new Finish(0, reason, null, null);
    }

    private static List<String> types(List<JsonNode> frames) {
        return frames.stream().map(frame -> frame.path("type").asText().replace("response.", "")).toList();
    }

    private static List<JsonNode> of(String type, List<JsonNode> frames) {
        return frames.stream().filter(frame -> frame.path("type").asText().equals("response." + type)).toList();
    }

    /// The items of the last frame.
    private static JsonNode output(List<JsonNode> frames) {
        return frames.getLast().path("response").path("output");
    }

    private static List<String> itemTypes(List<JsonNode> frames) {
        List<String> types = new ArrayList<>();
        output(frames).forEach(item -> types.add(item.path("type").asText()));
        return types;
    }

    private static @Nullable Secret opened(JsonNode item) {
        Envelope.Opened opened = Envelope.open(item.path("encrypted_content").asText());
        return opened == null ? null : opened.secret();
    }

    private static final StreamEvent[] REFERENCE = {
        START,
        start(0, PartKind.THINKING),
        delta(0, "hm"),
        new Sealed(0, new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG")),
        end(0),
        start(1, PartKind.TEXT),
        delta(1, "Hi"),
        end(1),
        call(2, "f"),
        delta(2, "{\"a\""),
        delta(2, ":1}"),
        end(2),
        finish(FinishReason.TOOL_CALLS),
        COUNTED,
        END
    };

    @Test
    void the_reference_answer_has_the_events_of_the_specification() {
        List<JsonNode> frames = frames(REFERENCE);

        grammar(frames);
        accepted(frames);
        assertThat(types(frames)).containsExactly(
                "created", "in_progress", "output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta", "reasoning_summary_text.done",
                "reasoning_summary_part.done", "output_item.done", "output_item.added", "content_part.added", "output_text.delta", "output_text.done",
                "content_part.done", "output_item.done", "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta",
                "function_call_arguments.done", "output_item.done", "completed");
        assertThat(frames.get(7).path("item").path("summary")).isEqualTo(tree("[{'type':'summary_text','text':'hm'}]"));
        assertThat(opened(frames.get(7).path("item"))).isEqualTo(new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG"));
        assertThat(frames.get(10).path("delta").asText()).isEqualTo("Hi");
        assertThat(frames.get(10).path("logprobs")).isEqualTo(tree("[]"));
        assertThat(frames.get(14).path("item").path("arguments").asText()).isEmpty();
        assertThat(frames.get(14).path("item").path("call_id").asText()).isEqualTo("call_2");
        assertThat(frames.get(14).path("output_index").asInt()).isEqualTo(2);
        assertThat(frames.get(17).path("arguments").asText()).isEqualTo("{\"a\":1}");
        assertThat(frames.get(17).path("name").asText()).isEqualTo("f");
        assertThat(frames.getLast().path("response").path("usage").path("total_tokens").asInt()).isEqualTo(15);
        assertThat(itemTypes(frames)).containsExactly("reasoning", "message", "function_call");
    }

    /// The vendor's own client takes every event, down to the last member.
    private static void accepted(List<JsonNode> frames) {
        for (JsonNode frame : frames) {
            try {
                ObjectMappers.jsonMapper().readValue(frame.toString(), ResponseStreamEvent.class).validate();
            } catch (JsonProcessingException | RuntimeException e) {
                throw new AssertionError(frame.toString(), e);
            }
        }
    }

    @Test
    void nothing_at_all_is_a_response_without_items() {
        List<JsonNode> frames = frames(START, finish(FinishReason.STOP), END);

        grammar(frames);
        assertThat(types(frames)).containsExactly("created", "in_progress", "completed");
        assertThat(output(frames).size()).isZero();
        assertThat(frames.getLast().path("response").path("usage").path("total_tokens").asInt()).isZero();
    }

    @Test
    void parts_in_which_nothing_is_said_are_no_items() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.TEXT), end(0), start(1, PartKind.THINKING), end(1), start(2, PartKind.REFUSAL), end(2), start(3, PartKind.IMAGE), end(3),
                finish(FinishReason.STOP), END);

        assertThat(types(frames)).containsExactly("created", "in_progress", "completed");
    }

    @Test
    void x2_interleaved_calls_are_open_at_once() {
        List<JsonNode> frames = frames(
                START, call(0, "f"), call(1, "g"), delta(0, "{\"x\""), delta(1, "{\"y\":"), delta(0, ":1}"), delta(1, "2}"), end(0), end(1),
                finish(FinishReason.TOOL_CALLS), END);

        grammar(frames);
        assertThat(of("function_call_arguments.delta", frames)).extracting(frame -> frame.path("output_index").asInt()).containsExactly(0, 1, 0, 1);
        assertThat(output(frames).get(0).path("arguments").asText()).isEqualTo("{\"x\":1}");
        assertThat(output(frames).get(1).path("arguments").asText()).isEqualTo("{\"y\":2}");
    }

    @Test
    void x5_fragments_are_appended_whatever_they_look_like() {
        List<JsonNode> frames = frames(START, call(0, "f"), delta(0, "{\"command\":\"before "), delta(0, "{}"), delta(0, " after\"}"), END);

        assertThat(of("function_call_arguments.done", frames).getFirst().path("arguments").asText()).isEqualTo("{\"command\":\"before {} after\"}");
    }

    @Test
    void a_call_without_arguments_gets_an_empty_object() {
        List<JsonNode> frames = frames(START, call(0, "f"), end(0), finish(FinishReason.TOOL_CALLS), END);

        assertThat(of("function_call_arguments.delta", frames).getFirst().path("delta").asText()).isEqualTo("{}");
        assertThat(output(frames).get(0).path("arguments").asText()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({"LENGTH,max_output_tokens", "CONTEXT_WINDOW,max_output_tokens", "CONTENT_FILTER,content_filter", "REFUSAL,content_filter"})
    void x17_x18_the_last_item_of_a_cut_answer_is_incomplete(FinishReason reason, String word) {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.TEXT), delta(0, "a"), end(0), call(1, "f"), delta(1, "{"), end(1), finish(reason), COUNTED, END);

        grammar(frames);
        accepted(frames);
        assertThat(frames.getLast().path("type").asText()).isEqualTo("response.incomplete");
        assertThat(frames.getLast().path("response").path("incomplete_details").path("reason").asText()).isEqualTo(word);
        assertThat(output(frames).get(0).path("status").asText()).isEqualTo("completed");
        assertThat(output(frames).get(1).path("status").asText()).isEqualTo("incomplete");
        assertThat(of("output_item.done", frames).getLast().path("item").path("status").asText()).isEqualTo("incomplete");
    }

    @Test
    void x19_a_refusal_has_its_own_events() {
        List<JsonNode> frames = frames(START, start(0, PartKind.REFUSAL), delta(0, "No."), end(0), finish(FinishReason.REFUSAL), END);

        grammar(frames);
        accepted(frames);
        assertThat(types(frames)).containsExactly(
                "created", "in_progress", "output_item.added", "content_part.added", "refusal.delta", "refusal.done", "content_part.done", "output_item.done",
                "completed");
        assertThat(output(frames).get(0).path("content")).isEqualTo(tree("[{'type':'refusal','refusal':'No.'}]"));
    }

    @Test
    void texts_beside_one_another_are_one_message_and_x29_text_after_a_call_is_another() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.TEXT), delta(0, "a"), end(0), start(1, PartKind.TEXT), delta(1, "b"), end(1), call(2, "f"), delta(2, "{}"), end(2),
                start(3, PartKind.TEXT), delta(3, "c"), end(3), finish(FinishReason.TOOL_CALLS), END);

        grammar(frames);
        accepted(frames);
        assertThat(itemTypes(frames)).containsExactly("message", "function_call", "message");
        assertThat(output(frames).get(0).path("content").size()).isEqualTo(2);
        assertThat(of("output_text.delta", frames)).extracting(frame -> frame.path("content_index").asInt()).containsExactly(0, 1, 0);
    }

    @Test
    void x30_thinking_between_texts_keeps_its_place() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.THINKING), delta(0, "1"), end(0), start(1, PartKind.TEXT), delta(1, "2"), end(1), start(2, PartKind.THINKING),
                delta(2, "3"), end(2), start(3, PartKind.TEXT), delta(3, "4"), end(3), finish(FinishReason.STOP), END);

        grammar(frames);
        assertThat(itemTypes(frames)).containsExactly("reasoning", "message", "reasoning", "message");
    }

    @Test
    void x31_redacted_thinking_is_an_item_without_a_summary() {
        Secret secret = new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "RED");
        List<JsonNode> frames = frames(START, start(0, PartKind.THINKING), new Sealed(0, secret), end(0), finish(FinishReason.STOP), END);

        grammar(frames);
        accepted(frames);
        assertThat(output(frames).get(0).path("summary").size()).isZero();
        assertThat(opened(output(frames).get(0))).isEqualTo(secret);
    }

    private static final Secret GEMINI = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");

    @Test
    void the_signature_of_a_call_comes_before_it_as_an_empty_thought() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.THINKING), delta(0, "hm"), end(0), start(1, PartKind.TEXT), delta(1, "Hi"), end(1), call(2, "f"), new Sealed(2, GEMINI),
                delta(2, "{}"), end(2), finish(FinishReason.TOOL_CALLS), END);

        grammar(frames);
        accepted(frames);
        assertThat(itemTypes(frames)).containsExactly("reasoning", "message", "reasoning", "function_call");
        assertThat(opened(output(frames).get(2))).isEqualTo(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", "call_2"));
        assertThat(output(frames).get(0).has("encrypted_content")).isFalse();
    }

    @Test
    void the_signature_of_a_call_right_after_a_thought_goes_with_the_thought() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.THINKING), delta(0, "hm"), end(0), call(1, "f"), new Sealed(1, GEMINI), delta(1, "{}"), end(1),
                finish(FinishReason.TOOL_CALLS), END);

        grammar(frames);
        assertThat(itemTypes(frames)).containsExactly("reasoning", "function_call");
        assertThat(opened(output(frames).get(0))).isEqualTo(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", "call_1"));
    }

    @Test
    void signatures_that_come_late_are_not_lost() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.TEXT), delta(0, "Hi"), new Sealed(0, GEMINI), end(0), call(1, "f"), delta(1, "{}"), new Sealed(1, GEMINI), end(1),
                finish(FinishReason.TOOL_CALLS), END);

        grammar(frames);
        assertThat(itemTypes(frames)).containsExactly("message", "reasoning", "function_call", "reasoning");
        assertThat(opened(output(frames).get(1)))
                .isEqualTo(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", output(frames).get(0).path("id").asText()));
        assertThat(opened(output(frames).get(3))).isEqualTo(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", "call_1"));
    }

    @Test
    void x32_a_custom_tool_gets_its_text_unwrapped_and_whole() {
        PartStart custom = new PartStart(0, 0, PartKind.TOOL_CALL, new Call("c", "p", ToolKind.CUSTOM, null, null));
        List<JsonNode> frames = frames(
                START, custom, delta(0, "{\"input\":\"*** Begin "), delta(0, "Patch\\n"), delta(0, "x\"}"), end(0), finish(FinishReason.TOOL_CALLS), END);

        grammar(frames);
        accepted(frames);
        assertThat(types(frames)).containsExactly(
                "created", "in_progress", "output_item.added", "custom_tool_call_input.delta", "custom_tool_call_input.done", "output_item.done", "completed");
        assertThat(frames.get(3).path("delta").asText()).isEqualTo("*** Begin Patch\nx");
        assertThat(frames.get(4).path("input").asText()).isEqualTo("*** Begin Patch\nx");
        assertThat(output(frames).get(0).path("input").asText()).isEqualTo("*** Begin Patch\nx");
    }

    @Test
    void x33_a_tool_in_a_namespace_says_so() {
        PartStart namespaced = new PartStart(0, 0, PartKind.TOOL_CALL, new Call("c", "query", ToolKind.FUNCTION, "db", null));
        JsonNode item = output(frames(START, namespaced, delta(0, "{}"), end(0), finish(FinishReason.TOOL_CALLS), END)).get(0);

        assertThat(item.path("name").asText()).isEqualTo("query");
        assertThat(item.path("namespace").asText()).isEqualTo("db");
    }

    @Test
    void x34_only_one_choice_is_told() {
        Drops drops = new Drops();
        List<JsonNode> frames = frames(
                Play.reply(),
                drops,
                List.of(
                        START, start(0, PartKind.TEXT), delta(0, "a"), new PartStart(1, 1, PartKind.TEXT, null), delta(1, "b"), end(1), end(0),
                        finish(FinishReason.STOP), new Finish(1, FinishReason.STOP, null, null), END));

        grammar(frames);
        assertThat(of("output_text.delta", frames)).hasSize(1);
        assertThat(drops.counts()).containsKey(Feature.CHOICES);
    }

    @Test
    void x44_logprobs_go_with_the_text_that_follows_and_with_its_end() {
        TokenLogprob a = new TokenLogprob("a", -0.5, List.of(new TokenLogprob("b", -1, List.of())));
        List<JsonNode> frames = frames(
                START, start(0, PartKind.TEXT), new Logprobs(0, List.of(a)), delta(0, "a"), delta(0, "b"), end(0), finish(FinishReason.STOP), END);

        accepted(frames);
        assertThat(of("output_text.delta", frames)).extracting(frame -> frame.path("logprobs").size()).containsExactly(1, 0);
        assertThat(of("output_text.done", frames).getFirst().path("logprobs").size()).isEqualTo(1);
        assertThat(output(frames).get(0).path("content").get(0).path("logprobs").get(0).path("token").asText()).isEqualTo("a");
    }

    @Test
    void citations_are_annotations_that_count_from_their_text() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.TEXT), delta(0, "😀"), end(0), start(1, PartKind.TEXT), new Cited(1, new Citation("u", "t", null, 1, 2)), delta(1, "b"),
                new Cited(1, new Citation("v", null, null, 1, 2)), end(1), finish(FinishReason.STOP), END);

        grammar(frames);
        accepted(frames);
        assertThat(of("output_text.annotation.added", frames)).extracting(frame -> frame.path("annotation_index").asInt()).containsExactly(0, 1);
        assertThat(output(frames).get(0).path("content").get(1).path("annotations").get(0))
                .isEqualTo(tree("{'type':'url_citation','url':'u','title':'t','start_index':0,'end_index':1}"));
    }

    @Test
    void images_are_items() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.IMAGE), new ImageData(0, "image/png", "QUI="), end(0), finish(FinishReason.STOP), END);

        grammar(frames);
        accepted(frames);
        assertThat(output(frames).get(0).path("result").asText()).isEqualTo("QUI=");
    }

    @Test
    void x22_an_error_in_the_middle_ends_with_what_there_is() {
        List<JsonNode> frames = frames(
                START, start(0, PartKind.TEXT), delta(0, "Par"),
                new Failed(new GatewayError(ErrorKind.OVERLOADED, 503, "Overloaded", "overloaded_error", null)), END);

        accepted(frames);
        JsonNode response = frames.getLast().path("response");
        assertThat(frames.getLast().path("type").asText()).isEqualTo("response.failed");
        assertThat(response.path("status").asText()).isEqualTo("failed");
        assertThat(response.path("error")).isEqualTo(tree("{'code':'server_error','message':'Overloaded'}"));
        assertThat(response.path("output").get(0).path("status").asText()).isEqualTo("incomplete");
        assertThat(response.path("output").get(0).path("content").get(0).path("text").asText()).isEqualTo("Par");
    }

    @Test
    void x21_a_cut_stream_is_called_by_its_name() {
        GatewayError cut = GatewayError.of(ErrorKind.UPSTREAM_INVALID, "upstream_stream_truncated", "Upstream connection closed before the response was complete");
        List<JsonNode> frames = frames(START, call(0, "f"), delta(0, "{\"a\""), new Failed(cut));

        assertThat(frames.getLast().path("response").path("error").path("code").asText()).isEqualTo("upstream_stream_truncated");
        assertThat(output(frames).get(0).path("arguments").asText()).isEqualTo("{\"a\"");
    }

    @Test
    void an_error_before_anything_stands_by_itself() {
        List<JsonNode> frames = frames(new Failed(GatewayError.of(ErrorKind.RATE_LIMIT, "Slow down")), START, END);

        accepted(frames);
        assertThat(frames).containsExactly(
                tree("{'type':'error','sequence_number':0,'code':'rate_limit_exceeded','message':'Slow down','param':null}"));
    }

    @Test
    void a_silent_stream_is_kept_alive_until_it_is_over() {
        FrameSink sink = new FrameSink(false);
        StreamWriter writer = new StreamWriter(sink, Play.reply(), new Drops());

        writer.keepAlive();
        assertThat(Play.text(sink)).isEqualTo(": keep-alive\n\n");
        writer.accept(END);
        sink.take();
        writer.keepAlive();
        assertThat(sink.length()).isZero();
    }

    @Test
    void a_request_with_line_breaks_does_not_break_the_frames() {
        List<JsonNode> frames = frames(
                Play.reply("{'model':'a','input':'x',\n'tools':[\n{'type':'function',\r\n'name':'f','parameters':null,'strict':null}],'metadata':{\n}}"),
                new Drops(),
                List.of(START, finish(FinishReason.STOP), END));

        accepted(frames);
        assertThat(frames.getFirst().path("response").path("tools").size()).isEqualTo(1);
    }

    @Property(tries = 500)
    void whatever_happens_the_stream_is_legal(@ForAll long seed) {
        Random random = new Random(seed);
        List<StreamEvent> events = new ArrayList<>();
        for (int count = random.nextInt(40); count > 0; count--) {
            events.add(any(random));
        }
        if (random.nextBoolean()) {
            events.add(END);
        }

        grammar(frames(Play.reply(), new Drops(), events));
    }

    private static StreamEvent any(Random random) {
        int part = random.nextInt(5);
        int choice = random.nextInt(8) == 0 ? 1 : 0;
        PartKind kind = PartKind.values()[random.nextInt(PartKind.values().length)];
        ToolKind tool = random.nextInt(3) == 0 ? ToolKind.CUSTOM : ToolKind.FUNCTION;
        return switch (random.nextInt(20)) {
            case 0 -> START;
            case 1, 2, 3, 4 -> new PartStart(choice, part, kind, new Call("c" + part, "f", tool, null, null));
            case 5, 6, 7, 8, 9 -> delta(part, random.nextInt(5) == 0 ? "" : "{\"a\":\"é\n\"}");
            case 10, 11 -> new Sealed(part, random.nextBoolean() ? GEMINI : new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "E"));
            case 12 -> new Cited(part, new Citation("u", null, null, -1, -1));
            case 13 -> new Logprobs(choice, List.of(new TokenLogprob("x", -1, List.of())));
            case 14 -> new ImageData(part, "image/png", "QUI=");
            case 15, 16 -> end(part);
            case 17 -> COUNTED;
            case 18 -> random.nextInt(3) == 0 ? new Finish(choice, FinishReason.LENGTH, null, null) : end(part);
            default -> random.nextInt(6) == 0 ? END : random.nextInt(6) == 0 ? new Failed(GatewayError.of(ErrorKind.TIMEOUT, "late")) : end(part);
        };
    }

    /// The rules of a stream: numbered without gaps, items and pieces opened once, in order, and closed once, one terminal event, and what it shows is
    /// what was told.
    private static void grammar(List<JsonNode> frames) {
        Map<Integer, String> open = new HashMap<>();
        Map<Integer, JsonNode> done = new HashMap<>();
        Map<String, StringBuilder> texts = new HashMap<>();
        Set<String> pieces = new HashSet<>();
        int items = 0;
        boolean over = false;
        for (int at = 0; at < frames.size(); at++) {
            JsonNode frame = frames.get(at);
            assertThat(frame.path("sequence_number").asInt(-1)).isEqualTo(at);
            assertThat(over).isFalse();
            String type = frame.path("type").asText();
            int index = frame.path("output_index").asInt(-1);
            String piece = index + "/" + frame.path("content_index").asInt(0);
            if (at == 0) {
                assertThat(type).isIn("response.created", "error");
            }
            switch (type) {
                case "response.created" -> assertThat(at).isZero();
                case "response.in_progress" -> assertThat(at).isEqualTo(1);
                case "response.output_item.added" -> {
                    assertThat(index).isEqualTo(items++);
                    open.put(index, frame.path("item").path("id").asText());
                }
                case "response.output_item.done" -> {
                    assertThat(open.remove(index)).isEqualTo(frame.path("item").path("id").asText());
                    assertThat(pieces).noneMatch(other -> other.startsWith(index + "/"));
                    done.put(index, frame.path("item"));
                }
                case "response.completed", "response.incomplete", "response.failed", "error" -> over = true;
                default -> {
                    assertThat(open.get(index)).as(frame.toString()).isEqualTo(frame.path("item_id").asText());
                    switch (type.substring(type.lastIndexOf('.') + 1)) {
                        case "added" -> {
                            if (!type.contains("annotation")) {
                                assertThat(pieces.add(piece)).isTrue();
                                assertThat(texts.put(piece, new StringBuilder())).isNull();
                            }
                        }
                        case "delta" -> texts.computeIfAbsent(piece, _ -> new StringBuilder()).append(frame.path("delta").asText());
                        default -> {
                            for (String member : List.of("text", "refusal", "arguments", "input")) {
                                if (frame.has(member)) {
                                    assertThat(texts.getOrDefault(piece, new StringBuilder()).toString()).isEqualTo(frame.path(member).asText());
                                }
                            }
                            if (type.endsWith("part.done")) {
                                assertThat(pieces.remove(piece)).isTrue();
                            }
                        }
                    }
                }
            }
        }
        if (over && !frames.getLast().path("type").asText().equals("error")) {
            JsonNode output = output(frames);
            assertThat(output.size()).isEqualTo(items);
            done.forEach((index, item) -> assertThat(output.get(index)).isEqualTo(item));
            assertThat(open.isEmpty() || frames.getLast().path("type").asText().equals("response.failed")).isTrue();
        }
    }
}
