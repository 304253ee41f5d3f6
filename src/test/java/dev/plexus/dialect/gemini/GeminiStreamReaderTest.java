package dev.plexus.dialect.gemini;

import static dev.plexus.dialect.gemini.GeminiFixtures.USAGE;
import static dev.plexus.dialect.gemini.GeminiFixtures.call;
import static dev.plexus.dialect.gemini.GeminiFixtures.signature;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.Collector;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.Traits;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.TranslationOptions;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.SseFramer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

class GeminiStreamReaderTest {

    private static final String REFERENCE = """
            data: {"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true}]},"index":0}],"usageMetadata":{"promptTokenCount":10,"totalTokenCount":10},"modelVersion":"m","responseId":"g1"}

            data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"U0lH"}]},"index":0}],"modelVersion":"m","responseId":"g1"}

            data: {"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0}],
            data: "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":3,"thoughtsTokenCount":2,"totalTokenCount":15},"modelVersion":"m","responseId":"g1"}
            """;

    private final List<StreamEvent> events = new ArrayList<>();
    private final Emitter emitter = new Emitter(GeminiFixtures.names(), true, events::add);

    private static String text(String text) {
        return chunk("{\"text\":\"" + text + "\"}");
    }

    private static String chunk(String parts) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + parts + "]}}]}";
    }

    private static String finish(String reason) {
        return "{\"candidates\":[{\"finishReason\":\"" + reason + "\",\"index\":0}]}";
    }

    private List<StreamEvent> play(String... chunks) {
        return play(GeminiFixtures.gemini3(), chunks);
    }

    private List<StreamEvent> play(Traits target, String... chunks) {
        StreamDecoder reader = GeminiFixtures.DIALECT.readStream(target, emitter);
        for (String chunk : chunks) {
            if (!emitter.isOver()) {
                byte[] bytes = chunk.getBytes(UTF_8);
                reader.frame(bytes, 0, bytes.length, null);
            }
        }
        if (!emitter.isOver()) {
            reader.end();
        }
        return events;
    }

    private Completion whole(String body) {
        Collector collector = new Collector();
        Emitter all = new Emitter(GeminiFixtures.names(), true, collector);
        GeminiFixtures.DIALECT.readAnswer(body.getBytes(UTF_8), GeminiFixtures.gemini3(), all);
        assertThat(all.failure()).isNull();
        assertThat(all.isOver()).isTrue();
        return collector.completion();
    }

    private static String idOf(List<StreamEvent> events, int part) {
        return events.stream().filter(event -> event instanceof StreamEvent.PartStart start && start.part() == part && start.call() != null)
                .map(event -> ((StreamEvent.PartStart) event).call().id()).findFirst().orElseThrow();
    }

    @Test
    void the_reference_stream_means_the_canonical_events_wherever_it_is_split() {
        byte[] bytes = REFERENCE.getBytes(UTF_8);
        for (int split = 1; split <= bytes.length; split++) {
            List<StreamEvent> heard = new ArrayList<>();
            Emitter out = new Emitter(GeminiFixtures.names(), true, heard::add);
            StreamDecoder reader = GeminiFixtures.DIALECT.readStream(GeminiFixtures.gemini3(), out);
            SseFramer framer = new SseFramer();
            SseFramer.Handler handler = frame -> {
                if (frame.hasData()) {
                    assertThat(reader.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event())).isTrue();
                }
            };
            for (int at = 0; at < bytes.length; at += split) {
                framer.feed(bytes, at, Math.min(bytes.length, at + split), handler);
            }
            framer.end(handler);
            reader.end();

            String id = idOf(heard, 2);
            assertThat(id).matches("call_[0-9A-Za-z]{24}");
            assertThat(heard).containsExactly(
                    new StreamEvent.Start("g1", "m", 0),
                    new StreamEvent.PartStart(0, 0, PartKind.THINKING, null), new StreamEvent.Delta(0, "hm"),
                    new StreamEvent.Counted(new Usage(10, 0, 0, 0, 0, 0, 10)), new StreamEvent.PartEnd(0),
                    new StreamEvent.PartStart(0, 1, PartKind.TEXT, null), new StreamEvent.Delta(1, "Hi"), new StreamEvent.PartEnd(1),
                    new StreamEvent.PartStart(0, 2, PartKind.TOOL_CALL, call(id, "f")), new StreamEvent.Sealed(2, signature("U0lH")),
                    new StreamEvent.Delta(2, "{\"a\":1}"), new StreamEvent.PartEnd(2),
                    new StreamEvent.Counted(USAGE), new StreamEvent.Finish(0, FinishReason.TOOL_CALLS, "STOP", null), new StreamEvent.End());
        }
    }

    @Test
    void x11_all_parts_of_a_chunk_are_told_in_order() {
        Completion completion = whole("""
                {"candidates":[{"content":{"parts":[{"text":"t","thought":true},{"text":"a"},{"functionCall":{"id":"i","name":"f"}},{"functionCall":{"name":"f","args":{"x":1.0}}}]},"finishReason":"STOP"}]}""");

        List<Part> parts = completion.choices().getFirst().parts();
        assertThat(parts.subList(0, 3)).containsExactly(new Part.Thinking("t", null), new Part.Text("a"), Part.ToolCall.function("i", "f", "{}"));
        assertThat(((Part.ToolCall) parts.get(3)).arguments()).isEqualTo("{\"x\":1.0}");
        assertThat(completion.choices().getFirst().finish()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void x12_calls_of_one_function_have_ids_of_their_own() {
        play(chunk("{\"functionCall\":{\"name\":\"f\"}}"), chunk("{\"functionCall\":{\"name\":\"f\"}}"), finish("STOP"));

        assertThat(idOf(events, 0)).isNotEqualTo(idOf(events, 1));
        assertThat(events).contains(new StreamEvent.Delta(0, "{}"), new StreamEvent.Delta(1, "{}"));
    }

    @Test
    void x13_usage_may_come_alone_after_the_end() {
        assertThat(play(text("x"), finish("STOP"), "{\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":1}}")).endsWith(
                new StreamEvent.Counted(new Usage(4, 0, 0, 0, 1, 0, 5)), new StreamEvent.PartEnd(0), new StreamEvent.Finish(0, FinishReason.STOP, "STOP", null),
                new StreamEvent.End());
    }

    @Test
    void x14_a_finish_reason_on_every_chunk_ends_the_answer_once() {
        String chunk = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}";

        assertThat(play(chunk, chunk, chunk)).containsExactly(
                new StreamEvent.Start(null, null, 0), new StreamEvent.PartStart(0, 0, PartKind.TEXT, null), new StreamEvent.Delta(0, "a"), new StreamEvent.Delta(0, "a"),
                new StreamEvent.Delta(0, "a"), new StreamEvent.PartEnd(0), new StreamEvent.Finish(0, FinishReason.STOP, "STOP", null), new StreamEvent.End());
    }

    @ParameterizedTest
    @CsvSource({"STOP,STOP", "MAX_TOKENS,LENGTH", "SAFETY,CONTENT_FILTER", "IMAGE_SAFETY,CONTENT_FILTER", "SPII,CONTENT_FILTER", "LANGUAGE,OTHER", "NEW,OTHER"})
    void finish_reasons_are_read(String word, FinishReason reason) {
        assertThat(play(text("x"), finish(word))).contains(new StreamEvent.Finish(0, reason, word, null));
    }

    @Test
    void a_cut_stream_is_left_open_but_not_where_the_operator_is_lenient() {
        assertThat(play(text("x")).getLast()).isEqualTo(new StreamEvent.Delta(0, "x"));
        assertThat(emitter.isOver()).isFalse();
        events.clear();
        Emitter other = new Emitter(GeminiFixtures.names(), true, events::add);
        TranslationOptions lenient = new TranslationOptions(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, List.of(), Map.of(), true, null, null);
        StreamDecoder reader = GeminiFixtures.DIALECT.readStream(new Traits("m", "h", lenient), other);
        byte[] bytes = text("x").getBytes(UTF_8);
        reader.frame(bytes, 0, bytes.length, null);
        reader.end();
        assertThat(events).endsWith(new StreamEvent.Finish(0, FinishReason.STOP, null, null), new StreamEvent.End());
    }

    @Test
    void a_done_mark_is_an_end_too() {
        assertThat(play(text("x"), " [DONE] ")).endsWith(new StreamEvent.Finish(0, FinishReason.STOP, null, null), new StreamEvent.End());
    }

    @Test
    void a_blocked_prompt_is_filtered_content() {
        assertThat(play("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"responseId\":\"r\"}")).containsExactly(
                new StreamEvent.Start("r", null, 0), new StreamEvent.Finish(0, FinishReason.CONTENT_FILTER, "PROHIBITED_CONTENT", null), new StreamEvent.End());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"})
    void x47_a_malformed_call_is_an_error_that_another_attempt_may_not_have(String word) {
        play(text("x"), "{\"candidates\":[{\"finishReason\":\"" + word + "\"}],\"usageMetadata\":{\"promptTokenCount\":4}}");

        assertThat(emitter.failure()).satisfies(error -> {
            assertThat(error.status()).isEqualTo(503);
            assertThat(error.code()).isEqualTo("upstream_malformed_function_call");
        });
        assertThat(emitter.usage()).isEqualTo(new Usage(4, 0, 0, 0, 0, 0, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}", "[{\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}]",
        "{\"error\":{\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}"
    })
    void x22_an_error_ends_the_stream(String error) {
        play(text("Par"), error);

        assertThat(emitter.failure()).satisfies(said -> {
            assertThat(said.status()).isEqualTo(503);
            assertThat(said.message()).isEqualTo("Overloaded");
        });
    }

    @Test
    void signatures_stay_with_what_they_sign() {
        List<Part> parts = whole("""
                {"candidates":[{"content":{"parts":[{"text":"t","thought":true,"thoughtSignature":"QQ=="},{"text":"a","thoughtSignature":"Qg=="},{"text":"b"},{"text":"","thoughtSignature":"Qw=="},
                 {"functionCall":{"id":"i","name":"f"}},{"text":"","thoughtSignature":"RA=="},{"inlineData":{"mimeType":"image/png","data":"AAAA"},"thoughtSignature":"RQ=="}]},"finishReason":"STOP"}]}""")
                .choices().getFirst().parts();

        assertThat(parts.subList(0, 6)).containsExactly(
                new Part.Thinking("t", signature("QQ==")), new Part.Text("a", List.of(), null, signature("Qg==")), new Part.Text("b", List.of(), null, signature("Qw==")),
                Part.ToolCall.function("i", "f", "{}"), new Part.Thinking("", new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "RA==", "i")),
                new Part.Thinking("", signature("RQ==")));
        assertThat(parts.get(6)).isInstanceOf(Part.Image.class);
    }

    @Test
    void arguments_that_come_in_pieces_are_told_whole() {
        play(chunk("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}"),
                chunk("{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a.b[0]\",\"stringValue\":\"New \",\"willContinue\":true}],\"willContinue\":true}}"),
                chunk("{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a.b[0]\",\"stringValue\":\"York\"},{\"jsonPath\":\"$['n']\",\"numberValue\":1.50},"
                        + "{\"jsonPath\":\"$.t\",\"boolValue\":true},{\"jsonPath\":\"$.z\",\"nullValue\":\"NULL_VALUE\"}],\"willContinue\":true}}"),
                chunk("{\"functionCall\":{}}"), finish("STOP"));

        assertThat(events).containsOnlyOnce(new StreamEvent.Delta(0, "{\"a\":{\"b\":[\"New York\"]},\"n\":1.50,\"t\":true,\"z\":null}"));
        assertThat(events).filteredOn(event -> event instanceof StreamEvent.PartStart).hasSize(1);
    }

    @Test
    void x45_citations_count_code_points_and_come_before_the_end() {
        play(text("é is"), """
                {"candidates":[{"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a","title":"A"}},{"web":{"uri":"https://b"}}],
                 "groundingSupports":[{"segment":{"endIndex":2,"text":"é"},"groundingChunkIndices":[0,1,7]}]}}]}""");

        assertThat(events).containsSubsequence(
                new StreamEvent.Cited(0, new Citation("https://a", "A", null, 0, 1)), new StreamEvent.Cited(0, new Citation("https://b", null, null, 0, 1)),
                new StreamEvent.PartEnd(0), new StreamEvent.Finish(0, FinishReason.STOP, "STOP", null));
    }

    @Test
    void citations_may_follow_the_finish_reason() {
        play("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"https://a\"}}]}}]}");

        assertThat(events).contains(new StreamEvent.Cited(0, new Citation("https://a", null, null, -1, -1)));
    }

    @Test
    void citations_of_a_whole_answer_count_from_its_first_part() {
        Completion completion = whole("""
                {"candidates":[{"content":{"parts":[{"text":"😀"},{"text":"bcd"}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a"}}],
                 "groundingSupports":[{"segment":{"partIndex":1,"startIndex":1,"endIndex":3},"groundingChunkIndices":[0]},{"segment":{"partIndex":1,"endIndex":30},"groundingChunkIndices":[0]}]}}]}""");

        assertThat(completion.choices().getFirst().parts()).containsExactly(
                new Part.Text("😀bcd", List.of(new Citation("https://a", null, null, 2, 4), new Citation("https://a", null, null, -1, -1)), null, null));
    }

    @Test
    void log_probabilities_are_read() {
        play("""
                {"candidates":[{"content":{"parts":[{"text":"a"}]},"logprobsResult":{"topCandidates":[{"candidates":[{"token":"a","logProbability":-0.5},{"token":"b","logProbability":-2}]}],
                 "chosenCandidates":[{"token":"a","tokenId":7,"logProbability":-0.5}]}}]}""", finish("STOP"));

        assertThat(events).contains(new StreamEvent.Logprobs(0, List.of(
                new TokenLogprob("a", -0.5, List.of(new TokenLogprob("a", -0.5, List.of()), new TokenLogprob("b", -2, List.of()))))));
    }

    @Test
    void choices_are_told_apart_by_an_index_behind_their_parts() {
        play("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"index\":1}]}", "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}",
                "{\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0},{\"finishReason\":\"MAX_TOKENS\",\"index\":1}]}");

        assertThat(events).contains(new StreamEvent.PartStart(1, 0, PartKind.TEXT, null), new StreamEvent.PartStart(0, 1, PartKind.TEXT, null),
                new StreamEvent.Finish(0, FinishReason.STOP, "STOP", null), new StreamEvent.Finish(1, FinishReason.LENGTH, "MAX_TOKENS", null));
    }

    @Test
    void snake_case_answers_are_read() {
        play("{\"response_id\":\"r\",\"model_version\":\"m\",\"candidates\":[{\"content\":{\"parts\":[{\"function_call\":{\"id\":\"i\",\"name\":\"f\"},\"thought_signature\":\"QQ==\"}]},"
                + "\"finish_reason\":\"STOP\"}],\"usage_metadata\":{\"prompt_token_count\":1}}");

        assertThat(events).contains(new StreamEvent.Start("r", "m", 0), new StreamEvent.Sealed(0, signature("QQ==")), new StreamEvent.Counted(new Usage(1, 0, 0, 0, 0, 0, 1)));
    }

    @Test
    void what_is_no_chunk_is_skipped_and_said() {
        StreamDecoder reader = GeminiFixtures.DIALECT.readStream(GeminiFixtures.gemini3(), emitter);
        for (String frame : List.of("", "{", "nonsense", "5", "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"")) {
            byte[] bytes = frame.getBytes(UTF_8);
            assertThat(reader.frame(bytes, 0, bytes.length, null)).as(frame).isFalse();
        }
        byte[] unknown = "{\"novelty\":1}".getBytes(UTF_8);
        assertThat(reader.frame(unknown, 0, unknown.length, null)).isTrue();
        assertThat(emitter.isOver()).isFalse();
    }

    @Test
    void a_whole_answer_may_be_an_array_of_chunks() {
        assertThat(whole("[" + text("a") + ",\r\n" + text("b") + "," + finish("STOP") + "]").choices().getFirst().parts()).containsExactly(new Part.Text("ab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "5", "{\"id\":\"x\",\"choices\":[]}", "{\"candidates\":", "<html>"})
    void what_is_no_answer_is_refused(String body) {
        assertThatThrownBy(() -> whole(body)).isInstanceOf(JsonIn.Bad.class);
    }

    @Test
    void an_answer_without_content_or_reason_is_an_empty_one() {
        assertThat(whole("{\"candidates\":[{}]}").choices().getFirst()).isEqualTo(new Completion.Choice(0, List.of(), FinishReason.STOP, null, List.of()));
    }

    @Property(tries = 400)
    void whatever_comes_the_events_keep_their_rules(@ForAll("chunks") List<String> chunks) {
        play(chunks.toArray(String[]::new));
        Set<Integer> open = new HashSet<>();
        Set<Integer> choices = new HashSet<>();
        int parts = 0;
        for (int at = 0; at < events.size(); at++) {
            StreamEvent event = events.get(at);
            assertThat(event instanceof StreamEvent.Start).isEqualTo(at == 0);
            assertThat(event instanceof StreamEvent.End).isEqualTo(at == events.size() - 1 && emitter.isOver() && emitter.failure() == null);
            switch (event) {
                case StreamEvent.PartStart start -> {
                    assertThat(start.part()).isEqualTo(parts++);
                    assertThat(choices).doesNotContain(start.choice());
                    open.add(start.part());
                }
                case StreamEvent.Delta(var part, var text) -> {
                    assertThat(open).contains(part);
                    assertThat(text).isNotEmpty();
                }
                case StreamEvent.Sealed(var part, _) -> assertThat(open).contains(part);
                case StreamEvent.Cited(var part, _) -> assertThat(open).contains(part);
                case StreamEvent.ImageData(var part, _, _) -> assertThat(open).contains(part);
                case StreamEvent.PartEnd(var part) -> assertThat(open.remove(part)).isTrue();
                case StreamEvent.Finish finish -> assertThat(choices.add(finish.choice())).isTrue();
                case StreamEvent.Start _, StreamEvent.Logprobs _, StreamEvent.Counted _, StreamEvent.End _, StreamEvent.Failed _ -> {}
            }
        }
    }

    @Provide
    Arbitrary<List<String>> chunks() {
        Arbitrary<String> scalar = Arbitraries.of("null", "5", "-1", "\"x\"", "\"\"", "true", "{}", "[]", "[null,3,\"s\"]", "{\"a\":{\"b\":[1]}}", "1e99");
        Arbitrary<String> name = Arbitraries.of("text", "thought", "thoughtSignature", "functionCall", "inlineData", "id", "name", "args", "partialArgs", "jsonPath",
                "stringValue", "willContinue", "mimeType", "data", "index", "finishReason", "content", "parts", "groundingMetadata", "groundingChunks", "groundingSupports",
                "segment", "endIndex", "logprobsResult", "chosenCandidates", "candidates", "usageMetadata", "promptTokenCount", "promptFeedback", "blockReason", "error");
        Arbitrary<String> wild = Arbitraries.lazyOf(
                () -> scalar,
                () -> Combinators.combine(name, scalar).as((one, value) -> "{\"" + one + "\":" + value + "}"));
        Arbitrary<String> part = Arbitraries.oneOf(
                Arbitraries.of("{\"text\":\"a\"}", "{\"text\":\"b\",\"thought\":true}", "{\"text\":\"\",\"thoughtSignature\":\"QQ==\"}",
                        "{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":1}},\"thoughtSignature\":\"QQ==\"}", "{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}",
                        "{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a[0]['b'].\",\"stringValue\":\"x\"}]}}", "{\"functionCall\":{}}",
                        "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}"), wild);
        Arbitrary<String> candidate = Combinators.combine(part.list().ofMaxSize(3), Arbitraries.of("", ",\"finishReason\":\"STOP\"", ",\"index\":1", ",\"index\":-4",
                ",\"finishReason\":\"OTHER\",\"index\":2", ",\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"u\"}}]}", ",\"finishReason\":\"MALFORMED_FUNCTION_CALL\""))
                .as((parts, rest) -> "{\"content\":{\"parts\":[" + String.join(",", parts) + "]}" + rest + "}");
        Arbitrary<String> chunk = candidate.list().ofMaxSize(2).map(all -> "{\"candidates\":[" + String.join(",", all) + "],\"usageMetadata\":{\"promptTokenCount\":1}}");
        return Arbitraries.frequencyOf(Tuple.of(8, chunk), Tuple.of(2, wild),
                Tuple.of(1, Arbitraries.of("{", "[DONE]", "{\"error\":\"boom\"}", "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"cut"))).list().ofMaxSize(8);
    }
}
