package dev.plexus.dialect.chat;

import static dev.plexus.dialect.chat.Fixtures.read;
import static dev.plexus.dialect.chat.Fixtures.readMessages;
import static dev.plexus.dialect.chat.Fixtures.readWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
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
import dev.plexus.wire.JsonIn;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client's request becomes the request of the hub.
class RequestReadingTest {

    static final String C_CHAT = """
            {"model":"a","max_tokens":100,"temperature":0.5,"reasoning_effort":"medium","tool_choice":"required","parallel_tool_calls":true,
             "messages":[{"role":"system","content":"S"},
             {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
             {"role":"assistant","content":"ok","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
             {"role":"tool","tool_call_id":"call_1","content":"42"},{"role":"user","content":"go"}],
             "tools":[{"type":"function","function":{"name":"f","description":"F","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}}]}
            """;

    static final ChatRequest CANONICAL = new ChatRequest(
            DialectId.CHAT, "a", false, false,
            List.of(
                    new Message(Message.Role.SYSTEM, List.of(new Part.Text("S"))),
                    new Message(Message.Role.USER, List.of(
                            new Part.Text("look"), new Part.Image(new Source.Base64("image/png", "AAAA"), null, null))),
                    new Message(Message.Role.ASSISTANT, List.of(new Part.Text("ok"), Part.ToolCall.function("call_1", "f", "{\"a\":1}"))),
                    new Message(Message.Role.USER, List.of(
                            new Part.ToolResult("call_1", "f", List.of(new Part.Text("42")), false, ToolKind.FUNCTION, null), new Part.Text("go")))),
            List.of(new Tool.Function("f", "F", "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}", null, null, null)),
            new ToolChoice.Required(), true,
            new Reasoning(true, "medium", null, false, null, null),
            new Settings.Builder().maxTokens(100L).temperature(new BigDecimal("0.5")).build());

    private static final String IMAGE = "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":%s}]}]";

    private static Part only(String part) {
        return readMessages("[{\"role\":\"user\",\"content\":[" + part + "]}]").parts(0).getFirst();
    }

    private static Settings settings(String members) {
        return readWith(members).request().settings();
    }

    private static Reasoning reasoning(String members) {
        return readWith(members).request().reasoning();
    }

    private static ToolChoice choice(String choice) {
        return readWith("\"tool_choice\":" + choice).request().toolChoice();
    }

    private static Tool tool(String tool) {
        return readWith("\"tools\":[" + tool + "]").request().tools().getFirst();
    }

    private static List<Part> spoken(String members) {
        return readMessages("[{\"role\":\"assistant\"," + members + "}]").parts(0);
    }

    @Test
    void the_reference_request_has_its_canonical_values() {
        var read = read(C_CHAT);

        assertThat(read.request()).isEqualTo(CANONICAL);
        assertThat(read.drops().isEmpty()).isTrue();
    }

    @Test
    void what_is_not_said_stays_unsaid() {
        ChatRequest request = readMessages("[{\"role\":\"user\",\"content\":\"x\"}]").request();

        assertThat(request.settings()).isEqualTo(new Settings.Builder().build());
        assertThat(request.reasoning()).isEqualTo(Reasoning.UNSAID);
        assertThat(request.toolChoice()).isNull();
        assertThat(request.parallelToolCalls()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "temperature", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty", "n", "logit_bias", "stop", "logprobs", "top_logprobs",
        "max_tokens", "max_completion_tokens", "modalities", "response_format", "verbosity", "reasoning_effort", "reasoning", "thinking", "user",
        "safety_identifier", "metadata", "service_tier", "prompt_cache_key", "tools", "tool_choice", "functions", "function_call",
        "parallel_tool_calls", "web_search_options", "stream_options", "enable_thinking", "chat_template_kwargs", "extra_body", "min_p"})
    void an_explicit_null_is_absent(String member) {
        var read = readWith("\"" + member + "\":null");

        assertThat(read.request()).isEqualTo(readMessages("[{\"role\":\"user\",\"content\":\"x\"}]").request());
        assertThat(read.drops().isEmpty()).isTrue();
    }

    @Test
    void settings_are_read_with_their_spelling() {
        Settings settings = settings("""
                "max_tokens":5,"max_completion_tokens":9,"temperature":1.0,"top_p":0.90,"top_k":40,"seed":-7,"frequency_penalty":0.1,
                "presence_penalty":-1,"n":2,"logit_bias":{"50256":-100},"stop":"END","logprobs":true,"top_logprobs":3,"modalities":["text"],
                "verbosity":"low","user":"u","safety_identifier":"s","metadata":{"k":"v"},"service_tier":"flex","prompt_cache_key":"p"
                """);

        assertThat(settings).isEqualTo(new Settings(
                9L, new BigDecimal("1.0"), new BigDecimal("0.90"), 40L, -7L, new BigDecimal("0.1"), new BigDecimal("-1"), 2L, Map.of("50256", "-100"),
                List.of("END"), true, 3L, List.of("text"), null, "low", "s", Map.of("k", "\"v\""), "flex", "p"));
    }

    @Test
    void an_empty_list_of_stops_is_absent() {
        assertThat(settings("\"stop\":[]").stop()).isEmpty();
        assertThat(settings("\"stop\":[\"a\",\"b\"]").stop()).containsExactly("a", "b");
    }

    @Test
    void members_that_only_this_dialect_knows_are_dropped_by_name() {
        var read = readWith("\"store\":true,\"prediction\":{\"type\":\"content\"},\"min_p\":0.1,\"chat_template_kwargs\":{\"x\":1}");

        assertThat(read.drops().all()).extracting(Drops.Drop::feature).containsOnly(Feature.NATIVE_MEMBER);
        assertThat(read.drops().all()).extracting(Drops.Drop::path).containsExactly("store", "prediction", "min_p", "chat_template_kwargs.x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "\"temperature\":\"hot\"|temperature",
        "\"max_tokens\":1.5|max_tokens",
        "\"stop\":[1]|stop[0]",
        "\"stop\":5|stop",
        "\"tool_choice\":\"maybe\"|tool_choice",
        "\"tool_choice\":{\"type\":\"function\"}|tool_choice.function.name",
        "\"tools\":[{\"type\":\"function\",\"function\":{}}]|tools[0].function.name",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}]|tools[0].function.parameters",
        "\"response_format\":{}|response_format.type",
        "\"metadata\":[]|metadata",
        "\"reasoning\":{\"effort\":1}|reasoning.effort"})
    void a_value_of_the_wrong_type_is_named_by_its_path(String member, String path) {
        assertThatThrownBy(() -> readWith(member)).isInstanceOfSatisfying(JsonIn.Bad.class, bad -> assertThat(bad.path()).isEqualTo(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"role\":\"robot\",\"content\":\"x\"}|messages[0].role",
        "{\"role\":\"tool\",\"content\":\"x\"}|messages[0].tool_call_id",
        "{\"role\":\"user\",\"content\":5}|messages[0].content",
        "{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}|messages[0].content[0].type",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}|messages[0].content[0].text",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}|messages[0].content[0].image_url",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png\"}}]}|messages[0].content[0].image_url",
        "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{}}]}|messages[0].content[0].input_audio",
        "{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{}}]}|messages[0].content[0].file",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\"}]}|messages[0].tool_calls[0].function",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}|messages[0].tool_calls[0].id",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":3}}]}|messages[0].tool_calls[0].function.name"})
    void a_broken_message_is_named_by_its_path(String message, String path) {
        assertThatThrownBy(() -> readMessages("[" + message + "]"))
                .isInstanceOfSatisfying(JsonIn.Bad.class, bad -> assertThat(bad.path()).isEqualTo(path));
    }

    @Test
    void system_and_developer_messages_stay_where_they_are() {
        var read = readMessages("""
                [{"role":"developer","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},{"role":"user","content":"u"},
                 {"role":"system","content":"C"}]
                """);

        assertThat(read.request().messages()).containsExactly(
                new Message(Message.Role.DEVELOPER, List.of(new Part.Text("A"), new Part.Text("B"))),
                new Message(Message.Role.USER, List.of(new Part.Text("u"))),
                new Message(Message.Role.SYSTEM, List.of(new Part.Text("C"))));
    }

    @Test
    void an_empty_text_is_kept_and_a_silent_assistant_has_no_parts() {
        var read = readMessages("[{\"role\":\"user\",\"content\":\"\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":null}]");

        assertThat(read.parts(0)).containsExactly(new Part.Text(""));
        assertThat(read.parts(1)).isEmpty();
    }

    @Test
    void results_and_the_user_message_behind_them_are_one_message() {
        var read = readMessages("""
                [{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":""}},
                  {"id":"2","type":"function","function":{"name":"g","arguments":"{ \\"a\\" : 1.0 }"}}]},
                 {"role":"tool","tool_call_id":"1","content":"one"},{"role":"tool","tool_call_id":"2","name":"other","content":[{"type":"text","text":"two"}]},
                 {"role":"user","content":"so?"},{"role":"user","content":"well?"}]
                """);

        assertThat(read.parts(0)).containsExactly(Part.ToolCall.function("1", "f", ""), Part.ToolCall.function("2", "g", "{ \"a\" : 1.0 }"));
        assertThat(read.parts(1)).containsExactly(
                new Part.ToolResult("1", "f", List.of(new Part.Text("one")), false, ToolKind.FUNCTION, null),
                new Part.ToolResult("2", "other", List.of(new Part.Text("two")), false, ToolKind.FUNCTION, null),
                new Part.Text("so?"));
        assertThat(read.parts(2)).containsExactly(new Part.Text("well?"));
        assertThat(read.request().messages()).hasSize(3);
    }

    @Test
    void legacy_functions_are_tools_and_their_results_find_their_call() {
        var read = read("""
                {"model":"a","functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"},
                 "messages":[{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
                  {"role":"function","name":"f","content":"r"}]}
                """);
        var call = (Part.ToolCall) read.parts(0).getFirst();
        var result = (Part.ToolResult) read.parts(1).getFirst();

        assertThat(read.request().tools()).containsExactly(new Tool.Function("f", null, "{\"type\":\"object\"}", null, null, null));
        assertThat(read.request().toolChoice()).isEqualTo(new ToolChoice.Named("f", ToolKind.FUNCTION));
        assertThat(call.id()).startsWith("call_").isEqualTo(result.callId());
    }

    @Test
    void names_of_participants_and_audio_of_old_answers_are_dropped() {
        var read = readMessages("[{\"role\":\"user\",\"name\":\"bob\",\"content\":\"x\"},{\"role\":\"assistant\",\"audio\":{\"id\":\"a1\"}}]");

        assertThat(read.drops().counts()).containsKey(Feature.PARTICIPANT_NAME);
        assertThat(read.parts(1)).containsExactly(new Part.Opaque(DialectId.CHAT, "audio"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "data:image/webp;base64,QUJD|image/webp|QUJD",
        "data:image/svg+xml;charset=utf-8,%3Csvg%2F%3E|image/svg+xml|PHN2Zy8+",
        "data:image/jpeg;name=a;base64,QUJD|image/jpeg|QUJD"})
    void images_in_the_request_keep_their_type_and_bytes(String url, String mime, String data) {
        assertThat(readMessages(IMAGE.formatted("{\"url\":\"" + url + "\",\"detail\":\"high\"}")).parts(0))
                .containsExactly(new Part.Image(new Source.Base64(mime, data), "high", null));
    }

    @Test
    void images_elsewhere_keep_their_url() {
        assertThat(readMessages(IMAGE.formatted("\"https://x.test/a.png\"")).parts(0))
                .containsExactly(new Part.Image(new Source.Url("https://x.test/a.png", null), null, null));
    }

    @Test
    void other_media_and_marks_are_parts() {
        assertThat(only("{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"QUJD\",\"format\":\"mp3\"}}"))
                .isEqualTo(new Part.Audio(new Source.Base64("audio/mp3", "QUJD"), "mp3"));
        assertThat(only("{\"type\":\"file\",\"file\":{\"file_data\":\"QUJD\",\"filename\":\"a.pdf\"}}"))
                .isEqualTo(new Part.Document(new Source.Base64("application/pdf", "QUJD"), "a.pdf", null, null, false, null));
        assertThat(only("{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/plain;base64,QUJD\"}}"))
                .isEqualTo(new Part.Document(new Source.Base64("text/plain", "QUJD"), null, null, null, false, null));
        assertThat(only("{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}"))
                .isEqualTo(new Part.Document(new Source.File("file-1", "openai"), null, null, null, false, null));
        assertThat(only("{\"type\":\"video_url\",\"video_url\":{\"url\":\"https://x.test/v.mp4\"}}"))
                .isEqualTo(new Part.Video(new Source.Url("https://x.test/v.mp4", null)));
        assertThat(only("{\"type\":\"refusal\",\"refusal\":\"No.\"}")).isEqualTo(new Part.Refusal("No."));
        assertThat(only("{\"type\":\"hologram\",\"hologram\":{\"a\":[1]}}")).isEqualTo(new Part.Opaque(DialectId.CHAT, "hologram"));
        assertThat(only("{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}"))
                .isEqualTo(new Part.Text("x", List.of(), new CacheMark("1h"), null));
        assertThat(only("{\"type\":\"text\",\"text\":\"x\",\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}}"))
                .isEqualTo(new Part.Text("x", List.of(), new CacheMark(null), null));
        assertThat(only("{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"h\"},{\"type\":\"text\",\"text\":\"m\"}]}"))
                .isEqualTo(new Part.Thinking("hm", null));
    }

    @Test
    void an_assistant_thinks_first_then_speaks_then_calls() {
        assertThat(spoken("""
                "tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}],"refusal":"No.","content":"Hi","reasoning_content":"hm"
                """)).containsExactly(
                new Part.Thinking("hm", null), new Part.Text("Hi"), new Part.Refusal("No."), Part.ToolCall.function("1", "f", "{}"));
    }

    @Test
    void thoughts_said_twice_are_read_once() {
        assertThat(spoken("\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"")).containsExactly(new Part.Thinking("hm", null));
        assertThat(spoken("\"reasoning\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\",\"signature\":\"Eq\",\"format\":\"anthropic-claude-v1\"}]"))
                .containsExactly(new Part.Thinking("hm", new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq")));
    }

    @Test
    void secrets_find_their_thoughts() {
        Secret signature = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq");
        Secret second = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Er");
        Secret encrypted = new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1");

        assertThat(spoken("\"reasoning_content\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"Eq\",\"format\":\"anthropic-claude-v1\",\"index\":0}]"))
                .containsExactly(new Part.Thinking("hm", signature));
        assertThat(spoken("\"reasoning_content\":\"a\\n\\nb\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"Eq\",\"format\":\"anthropic-claude-v1\",\"index\":0},"
                + "{\"type\":\"reasoning.text\",\"signature\":\"Er\",\"format\":\"anthropic-claude-v1\",\"index\":1}]"))
                .containsExactly(new Part.Thinking("a", signature), new Part.Thinking("b", second));
        assertThat(spoken("\"reasoning_content\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"ENC\",\"id\":\"rs_1\",\"format\":\"openai-responses-v1\",\"index\":0}]"))
                .containsExactly(new Part.Thinking("hm", encrypted));
        assertThat(spoken("\"reasoning_content\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"hm\",\"format\":\"openai-responses-v1\",\"index\":0},"
                + "{\"type\":\"reasoning.encrypted\",\"data\":\"ENC\",\"id\":\"rs_1\",\"format\":\"openai-responses-v1\",\"index\":0}]"))
                .containsExactly(new Part.Thinking("hm", encrypted));
        assertThat(spoken("\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"RED\",\"format\":\"anthropic-claude-v1\",\"index\":0}]"))
                .containsExactly(new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "RED")));
        assertThat(spoken("\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"h\",\"index\":0},{\"type\":\"reasoning.text\",\"text\":\"m\",\"index\":0},"
                + "{\"type\":\"reasoning.text\",\"signature\":\"Eq\",\"format\":\"anthropic-claude-v1\",\"index\":0}]"))
                .containsExactly(new Part.Thinking("hm", signature));
    }

    @Test
    void envelopes_are_opened_and_damaged_ones_are_not_there() {
        Secret secret = new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1");

        assertThat(spoken("\"reasoning_content\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"" + Envelope.wrap(secret) + "\"}]"))
                .containsExactly(new Part.Thinking("hm", secret));
        assertThat(spoken("\"reasoning_content\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"plx1.!!\"}]"))
                .containsExactly(new Part.Thinking("hm", null));
    }

    @Test
    void signatures_of_google_return_to_the_part_that_they_sign() {
        Secret signature = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");
        String call = "\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"2\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}%s}]";
        String detail = "\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"U0lH\",\"format\":\"google-gemini-v1\"%s}],";

        assertThat(spoken(call.formatted(",\"extra_content\":{\"google\":{\"thought_signature\":\"U0lH\"}}"))).last()
                .isEqualTo(new Part.ToolCall("2", "g", "{}", ToolKind.FUNCTION, null, null, signature));
        assertThat(spoken(detail.formatted(",\"id\":\"2\"") + "\"content\":\"Hi\"," + call.formatted(""))).containsExactly(
                new Part.Text("Hi"), Part.ToolCall.function("1", "f", "{}"),
                new Part.ToolCall("2", "g", "{}", ToolKind.FUNCTION, null, null, signature));
        assertThat(spoken(detail.formatted("") + "\"content\":\"Hi\"," + call.formatted(""))).first()
                .isEqualTo(new Part.Text("Hi", List.of(), null, signature));
        assertThat(spoken(detail.formatted("") + call.formatted(""))).first()
                .isEqualTo(new Part.ToolCall("1", "f", "{}", ToolKind.FUNCTION, null, null, signature));
        assertThat(readMessages("[{\"role\":\"assistant\"," + detail.formatted("") + "\"content\":null}]").drops().counts())
                .containsKey(Feature.SIGNATURE);
    }

    @Test
    void tools_are_read_with_schemas_as_they_were_written() {
        assertThat(tool("{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"F\",\"strict\":false,\"parameters\":{ \"type\" : \"object\", \"x\":1.50 }}}"))
                .isEqualTo(new Tool.Function("f", "F", "{\"type\":\"object\",\"x\":1.50}", false, null, null));
        assertThat(tool("{\"type\":\"function\",\"name\":\"f\",\"parameters\":null}"))
                .isEqualTo(new Tool.Function("f", null, null, null, null, null));
        assertThat(tool("{\"type\":\"function\",\"function\":{\"name\":\"f\"},\"cache_control\":{\"type\":\"ephemeral\"}}"))
                .isEqualTo(new Tool.Function("f", null, null, null, null, new CacheMark(null)));
        assertThat(tool("{\"type\":\"custom\",\"custom\":{\"name\":\"p\",\"description\":\"P\",\"format\":{\"type\":\"text\"}}}"))
                .isEqualTo(new Tool.Custom("p", "P", null, null));
        assertThat(tool("{\"type\":\"custom\",\"custom\":{\"name\":\"p\",\"format\":{\"type\":\"grammar\",\"grammar\":{\"syntax\":\"lark\",\"definition\":\"d\"}}}}"))
                .isEqualTo(new Tool.Custom("p", null, "{\"type\":\"grammar\",\"syntax\":\"lark\",\"definition\":\"d\"}", null));
        assertThat(tool("{\"type\":\"web_search_preview\",\"search_context_size\":\"low\"}"))
                .isEqualTo(new Tool.WebSearch(List.of(), List.of(), null, "low", null));
        assertThat(tool("{\"type\":\"mcp\",\"server_label\":\"x\"}")).isEqualTo(new Tool.Builtin(Tool.Builtin.Type.MCP, "mcp"));
        assertThat(tool("{\"type\":\"code_interpreter\"}")).isEqualTo(new Tool.Builtin(Tool.Builtin.Type.CODE_EXECUTION, "code_interpreter"));
        assertThat(readWith("\"web_search_options\":{\"search_context_size\":\"high\",\"user_location\":{\"type\":\"approximate\",\"approximate\":{\"city\":\"Oslo\"}}}").request().tools())
                .containsExactly(new Tool.WebSearch(List.of(), List.of(), null, "high", new Tool.Place("Oslo", null, null, null)));
    }

    @Test
    void every_way_to_choose_a_tool_is_understood() {
        assertThat(choice("\"auto\"")).isEqualTo(new ToolChoice.Auto());
        assertThat(choice("\"none\"")).isEqualTo(new ToolChoice.None());
        assertThat(choice("\"required\"")).isEqualTo(new ToolChoice.Required());
        assertThat(choice("\"any\"")).isEqualTo(new ToolChoice.Required());
        assertThat(choice("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")).isEqualTo(new ToolChoice.Named("f", ToolKind.FUNCTION));
        assertThat(choice("{\"type\":\"function\",\"name\":\"f\"}")).isEqualTo(new ToolChoice.Named("f", ToolKind.FUNCTION));
        assertThat(choice("{\"type\":\"custom\",\"custom\":{\"name\":\"p\"}}")).isEqualTo(new ToolChoice.Named("p", ToolKind.CUSTOM));
        assertThat(choice("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}"))
                .isEqualTo(new ToolChoice.Allowed(List.of("f"), true));
        assertThat(choice("{\"type\":\"web_search_preview\"}")).isEqualTo(new ToolChoice.NamedBuiltin("web_search"));
    }

    @Test
    void the_form_of_the_answer_keeps_every_member() {
        assertThat(settings("\"response_format\":{\"type\":\"text\"}").format()).isNull();
        assertThat(settings("\"response_format\":{\"type\":\"json_object\"}").format()).isEqualTo(new OutputFormat.JsonObject());
        assertThat(settings("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"description\":\"d\",\"schema\":{\"type\":\"object\"},\"strict\":false}}").format())
                .isEqualTo(new OutputFormat.JsonSchema("n", "d", "{\"type\":\"object\"}", false));
        assertThat(readWith("\"response_format\":{\"type\":\"grammar\"}").drops().counts()).containsKey(Feature.OUTPUT_FORMAT);
    }

    @Test
    void reasoning_is_understood_in_the_words_of_every_vendor() {
        assertThat(reasoning("\"reasoning_effort\":\"none\"")).isEqualTo(new Reasoning(false, "none", null, false, null, null));
        assertThat(reasoning("\"reasoning_effort\":\"off\"")).isEqualTo(new Reasoning(false, "none", null, false, null, null));
        assertThat(reasoning("\"reasoning\":{\"effort\":\"high\",\"exclude\":true,\"summary\":\"auto\"}"))
                .isEqualTo(new Reasoning(true, "high", null, false, false, "auto"));
        assertThat(reasoning("\"reasoning\":{\"max_tokens\":2000}")).isEqualTo(new Reasoning(null, null, 2000L, false, null, null));
        assertThat(reasoning("\"reasoning\":{\"enabled\":false}").isOff()).isTrue();
        assertThat(reasoning("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}")).isEqualTo(new Reasoning(true, null, 1024L, false, null, null));
        assertThat(reasoning("\"thinking\":{\"type\":\"disabled\"}").isOff()).isTrue();
        assertThat(reasoning("\"enable_thinking\":true,\"thinking_budget\":500")).isEqualTo(new Reasoning(true, null, 500L, false, null, null));
        assertThat(reasoning("\"chat_template_kwargs\":{\"enable_thinking\":false}").isOff()).isTrue();
        assertThat(reasoning("\"extra_body\":{\"google\":{\"thinking_config\":{\"thinking_budget\":-1,\"include_thoughts\":true}}}"))
                .isEqualTo(new Reasoning(true, null, null, true, true, null));
        assertThat(reasoning("\"google\":{\"thinking_config\":{\"thinking_level\":\"LOW\"}}")).isEqualTo(new Reasoning(true, "low", null, false, null, null));
        assertThat(reasoning("\"thinking\":{\"type\":\"disabled\"},\"reasoning_effort\":\"low\"")).isEqualTo(new Reasoning(true, "low", null, false, null, null));
        assertThat(readWith("\"reasoning_effort\":\"ultra\"").drops().counts()).containsKey(Feature.REASONING_CONTROL);
    }
}
