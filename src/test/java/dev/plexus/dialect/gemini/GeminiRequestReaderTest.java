package dev.plexus.dialect.gemini;

import static dev.plexus.dialect.gemini.GeminiFixtures.SCHEMA;
import static dev.plexus.dialect.gemini.GeminiFixtures.dropped;
import static dev.plexus.dialect.gemini.GeminiFixtures.json;
import static dev.plexus.dialect.gemini.GeminiFixtures.read;
import static dev.plexus.dialect.gemini.GeminiFixtures.signature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.OutputFormat;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Secret;
import dev.plexus.model.Settings;
import dev.plexus.model.Source;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.ToolKind;
import dev.plexus.wire.JsonIn;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiRequestReaderTest {

    private static Message only(String body) {
        List<Message> messages = read(body).messages();
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

    private static Part part(String part) {
        List<Part> parts = only("{\"contents\":[{\"role\":\"user\",\"parts\":[" + part + "]}]}").parts();
        assertThat(parts).hasSize(1);
        return parts.getFirst();
    }

    private static List<Part> model(String parts) {
        return only("{\"contents\":[{\"role\":\"model\",\"parts\":[" + parts + "]}]}").parts();
    }

    private static ChatRequest with(String members) {
        return read("{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]," + members + "}");
    }

    private static Settings generation(String members) {
        return with("\"generationConfig\":{" + members + "}").settings();
    }

    @Test
    void the_reference_conversation_is_read() {
        ChatRequest request = read("""
                {"systemInstruction":{"parts":[{"text":"S"}]},
                 "contents":[{"role":"user","parts":[{"text":"look"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
                 {"role":"model","parts":[{"text":"ok"},{"functionCall":{"name":"f","args":{"a":1}}}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"42"}}},{"text":"go"}]}],
                 "tools":[{"functionDeclarations":[{"name":"f","description":"F","parametersJsonSchema":{"type":"object","properties":{"a":{"type":"integer"}}}}]}],
                 "toolConfig":{"functionCallingConfig":{"mode":"ANY"}},
                 "generationConfig":{"maxOutputTokens":100,"temperature":0.5,"thinkingConfig":{"thinkingLevel":"MEDIUM"}}}""");
        String id = Ids.ofPlace(1, 0, "f");

        assertThat(request).isEqualTo(new ChatRequest(DialectId.GEMINI, "a", false, false, List.of(
                new Message(Message.Role.SYSTEM, List.of(new Part.Text("S"))),
                new Message(Message.Role.USER, List.of(new Part.Text("look"), new Part.Image(new Source.Base64("image/png", "AAAA"), null, null))),
                new Message(Message.Role.ASSISTANT, List.of(new Part.Text("ok"), Part.ToolCall.function(id, "f", "{\"a\":1}"))),
                new Message(Message.Role.USER, List.of(
                        new Part.ToolResult(id, "f", List.of(new Part.Text("42")), false, ToolKind.FUNCTION, null), new Part.Text("go")))),
                List.of(new Tool.Function("f", "F", SCHEMA, null, null, null)), new ToolChoice.Required(), null,
                new Reasoning(true, "medium", null, false, null, null),
                new Settings.Builder().maxTokens(100L).temperature(new BigDecimal("0.5")).build()));
    }

    @Test
    void snake_case_means_the_same_at_every_level() {
        Drops drops = new Drops();
        ChatRequest request = read("""
                {"system_instruction":"S","contents":[{"parts":[{"inline_data":{"mime_type":"image/png","data":"AAAA"}},{"file_data":{"file_uri":"gs://b/c","mime_type":"audio/wav"}}]},
                 {"role":"model","parts":[{"function_call":{"name":"f","args":{"snake_case":1}},"thought_signature":"QUJD"}]},
                 {"role":"function","parts":[{"function_response":{"name":"f","response":{"result":"r"}}}]}],
                 "tools":[{"function_declarations":[{"name":"f","parameters_json_schema":{"type":"object"}}]},{"google_search":{"exclude_domains":["d"]}}],
                 "tool_config":{"function_calling_config":{"mode":"any","allowed_function_names":["f"]}},
                 "generation_config":{"max_output_tokens":7,"top_p":0.1,"top_k":2,"stop_sequences":["E"],"candidate_count":2,"response_mime_type":"application/json",
                  "thinking_config":{"include_thoughts":true,"thinking_budget":12}}}""", drops);

        assertThat(drops.all()).isEmpty();
        assertThat(request.messages()).extracting(Message::role).containsExactly(
                Message.Role.SYSTEM, Message.Role.USER, Message.Role.ASSISTANT, Message.Role.USER);
        assertThat(request.messages().get(1).parts()).containsExactly(
                new Part.Image(new Source.Base64("image/png", "AAAA"), null, null), new Part.Audio(new Source.Url("gs://b/c", "audio/wav"), null));
        assertThat(request.messages().get(2).parts()).containsExactly(
                new Part.ToolCall(Ids.ofPlace(1, 0, "f"), "f", "{\"snake_case\":1}", ToolKind.FUNCTION, null, null, signature("QUJD")));
        assertThat(request.tools()).containsExactly(
                new Tool.Function("f", null, "{\"type\":\"object\"}", null, null, null), new Tool.WebSearch(List.of(), List.of("d"), null, null, null));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("f", ToolKind.FUNCTION));
        assertThat(request.reasoning()).isEqualTo(new Reasoning(true, null, 12L, false, true, null));
        assertThat(request.settings()).isEqualTo(new Settings.Builder().maxTokens(7L).topP(new BigDecimal("0.1")).topK(2L).stop(List.of("E")).n(2L)
                .format(new OutputFormat.JsonObject()).build());
    }

    @Test
    void an_explicit_null_is_absent_everywhere() {
        ChatRequest request = read("""
                {"contents":[{"role":null,"parts":[{"text":"x","thought":null,"thoughtSignature":null,"inlineData":null}]}],"systemInstruction":null,"tools":null,"toolConfig":null,
                 "generationConfig":{"maxOutputTokens":null,"temperature":null,"stopSequences":null,"responseSchema":null,"thinkingConfig":null},"serviceTier":null,"safetySettings":null}""");

        assertThat(request).isEqualTo(new ChatRequest(DialectId.GEMINI, "a", false, false,
                List.of(new Message(Message.Role.USER, List.of(new Part.Text("x")))), List.of(), null, null, Reasoning.UNSAID, new Settings.Builder().build()));
    }

    @Test
    void a_content_may_be_short_of_its_wrapping() {
        assertThat(read("{\"contents\":\"hi\"}").messages()).containsExactly(new Message(Message.Role.USER, List.of(new Part.Text("hi"))));
        assertThat(read("{\"contents\":{\"role\":\"user\",\"parts\":{\"text\":\"hi\"}}}").messages())
                .containsExactly(new Message(Message.Role.USER, List.of(new Part.Text("hi"))));
        assertThat(read("{\"contents\":[{\"text\":\"hi\"}],\"systemInstruction\":{\"text\":\"S\"}}").messages().getFirst().parts()).containsExactly(new Part.Text("S"));
    }

    @Test
    void parallel_calls_of_one_function_get_ids_of_their_own_and_results_find_them_in_order() {
        ChatRequest request = read("""
                {"contents":[{"role":"user","parts":[{"text":"a"}]},
                 {"role":"model","parts":[{"functionCall":{"name":"f","args":{"x":1}}},{"functionCall":{"name":"f","args":{"x":2}}}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"one"}}},{"functionResponse":{"name":"f","response":{"k":2}}}]}]}""");
        String first = Ids.ofPlace(1, 0, "f");
        String second = Ids.ofPlace(1, 1, "f");

        assertThat(first).isNotEqualTo(second);
        assertThat(request.messages().get(2).parts()).containsExactly(
                new Part.ToolResult(first, "f", List.of(new Part.Text("one")), false, ToolKind.FUNCTION, null),
                new Part.ToolResult(second, "f", List.of(new Part.Text("{\"k\":2}")), false, ToolKind.FUNCTION, null));
    }

    @Test
    void model_contents_that_only_carry_calls_become_one_message() {
        ChatRequest request = read("""
                {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"role":"model","parts":[{"functionCall":{"name":"f"}}]},
                 {"role":"function","parts":[{"functionResponse":{"name":"f","response":{"output":"1"}}}]},{"role":"function","parts":[{"functionResponse":{"name":"f","response":{"output":"2"}}}]},
                 {"role":"model","parts":[{"text":"t"}]},{"role":"model","parts":[{"text":"u"}]}]}""");

        assertThat(request.messages()).extracting(message -> message.parts().size()).containsExactly(2, 1, 1, 1, 1);
        assertThat(request.messages().getFirst().parts()).containsExactly(
                Part.ToolCall.function(Ids.ofPlace(0, 0, "f"), "f", "{}"), Part.ToolCall.function(Ids.ofPlace(1, 0, "f"), "f", "{}"));
        assertThat(((Part.ToolResult) request.messages().get(2).parts().getFirst()).callId()).isEqualTo(Ids.ofPlace(1, 0, "f"));
    }

    @Test
    void given_ids_are_kept_and_matched_before_names() {
        List<Message> messages = read("""
                {"contents":[{"role":"model","parts":[{"functionCall":{"id":"x1","name":"f"}},{"functionCall":{"id":"x2","name":"f"}}]},
                 {"parts":[{"functionResponse":{"id":"x2","name":"f","response":{"content":"b"}}},{"functionResponse":{"name":"f","response":{"output":{"n":1}}}}]}]}""").messages();

        assertThat(messages.get(1).parts()).extracting(part -> ((Part.ToolResult) part).callId()).containsExactly("x2", "x1");
        assertThat(((Part.ToolResult) messages.get(1).parts().get(1)).parts()).containsExactly(new Part.Text("{\"output\":{\"n\":1}}"));
    }

    @Test
    void a_response_named_error_is_an_error_and_media_come_with_it() {
        ChatRequest request = read("""
                {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}}]},
                 {"parts":[{"functionResponse":{"name":"f","response":{"error":{"code":3}},"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}]}""");

        assertThat(request.messages().get(1).parts()).containsExactly(new Part.ToolResult(Ids.ofPlace(0, 0, "f"), "f",
                List.of(new Part.Text("{\"code\":3}"), new Part.Image(new Source.Base64("image/png", "AAAA"), null, null)), true, ToolKind.FUNCTION, null));
    }

    @Test
    void media_are_told_apart_by_their_type_and_keep_it() {
        assertThat(part("{\"inlineData\":{\"mimeType\":\"image/webp\",\"data\":\"_-8=\"}}")).isEqualTo(new Part.Image(new Source.Base64("image/webp", "/+8="), null, null));
        assertThat(part("{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"AAAA\"}}")).isEqualTo(new Part.Audio(new Source.Base64("audio/pcm", "AAAA"), null));
        assertThat(part("{\"inlineData\":{\"mimeType\":\"video/mp4\",\"data\":\"AAAA\"}}")).isEqualTo(new Part.Video(new Source.Base64("video/mp4", "AAAA")));
        assertThat(part("{\"inlineData\":{\"mimeType\":\"application/pdf\",\"data\":\"AAAA\",\"displayName\":\"d.pdf\"}}"))
                .isEqualTo(new Part.Document(new Source.Base64("application/pdf", "AAAA"), "d.pdf", null, null, false, null));
        assertThat(part("{\"fileData\":{\"fileUri\":\"https://youtu.be/x\"}}")).isEqualTo(new Part.Video(new Source.Url("https://youtu.be/x", null)));
        assertThat(part("{\"fileData\":{\"fileUri\":\"https://h/p.PNG?q=1\"}}")).isEqualTo(new Part.Image(new Source.Url("https://h/p.PNG?q=1", null), null, null));
    }

    @Test
    void thoughts_and_signatures_stay_on_their_parts() {
        assertThat(model("{\"text\":\"t\",\"thought\":true},{\"text\":\"a\",\"thoughtSignature\":\"QUJD\"},{\"text\":\"\",\"thoughtSignature\":\"QUJE\"}")).containsExactly(
                new Part.Thinking("t", null), new Part.Text("a", List.of(), null, signature("QUJD")), new Part.Text("", List.of(), null, signature("QUJE")));
    }

    @ParameterizedTest
    @CsvSource({"QUJD,true", "QUI=,true", "QUI,true", "_-8=,true", "'not base64!',false", "QUJDR,false", "Q===,false"})
    void only_base64_is_a_signature(String text, boolean legal) {
        assertThat(model("{\"text\":\"a\",\"thoughtSignature\":\"" + text + "\"}"))
                .containsExactly(new Part.Text("a", List.of(), null, legal ? signature(text) : null));
    }

    @Test
    void an_envelope_goes_back_to_the_thought_before_it() {
        Secret secret = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG");
        String part = "{\"text\":\"Hi\",\"thoughtSignature\":\"" + Envelope.wrapBase64(secret) + "\"}";

        assertThat(model("{\"text\":\"hm\",\"thought\":true}," + part)).containsExactly(new Part.Thinking("hm", secret), new Part.Text("Hi"));
        assertThat(model(part)).containsExactly(new Part.Thinking("", secret), new Part.Text("Hi"));
        assertThat(model("{\"text\":\"\",\"thoughtSignature\":\"" + Envelope.wrap(secret) + "\"}")).containsExactly(new Part.Thinking("", secret));
        assertThat(model("{\"text\":\"Hi\",\"thoughtSignature\":\"cGx4MS4=\"}")).containsExactly(new Part.Text("Hi"));
    }

    @Test
    void unknown_parts_and_members_are_counted_not_refused() {
        Drops drops = new Drops();
        ChatRequest request = read("""
                {"contents":[{"role":"model","parts":[{"executableCode":{"code":"1"}},{"novelty":{}},{}]}],"safetySettings":[],"cachedContent":"c","labels":{},
                 "generationConfig":{"speechConfig":{},"thinkingConfig":{"other":1}},"toolConfig":{"retrievalConfig":{}},"tools":[{"codeExecution":{}},{"brandNew":{}}]}""", drops);

        assertThat(request.messages().getFirst().parts()).containsExactly(
                new Part.Opaque(DialectId.GEMINI, "executableCode"), new Part.Opaque(DialectId.GEMINI, "novelty"));
        assertThat(drops.all()).extracting(Drops.Drop::path).containsExactly(
                "safetySettings", "cachedContent", "labels", "generationConfig.speechConfig", "generationConfig.thinkingConfig.other", "toolConfig.retrievalConfig");
        assertThat(request.tools()).containsExactly(
                new Tool.Builtin(Tool.Builtin.Type.CODE_EXECUTION, "codeExecution"), new Tool.Builtin(Tool.Builtin.Type.OTHER, "brandNew"));
    }

    @Test
    void choices_of_tools_are_read() {
        for (var entry : Map.of(
                "\"mode\":\"AUTO\"", new ToolChoice.Auto(), "\"mode\":\"NONE\"", new ToolChoice.None(),
                "\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\",\"g\"]", new ToolChoice.Allowed(List.of("f", "g"), true),
                "\"mode\":\"VALIDATED\",\"allowedFunctionNames\":[\"f\"]", new ToolChoice.Validated(List.of("f"))).entrySet()) {
            assertThat(with("\"toolConfig\":{\"functionCallingConfig\":{" + entry.getKey() + "}}").toolChoice()).isEqualTo(entry.getValue());
        }
        assertThat(with("\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"MODE_UNSPECIFIED\"}}").toolChoice()).isNull();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "thinkingBudget,0,false,-,-,false", "thinkingBudget,-1,true,-,-,true", "thinkingBudget,2048,true,-,2048,false", "thinkingLevel,\"HIGH\",true,high,-,false",
        "includeThoughts,false,-,-,-,false"
    })
    void thinking_is_read(String name, String value, Boolean enabled, String effort, Long budget, boolean adaptive) {
        Boolean include = name.equals("includeThoughts") ? Boolean.FALSE : null;

        assertThat(with("\"generationConfig\":{\"thinkingConfig\":{\"" + name + "\":" + value + "}}").reasoning())
                .isEqualTo(new Reasoning(enabled, effort, budget, adaptive, include, null));
    }

    @Test
    void the_other_settings_are_read() {
        assertThat(generation("""
                "seed":7,"frequencyPenalty":0.1,"presencePenalty":-1.50,"responseLogprobs":true,"logprobs":3,"responseModalities":["TEXT","IMAGE"]"""))
                .isEqualTo(new Settings.Builder().seed(7L).frequencyPenalty(new BigDecimal("0.1")).presencePenalty(new BigDecimal("-1.50")).logprobs(true)
                        .topLogprobs(3L).modalities(List.of("text", "image")).build());
        assertThat(with("\"serviceTier\":\"STANDARD\"").settings().serviceTier()).isEqualTo("default");
        assertThat(with("\"serviceTier\":\"flex\"").settings().serviceTier()).isEqualTo("flex");
    }

    @Test
    void forms_of_the_answer_are_read() {
        assertThat(generation("\"responseMimeType\":\"text/plain\"").format()).isNull();
        assertThat(generation("\"responseJsonSchema\":{\"type\":\"object\"},\"responseMimeType\":\"application/json\"").format())
                .isEqualTo(new OutputFormat.JsonSchema(null, null, "{\"type\":\"object\"}", null));
        assertThat(generation("\"responseMimeType\":\"text/x.enum\",\"responseSchema\":{\"type\":\"STRING\",\"enum\":[\"A\",\"B\"]}").format())
                .isEqualTo(new OutputFormat.JsonSchema(null, null, "{\"type\":\"string\",\"enum\":[\"A\",\"B\"]}", null));
    }

    @Test
    void schemas_lose_the_older_form_but_properties_keep_their_names() {
        ChatRequest request = with("""
                "tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","propertyOrdering":["type"],"example":{},"properties":{
                 "type":{"type":"STRING","description":"TYPE"},"nullable":{"type":"INTEGER","nullable":true},"min_items":{"type":"ARRAY","items":{"type":"NUMBER"},"minItems":"2","max_items":"30"},
                 "u":{"any_of":[{"type":"STRING"},{"type":"BOOLEAN"}],"nullable":true}},"required":["type"]}}]}]""");

        assertThat(json(String.valueOf(((Tool.Function) request.tools().getFirst()).schema()))).isEqualTo(json("""
                {"type":"object","properties":{"type":{"type":"string","description":"TYPE"},"nullable":{"type":["integer","null"]},
                 "min_items":{"type":"array","items":{"type":"number"},"minItems":2,"maxItems":30},
                 "u":{"anyOf":[{"type":"string"},{"type":"boolean"},{"type":"null"}]}},"required":["type"]}"""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"contents\":[{\"role\":\"system\",\"parts\":[]}]}|contents[0].role",
        "{\"contents\":[{\"parts\":[{\"text\":5}]}]}|contents[0].parts[0].text",
        "{\"contents\":[{\"parts\":[{\"functionCall\":{\"args\":{}}}]}]}|contents[0].parts[0].functionCall.name",
        "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":[]}}]}]}|contents[0].parts[0].functionCall.args",
        "{\"contents\":[{\"parts\":[{\"inlineData\":{\"data\":\"AAAA\"}}]}]}|contents[0].parts[0].inlineData.mimeType",
        "{\"contents\":[{\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}]}|contents[0].role",
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"topK\":\"3\"}}|generationConfig.topK",
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"SOME\"}}}|toolConfig.functionCallingConfig.mode"
    })
    void what_is_wrong_is_named(String body, String path) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(JsonIn.Bad.class, bad -> assertThat(bad.path()).isEqualTo(path));
    }

    @Test
    void a_restriction_that_the_mode_ignores_is_counted() {
        Drops drops = new Drops();
        read("{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\",\"allowedFunctionNames\":[\"f\"]}}}", drops);

        assertThat(dropped(drops, Feature.TOOL_CHOICE)).isTrue();
    }
}
