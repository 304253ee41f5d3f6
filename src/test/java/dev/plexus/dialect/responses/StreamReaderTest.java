package dev.plexus.dialect.responses;

import static dev.plexus.dialect.responses.Play.events;
import static dev.plexus.dialect.responses.Play.quoted;
import static dev.plexus.dialect.responses.Play.sse;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.Call;
import dev.plexus.model.StreamEvent.Cited;
import dev.plexus.model.StreamEvent.Counted;
import dev.plexus.model.StreamEvent.Delta;
import dev.plexus.model.StreamEvent.End;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamReaderTest {

    private static final String CREATED = "{'type':'response.created','response':{'id':'resp_1','model':'m','created_at':1}}";
    private static final String COMPLETED = "{'type':'response.completed','response':{'status':'completed'}}";
    private static final Start START = new Start("resp_1", "m", 1);

    private static PartStart call(int part, String id, String name, @Nullable String itemId) {
        return new PartStart(0, part, PartKind.TOOL_CALL, new Call(id, name, ToolKind.FUNCTION, null, itemId));
    }

    private static PartStart part(int part, PartKind kind) {
        return new PartStart(0, part, kind, null);
    }

    private static Finish finish(FinishReason reason) {
        return new Finish(0, reason, "stop", null);
    }

    private static String added(int index, String item) {
        return "{'type':'response.output_item.added','output_index':" + index + ",'item':" + item + "}";
    }

    private static String done(int index, String item) {
        return "{'type':'response.output_item.done','output_index':" + index + ",'item':" + item + "}";
    }

    private static String delta(String kind, int index, String delta) {
        return "{'type':'response." + kind + ".delta','output_index':" + index + ",'delta':'" + delta + "'}";
    }

    private static String escaped(String json) {
        return json.replace("\"", "\\\"");
    }

    /// The arguments of all calls, by name.
    private static Map<String, String> arguments(List<StreamEvent> events) {
        Map<Integer, String> names = new HashMap<>();
        Map<String, String> arguments = new HashMap<>();
        for (StreamEvent event : events) {
            if (event instanceof PartStart(_, var part, _, var call) && call != null) {
                names.put(part, call.name());
                arguments.put(call.name(), "");
            } else if (event instanceof Delta(var part, var text) && names.containsKey(part)) {
                arguments.merge(names.get(part), text, String::concat);
            }
        }
        return arguments;
    }

    private static String texts(List<StreamEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event instanceof Delta(_, var delta) ? delta : ""));
        return text.toString();
    }

    private static final List<StreamEvent> REFERENCE = List.of(
            START,
            part(0, PartKind.THINKING),
            new Delta(0, "hm"),
            new Sealed(0, new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1")),
            new PartEnd(0),
            part(1, PartKind.TEXT),
            new Delta(1, "Hi"),
            new PartEnd(1),
            call(2, "call_1", "f", "fc_1"),
            new Delta(2, "{\"a\""),
            new Delta(2, ":1}"),
            new PartEnd(2),
            new Counted(new Usage(10, 0, 0, 0, 5, 2, 15)),
            finish(FinishReason.TOOL_CALLS),
            new End());

    @Test
    void the_reference_answer_is_read_to_the_canonical_events_however_its_bytes_arrive() {
        String stream = sse(Reference.STREAM);
        for (int split = 1; split <= stream.length(); split += split < 300 ? 1 : 97) {
            List<StreamEvent> events = new ArrayList<>();
            Play.decode(stream, split, Play.OTHER, Play.emitter(events::add));
            assertThat(events).as("split at %d", split).isEqualTo(REFERENCE);
        }
    }

    @Test
    void x7_interleaved_calls_get_their_own_arguments() {
        Map<String, String> arguments = arguments(events(
                CREATED,
                added(2, "{'type':'function_call','id':'a','call_id':'c1','name':'f','arguments':''}"),
                added(3, "{'type':'function_call','id':'b','call_id':'c2','name':'g','arguments':''}"),
                delta("function_call_arguments", 2, escaped("{\"x\"")),
                delta("function_call_arguments", 3, escaped("{\"y\":")),
                delta("function_call_arguments", 2, ":1}"),
                delta("function_call_arguments", 3, "2}"),
                COMPLETED));

        assertThat(arguments).containsExactlyInAnyOrderEntriesOf(Map.of("f", "{\"x\":1}", "g", "{\"y\":2}"));
    }

    @Test
    void x8_an_answer_that_is_only_in_the_final_snapshot_is_told_whole() {
        assertThat(events(
                        CREATED,
                        "{'type':'response.completed','response':{'status':'completed','output':[{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}]}}"))
                .containsExactly(START, call(0, "c", "f", null), new Delta(0, "{}"), new PartEnd(0), finish(FinishReason.TOOL_CALLS), new End());
    }

    @Test
    void x8_items_without_ids_in_the_final_snapshot_are_all_told() {
        assertThat(arguments(events(
                        CREATED,
                        "{'type':'response.completed','response':{'output':[{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},"
                                + "{'type':'function_call','call_id':'c2','name':'g','arguments':'[]'}]}}")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("f", "{}", "g", "[]"));
    }

    @Test
    void what_was_streamed_is_not_told_again_from_the_final_snapshot_even_under_another_id() {
        String item = "{'type':'message','id':'msg_2','content':[{'type':'output_text','text':'Hi'}]}";

        assertThat(texts(events(CREATED, delta("output_text", 0, "Hi"), "{'type':'response.completed','response':{'output':[" + item + "]}}"))).isEqualTo("Hi");
    }

    @Test
    void a_call_that_was_never_done_is_completed_from_the_final_snapshot() {
        assertThat(arguments(events(
                        CREATED,
                        added(0, "{'type':'function_call','id':'fc','call_id':'c','name':'f'}"),
                        delta("function_call_arguments", 0, "[1"),
                        "{'type':'response.completed','response':{'output':[{'type':'function_call','id':'fc','call_id':'c','name':'f','arguments':'[1,2]'}]}}")))
                .isEqualTo(Map.of("f", "[1,2]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|[1]|[1]", "[1|[1]|[1]", "[1]|[1]|[1]", "[2]|[1]|[2]", "[1]|''|[1]"})
    void x9_only_what_is_missing_of_the_arguments_is_told(String streamed, String whole, String told) {
        String call = "{'type':'function_call','id':'fc','call_id':'c','name':'f','arguments':''}";
        String finished = "{'type':'response.function_call_arguments.done','output_index':0,'arguments':'" + whole + "'}";

        assertThat(arguments(events(CREATED, added(0, call), delta("function_call_arguments", 0, streamed), finished, COMPLETED))).isEqualTo(Map.of("f", told));
        assertThat(arguments(events(CREATED, added(0, call), delta("function_call_arguments", 0, streamed), done(0, call.replace("''", "'" + whole + "'")), COMPLETED)))
                .isEqualTo(Map.of("f", told));
    }

    @Test
    void arguments_that_came_with_the_head_of_a_call_are_told_once() {
        String call = "{'type':'function_call','id':'fc','call_id':'c','name':'f','arguments':'[1]'}";

        assertThat(arguments(events(CREATED, added(0, call), COMPLETED))).isEqualTo(Map.of("f", "[1]"));
        assertThat(arguments(events(CREATED, added(0, call), delta("function_call_arguments", 0, "[1]"), done(0, call), COMPLETED))).isEqualTo(Map.of("f", "[1]"));
    }

    @Test
    void a_call_waits_for_its_name() {
        assertThat(events(
                        CREATED,
                        "{'type':'response.function_call_arguments.delta','item_id':'fc','output_index':0,'delta':'[1'}",
                        "{'type':'response.function_call_arguments.done','item_id':'fc','output_index':0,'name':'f','arguments':'[1]'}",
                        done(0, "{'type':'function_call','id':'fc','call_id':'c','name':'f','arguments':'[1]'}"),
                        COMPLETED))
                .containsExactly(
                        START, call(0, "fc", "f", "fc"), new Delta(0, "[1"), new Delta(0, "]"), new PartEnd(0), finish(FinishReason.TOOL_CALLS), new End());
    }

    @Test
    void items_that_were_never_announced_are_told_when_they_are_done() {
        assertThat(events(
                        CREATED,
                        done(0, "{'type':'reasoning','id':'r','summary':[{'type':'summary_text','text':'hm'}]}"),
                        done(1, "{'type':'message','id':'m','content':[{'type':'output_text','text':'Hi'}]}"),
                        done(2, "{'type':'image_generation_call','id':'i','result':'QUI=','output_format':'webp'}"),
                        COMPLETED))
                .containsExactly(
                        START,
                        part(0, PartKind.THINKING),
                        new Delta(0, "hm"),
                        new PartEnd(0),
                        part(1, PartKind.TEXT),
                        new Delta(1, "Hi"),
                        new PartEnd(1),
                        part(2, PartKind.IMAGE),
                        new ImageData(2, "image/webp", "QUI="),
                        new PartEnd(2),
                        finish(FinishReason.STOP),
                        new End());
    }

    @Test
    void a_summary_counts_more_than_the_reasoning_itself_and_its_parts_stand_apart() {
        String summary = "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':%d,'delta':'%s'}";
        String text = "{'type':'response.reasoning_text.delta','output_index':0,'content_index':0,'delta':'long'}";
        String item = added(0, "{'type':'reasoning','id':'r','summary':[]}");

        assertThat(texts(events(CREATED, item, summary.formatted(0, "a"), text, summary.formatted(1, "b"), COMPLETED))).isEqualTo("a\n\nb");
        assertThat(texts(events(CREATED, item, text, COMPLETED))).isEqualTo("long");
    }

    @Test
    void refusals_are_told_as_such() {
        assertThat(events(
                        CREATED,
                        added(0, "{'type':'message','id':'m','content':[]}"),
                        "{'type':'response.content_part.added','item_id':'m','output_index':0,'content_index':0,'part':{'type':'refusal','refusal':''}}",
                        "{'type':'response.refusal.delta','item_id':'m','output_index':0,'content_index':0,'delta':'No.'}",
                        COMPLETED))
                .containsExactly(
                        START, part(0, PartKind.REFUSAL), new Delta(0, "No."), new PartEnd(0), finish(FinishReason.REFUSAL), new End());
    }

    @Test
    void custom_calls_give_their_text_as_it_is() {
        assertThat(arguments(events(
                        CREATED,
                        added(0, "{'type':'custom_tool_call','id':'ctc','call_id':'c','name':'p','input':''}"),
                        delta("custom_tool_call_input", 0, "*** Be"),
                        "{'type':'response.custom_tool_call_input.done','output_index':0,'input':'*** Begin'}",
                        COMPLETED)))
                .isEqualTo(Map.of("p", "*** Begin"));
    }

    @Test
    void citations_count_in_the_whole_answer_and_logprobs_come_along() {
        List<StreamEvent> events = events(
                CREATED,
                delta("output_text", 0, "😀a"),
                done(0, "{'type':'message','content':[]}"),
                "{'type':'response.output_text.delta','output_index':1,'delta':'b','logprobs':[{'token':'b','logprob':-1,'top_logprobs':[]}]}",
                "{'type':'response.output_text.annotation.added','output_index':1,'annotation':{'type':'url_citation','url':'u','start_index':0,'end_index':1}}",
                COMPLETED);

        assertThat(events).contains(new Cited(1, new Citation("u", null, null, 2, 3)), new Logprobs(0, List.of(new TokenLogprob("b", -1, List.of()))));
    }

    @Test
    void the_event_name_serves_where_the_type_is_missing() {
        List<StreamEvent> events = new ArrayList<>();
        Play.decode(quoted("event: response.output_text.delta\ndata: {'output_index':0,'delta':'Hi'}\n\n"), 1, Play.OTHER, Play.emitter(events::add));

        assertThat(texts(events)).isEqualTo("Hi");
    }

    private static @Nullable UpstreamError failure(String... frames) {
        return Play.decode(sse(frames), Integer.MAX_VALUE, Play.OTHER, Play.emitter(_ -> {})).failure();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'type':'response.failed','response':{'status':'failed','error':{'code':'rate_limit_exceeded','message':'boom'},'usage':{'input_tokens':3}}}",
        "{'type':'error','code':'rate_limit_exceeded','message':'boom','param':null}", "{'type':'error','error':{'code':'rate_limit_exceeded','message':'boom'}}",
        "{'error':{'message':'boom','code':429}}",
        "{'type':'response.completed','response':{'status':'failed','error':{'code':'rate_limit_exceeded','message':'boom'}}}"
    })
    void errors_of_all_forms_are_errors(String frame) {
        assertThat(failure(CREATED, frame)).isNotNull().extracting(UpstreamError::status, UpstreamError::message).containsExactly(429, "boom");
    }

    @Test
    void a_cancelled_response_is_an_error_and_counts_of_a_failed_one_are_kept() {
        assertThat(failure(CREATED, "{'type':'response.cancelled','response':{'status':'cancelled'}}")).isNotNull();
        Emitter emitter = Play.emitter(_ -> {});
        Play.decode(
                sse("{'type':'response.failed','response':{'status':'failed','usage':{'input_tokens':3,'output_tokens':1}}}"), 9, Play.OTHER, emitter);
        assertThat(emitter.usage()).isEqualTo(new Usage(3, 0, 0, 0, 1, 0, 4));
    }

    @Test
    void a_stream_that_is_cut_is_left_open_unless_the_provider_is_known_for_it() {
        String cut = sse(CREATED, delta("output_text", 0, "Hi"));

        assertThat(Play.decode(cut, 99, Play.OTHER, Play.emitter(_ -> {})).isOver()).isFalse();
        assertThat(Play.decode(cut, 99, Play.LENIENT, Play.emitter(_ -> {})).isOver()).isTrue();
        assertThat(Play.decode("", 99, Play.LENIENT, Play.emitter(_ -> {})).isOver()).isFalse();
        assertThat(Play.decode(cut + "data: [DONE]\n\n", 99, Play.OTHER, Play.emitter(_ -> {})).isOver()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'type':'response.incomplete','response':{'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}}}|LENGTH",
        "{'type':'response.incomplete','response':{'incomplete_details':{'reason':'content_filter'}}}|CONTENT_FILTER",
        "{'type':'response.incomplete'}|LENGTH", "{'type':'response.completed','response':{}}|STOP"
    })
    void x17_the_terminal_event_says_how_the_answer_ended(String frame, FinishReason reason) {
        assertThat(events(CREATED, delta("output_text", 0, "x"), frame))
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(Finish.class, end -> assertThat(end.reason()).isEqualTo(reason)));
    }

    @Test
    void x10_x50_unknown_items_and_events_are_passed_over() {
        assertThat(events(
                        CREATED,
                        "{'type':'response.queued'}",
                        added(0, "{'type':'web_search_call','id':'ws'}"),
                        "{'type':'response.web_search_call.searching','item_id':'ws','output_index':0}",
                        done(0, "{'type':'tool_search_call','id':'ws','call_id':'c','arguments':{}}"),
                        "{'type':'response.something.new','delta':'x','error':null}",
                        "{'type':'keepalive'}",
                        "{}",
                        COMPLETED))
                .containsExactly(START, finish(FinishReason.STOP), new End());
    }

    @Test
    void a_frame_that_is_not_json_is_said_to_be_none() {
        StreamReader reader = new StreamReader(Play.OTHER, Play.emitter(_ -> {}));

        for (String frame : List.of("nonsense", "7", "[]", "{\"type\":\"response.output_text.delta\",\"delta\":")) {
            byte[] bytes = frame.getBytes(UTF_8);
            assertThat(reader.frame(bytes, 0, bytes.length, null)).as(frame).isFalse();
        }
    }

    private static final List<String> TYPES = List.of(
            "response.created", "response.in_progress", "response.output_item.added", "response.output_item.done", "response.content_part.added",
            "response.content_part.done", "response.output_text.delta", "response.output_text.done", "response.output_text.annotation.added",
            "response.refusal.delta", "response.reasoning_summary_text.delta", "response.reasoning_text.delta", "response.function_call_arguments.delta",
            "response.function_call_arguments.done", "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done", "response.unknown");
    private static final List<String> ENDS = List.of("response.completed", "response.incomplete", "response.failed", "error");
    private static final List<String> VALUES = List.of("null", "7", "-1", "1.5", "true", "'x'", "''", "[]", "{}", "[7,{}]", "{'type':7}", "'[DONE]'");
    private static final List<String> ITEM_TYPES = List.of("message", "reasoning", "function_call", "custom_tool_call", "image_generation_call", "other");

    private static String item(Random random) {
        String type = ITEM_TYPES.get(random.nextInt(ITEM_TYPES.size()));
        String id = random.nextInt(3) == 0 ? "" : "'id':'i" + random.nextInt(4) + "',";
        return "{'type':'" + type + "'," + id + "'call_id':'c" + random.nextInt(3) + "','name':" + value(random, "'f'") + ",'arguments':" + value(random, "'{}'")
                + ",'input':" + value(random, "'y'") + ",'content':" + value(random, "[{'type':'output_text','text':'z'},{'type':'refusal','refusal':'n'}]")
                + ",'summary':" + value(random, "[{'text':'s'}]") + ",'encrypted_content':" + value(random, "'E'") + ",'result':" + value(random, "'QUI='") + "}";
    }

    private static String value(Random random, String usual) {
        return random.nextInt(4) == 0 ? VALUES.get(random.nextInt(VALUES.size())) : usual;
    }

    private static String frame(Random random) {
        List<String> types = random.nextInt(25) == 0 ? ENDS : TYPES;
        String type = types.get(random.nextInt(types.size()));
        return "{'type':" + value(random, "'" + type + "'") + ",'item_id':" + value(random, "'i" + random.nextInt(4) + "'") + ",'output_index':"
                + value(random, "" + random.nextInt(4)) + ",'content_index':" + value(random, "" + random.nextInt(2)) + ",'summary_index':"
                + value(random, "" + random.nextInt(3)) + ",'delta':" + value(random, "'d'") + ",'arguments':" + value(random, "'da'") + ",'name':" + value(random, "'f'")
                + ",'item':" + value(random, item(random)) + ",'part':" + value(random, "{'type':'output_text'}") + ",'annotation':"
                + value(random, "{'type':'url_citation','url':'u'}") + ",'logprobs':" + value(random, "[]") + ",'response':"
                + value(random, "{'id':'r','output':[" + item(random) + "," + item(random) + "],'usage':{'input_tokens':" + value(random, "3") + "}}") + "}";
    }

    @Property(tries = 400)
    void whatever_comes_the_events_keep_their_rules(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder stream = new StringBuilder();
        for (int count = random.nextInt(40); count > 0; count--) {
            stream.append(random.nextInt(20) == 0 ? "data: {\"type\n\n" : sse(frame(random)));
        }
        List<StreamEvent> events = new ArrayList<>();
        Play.decode(stream.toString(), Integer.MAX_VALUE, Play.OTHER, Play.emitter(events::add));

        legal(events);
    }

    private static void legal(List<StreamEvent> events) {
        Map<Integer, Boolean> open = new HashMap<>();
        boolean finished = false;
        for (int at = 0; at < events.size(); at++) {
            StreamEvent event = events.get(at);
            assertThat(event instanceof Start).isEqualTo(at == 0);
            switch (event) {
                case PartStart start -> {
                    assertThat(finished).isFalse();
                    assertThat(open.put(start.part(), true)).isNull();
                }
                case Delta(var part, var text) -> {
                    assertThat(open.get(part)).isTrue();
                    assertThat(text).isNotEmpty();
                }
                case Sealed sealed -> assertThat(open.get(sealed.part())).isTrue();
                case Cited cited -> assertThat(open.get(cited.part())).isTrue();
                case ImageData image -> assertThat(open.get(image.part())).isTrue();
                case PartEnd(var part) -> assertThat(open.put(part, false)).isTrue();
                case Finish _ -> {
                    assertThat(finished).isFalse();
                    assertThat(open.values()).doesNotContain(true);
                    finished = true;
                }
                case End _ -> assertThat(at).isEqualTo(events.size() - 1);
                case Start _, Logprobs _, Counted _, StreamEvent.Failed _ -> {}
            }
        }
    }
}
