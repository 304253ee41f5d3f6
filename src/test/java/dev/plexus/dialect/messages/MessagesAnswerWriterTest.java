package dev.plexus.dialect.messages;

import static dev.plexus.dialect.messages.Messages.json;
import static dev.plexus.dialect.messages.Messages.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesAnswerWriterTest {

    private static final Secret GEMINI = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD");

    private final Drops drops = new Drops();

    private JsonNode written(Completion completion) {
        return json(new String(ResponseWriter.write(completion, reply(), drops), UTF_8));
    }

    private JsonNode written(FinishReason finish, @Nullable String sequence, Part... parts) {
        return written(new Completion(
                null, null, 0, List.of(new Completion.Choice(0, List.of(parts), finish, sequence, List.of())), null));
    }

    private JsonNode content(Part... parts) {
        return written(FinishReason.STOP, null, parts).get("content");
    }

    private static Part call(String id, @Nullable Secret signature) {
        return new Part.ToolCall(id, "f", "{}", ToolKind.FUNCTION, null, null, signature);
    }

    private static Secret forCall(String id) {
        return new Secret(GEMINI.dialect(), GEMINI.kind(), GEMINI.value(), id);
    }

    @Test
    void the_worked_example_from_gemini_is_written_as_the_specification_says() {
        Part first = new Part.ToolCall("call_A", "f", "{}", ToolKind.FUNCTION, null, null, GEMINI);
        Part second = Part.ToolCall.function("call_B", "g", "{\"z\":[1]}");
        ObjectNode message = (ObjectNode) written(new Completion("r1", "gemini-3-pro", 0,
                List.of(new Completion.Choice(0, List.of(new Part.Thinking("plan", null), first, second), FinishReason.TOOL_CALLS, null, List.of())),
                new Usage(9, 0, 0, 0, 10, 6, 19)));

        assertThat(message.remove("id").asText()).matches("msg_[0-9a-zA-Z]{24}");
        assertThat(message).isEqualTo(json("""
                {"type":"message","role":"assistant","model":"gemini-3-pro","content":[
                 {"type":"thinking","thinking":"plan","signature":"ENVELOPE"},
                 {"type":"tool_use","id":"call_A","name":"f","input":{}},{"type":"tool_use","id":"call_B","name":"g","input":{"z":[1]}}],
                 "stop_reason":"tool_use","stop_sequence":null,
                 "usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":10,
                 "output_tokens_details":{"thinking_tokens":6}}}""".replace("ENVELOPE", Envelope.wrap(forCall("call_A")))));
    }

    @Test
    void a_signature_behind_text_gets_a_block_of_its_own() {
        assertThat(content(new Part.Thinking("hm", null), new Part.Text("Hi"), call("c", GEMINI))).isEqualTo(json("""
                [{"type":"thinking","thinking":"hm","signature":"NONE"},{"type":"text","text":"Hi"},
                 {"type":"thinking","thinking":"","signature":"SIG"},{"type":"tool_use","id":"c","name":"f","input":{}}]"""
                .replace("NONE", Envelope.empty(DialectId.CHAT)).replace("SIG", Envelope.wrap(forCall("c")))));
    }

    @Test
    void what_is_written_is_read_again() {
        Part text = new Part.Text("Hi", List.of(), null, GEMINI);
        Secret encrypted = new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1");
        JsonNode content = content(new Part.Thinking("s", encrypted), text, call("a", null), call("b", GEMINI));

        assertThat(Messages.parts("assistant", content.toString(), drops))
                .containsExactly(new Part.Thinking("s", encrypted), text, call("a", null), call("b", GEMINI));
    }

    @Test
    void the_vendors_own_secrets_are_not_wrapped() {
        assertThat(content(new Part.Thinking("t", new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq")),
                new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "R")))).isEqualTo(json("""
                [{"type":"thinking","thinking":"t","signature":"Eq"},{"type":"redacted_thinking","data":"R"}]"""));
    }

    @Test
    void an_answer_without_content_has_an_empty_list() {
        JsonNode message = written(new Completion(null, null, 0, List.of(), null));

        assertThat(message.get("content")).isEmpty();
        assertThat(message.get("model").asText()).isEqualTo("target-model");
        assertThat(message.get("usage").get("input_tokens").asInt()).isZero();
        assertThat(content(new Part.Text(""), new Part.Thinking("", null))).isEmpty();
    }

    @Test
    void images_become_words_and_citations_stay_on_their_text() {
        assertThat(content(new Part.Image(new Source.Base64("image/png", "AA"), null, null),
                new Part.Text("t", List.of(new Citation("https://u", null, null, 0, 1)), null, null))).isEqualTo(json("""
                [{"type":"text","text":"[image omitted]"},{"type":"text","text":"t","citations":[
                 {"type":"web_search_result_location","url":"https://u","title":null,"cited_text":"","encrypted_index":""}]}]"""));
        assertThat(drops.counts()).isEqualTo(Map.of(Feature.IMAGE, 1));
    }

    @Test
    void arguments_that_are_no_json_are_kept_as_text() {
        assertThat(content(Part.ToolCall.function("c", "f", "{\"a\":")).get(0).get("input")).isEqualTo(json("{\"_raw\":\"{\\\"a\\\":\"}"));
    }

    @Test
    void a_refusal_is_text_and_the_reason() {
        JsonNode message = written(FinishReason.STOP, null, new Part.Refusal("No."));

        assertThat(message.get("content")).isEqualTo(json("[{\"type\":\"text\",\"text\":\"No.\"}]"));
        assertThat(message.get("stop_reason").asText()).isEqualTo("refusal");
    }

    @Test
    void only_the_first_answer_has_a_place() {
        Completion.Choice choice = new Completion.Choice(
                0, List.of(new Part.Text("a")), FinishReason.STOP, null, List.of(new TokenLogprob("a", -1, List.of())));

        assertThat(written(new Completion(null, null, 0, List.of(choice, choice), null)).get("content")).hasSize(1);
        assertThat(drops.counts()).isEqualTo(Map.of(Feature.CHOICES, 1, Feature.LOGPROBS, 1));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "STOP,-,end_turn", "STOP_SEQUENCE,-,end_turn", "STOP_SEQUENCE,END,stop_sequence", "LENGTH,-,max_tokens", "TOOL_CALLS,-,tool_use",
        "CONTEXT_WINDOW,-,model_context_window_exceeded", "CONTENT_FILTER,-,refusal", "REFUSAL,-,refusal", "PAUSE,-,pause_turn", "OTHER,-,end_turn"})
    void reasons_to_stop_are_spelled(FinishReason reason, @Nullable String sequence, String word) {
        JsonNode message = written(reason, sequence);

        assertThat(message.get("stop_reason").asText()).isEqualTo(word);
        assertThat(message.get("stop_sequence").asText(null)).isEqualTo(sequence);
    }
}
