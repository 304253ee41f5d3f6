package dev.plexus.dialect.messages;

import static dev.plexus.dialect.messages.Messages.body;
import static dev.plexus.dialect.messages.Messages.parts;
import static dev.plexus.dialect.messages.Messages.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.model.CacheMark;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Message.Role;
import dev.plexus.model.OutputFormat;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.ToolKind;
import dev.plexus.wire.JsonIn;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesRequestReaderTest {

    private final Drops drops = new Drops();

    @Test
    void the_reference_conversation_becomes_canonical() {
        ChatRequest request = read("""
                {"model":"a","max_tokens":100,"temperature":0.5,"system":"S","thinking":{"type":"enabled","budget_tokens":8192},
                 "tool_choice":{"type":"any","disable_parallel_tool_use":false},
                 "messages":[{"role":"user","content":[{"type":"text","text":"look"},
                   {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
                 {"role":"assistant","content":[{"type":"text","text":"ok"},{"type":"tool_use","id":"call_1","name":"f","input":{"a":1}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"42"},{"type":"text","text":"go"}]}],
                 "tools":[{"name":"f","description":"F","input_schema":{"type":"object","properties":{"a":{"type":"integer"}}}}]}""", drops);

        assertThat(request.messages()).containsExactly(
                new Message(Role.SYSTEM, List.of(new Part.Text("S"))),
                new Message(Role.USER, List.of(new Part.Text("look"), new Part.Image(new Source.Base64("image/png", "AAAA"), null, null))),
                new Message(Role.ASSISTANT, List.of(new Part.Text("ok"), Part.ToolCall.function("call_1", "f", "{\"a\":1}"))),
                new Message(Role.USER, List.of(
                        new Part.ToolResult("call_1", null, List.of(new Part.Text("42")), false, ToolKind.FUNCTION, null), new Part.Text("go"))));
        assertThat(request.tools()).containsExactly(
                new Tool.Function("f", "F", "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}", null, null, null));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(request.parallelToolCalls()).isTrue();
        assertThat(request.reasoning()).isEqualTo(new Reasoning(true, null, 8192L, false, true, null));
        assertThat(request.settings().maxTokens()).isEqualTo(100);
        assertThat(request.settings().temperature()).isEqualTo(new BigDecimal("0.5"));
        assertThat(drops.isEmpty()).isTrue();
    }

    @Test
    void nothing_is_invented() {
        ChatRequest request = read(body("\"temperature\":null,\"thinking\":null,\"tools\":null,\"system\":null,\"tool_choice\":null,"));

        assertThat(request.settings().temperature()).isNull();
        assertThat(request.settings().topP()).isNull();
        assertThat(request.settings().stop()).isEmpty();
        assertThat(request.reasoning()).isEqualTo(Reasoning.UNSAID);
        assertThat(request.toolChoice()).isNull();
        assertThat(request.parallelToolCalls()).isNull();
        assertThat(request.messages()).hasSize(1);
    }

    @Test
    void system_blocks_keep_their_cache_marks_and_lose_the_clients_telemetry() {
        ChatRequest request = read(body("\"system\":[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc\"},"
                + "{\"type\":\"text\",\"text\":\"A\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}],"), drops);

        assertThat(request.messages().getFirst())
                .isEqualTo(new Message(Role.SYSTEM, List.of(new Part.Text("A", List.of(), new CacheMark("1h"), null))));
        assertThat(drops.counts()).containsEntry(Feature.NATIVE_PART, 1);
    }

    @Test
    void every_thinking_block_is_kept_in_its_place() {
        List<Part> parts = parts("assistant", """
                [{"type":"thinking","thinking":"a","signature":"S1"},{"type":"text","text":"t"},{"type":"thinking","thinking":"b","signature":"S2"},
                 {"type":"redacted_thinking","data":"R"}]""", drops);

        assertThat(parts).containsExactly(
                new Part.Thinking("a", new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "S1")),
                new Part.Text("t"),
                new Part.Thinking("b", new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "S2")),
                new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "R")));
    }

    @Test
    void a_gemini_signature_goes_home_to_its_call() {
        String envelope = Envelope.wrap(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD", "call_B"));
        List<Part> parts = parts("assistant", "[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"" + envelope + "\"},"
                + "{\"type\":\"tool_use\",\"id\":\"call_A\",\"name\":\"f\",\"input\":{}},{\"type\":\"tool_use\",\"id\":\"call_B\",\"name\":\"g\"}]", drops);

        assertThat(parts).containsExactly(
                Part.ToolCall.function("call_A", "f", "{}"),
                new Part.ToolCall("call_B", "g", "{}", ToolKind.FUNCTION, null, null, new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD")));
    }

    @Test
    void a_gemini_signature_without_a_call_goes_to_the_next_part_that_is_no_thought() {
        String envelope = Envelope.wrap(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD"));
        List<Part> parts = parts("assistant", "[{\"type\":\"thinking\",\"thinking\":\"plan\",\"signature\":\"" + envelope
                + "\"},{\"type\":\"text\",\"text\":\"Hi\"}]", drops);

        assertThat(parts).containsExactly(
                new Part.Thinking("plan", null),
                new Part.Text("Hi", List.of(), null, new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD")));
    }

    @Test
    void a_signature_whose_call_is_gone_is_counted() {
        String envelope = Envelope.wrap(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD", "call_Z"));

        assertThat(parts("assistant", "[{\"type\":\"thinking\",\"thinking\":\"p\",\"signature\":\"" + envelope + "\"}]", drops))
                .containsExactly(new Part.Thinking("p", null));
        assertThat(drops.counts()).containsEntry(Feature.SIGNATURE, 1);
    }

    @Test
    void other_secrets_are_unwrapped_and_empty_envelopes_are_none() {
        Secret encrypted = new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1");
        List<Part> parts = parts("assistant", "[{\"type\":\"thinking\",\"thinking\":\"s\",\"signature\":\"" + Envelope.wrap(encrypted) + "\"},"
                + "{\"type\":\"thinking\",\"thinking\":\"c\",\"signature\":\"" + Envelope.empty(DialectId.CHAT) + "\"},"
                + "{\"type\":\"thinking\",\"thinking\":\"n\",\"signature\":\"plx1.broken\"}]", drops);

        assertThat(parts).containsExactly(new Part.Thinking("s", encrypted), new Part.Thinking("c", null), new Part.Thinking("n", null));
    }

    @Test
    void arguments_keep_their_text() {
        List<Part> parts = parts("assistant", "[{\"type\":\"tool_use\",\"id\":\"i\",\"name\":\"f\",\"input\":{ \"b\" : 1.0, \"a\":\"x y\" }}]", drops);

        assertThat(parts).containsExactly(Part.ToolCall.function("i", "f", "{\"b\":1.0,\"a\":\"x y\"}"));
    }

    @Test
    void results_keep_their_parts_flag_and_cache_mark() {
        List<Part> parts = parts("user", """
                [{"type":"tool_result","tool_use_id":"i","is_error":true,"cache_control":{"type":"ephemeral"},"content":[{"type":"text","text":"boom"},
                  {"type":"image","source":{"type":"url","url":"https://x.test/a.png"}}]},{"type":"tool_result","tool_use_id":"j"}]""", drops);

        assertThat(parts).containsExactly(
                new Part.ToolResult("i", null,
                        List.of(new Part.Text("boom"), new Part.Image(new Source.Url("https://x.test/a.png", null), null, null)),
                        true, ToolKind.FUNCTION, new CacheMark(null)),
                new Part.ToolResult("j", null, List.of(), false, ToolKind.FUNCTION, null));
    }

    @Test
    void documents_have_any_of_five_sources() {
        List<Part> parts = parts("user", """
                [{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JV"},"title":"T","context":"C",
                  "citations":{"enabled":true},"cache_control":{"type":"ephemeral"}},
                 {"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"}},
                 {"type":"document","source":{"type":"url","url":"https://x.test/a.pdf"}},
                 {"type":"document","source":{"type":"file","file_id":"file_1"}},
                 {"type":"document","source":{"type":"content","content":[{"type":"text","text":"p"}]}},
                 {"type":"search_result","source":"https://s.test","title":"S","content":[{"type":"text","text":"hit"}]}]""", drops);

        assertThat(parts).containsExactly(
                new Part.Document(new Source.Base64("application/pdf", "JV"), null, "T", "C", true, new CacheMark(null)),
                new Part.Document(new Source.Text("words"), null, null, null, false, null),
                new Part.Document(new Source.Url("https://x.test/a.pdf", null), null, null, null, false, null),
                new Part.Document(new Source.File("file_1", "anthropic"), null, null, null, false, null),
                new Part.Document(new Source.Parts(List.of(new Part.Text("p"))), null, null, null, false, null),
                new Part.SearchResult("https://s.test", "S", List.of(new Part.Text("hit")), false, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data:image/webp;base64,AAAA|image/webp|AAAA",
        "data:image/png;charset=x;base64,AAAA|image/png|AAAA",
        "data:image/svg+xml,%3Ca%3E+b|image/svg+xml|PGE+K2I="})
    void data_urls_become_bytes(String url, String mime, String data) {
        assertThat(parts("user", "[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"" + url + "\"}}]", drops))
                .containsExactly(new Part.Image(new Source.Base64(mime, data), null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{\"query\":\"x\"}}",
        "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"content\":[{\"type\":\"web_search_result\",\"title\":7}]}",
        "{\"type\":\"code_execution_tool_result\",\"content\":{\"stdout\":1}}",
        "{\"type\":\"container_upload\",\"file_id\":\"f\"}",
        "{\"type\":\"mcp_tool_use\",\"id\":\"m\",\"name\":\"n\",\"input\":{},\"server_name\":\"s\"}",
        "{\"type\":\"compaction\",\"content\":\"c\"}",
        "{\"type\":\"brand_new\",\"text\":5,\"source\":[1]}"})
    void blocks_of_the_vendor_alone_are_opaque(String block) {
        assertThat(parts("assistant", "[" + block + "]", drops)).singleElement().isInstanceOf(Part.Opaque.class);
    }

    @Test
    void citations_of_web_pages_survive_and_others_are_counted() {
        List<Part> parts = parts("assistant", """
                [{"type":"text","text":"t","citations":[{"type":"web_search_result_location","url":"https://u","title":"T","cited_text":"q",
                 "encrypted_index":"E"},{"type":"char_location","cited_text":"x","document_index":0}]}]""", drops);

        assertThat(parts).containsExactly(new Part.Text("t", List.of(new Citation("https://u", "T", "q", -1, -1)), null, null));
        assertThat(drops.counts()).containsEntry(Feature.CITATIONS, 1);
    }

    @Test
    void tools_of_all_kinds_are_known_by_their_prefix() {
        ChatRequest request = read(body("\"tools\":["
                + "{\"type\":\"custom\",\"name\":\"f\",\"strict\":false,\"eager_input_streaming\":true,\"cache_control\":{\"type\":\"ephemeral\"}},"
                + "{\"type\":\"web_search_20260209\",\"name\":\"web_search\",\"max_uses\":3,\"allowed_domains\":[\"a\"],\"blocked_domains\":[\"b\"],"
                + "\"user_location\":{\"type\":\"approximate\",\"city\":\"Oslo\",\"timezone\":\"Europe/Oslo\"}},"
                + "{\"type\":\"web_fetch_20250910\",\"name\":\"web_fetch\"},{\"type\":\"code_execution_20250825\",\"name\":\"code_execution\"},"
                + "{\"type\":\"bash_20250124\",\"name\":\"bash\"},{\"type\":\"text_editor_20250728\",\"name\":\"str_replace_based_edit_tool\"},"
                + "{\"type\":\"computer_20250124\",\"name\":\"computer\",\"display_width_px\":1},{\"type\":\"memory_20250818\",\"name\":\"memory\"},"
                + "{\"type\":\"tool_search_tool_regex_20251119\",\"name\":\"tool_search_tool_regex\"},"
                + "{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"s\"},{\"type\":\"new_20300101\",\"name\":\"n\"}],"), drops);

        assertThat(request.tools()).containsExactly(
                new Tool.Function("f", null, null, false, null, new CacheMark(null)),
                new Tool.WebSearch(List.of("a"), List.of("b"), 3L, null, new Tool.Place("Oslo", null, null, "Europe/Oslo")),
                new Tool.Builtin(Tool.Builtin.Type.WEB_FETCH, "web_fetch_20250910"),
                new Tool.Builtin(Tool.Builtin.Type.CODE_EXECUTION, "code_execution_20250825"),
                new Tool.Builtin(Tool.Builtin.Type.SHELL, "bash_20250124"),
                new Tool.Builtin(Tool.Builtin.Type.TEXT_EDITOR, "text_editor_20250728"),
                new Tool.Builtin(Tool.Builtin.Type.COMPUTER, "computer_20250124"),
                new Tool.Builtin(Tool.Builtin.Type.MEMORY, "memory_20250818"),
                new Tool.Builtin(Tool.Builtin.Type.TOOL_SEARCH, "tool_search_tool_regex_20251119"),
                new Tool.Builtin(Tool.Builtin.Type.MCP, "mcp_toolset"),
                new Tool.Builtin(Tool.Builtin.Type.OTHER, "new_20300101"));
        assertThat(drops.all()).contains(
                new Drops.Drop(Feature.NATIVE_MEMBER, "tools[0].eager_input_streaming", "eager_input_streaming has no counterpart in other dialects"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"type\":\"auto\"}|Auto[]|",
        "{\"type\":\"any\",\"disable_parallel_tool_use\":true}|Required[]|false",
        "{\"type\":\"none\"}|None[]|",
        "{\"type\":\"tool\",\"name\":\"f\",\"disable_parallel_tool_use\":false}|Named[name=f, kind=FUNCTION]|true",
        "{\"type\":\"tool\",\"name\":\"web_search\"}|NamedBuiltin[type=web_search]|"})
    void tool_choices_are_read(String choice, String expected, Boolean parallel) {
        ChatRequest request = read(body("\"tools\":[{\"name\":\"f\"},{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}],\"tool_choice\":"
                + choice + ","));

        assertThat(request.toolChoice()).hasToString(expected);
        assertThat(request.parallelToolCalls()).isEqualTo(parallel);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "\"thinking\":{\"type\":\"disabled\"},|false|-|-|false|-",
        "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"},|true|max|-|true|true",
        "\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"},|true|-|-|true|false",
        "\"thinking\":{\"type\":\"between_tools\"},|true|-|-|false|true",
        "\"output_config\":{\"effort\":\"low\"},|-|low|-|false|-"})
    void reasoning_is_read(String members, Boolean enabled, String effort, Long budget, boolean adaptive, Boolean include) {
        assertThat(read(body(members)).reasoning()).isEqualTo(new Reasoning(enabled, effort, budget, adaptive, include, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"output_config\":{\"format\":%s},", "\"output_format\":%s,"})
    void output_schemas_are_read_from_both_places(String member) {
        String format = "{\"type\":\"json_schema\",\"schema\":{ \"type\":\"object\" }}";

        assertThat(read(body(member.formatted(format))).settings().format())
                .isEqualTo(new OutputFormat.JsonSchema(null, null, "{\"type\":\"object\"}", true));
    }

    @Test
    void settings_are_read() {
        ChatRequest request = read(body("\"top_p\":0.9,\"top_k\":5,\"stop_sequences\":[\"END\"],\"metadata\":{\"user_id\":\"u\",\"x\":1},"
                + "\"service_tier\":\"standard_only\",\"stream\":true,\"mcp_servers\":[],\"container\":\"c\",\"speed\":\"fast\","), drops);

        assertThat(request.settings().topP()).isEqualTo(new BigDecimal("0.9"));
        assertThat(request.settings().topK()).isEqualTo(5);
        assertThat(request.settings().stop()).containsExactly("END");
        assertThat(request.settings().user()).isEqualTo("u");
        assertThat(request.settings().serviceTier()).isEqualTo("default");
        assertThat(request.stream()).isTrue();
        assertThat(drops.all()).extracting(Drops.Drop::path).containsExactly("metadata.x", "mcp_servers", "container", "speed");
    }

    @Test
    void a_system_message_in_the_middle_stays_there() {
        ChatRequest request = read("""
                {"model":"a","max_tokens":1,"messages":[{"role":"user","content":"a"},{"role":"system","content":"b"},{"role":"user","content":"c"}]}""");

        assertThat(request.messages()).extracting(Message::role).containsExactly(Role.USER, Role.SYSTEM, Role.USER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"temperature\":\"hot\",|temperature",
        "\"top_k\":1.5,|top_k",
        "\"stop_sequences\":\"END\",|stop_sequences",
        "\"stop_sequences\":[1],|stop_sequences[0]",
        "\"system\":5,|system",
        "\"system\":[{\"type\":\"text\"}],|system[0].text",
        "\"tools\":[{\"input_schema\":{}}],|tools[0].name",
        "\"tools\":[{\"name\":\"f\",\"input_schema\":\"s\"}],|tools[0].input_schema",
        "\"tool_choice\":\"auto\",|tool_choice",
        "\"tool_choice\":{\"type\":\"required\"},|tool_choice.type",
        "\"tool_choice\":{\"type\":\"tool\"},|tool_choice.name",
        "\"thinking\":true,|thinking",
        "\"output_config\":{\"format\":{\"type\":\"json_schema\"}},|output_config.format.schema"})
    void what_is_wrong_is_named(String members, String path) {
        assertThatThrownBy(() -> read(body(members))).isInstanceOfSatisfying(JsonIn.Bad.class, bad -> assertThat(bad.path()).isEqualTo(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"role\":\"user\"}|messages[0].content",
        "{\"content\":\"x\"}|messages[0].role",
        "{\"role\":\"tool\",\"content\":\"x\"}|messages[0].role",
        "{\"role\":\"user\",\"content\":{}}|messages[0].content",
        "{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}|messages[0].content[0].type",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"A\"}}]}|messages[0].content[0].source.media_type",
        "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"i\",\"name\":\"f\",\"input\":\"x\"}]}|messages[0].content[0].input",
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\"}]}|messages[0].content[0].tool_use_id"})
    void what_is_wrong_in_a_message_is_named(String message, String path) {
        String body = "{\"model\":\"a\",\"max_tokens\":1,\"messages\":[" + message + "]}";

        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(JsonIn.Bad.class, bad -> assertThat(bad.path()).isEqualTo(path));
    }
}
