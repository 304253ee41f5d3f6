package dev.plexus.dialect.gemini;

import static dev.plexus.dialect.gemini.GeminiFixtures.SCHEMA;
import static dev.plexus.dialect.gemini.GeminiFixtures.assistant;
import static dev.plexus.dialect.gemini.GeminiFixtures.dropped;
import static dev.plexus.dialect.gemini.GeminiFixtures.function;
import static dev.plexus.dialect.gemini.GeminiFixtures.gemini25;
import static dev.plexus.dialect.gemini.GeminiFixtures.gemini3;
import static dev.plexus.dialect.gemini.GeminiFixtures.json;
import static dev.plexus.dialect.gemini.GeminiFixtures.read;
import static dev.plexus.dialect.gemini.GeminiFixtures.request;
import static dev.plexus.dialect.gemini.GeminiFixtures.signature;
import static dev.plexus.dialect.gemini.GeminiFixtures.user;
import static dev.plexus.dialect.gemini.GeminiFixtures.with;
import static dev.plexus.dialect.gemini.GeminiFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Unsupported;
import dev.plexus.model.CacheMark;
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
import dev.plexus.model.TranslationOptions;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiRequestWriterTest {

    private static final Settings NO_SETTINGS = new Settings.Builder().build();
    private static final Part.ToolCall CALL = Part.ToolCall.function("call_1", "f", "{\"a\":1}");

    private static Part.ToolResult result(String id, Part... parts) {
        return new Part.ToolResult(id, null, List.of(parts), false, ToolKind.FUNCTION, null);
    }

    private static ChatRequest tools(@Nullable ToolChoice choice, Tool... tools) {
        return request(DialectId.CHAT, List.of(user("hi")), List.of(tools), choice, Reasoning.UNSAID, NO_SETTINGS);
    }

    private static JsonNode contents(Message... messages) {
        return write(request(messages)).get("contents");
    }

    private static JsonNode parts(Part... parts) {
        return contents(user(parts)).get(0).get("parts");
    }

    /// With one option set.
    private static Traits withOptions(TranslationOptions options) {
        return new Traits("gemini-3-pro", "h", options);
    }

    private static TranslationOptions options(
            @Nullable String reasoningReplay, @Nullable String midSystem, @Nullable Boolean tier, @Nullable String media, @Nullable String schema, @Nullable Boolean ids) {
        return new TranslationOptions(null, null, null, null, reasoningReplay, null, null, null, null, midSystem, null, null, null, null, null, null, null, null,
                null, tier, null, media, schema, ids, null, List.of(), Map.of(), null, null, null);
    }

    @Test
    void the_reference_conversation_is_written() {
        ChatRequest chat = request(DialectId.CHAT, List.of(
                new Message(Message.Role.SYSTEM, List.of(new Part.Text("S"))),
                user(new Part.Text("look"), new Part.Image(new Source.Base64("image/png", "AAAA"), "auto", null)),
                assistant(new Part.Text("ok"), CALL),
                user(result("call_1", new Part.Text("42")), new Part.Text("go"))),
                List.of(new Tool.Function("f", "F", SCHEMA, null, null, null)), new ToolChoice.Required(), new Reasoning(true, "medium", null, false, null, null),
                new Settings.Builder().maxTokens(100L).temperature(new BigDecimal("0.5")).build());
        Drops drops = new Drops();

        assertThat(write(chat, gemini3(), drops)).isEqualTo(json("""
                {"systemInstruction":{"parts":[{"text":"S"}]},
                 "contents":[{"role":"user","parts":[{"text":"look"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
                 {"role":"model","parts":[{"text":"ok"},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"skip_thought_signature_validator"}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"42"}}},{"text":"go"}]}],
                 "tools":[{"functionDeclarations":[{"name":"f","description":"F","parametersJsonSchema":{"type":"object","properties":{"a":{"type":"integer"}}}}]}],
                 "toolConfig":{"functionCallingConfig":{"mode":"ANY"}},
                 "generationConfig":{"maxOutputTokens":100,"temperature":0.5,"thinkingConfig":{"thinkingLevel":"MEDIUM","includeThoughts":true}}}"""));
        assertThat(drops.all()).isEmpty();
    }

    @Test
    void an_anthropic_conversation_with_a_failed_call_is_written() {
        ChatRequest messages = request(DialectId.MESSAGES, List.of(
                new Message(Message.Role.SYSTEM, List.of(new Part.Text("A", List.of(), new CacheMark(null), null))), user("hi"),
                assistant(new Part.Thinking("t", new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqAnthropic")), Part.ToolCall.function("toolu_9", "f", "{\"a\":1}")),
                user(new Part.ToolResult("toolu_9", null, List.of(new Part.Text("boom")), true, ToolKind.FUNCTION, null))),
                List.of(), null, new Reasoning(true, null, 2048L, false, true, null), new Settings.Builder().maxTokens(100L).build());
        Drops drops = new Drops();

        assertThat(write(messages, gemini3(), drops)).isEqualTo(json("""
                {"systemInstruction":{"parts":[{"text":"A"}]},
                 "contents":[{"role":"user","parts":[{"text":"hi"}]},
                 {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"skip_thought_signature_validator"}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"error":"boom"}}}]}],
                 "generationConfig":{"maxOutputTokens":100,"thinkingConfig":{"thinkingLevel":"MEDIUM","includeThoughts":true}}}"""));
        assertThat(drops.counts()).containsOnlyKeys(Feature.CACHE_MARK, Feature.THINKING, Feature.SIGNATURE);
    }

    @Test
    void what_a_gemini_client_says_survives_the_hub() {
        String body = """
                {"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"a"}]},
                 {"role":"model","parts":[{"text":"b","thoughtSignature":"QUJD"},{"functionCall":{"name":"f","args":{"x":1.0}},"thoughtSignature":"QUJE"},{"functionCall":{"name":"f","args":{}}}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"1"}}},{"functionResponse":{"name":"f","response":{"k":[2]}}}]}],
                 "tools":[{"functionDeclarations":[{"name":"f"}]},{"googleSearch":{"excludeDomains":["d"]}},{"urlContext":{}},{"codeExecution":{}},{"googleMaps":{}}],
                 "toolConfig":{"functionCallingConfig":{"mode":"VALIDATED","allowedFunctionNames":["f"]}},
                 "generationConfig":{"topP":0.5,"topK":3,"seed":4,"stopSequences":["E"],"candidateCount":2,"presencePenalty":0.1,"frequencyPenalty":0.2,"responseLogprobs":true,"logprobs":2,
                  "responseMimeType":"application/json","responseJsonSchema":{"type":"object"},"responseModalities":["TEXT"],"thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true}}}""";
        Drops drops = new Drops();

        assertThat(write(read(body, drops), gemini3(), drops)).isEqualTo(json(body));
        assertThat(drops.all()).isEmpty();
    }

    @Test
    void the_bytes_of_a_turn_begin_those_of_the_next() {
        Message[] history = {user("a"), assistant(CALL), user(result("call_1", new Part.Text("1"))), assistant(new Part.Text("b")), user("c")};
        String shorter = bytes(request(history[0], history[1], history[2]));
        String longer = bytes(request(history));

        assertThat(longer).startsWith(shorter.substring(0, shorter.length() - "]}".length()));
    }

    private static String bytes(ChatRequest request) {
        return new String(GeminiFixtures.DIALECT.writeRequest(request, gemini3(), new Drops()).body(), StandardCharsets.UTF_8);
    }

    @Test
    void sides_alternate_and_the_user_begins() {
        assertThat(contents(assistant(new Part.Text("a")), assistant(new Part.Text("b")), user("c"), user("d"))).isEqualTo(json("""
                [{"role":"user","parts":[{"text":"Continue."}]},{"role":"model","parts":[{"text":"a"},{"text":"b"}]},{"role":"user","parts":[{"text":"c"},{"text":"d"}]}]"""));
        assertThat(write(request(new Message(Message.Role.DEVELOPER, List.of(new Part.Text("S")))))).isEqualTo(json("""
                {"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"Continue."}]}]}"""));
        assertThat(contents(user("a"), assistant(new Part.Thinking("t", null)), user("b"))).isEqualTo(json("""
                [{"role":"user","parts":[{"text":"a"},{"text":"b"}]}]"""));
    }

    @Test
    void later_system_messages_are_hoisted_or_become_the_users() {
        ChatRequest request = request(user("a"), new Message(Message.Role.SYSTEM, List.of(new Part.Text("S"))), user("b"));
        Drops drops = new Drops();

        assertThat(write(request, gemini3(), drops).get("systemInstruction")).isEqualTo(json("{\"parts\":[{\"text\":\"S\"}]}"));
        assertThat(dropped(drops, Feature.SYSTEM_PLACE)).isTrue();
        assertThat(write(request, withOptions(options(null, "user", null, null, null, null)), new Drops())).isEqualTo(json("""
                {"contents":[{"role":"user","parts":[{"text":"a"},{"text":"S"},{"text":"b"}]}]}"""));
    }

    @Test
    void results_stand_in_the_order_of_their_calls_under_the_names_of_their_tools() {
        JsonNode contents = contents(user("x"), assistant(Part.ToolCall.function("1", "f", ""), Part.ToolCall.function("2", "g", "")),
                user(result("2", new Part.Text("{\"k\": 1}"))), user(result("1", new Part.Text("[1]")), new Part.Text("go")));

        assertThat(contents.get(2)).isEqualTo(json("""
                {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"[1]"}}},{"functionResponse":{"name":"g","response":{"k":1}}},{"text":"go"}]}"""));
        assertThat(contents.get(1).get("parts").get(0).has("thoughtSignature")).isTrue();
        assertThat(contents.get(1).get("parts").get(1).has("thoughtSignature")).as("only the first of a step").isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``|{}", "`  `|{}", "null|{}", "{\"a\":1.0}|{\"a\":1.0}", "[1]|{\"value\":[1]}", "\"x\"|{\"value\":\"x\"}", "\"{\\\"a\\\":1}\"|{\"a\":1}", "{broken|{\"_raw\":\"{broken\"}"
    })
    void whatever_the_arguments_are_an_object_is_sent(String arguments, String object) {
        assertThat(contents(user("x"), assistant(Part.ToolCall.function("1", "f", arguments))).get(1).get("parts").get(0).get("functionCall").get("args")).isEqualTo(json(object));
    }

    @Test
    void signatures_return_to_their_parts_and_those_of_thoughts_to_the_part_that_follows() {
        assertThat(contents(user("x"), assistant(
                new Part.Thinking("hm", signature("QUJD")), new Part.Text("a"), new Part.Thinking("", signature("QUJE")),
                new Part.ToolCall("1", "f", "{}", ToolKind.FUNCTION, null, null, signature("QUJF")), new Part.Thinking("", signature("QUJG")))).get(1)).isEqualTo(json("""
                {"role":"model","parts":[{"text":"a","thoughtSignature":"QUJD"},{"text":"","thoughtSignature":"QUJE"},
                 {"functionCall":{"name":"f","args":{}},"thoughtSignature":"QUJF"},{"text":"","thoughtSignature":"QUJG"}]}"""));
    }

    @Test
    void foreign_secrets_never_reach_the_vendor_and_old_models_need_no_bypass() {
        Part[] foreign = {new Part.Thinking("hm", new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1")), CALL};

        assertThat(write(request(user("x"), assistant(foreign)), gemini25(), new Drops()).get("contents").get(1)).isEqualTo(json("""
                {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}"""));
    }

    @Test
    void thoughts_are_sent_only_by_option() {
        ChatRequest request = request(user("x"), assistant(new Part.Thinking("hm", signature("QUJD")), new Part.Text("a")));

        assertThat(write(request, withOptions(options("always", null, null, null, null, null)), new Drops()).get("contents").get(1)).isEqualTo(json("""
                {"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"QUJD"},{"text":"a"}]}"""));
    }

    @Test
    void thoughts_of_the_running_tool_loop_are_sent_by_option_and_earlier_ones_are_not() {
        ChatRequest request = request(user("x"), assistant(new Part.Thinking("old", null), new Part.Text("a")), user("y"),
                assistant(new Part.Thinking("new", null), CALL), user(result("call_1")));
        JsonNode contents = write(request, withOptions(options("tool_loop", null, null, null, null, null)), new Drops()).get("contents");

        assertThat(contents.get(1)).isEqualTo(json("{\"role\":\"model\",\"parts\":[{\"text\":\"a\"}]}"));
        assertThat(contents.get(3).get("parts").get(0)).isEqualTo(json("{\"text\":\"new\",\"thought\":true}"));
    }

    @Test
    void ids_of_calls_are_sent_only_by_option() {
        JsonNode contents = write(request(user("x"), assistant(CALL), user(result("call_1"))), withOptions(options(null, null, null, null, null, true)), new Drops()).get("contents");

        assertThat(contents.get(1).get("parts").get(0).get("functionCall").get("id").textValue()).isEqualTo("call_1");
        assertThat(contents.get(2).get("parts").get(0).get("functionResponse").get("id").textValue()).isEqualTo("call_1");
    }

    @Test
    void media_keep_their_bytes_and_types() {
        assertThat(parts(
                new Part.Image(new Source.Base64("image/heic", "AA=="), null, null), new Part.Audio(new Source.Base64("audio/wav", "BB=="), "wav"),
                new Part.Document(new Source.Base64("application/pdf", "CC=="), "f", null, null, false, null),
                new Part.Image(new Source.Url("https://h/a.png?x", null), null, null), new Part.Image(new Source.Url("https://h/a", null), null, null),
                new Part.Video(new Source.Url("https://youtu.be/x", null)), new Part.Document(new Source.Url("https://h/a", null), null, null, null, false, null),
                new Part.Document(new Source.Text("plain"), null, null, null, false, null),
                new Part.SearchResult("s", "t", List.of(new Part.Text("b")), false, null))).isEqualTo(json("""
                [{"inlineData":{"mimeType":"image/heic","data":"AA=="}},{"inlineData":{"mimeType":"audio/wav","data":"BB=="}},{"inlineData":{"mimeType":"application/pdf","data":"CC=="}},
                 {"fileData":{"mimeType":"image/png","fileUri":"https://h/a.png?x"}},{"fileData":{"mimeType":"image/jpeg","fileUri":"https://h/a"}},
                 {"fileData":{"fileUri":"https://youtu.be/x"}},{"fileData":{"fileUri":"https://h/a"}},{"text":"plain"},
                 {"text":"<document title=\\"t\\" source=\\"s\\">\\nb\\n</document>"}]"""));
    }

    @Test
    void media_that_cannot_be_had_are_refused() {
        ChatRequest remote = request(user(new Part.Image(new Source.Url("https://h/a.png", null), null, null)));
        assertThatThrownBy(() -> write(remote, withOptions(options(null, null, null, "reject", null, null)), new Drops())).isInstanceOf(Unsupported.class);
        assertThatThrownBy(() -> parts(new Part.Image(new Source.File("file-1", "openai"), null, null))).isInstanceOf(Unsupported.class);
    }

    @Test
    void pictures_of_a_result_go_inside_of_it_or_beside_it_for_older_models() {
        ChatRequest request = request(user("x"), assistant(CALL), user(result("call_1", new Part.Text("see"), new Part.Image(new Source.Base64("image/png", "AAAA"), null, null))));

        assertThat(write(request, gemini3(), new Drops()).get("contents").get(2).get("parts")).isEqualTo(json("""
                [{"functionResponse":{"name":"f","response":{"output":"see"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]"""));
        assertThat(write(request, gemini25(), new Drops()).get("contents").get(2).get("parts")).isEqualTo(json("""
                [{"functionResponse":{"name":"f","response":{"output":"see"}}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]"""));
    }

    @Test
    void tools_lose_what_has_no_place_and_names_are_made_legal() {
        Drops drops = new Drops();
        JsonNode written = write(tools(new ToolChoice.Named("1 f", ToolKind.FUNCTION),
                new Tool.Function("1 f", null, "{\"$schema\":\"s\",\"type\":\"object\",\"properties\":{\"a\":{}}}", false, null, null),
                new Tool.Function("q", null, "{\"type\":\"object\",\"properties\":{}}", null, "db", null),
                new Tool.Custom("patch", "P", null, null)), gemini3(), drops);

        assertThat(written.get("tools")).isEqualTo(json("""
                [{"functionDeclarations":[{"name":"_1_f","parametersJsonSchema":{"type":"object","properties":{"a":{}}}},{"name":"db__q"},
                 {"name":"patch","description":"P","parametersJsonSchema":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}]}]"""));
        assertThat(written.get("toolConfig")).isEqualTo(json("{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"_1_f\"]}}"));
        assertThat(drops.counts()).containsOnlyKeys(Feature.TOOL_STRICT);
    }

    @Test
    void free_text_calls_are_wrapped() {
        assertThat(contents(user("x"), assistant(new Part.ToolCall("1", "patch", "*** \"x\"", ToolKind.CUSTOM, null, null, null))).get(1).get("parts").get(0).get("functionCall"))
                .isEqualTo(json("{\"name\":\"patch\",\"args\":{\"input\":\"*** \\\"x\\\"\"}}"));
    }

    @Test
    void builtin_tools_have_entries_of_their_own_which_older_models_do_not_mix_with_functions() {
        ChatRequest request = tools(null, function("f", null), new Tool.WebSearch(List.of(), List.of("d"), 3L, null, null),
                new Tool.Builtin(Tool.Builtin.Type.WEB_FETCH, "x"), new Tool.Builtin(Tool.Builtin.Type.WEB_FETCH, "y"), new Tool.Builtin(Tool.Builtin.Type.SHELL, "z"));
        Drops drops = new Drops();

        assertThat(write(request, gemini3(), drops).get("tools")).isEqualTo(json("""
                [{"functionDeclarations":[{"name":"f"}]},{"googleSearch":{"excludeDomains":["d"]}},{"urlContext":{}}]"""));
        assertThat(drops.counts()).containsOnly(Map.entry(Feature.WEB_SEARCH, 1), Map.entry(Feature.BUILTIN_TOOL, 1));
        assertThat(write(request, gemini25(), new Drops()).get("tools")).isEqualTo(json("[{\"functionDeclarations\":[{\"name\":\"f\"}]}]"));
    }

    @Test
    void choices_are_written_only_where_there_are_functions() {
        assertThat(write(tools(new ToolChoice.Auto())).has("toolConfig")).isFalse();
        for (var entry : Map.of(
                new ToolChoice.Auto(), "\"mode\":\"AUTO\"", new ToolChoice.None(), "\"mode\":\"NONE\"", new ToolChoice.Required(), "\"mode\":\"ANY\"",
                new ToolChoice.Allowed(List.of("f", "g"), true), "\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\",\"g\"]",
                new ToolChoice.Allowed(List.of("f"), false), "\"mode\":\"VALIDATED\",\"allowedFunctionNames\":[\"f\"]",
                new ToolChoice.Validated(List.of()), "\"mode\":\"VALIDATED\"").entrySet()) {
            assertThat(write(tools(entry.getKey(), function("f", null), function("g", null))).get("toolConfig"))
                    .isEqualTo(json("{\"functionCallingConfig\":{" + entry.getValue() + "}}"));
        }
        assertThatThrownBy(() -> write(tools(new ToolChoice.NamedBuiltin("computer"), function("f", null)))).isInstanceOf(Unsupported.class);
    }

    @Test
    void settings_without_a_place_are_counted() {
        Drops drops = new Drops();
        ChatRequest request = with(settings -> settings.logitBias(Map.of("1", "2")).verbosity("low").user("u").metadata(Map.of("k", "\"v\"")).promptCacheKey("p")
                .serviceTier("flex").n(1L).stop(List.of("1", "2", "3", "4", "5", "6")));

        assertThat(write(request, gemini3(), drops).get("generationConfig")).isEqualTo(json("{\"stopSequences\":[\"1\",\"2\",\"3\",\"4\",\"5\"]}"));
        assertThat(drops.counts()).containsOnlyKeys(
                Feature.LOGIT_BIAS, Feature.VERBOSITY, Feature.USER, Feature.METADATA, Feature.PROMPT_CACHE_KEY, Feature.SERVICE_TIER, Feature.STOP);
        assertThat(write(with(settings -> settings), gemini3(), new Drops()).has("generationConfig")).isFalse();
        assertThat(write(with(settings -> settings.serviceTier("default")), withOptions(options(null, null, true, null, null, null)), new Drops()).get("serviceTier").textValue())
                .isEqualTo("standard");
    }

    @Test
    void older_models_are_asked_for_json_in_words_when_they_have_functions() {
        Drops drops = new Drops();
        ChatRequest request = request(DialectId.CHAT, List.of(user("x")), List.of(function("f", null)), null, Reasoning.UNSAID,
                new Settings.Builder().format(new OutputFormat.JsonSchema("n", null, SCHEMA, true)).build());

        JsonNode older = write(request, gemini25(), drops);
        assertThat(older.has("generationConfig")).isFalse();
        assertThat(older.get("systemInstruction")).isEqualTo(json("{\"parts\":[{\"text\":\"Reply with one valid JSON object and nothing else.\"}]}"));
        assertThat(dropped(drops, Feature.OUTPUT_FORMAT)).isTrue();
        assertThat(write(request).get("generationConfig")).isEqualTo(json("{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":" + SCHEMA + "}"));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', value = {
        "gemini-3-pro|true|minimal|-|false|{\"thinkingLevel\":\"MINIMAL\",\"includeThoughts\":true}",
        "gemini-3-pro|false|-|-|false|{\"thinkingLevel\":\"MINIMAL\"}",
        "gemini-3-pro|true|max|-|false|{\"thinkingLevel\":\"HIGH\",\"includeThoughts\":true}",
        "gemini-3-pro|true|low|9000|false|{\"thinkingLevel\":\"LOW\",\"includeThoughts\":true}",
        "gemini-3-pro|true|-|1024|false|{\"thinkingLevel\":\"LOW\",\"includeThoughts\":true}",
        "gemini-3-pro|true|-|8193|false|{\"thinkingLevel\":\"HIGH\",\"includeThoughts\":true}",
        "gemini-3-pro|true|-|-|true|{\"includeThoughts\":true}",
        "gemini-2.5-flash|true|max|-|false|{\"thinkingBudget\":24576,\"includeThoughts\":true}",
        "gemini-2.5-pro|true|max|-|false|{\"thinkingBudget\":32768,\"includeThoughts\":true}",
        "gemini-2.5-flash|true|low|9000|false|{\"thinkingBudget\":9000,\"includeThoughts\":true}",
        "gemini-2.5-flash|true|-|-|true|{\"thinkingBudget\":-1,\"includeThoughts\":true}",
        "gemini-2.5-flash|-|none|-|false|{\"thinkingBudget\":0}",
        "gemini-2.5-pro|false|-|-|false|{\"thinkingBudget\":128}"
    })
    void thinking_is_a_level_or_a_budget_and_never_both(
            String model, @Nullable Boolean enabled, @Nullable String effort, @Nullable Long budget, boolean adaptive, String expected) {
        ChatRequest request = request(DialectId.CHAT, List.of(user("x")), List.of(), null, new Reasoning(enabled, effort, budget, adaptive, null, null), NO_SETTINGS);

        assertThat(write(request, new Traits(model, "h", TranslationOptions.NONE), new Drops()).get("generationConfig").get("thinkingConfig")).isEqualTo(json(expected));
    }

    @Test
    void thoughts_that_the_client_does_not_want_are_not_asked_for() {
        ChatRequest request = request(DialectId.MESSAGES, List.of(user("x")), List.of(), null, new Reasoning(true, "high", null, true, false, null), NO_SETTINGS);

        assertThat(write(request).get("generationConfig").get("thinkingConfig")).isEqualTo(json("{\"thinkingLevel\":\"HIGH\"}"));
    }

    @Test
    void the_older_form_of_schemas_is_written_by_option() {
        String schema = """
                {"$schema":"s","$defs":{"p":{"type":"object","properties":{"x":{"type":["string","null"]},"self":{"$ref":"#/$defs/p"}},"required":["x","gone"]}},
                 "type":"object","properties":{"type":{"const":"k"},"p":{"$ref":"#/$defs/p","description":"D"},"n":{"oneOf":[{"type":"integer","minimum":1},{"type":"null"}]},
                 "m":{"type":["string","integer"]},"l":{"type":"array"},"e":{"enum":["a",null,3]},"f":{"type":"string","format":"uri","pattern":"x"},
                 "both":{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"string","format":"date-time"}},"required":["b"]}]}},
                 "required":["type"],"additionalProperties":false}""";

        assertThat(write(tools(null, function("f", schema)), withOptions(options(null, null, null, null, "openapi", null)), new Drops())
                .get("tools").get(0).get("functionDeclarations").get(0).get("parameters")).isEqualTo(json("""
                {"type":"OBJECT","properties":{"type":{"type":"STRING","enum":["k"]},
                 "p":{"type":"OBJECT","properties":{"x":{"type":"STRING","nullable":true},"self":{"type":"OBJECT"}},"required":["x"],"description":"D"},
                 "n":{"type":"INTEGER","minimum":1,"nullable":true},"m":{"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]},"l":{"type":"ARRAY","items":{"type":"STRING"}},
                 "e":{"type":"STRING","enum":["a","3"],"nullable":true},"f":{"type":"STRING","pattern":"x"},
                 "both":{"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING","format":"date-time"}},"required":["a","b"]}},
                 "required":["type"]}"""));
    }

    @Test
    void references_that_go_round_or_grow_without_end_come_to_an_end() {
        StringBuilder chain = new StringBuilder();
        for (int at = 0; at < 500; at++) {
            chain.append(at == 0 ? "" : ",").append("\"d%d\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d%d\"},\"b\":{\"$ref\":\"#/$defs/d%d\"}}}".formatted(at, at + 1, at + 1));
        }
        for (String schema : List.of(
                "{\"$defs\":{" + chain + "},\"$ref\":\"#/$defs/d0\"}", "{\"allOf\":[{\"$ref\":\"#\"}],\"properties\":{\"x\":{}}}",
                "{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/a\"}]}},\"$ref\":\"#/$defs/a\"}", "{\"$ref\":\"#\"}", "{\"$ref\":\"https://elsewhere\"}")) {
            JsonNode parameters = write(tools(null, function("f", schema)), withOptions(options(null, null, null, null, "openapi", null)), new Drops())
                    .get("tools").get(0).get("functionDeclarations").get(0).get("parameters");
            assertThat(parameters.toString()).hasSizeLessThan(2_000_000).doesNotContain("$ref");
        }
    }
}
