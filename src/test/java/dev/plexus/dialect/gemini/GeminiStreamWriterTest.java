package dev.plexus.dialect.gemini;

import static dev.plexus.dialect.gemini.GeminiFixtures.USAGE;
import static dev.plexus.dialect.gemini.GeminiFixtures.call;
import static dev.plexus.dialect.gemini.GeminiFixtures.json;
import static dev.plexus.dialect.gemini.GeminiFixtures.signature;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plexus.dialect.Collector;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.FinishReason;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.Pieces;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiStreamWriterTest {

    private static final List<StreamEvent> REFERENCE = List.of(
            new StreamEvent.Start("c1", "m", 1),
            new StreamEvent.PartStart(0, 0, PartKind.THINKING, null), new StreamEvent.Delta(0, "hm"), new StreamEvent.PartEnd(0),
            new StreamEvent.PartStart(0, 1, PartKind.TEXT, null), new StreamEvent.Delta(1, "Hi"), new StreamEvent.PartEnd(1),
            new StreamEvent.PartStart(0, 2, PartKind.TOOL_CALL, call("A1", "f")), new StreamEvent.Delta(2, "{\"a\""), new StreamEvent.Delta(2, ":1}"), new StreamEvent.PartEnd(2),
            new StreamEvent.Finish(0, FinishReason.TOOL_CALLS, "tool_calls", null), new StreamEvent.Counted(USAGE), new StreamEvent.End());

    private final Drops drops = new Drops();

    private String written(boolean asArray, List<StreamEvent> events) {
        FrameSink sink = new FrameSink(asArray);
        StreamEncoder writer = GeminiFixtures.DIALECT.writeStream(sink, GeminiFixtures.reply(), drops);
        events.forEach(event -> {
            writer.accept(event);
            writer.keepAlive();
        });
        Pieces.Slice slice = sink.take();
        return new String(slice.array(), slice.offset(), slice.length(), UTF_8);
    }

    /// The chunks, without the members that all of them have.
    private List<JsonNode> chunks(StreamEvent... events) {
        return chunks(List.of(events));
    }

    private List<JsonNode> chunks(List<StreamEvent> events) {
        List<JsonNode> chunks = new ArrayList<>();
        String id = null;
        for (String block : written(false, events).split("\n\n")) {
            if (block.startsWith("data: ")) {
                ObjectNode chunk = (ObjectNode) json(block.substring("data: ".length()));
                if (!chunk.has("error")) {
                    assertThat(chunk.remove("modelVersion").textValue()).isNotEmpty();
                    String one = chunk.remove("responseId").textValue();
                    assertThat(one).matches("[0-9A-Za-z]{24}").isEqualTo(id == null ? one : id);
                    id = one;
                }
                chunks.add(chunk);
            } else if (!block.isEmpty()) {
                assertThat(block).isEqualTo(": keep-alive");
            }
        }
        return chunks;
    }

    private static JsonNode chunk(String parts) {
        return json("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + parts + "]},\"index\":0}]}");
    }

    private static JsonNode last(String reason) {
        return json("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"" + reason + "\",\"index\":0}]}");
    }

    private static StreamEvent start(int part, PartKind kind) {
        return new StreamEvent.PartStart(0, part, kind, null);
    }

    private static StreamEvent finish(FinishReason reason) {
        return new StreamEvent.Finish(0, reason, null, null);
    }

    @Test
    void the_reference_answer_is_written() {
        assertThat(chunks(REFERENCE)).containsExactly(
                chunk("{\"text\":\"hm\",\"thought\":true}"), chunk("{\"text\":\"Hi\"}"), chunk("{\"functionCall\":{\"id\":\"A1\",\"name\":\"f\",\"args\":{\"a\":1}}}"),
                json("""
                {"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0}],
                 "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":3,"thoughtsTokenCount":2,"totalTokenCount":15}}"""));
    }

    @Test
    void every_event_is_written_before_the_next_comes() {
        FrameSink sink = new FrameSink(false);
        StreamEncoder writer = GeminiFixtures.DIALECT.writeStream(sink, GeminiFixtures.reply(), drops);
        REFERENCE.subList(0, 6).forEach(writer::accept);

        assertThat(new String(sink.take().array(), UTF_8)).contains("\"Hi\"");
    }

    @Test
    void an_array_has_the_same_chunks_and_no_comments() {
        JsonNode array = json(written(true, REFERENCE));

        assertThat(array.isArray()).isTrue();
        assertThat(array).hasSize(4);
        assertThat(array.get(0).get("modelVersion").textValue()).isEqualTo("m");
        assertThat(json(written(true, List.of(new StreamEvent.Failed(GatewayError.of(ErrorKind.OVERLOADED, "Overloaded")))))).hasSize(1);
    }

    @Test
    void x2_interleaved_calls_are_written_whole_and_in_the_order_of_their_start() {
        assertThat(chunks(
                new StreamEvent.PartStart(0, 0, PartKind.TOOL_CALL, call("1", "f")), new StreamEvent.PartStart(0, 1, PartKind.TOOL_CALL, call("2", "g")),
                new StreamEvent.Delta(0, "{\"x\""), new StreamEvent.Delta(1, "{\"y\":"), new StreamEvent.Delta(0, ":1}"), new StreamEvent.Delta(1, "2}"), new StreamEvent.PartEnd(1),
                new StreamEvent.PartEnd(0), finish(FinishReason.TOOL_CALLS), new StreamEvent.End())).containsExactly(
                chunk("{\"functionCall\":{\"id\":\"1\",\"name\":\"f\",\"args\":{\"x\":1}}}"), chunk("{\"functionCall\":{\"id\":\"2\",\"name\":\"g\",\"args\":{\"y\":2}}}"), last("STOP"));
    }

    @Test
    void secrets_travel_on_the_next_part_that_is_no_thought() {
        Secret foreign = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG");
        assertThat(chunks(start(0, PartKind.THINKING), new StreamEvent.Delta(0, "hm"), new StreamEvent.Sealed(0, foreign), new StreamEvent.PartEnd(0), start(1, PartKind.TEXT),
                new StreamEvent.Delta(1, "a"), new StreamEvent.Delta(1, "b"), new StreamEvent.Sealed(1, signature("QQ==")), new StreamEvent.PartEnd(1),
                new StreamEvent.PartStart(0, 2, PartKind.TOOL_CALL, call("1", "f")), new StreamEvent.Sealed(2, signature("Qg==")), new StreamEvent.PartEnd(2),
                start(3, PartKind.THINKING), new StreamEvent.Sealed(3, signature("Qw==")), new StreamEvent.End())).containsExactly(
                chunk("{\"text\":\"hm\",\"thought\":true}"), chunk("{\"text\":\"a\",\"thoughtSignature\":\"" + Envelope.wrapBase64(foreign) + "\"}"), chunk("{\"text\":\"b\"}"),
                chunk("{\"text\":\"\",\"thoughtSignature\":\"QQ==\"}"), chunk("{\"functionCall\":{\"id\":\"1\",\"name\":\"f\",\"args\":{}},\"thoughtSignature\":\"Qg==\"}"),
                json("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"\",\"thoughtSignature\":\"Qw==\"}]},\"finishReason\":\"STOP\",\"index\":0}]}"));
    }

    @Test
    void x31_hidden_reasoning_is_not_seen() {
        assertThat(chunks(start(0, PartKind.THINKING), new StreamEvent.Sealed(0, new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "R")), new StreamEvent.PartEnd(0),
                finish(FinishReason.STOP), new StreamEvent.End())).containsExactly(last("STOP"));
        assertThat(drops.counts()).containsOnlyKeys(Feature.THINKING);
    }

    @ParameterizedTest
    @CsvSource({"STOP,STOP", "STOP_SEQUENCE,STOP", "LENGTH,MAX_TOKENS", "CONTEXT_WINDOW,MAX_TOKENS", "TOOL_CALLS,STOP", "CONTENT_FILTER,SAFETY", "REFUSAL,STOP", "PAUSE,STOP", "OTHER,OTHER"})
    void finish_reasons_are_written(FinishReason reason, String word) {
        assertThat(chunks(start(0, PartKind.TEXT), new StreamEvent.Delta(0, "x"), finish(reason), new StreamEvent.End()).getLast()).isEqualTo(last(word));
    }

    @Test
    void x18_an_answer_that_was_filtered_away_has_no_content() {
        assertThat(chunks(finish(FinishReason.CONTENT_FILTER), new StreamEvent.End())).containsExactly(json("{\"candidates\":[{\"finishReason\":\"SAFETY\",\"index\":0}]}"));
        assertThat(chunks(finish(FinishReason.REFUSAL), new StreamEvent.End())).containsExactly(json("{\"candidates\":[{\"finishReason\":\"SAFETY\",\"index\":0}]}"));
    }

    @Test
    void x19_a_refusal_is_text() {
        assertThat(chunks(start(0, PartKind.REFUSAL), new StreamEvent.Delta(0, "No."), finish(FinishReason.REFUSAL), new StreamEvent.End()))
                .containsExactly(chunk("{\"text\":\"No.\"}"), last("STOP"));
    }

    @Test
    void x22_an_error_is_the_last_thing_said() {
        assertThat(chunks(start(0, PartKind.TEXT), new StreamEvent.Delta(0, "Par"), new StreamEvent.Failed(GatewayError.of(ErrorKind.OVERLOADED, "Overloaded")),
                new StreamEvent.Delta(0, "no"), new StreamEvent.End())).containsExactly(
                chunk("{\"text\":\"Par\"}"), json("{\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}"));
    }

    @Test
    void x34_every_choice_has_its_finish_in_the_last_chunk() {
        assertThat(chunks(start(0, PartKind.TEXT), new StreamEvent.PartStart(1, 1, PartKind.TEXT, null), new StreamEvent.Delta(1, "b"), new StreamEvent.Delta(0, "a"),
                finish(FinishReason.STOP), new StreamEvent.Finish(1, FinishReason.LENGTH, null, null), new StreamEvent.End())).containsExactly(
                json("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"b\"}]},\"index\":1}]}"), chunk("{\"text\":\"a\"}"), json("""
                {"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0},
                 {"content":{"role":"model","parts":[{"text":""}]},"finishReason":"MAX_TOKENS","index":1}]}"""));
    }

    @Test
    void citations_and_log_probabilities_are_written() {
        List<JsonNode> chunks = chunks(start(0, PartKind.TEXT), new StreamEvent.Logprobs(0, List.of(new TokenLogprob("é", -0.5, List.of(new TokenLogprob("é", -0.5, List.of()))))),
                new StreamEvent.Delta(0, "é is"), new StreamEvent.Cited(0, new Citation("https://a", "A", null, 0, 1)),
                new StreamEvent.Cited(0, new Citation("https://b", null, null, -1, -1)), finish(FinishReason.STOP), new StreamEvent.End());

        assertThat(chunks.getFirst().get("candidates").get(0).get("logprobsResult")).isEqualTo(json("""
                {"topCandidates":[{"candidates":[{"token":"é","logProbability":-0.5}]}],"chosenCandidates":[{"token":"é","logProbability":-0.5}]}"""));
        assertThat(chunks.getLast().get("candidates").get(0).get("groundingMetadata")).isEqualTo(json("""
                {"groundingChunks":[{"web":{"uri":"https://a","title":"A"}},{"web":{"uri":"https://b"}}],
                 "groundingSupports":[{"segment":{"startIndex":0,"endIndex":2,"text":"é"},"groundingChunkIndices":[0]}]}"""));
    }

    @Test
    void images_are_parts() {
        assertThat(chunks(start(0, PartKind.IMAGE), new StreamEvent.ImageData(0, "image/png", "AAAA"), new StreamEvent.PartEnd(0), new StreamEvent.End()).getFirst())
                .isEqualTo(chunk("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}"));
    }

    // Whole answers

    private JsonNode answer(Completion completion) {
        return json(new String(GeminiFixtures.DIALECT.writeAnswer(completion, GeminiFixtures.reply(), drops), UTF_8));
    }

    private JsonNode candidate(FinishReason finish, Part... parts) {
        return answer(new Completion("x", null, 0, List.of(new Completion.Choice(0, List.of(parts), finish, null, List.of())), null)).get("candidates").get(0);
    }

    @Test
    void a_whole_answer_says_the_same_as_its_stream() {
        Collector collector = new Collector();
        REFERENCE.forEach(collector);
        ObjectNode answer = (ObjectNode) answer(collector.completion());

        assertThat(answer.remove("responseId").textValue()).matches("[0-9A-Za-z]{24}");
        assertThat(answer).isEqualTo(json("""
                {"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"Hi"},{"functionCall":{"id":"A1","name":"f","args":{"a":1}}}]},"finishReason":"STOP","index":0}],
                 "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":3,"thoughtsTokenCount":2,"totalTokenCount":15},"modelVersion":"m"}"""));
    }

    @Test
    void usage_is_told_in_the_vendors_terms() {
        assertThat(answer(new Completion(null, null, 0, List.of(), new Usage(12, 1000, 50, 0, 30, 0, 1092))).get("usageMetadata")).isEqualTo(json("""
                {"promptTokenCount":1062,"cachedContentTokenCount":1000,"candidatesTokenCount":30,"totalTokenCount":1092}"""));
        assertThat(answer(new Completion(null, null, 0, List.of(), null)).has("usageMetadata")).isFalse();
        assertThat(answer(new Completion(null, null, 0, List.of(), null)).get("modelVersion").textValue()).isEqualTo("target");
    }

    @Test
    void empty_answers_have_an_empty_part_and_filtered_ones_none() {
        assertThat(candidate(FinishReason.STOP)).isEqualTo(json("{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\",\"index\":0}"));
        assertThat(candidate(FinishReason.CONTENT_FILTER)).isEqualTo(json("{\"finishReason\":\"SAFETY\",\"index\":0}"));
    }

    @Test
    void secrets_of_a_whole_answer_stand_on_the_next_part() {
        Secret encrypted = new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1");
        Secret signed = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq");

        assertThat(candidate(FinishReason.STOP, new Part.Thinking("", encrypted), new Part.Thinking("t", signed), new Part.Text("a", List.of(), null, signature("QQ==")),
                new Part.Image(new Source.Base64("image/png", "AAAA"), null, null)).get("content").get("parts")).isEqualTo(json("""
                [{"text":"t","thought":true},{"text":"","thoughtSignature":"%s"},{"text":"","thoughtSignature":"%s"},{"text":"a","thoughtSignature":"QQ=="},
                 {"inlineData":{"mimeType":"image/png","data":"AAAA"}}]""".formatted(Envelope.wrapBase64(encrypted), Envelope.wrapBase64(signed))));
    }

    @Test
    void citations_of_a_whole_answer_name_their_part() {
        assertThat(candidate(FinishReason.STOP, new Part.Text("😀"), new Part.Text("bcd", List.of(new Citation("https://a", null, null, 2, 4)), null, null)).get("groundingMetadata"))
                .isEqualTo(json("""
                {"groundingChunks":[{"web":{"uri":"https://a"}}],"groundingSupports":[{"segment":{"partIndex":1,"startIndex":1,"endIndex":3,"text":"cd"},"groundingChunkIndices":[0]}]}"""));
    }

    @Property(tries = 400)
    void whatever_happens_the_stream_is_legal(@ForAll("events") List<StreamEvent> events) {
        List<JsonNode> chunks = chunks(events);
        for (int at = 0; at < chunks.size(); at++) {
            JsonNode chunk = chunks.get(at);
            boolean terminal = chunk.has("error") || chunk.get("candidates").get(0).has("finishReason");
            assertThat(!terminal || at == chunks.size() - 1).as("only the last chunk ends").isTrue();
            Set<Integer> indices = new HashSet<>();
            for (JsonNode candidate : chunk.has("error") ? List.<JsonNode>of() : chunk.get("candidates")) {
                assertThat(indices.add(candidate.get("index").intValue())).isTrue();
                assertThat(candidate.has("finishReason")).isEqualTo(terminal);
                assertThat(candidate.has("content") || terminal).isTrue();
                if (candidate.has("content")) {
                    assertThat(candidate.get("content").get("parts")).isNotEmpty();
                }
            }
        }
        assertThat(chunks.isEmpty() || chunks.getLast().has("error") || chunks.getLast().get("candidates").get(0).has("finishReason"))
                .isEqualTo(events.stream().anyMatch(event -> event instanceof StreamEvent.End || event instanceof StreamEvent.Failed) || chunks.isEmpty());
        json(written(true, append(events)));
    }

    private static List<StreamEvent> append(List<StreamEvent> events) {
        List<StreamEvent> all = new ArrayList<>(events);
        all.add(new StreamEvent.End());
        return all;
    }

    @Provide
    Arbitrary<List<StreamEvent>> events() {
        Arbitrary<Integer> part = Arbitraries.of(0, 1, 2, 3, 99, -1);
        Arbitrary<Integer> choice = Arbitraries.of(0, 0, 0, 1);
        Arbitrary<StreamEvent> starts = Combinators.combine(choice, part, Arbitraries.of(PartKind.class))
                .as((one, two, kind) -> new StreamEvent.PartStart(one, two, kind, kind == PartKind.TOOL_CALL ? call("i", "f") : null));
        Arbitrary<StreamEvent> deltas = Combinators.combine(part, Arbitraries.of("a", "", "{\"x\":1}", "{", "\n")).as(StreamEvent.Delta::new);
        Arbitrary<StreamEvent> seals = Combinators.combine(part, Arbitraries.of(DialectId.GEMINI, DialectId.MESSAGES), Arbitraries.of(Secret.Kind.class))
                .as((one, dialect, kind) -> new StreamEvent.Sealed(one, new Secret(dialect, kind, "QQ==")));
        Arbitrary<StreamEvent> ends = part.map(StreamEvent.PartEnd::new);
        Arbitrary<StreamEvent> others = Combinators.combine(choice, part, Arbitraries.of(FinishReason.class), Arbitraries.integers().between(0, 11)).as((one, two, reason, kind) -> switch (kind) {
            case 0 -> new StreamEvent.Start(null, null, 0);
            case 1, 2 -> new StreamEvent.Finish(one, reason, null, null);
            case 3 -> new StreamEvent.Counted(USAGE);
            case 4 -> new StreamEvent.End();
            case 5 -> new StreamEvent.Failed(GatewayError.of(ErrorKind.TIMEOUT, "t"));
            case 6, 7 -> new StreamEvent.ImageData(two, "image/png", "AAAA");
            case 8 -> new StreamEvent.Logprobs(one, List.of(new TokenLogprob("t", Double.NEGATIVE_INFINITY, List.of())));
            default -> new StreamEvent.Cited(two, new Citation("https://a", null, null, two, 5));
        });
        return Arbitraries.oneOf(starts, deltas, deltas, seals, ends, others).list().ofMaxSize(20);
    }
}
