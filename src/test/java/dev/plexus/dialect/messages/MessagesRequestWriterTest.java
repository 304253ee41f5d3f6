package dev.plexus.dialect.messages;

import static dev.plexus.dialect.messages.Messages.ADAPTIVE;
import static dev.plexus.dialect.messages.Messages.TARGET;
import static dev.plexus.dialect.messages.Messages.asked;
import static dev.plexus.dialect.messages.Messages.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.ToolArguments;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Unsupported;
import dev.plexus.dialect.messages.Messages.Asked;
import dev.plexus.model.CacheMark;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message.Role;
import dev.plexus.model.OutputFormat;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.ToolKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesRequestWriterTest {

    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}";
    private static final Secret SIGNED = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq");
    private static final Secret FOREIGN = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD");

    private static Part result(String id, String text) {
        return new Part.ToolResult(id, null, List.of(new Part.Text(text)), false, ToolKind.FUNCTION, null);
    }

    private static Part call(String id) {
        return Part.ToolCall.function(id, "f", "{}");
    }

    private static Part marked(String text) {
        return new Part.Text(text, List.of(), new CacheMark(null), null);
    }

    /// A request for one answer in this form.
    private static Asked formatted(OutputFormat format) {
        return asked().user("x").settings(settings -> settings.format(format));
    }

    @Test
    void the_reference_conversation_is_written_as_the_specification_says() {
        Asked asked = asked()
                .system("S")
                .say(Role.USER, new Part.Text("look"), new Part.Image(new Source.Base64("image/png", "AAAA"), "auto", null))
                .assistant(new Part.Text("ok"), Part.ToolCall.function("call_1", "f", "{\"a\":1}"))
                .say(Role.USER, result("call_1", "42"), new Part.Text("go"))
                .tool(new Tool.Function("f", "F", SCHEMA, null, null, null))
                .choice(new ToolChoice.Required())
                .parallel(true)
                .reasoning(true, "medium", null, null)
                .settings(settings -> settings.maxTokens(100L).temperature(new BigDecimal("0.5")));

        assertThat(asked.body()).isEqualTo(json("""
                {"model":"claude-x","max_tokens":100,"temperature":0.5,"system":"S","tool_choice":{"type":"any"},
                 "messages":[{"role":"user","content":[{"type":"text","text":"look"},
                   {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
                 {"role":"assistant","content":[{"type":"text","text":"ok"},{"type":"tool_use","id":"call_1","name":"f","input":{"a":1}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"42"},{"type":"text","text":"go"}]}],
                 "tools":[{"name":"f","description":"F","input_schema":{"type":"object","properties":{"a":{"type":"integer"}}}}]}"""));
        assertThat(asked.drops.counts()).isEqualTo(Map.of(Feature.REASONING_CONTROL, 1));
    }

    @Test
    void the_worked_example_from_chat_is_written_as_the_specification_says() {
        Asked asked = asked()
                .system("Use tools.")
                .say(Role.USER, new Part.Text("Weather?"), new Part.Image(new Source.Base64("image/png", "AAAA"), null, null))
                .assistant(Part.ToolCall.function("functions.wx:0", "wx", "{\"c\":\"Oslo\"}"), Part.ToolCall.function("call_2", "wx", ""))
                .say(Role.USER, result("functions.wx:0", "3C"), result("call_2", "no city"), new Part.Text("So?"))
                .tool(new Tool.Function("wx", null, "{\"type\":\"object\",\"properties\":{\"c\":{\"type\":\"string\"}}}", null, null, null))
                .choice(new ToolChoice.Required())
                .parallel(false)
                .settings(settings -> settings.maxTokens(500L).temperature(new BigDecimal("1.4")).stop(List.of("END", " ")).seed(1L));
        String id = Ids.forAnthropic("functions.wx:0");

        assertThat(id).matches("functions_wx_0_[0-9a-f]{8}");
        assertThat(asked.body()).isEqualTo(json("""
                {"model":"claude-x","system":"Use tools.","max_tokens":500,"temperature":1,"stop_sequences":["END"],
                 "messages":[
                  {"role":"user","content":[{"type":"text","text":"Weather?"},
                   {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
                  {"role":"assistant","content":[{"type":"tool_use","id":"ID","name":"wx","input":{"c":"Oslo"}},
                   {"type":"tool_use","id":"call_2","name":"wx","input":{}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"ID","content":"3C"},
                   {"type":"tool_result","tool_use_id":"call_2","content":"no city"},{"type":"text","text":"So?"}]}],
                 "tools":[{"name":"wx","input_schema":{"type":"object","properties":{"c":{"type":"string"}}}}],
                 "tool_choice":{"type":"any","disable_parallel_tool_use":true}}""".replace("ID", id)));
        assertThat(asked.drops.counts()).isEqualTo(Map.of(Feature.SEED, 1, Feature.TEMPERATURE, 1, Feature.STOP, 1));
    }

    @Test
    void a_turn_more_only_adds_bytes_behind_the_old_messages() {
        Asked first = asked().system("S").user("a").tool("f").settings(settings -> settings.temperature(BigDecimal.ONE));
        String before = first.text(TARGET);
        String after = first.assistant(new Part.Text("b")).user("c").text(TARGET);

        assertThat(after).startsWith(before.substring(0, before.length() - "]}".length()));
    }

    @Test
    void nothing_is_invented_but_the_output_limit() {
        assertThat(asked().user("x").body()).isEqualTo(json("""
                {"model":"claude-x","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]}"""));
    }

    @Test
    void roles_alternate_beginning_with_the_user() {
        JsonNode messages = asked().assistant(new Part.Text("a")).assistant(new Part.Text("b")).user("c").user("d").body().get("messages");

        assertThat(messages).isEqualTo(json("""
                [{"role":"user","content":[{"type":"text","text":"Continue."}]},
                 {"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                 {"role":"user","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]}]"""));
    }

    @Test
    void a_conversation_of_system_messages_alone_gets_a_user() {
        assertThat(asked().system("S").body().get("messages")).isEqualTo(json("""
                [{"role":"user","content":[{"type":"text","text":"Continue."}]}]"""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "-|[{\"type\":\"text\",\"text\":\"S\"},{\"type\":\"text\",\"text\":\"late\"}]|user",
        "native|\"S\"|user system user",
        "user|\"S\"|user"})
    void a_late_system_message_goes_where_the_option_says(String option, String system, String roles) {
        JsonNode body = asked().system("S").user("a").system("late").user("b").body(Messages.with(null, option, null, null));

        assertThat(body.get("system")).isEqualTo(json(system));
        assertThat(body.get("messages").findValuesAsText("role")).containsExactly(roles.split(" "));
    }

    @Test
    void system_texts_with_a_cache_mark_keep_it() {
        assertThat(asked().say(Role.SYSTEM, marked("A")).user("x").body().get("system"))
                .isEqualTo(json("[{\"type\":\"text\",\"text\":\"A\",\"cache_control\":{\"type\":\"ephemeral\"}}]"));
    }

    @Test
    void results_come_before_everything_else_of_the_user() {
        JsonNode last = asked().user("x").assistant(call("a"), call("b"))
                .say(Role.USER, new Part.Text("first"), result("b", "2")).say(Role.USER, result("a", "1"))
                .body().get("messages").get(2).get("content");

        assertThat(last.findValuesAsText("type")).containsExactly("tool_result", "tool_result", "text");
    }

    @Test
    void thoughts_come_first_and_only_the_vendors_own_are_sent() {
        Asked asked = asked().user("x").assistant(
                new Part.Thinking("foreign", FOREIGN), new Part.Thinking("bare", null), new Part.Text("t"),
                new Part.ToolCall("a", "f", "{}", ToolKind.FUNCTION, null, null, FOREIGN), new Part.Text("u"),
                new Part.Thinking("own", SIGNED), new Part.Thinking("", new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "R")))
                .say(Role.USER, result("a", "1"));

        assertThat(asked.body().get("messages").get(1).get("content")).isEqualTo(json("""
                [{"type":"thinking","thinking":"own","signature":"Eq"},{"type":"redacted_thinking","data":"R"},
                 {"type":"text","text":"t"},{"type":"text","text":"u"},{"type":"tool_use","id":"a","name":"f","input":{}}]"""));
        assertThat(asked.drops.counts()).containsEntry(Feature.THINKING, 2).containsEntry(Feature.SIGNATURE, 1);
    }

    @Test
    void a_beginning_for_the_assistant_does_not_end_in_blanks() {
        assertThat(asked().user("x").assistant(new Part.Text("So \n")).body().get("messages").get(1).get("content").get(0).get("text").asText())
                .isEqualTo("So");
    }

    @Test
    void refusals_become_text_and_citations_are_counted() {
        Asked asked = asked().user("x").assistant(
                new Part.Refusal("No."), new Part.Text("t", List.of(new Citation("https://u", null, null, 0, 1)), null, FOREIGN)).user("y");

        assertThat(asked.body().get("messages").get(1).get("content"))
                .isEqualTo(json("[{\"type\":\"text\",\"text\":\"No.\"},{\"type\":\"text\",\"text\":\"t\"}]"));
        assertThat(asked.drops.counts()).isEqualTo(Map.of(Feature.CITATIONS, 1, Feature.SIGNATURE, 1));
    }

    @Test
    void results_carry_texts_images_documents_and_the_error_flag() {
        Part image = new Part.Image(new Source.Base64("image/jpg", "AA"), null, null);
        Part document = new Part.Document(new Source.Base64("application/pdf", "JV"), "a.pdf", null, null, false, null);
        JsonNode content = asked().user("x").assistant(call("a"), call("b"))
                .say(Role.USER, new Part.ToolResult("a", null, List.of(new Part.Text("t"), image, document), true, ToolKind.FUNCTION, null),
                        new Part.ToolResult("b", null, List.of(), false, ToolKind.FUNCTION, new CacheMark("1h")))
                .body().get("messages").get(2).get("content");

        assertThat(content).isEqualTo(json("""
                [{"type":"tool_result","tool_use_id":"a","is_error":true,"content":[{"type":"text","text":"t"},
                  {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AA"}},
                  {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JV"},"title":"a.pdf"}]},
                 {"type":"tool_result","tool_use_id":"b","cache_control":{"type":"ephemeral","ttl":"1h"}}]"""));
    }

    @Test
    void documents_are_sent_by_their_sources() {
        JsonNode content = asked().say(Role.USER,
                new Part.Document(new Source.Base64("text/csv", "YSxi"), null, "T", "C", true, null),
                new Part.Document(new Source.Text("w"), null, null, null, false, null),
                new Part.Document(new Source.Url("https://x.test/a.pdf", null), null, null, null, false, null),
                new Part.Document(new Source.Parts(List.of(new Part.Text("p"))), null, null, null, false, null),
                new Part.SearchResult("https://s", "S", List.of(new Part.Text("hit")), true, null))
                .body().get("messages").get(0).get("content");

        assertThat(content).isEqualTo(json("""
                [{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a,b"},"title":"T","context":"C","citations":{"enabled":true}},
                 {"type":"document","source":{"type":"text","media_type":"text/plain","data":"w"}},
                 {"type":"document","source":{"type":"url","url":"https://x.test/a.pdf"}},
                 {"type":"document","source":{"type":"content","content":[{"type":"text","text":"p"}]}},
                 {"type":"search_result","source":"https://s","title":"S","content":[{"type":"text","text":"hit"}],"citations":{"enabled":true}}]"""));
    }

    private static Part media(String kind) {
        return switch (kind) {
            case "bmp" -> new Part.Image(new Source.Base64("image/bmp", "AA"), null, null);
            case "gs" -> new Part.Image(new Source.Url("gs://b/o", null), null, null);
            case "openai file" -> new Part.Image(new Source.File("file-1", "openai"), null, null);
            case "audio" -> new Part.Audio(new Source.Base64("audio/wav", "AA"), "wav");
            case "video" -> new Part.Video(new Source.Url("https://v", null));
            default -> new Part.Document(new Source.Base64("application/zip", "AA"), null, null, null, false, null);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"bmp", "gs", "openai file", "audio", "video", "zip"})
    void media_that_the_vendor_does_not_take_reject_the_target(String kind) {
        assertThatThrownBy(() -> asked().say(Role.USER, media(kind)).text(TARGET)).isInstanceOf(Unsupported.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/jpeg", "image/png", "image/gif", "image/webp"})
    void images_keep_their_type_and_bytes(String mime) {
        JsonNode source = asked().say(Role.USER, new Part.Image(new Source.Base64(mime, "A+/="), null, null))
                .body().get("messages").get(0).get("content").get(0).get("source");

        assertThat(source).isEqualTo(json("{\"type\":\"base64\",\"media_type\":\"" + mime + "\",\"data\":\"A+/=\"}"));
    }

    @Test
    void only_the_last_four_cache_marks_are_kept() {
        Asked asked = asked().say(Role.SYSTEM, marked("s")).say(Role.USER, marked("1"), marked("2"), marked("3"), marked("4"))
                .tool(new Tool.Function("f", null, null, null, null, new CacheMark(null)));
        JsonNode body = asked.body();

        assertThat(body.get("tools").findValues("cache_control")).isEmpty();
        assertThat(body.get("system").asText()).isEmpty();
        assertThat(body.get("messages").findValues("cache_control")).hasSize(4);
        assertThat(asked.drops.counts()).isEqualTo(Map.of(Feature.CACHE_MARK, 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``|{}",
        "`  `|{}",
        "{\"b\":1.0,\"a\":\"é\"}|{\"b\":1.0,\"a\":\"é\"}",
        "[1]|{\"value\":[1]}",
        "7|{\"value\":7}",
        "null|{}",
        "\"{\\\"a\\\":1}\"|{\"a\":1}",
        "\"words\"|{\"value\":\"words\"}",
        "{\"a\":|{\"_raw\":\"{\\\"a\\\":\"}"})
    void arguments_always_become_an_object(String arguments, String input) {
        assertThat(ToolArguments.object(arguments)).isEqualTo(input);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "-|{\"type\":\"object\",\"properties\":{}}",
        "{}|{\"type\":\"object\",\"properties\":{}}",
        "{\"properties\":{\"type\":{\"type\":\"string\"}},\"$defs\":{\"d\":{}}}|"
                + "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"}},\"$defs\":{\"d\":{}}}",
        "{\"type\":\"object\",\"anyOf\":[{\"properties\":{\"a\":{}},\"required\":[\"a\",\"c\"]},{\"properties\":{\"b\":{}},\"required\":[\"c\"]}]}|"
                + "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"c\"]}",
        "{\"allOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}],\"required\":[\"x\"]}|"
                + "{\"type\":\"object\",\"properties\":{},\"required\":[\"x\",\"a\",\"b\"]}"})
    void input_schemas_are_objects_without_branches_at_their_root(@Nullable String schema, String sent) {
        JsonNode tool = asked().user("x").tool(new Tool.Function("f", null, schema, null, null, null)).body().get("tools").get(0);

        assertThat(tool).isEqualTo(json("{\"name\":\"f\",\"input_schema\":" + sent + "}"));
    }

    @Test
    void tools_keep_description_strictness_and_a_legal_name() {
        Asked asked = asked().user("x")
                .tool(new Tool.Function("a.b", "", SCHEMA, false, "ns", null))
                .tool(new Tool.Custom("patch", "P", "{\"type\":\"grammar\"}", null))
                .choice(new ToolChoice.Named("patch", ToolKind.CUSTOM));
        JsonNode body = asked.body();

        assertThat(body.get("tools")).isEqualTo(json("[{\"name\":\"ns__a_b\",\"input_schema\":" + SCHEMA + ",\"strict\":false},"
                + "{\"name\":\"patch\",\"description\":\"P\",\"input_schema\":"
                + "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"]}}]"));
        assertThat(body.get("tool_choice")).isEqualTo(json("{\"type\":\"tool\",\"name\":\"patch\"}"));
        assertThat(asked.written(TARGET).names().original("ns__a_b").name()).isEqualTo("a.b");
        assertThat(asked.drops.counts()).containsKey(Feature.TOOL_FORMAT);
    }

    @Test
    void the_free_text_of_a_custom_call_is_wrapped() {
        JsonNode call = asked().user("x").assistant(new Part.ToolCall("a", "patch", "{\n\"", ToolKind.CUSTOM, null, null, null))
                .say(Role.USER, result("a", "ok")).body().get("messages").get(1).get("content").get(0);

        assertThat(call.get("input")).isEqualTo(json("{\"input\":\"{\\n\\\"\"}"));
    }

    @Test
    void tools_that_the_vendor_runs_are_mapped_with_their_beta_headers() {
        Asked asked = asked().user("x")
                .tool(new Tool.WebSearch(List.of("a"), List.of("b"), 2L, "high", new Tool.Place("Oslo", null, "NO", null)))
                .tool(new Tool.Builtin(Tool.Builtin.Type.WEB_FETCH, "urlContext"))
                .tool(new Tool.Builtin(Tool.Builtin.Type.CODE_EXECUTION, "code_interpreter"))
                .tool(new Tool.Builtin(Tool.Builtin.Type.MAPS, "googleMaps"));

        assertThat(asked.body().get("tools")).isEqualTo(json("""
                [{"type":"web_search_20250305","name":"web_search","max_uses":2,"allowed_domains":["a"],
                  "user_location":{"type":"approximate","city":"Oslo","country":"NO"}},
                 {"type":"web_fetch_20250910","name":"web_fetch"},{"type":"code_execution_20250825","name":"code_execution"}]"""));
        assertThat(asked.written(TARGET).headers()).containsEntry("anthropic-beta", "web-fetch-2025-09-10,code-execution-2025-08-25");
        assertThat(asked.drops.counts()).containsKeys(Feature.WEB_SEARCH, Feature.BUILTIN_TOOL);
    }

    private static @Nullable ToolChoice choice(String word) {
        return switch (word) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            case "named" -> new ToolChoice.Named("f", ToolKind.FUNCTION);
            case "allowed" -> new ToolChoice.Allowed(List.of("f"), false);
            case "allowed required" -> new ToolChoice.Allowed(List.of("f"), true);
            case "validated" -> new ToolChoice.Validated(List.of());
            case "search" -> new ToolChoice.NamedBuiltin("web_search");
            default -> null;
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "auto|-|{\"type\":\"auto\"}|3",
        "auto|false|{\"type\":\"auto\",\"disable_parallel_tool_use\":true}|3",
        "none|false|{\"type\":\"none\"}|3",
        "required|true|{\"type\":\"any\"}|3",
        "named|false|{\"type\":\"tool\",\"name\":\"f\",\"disable_parallel_tool_use\":true}|3",
        "allowed|-|{\"type\":\"auto\"}|1",
        "allowed required|-|{\"type\":\"any\"}|1",
        "validated|-|{\"type\":\"auto\"}|3",
        "search|-|{\"type\":\"tool\",\"name\":\"web_search\"}|3",
        "absent|false|{\"type\":\"auto\",\"disable_parallel_tool_use\":true}|3",
        "absent|true|-|3"})
    void tool_choices_are_mapped(String word, @Nullable Boolean parallel, @Nullable String expected, int tools) {
        Asked asked = asked().user("x").tool("f").tool("g").tool(new Tool.WebSearch(List.of(), List.of(), null, null, null)).choice(choice(word));
        if (parallel != null) {
            asked.parallel(parallel);
        }
        JsonNode body = asked.body();

        assertThat(body.get("tool_choice")).isEqualTo(expected == null ? null : json(expected));
        assertThat(body.get("tools")).hasSize(tools);
    }

    @Test
    void without_tools_there_is_no_choice() {
        assertThat(asked().user("x").choice(new ToolChoice.Required()).parallel(false).body().has("tool_choice")).isFalse();
        assertThatThrownBy(() -> asked().user("x").choice(new ToolChoice.NamedBuiltin("maps")).text(TARGET)).isInstanceOf(Unsupported.class);
        assertThatThrownBy(() -> asked().user("x").tool("f").choice(new ToolChoice.NamedBuiltin("maps")).text(TARGET)).isInstanceOf(Unsupported.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        // enabled, effort, budget, max_tokens -> thinking, max_tokens
        "-|-|-|-|-|4096",
        "false|-|-|-|-|4096",
        "true|none|-|-|-|4096",
        "true|medium|-|-|{\"type\":\"enabled\",\"budget_tokens\":8192}|12288",
        "true|minimal|-|-|{\"type\":\"enabled\",\"budget_tokens\":1024}|5120",
        "true|low|-|-|{\"type\":\"enabled\",\"budget_tokens\":1024}|5120",
        "true|high|-|-|{\"type\":\"enabled\",\"budget_tokens\":24576}|28672",
        "true|xhigh|-|-|{\"type\":\"enabled\",\"budget_tokens\":32768}|36864",
        "true|max|-|-|{\"type\":\"enabled\",\"budget_tokens\":65536}|69632",
        "true|-|100|-|{\"type\":\"enabled\",\"budget_tokens\":1024}|5120",
        "true|low|9000|20000|{\"type\":\"enabled\",\"budget_tokens\":9000}|20000",
        "true|high|-|2000|{\"type\":\"enabled\",\"budget_tokens\":1999}|2000",
        "true|high|-|1025|{\"type\":\"enabled\",\"budget_tokens\":1024}|1025",
        "true|high|-|1024|-|1024",
        "true|-|-|-|{\"type\":\"enabled\",\"budget_tokens\":8192}|12288"})
    void older_models_get_a_budget(
            @Nullable Boolean enabled, @Nullable String effort, @Nullable Long budget, @Nullable Long limit, @Nullable String thinking, long sent) {
        JsonNode body = asked().user("x").reasoning(enabled, effort, budget, null).settings(settings -> settings.maxTokens(limit)).body();

        assertThat(body.get("thinking")).isEqualTo(thinking == null ? null : json(thinking));
        assertThat(body.get("max_tokens").asLong()).isEqualTo(sent);
        assertThat(body.has("output_config")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "-|-|-|-|-|-",
        "false|-|-|-|{\"type\":\"disabled\"}|-",
        "true|minimal|-|-|{\"type\":\"adaptive\"}|low",
        "true|xhigh|-|true|{\"type\":\"adaptive\"}|xhigh",
        "true|max|-|false|{\"type\":\"adaptive\",\"display\":\"omitted\"}|max",
        "true|-|1024|-|{\"type\":\"adaptive\"}|low",
        "true|-|8192|-|{\"type\":\"adaptive\"}|medium",
        "true|-|8193|-|{\"type\":\"adaptive\"}|high",
        "true|-|-|-|{\"type\":\"adaptive\"}|-"})
    void newer_models_think_as_much_as_the_effort_says(
            @Nullable Boolean enabled, @Nullable String effort, @Nullable Long budget, @Nullable Boolean include, @Nullable String thinking,
            @Nullable String sent) {
        JsonNode body = asked().user("x").reasoning(enabled, effort, budget, include).body(ADAPTIVE);

        assertThat(body.get("thinking")).isEqualTo(thinking == null ? null : json(thinking));
        assertThat(body.get("output_config")).isEqualTo(sent == null ? null : json("{\"effort\":\"" + sent + "\"}"));
    }

    @Test
    void a_tool_loop_that_began_without_the_vendors_thoughts_goes_on_without_thinking() {
        Asked unsigned = asked().user("x").assistant(new Part.Text("t"), call("a")).say(Role.USER, result("a", "1")).reasoning(true, "low", null, null);
        Asked signed = asked().user("x").assistant(new Part.Thinking("t", SIGNED), call("a")).say(Role.USER, result("a", "1"))
                .reasoning(true, "low", null, null);
        Asked over = asked().user("x").assistant(call("a")).say(Role.USER, result("a", "1"), new Part.Text("next")).reasoning(true, "low", null, null);

        assertThat(unsigned.body().has("thinking")).isFalse();
        assertThat(unsigned.drops.counts()).containsKey(Feature.REASONING_CONTROL);
        assertThat(signed.body().has("thinking")).isTrue();
        assertThat(over.body().has("thinking")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        // thinking, temperature, top_p, top_k -> temperature, top_p, top_k
        "false|0.5|0.9|3|0.5|-|3",
        "false|-1|-|-|0|-|-",
        "false|-|0.9|-|-|0.9|-",
        "true|0.5|0.9|3|-|-|-",
        "true|0.5|0.95|-|-|0.95|-"})
    void sampling_fits_the_vendor(boolean thinks, @Nullable BigDecimal temperature, @Nullable BigDecimal topP, @Nullable Long topK,
            @Nullable String sentTemperature, @Nullable String sentTopP, @Nullable String sentTopK) {
        JsonNode body = asked().user("x").reasoning(thinks ? true : null, null, null, null)
                .settings(settings -> settings.temperature(temperature).topP(topP).topK(topK)).body();

        assertThat(body.path("temperature").asText(null)).isEqualTo(sentTemperature);
        assertThat(body.path("top_p").asText(null)).isEqualTo(sentTopP);
        assertThat(body.path("top_k").asText(null)).isEqualTo(sentTopK);
    }

    @Test
    void schemas_of_the_output_are_closed_at_every_object() {
        JsonNode body = formatted(new OutputFormat.JsonSchema("n", null, """
                {"type":"object","properties":{"type":{"type":"object"},"l":{"type":"array","items":{"properties":{"x":{}}}},
                 "o":{"type":"object","additionalProperties":true}},"$defs":{"d":{"type":["object","null"]}},"enum":[{"type":"object"}]}""".replace("\n", ""),
                false)).body();

        assertThat(body.get("output_config").get("format")).isEqualTo(json("""
                {"type":"json_schema","schema":{"type":"object","properties":{"type":{"type":"object","additionalProperties":false},
                 "l":{"type":"array","items":{"properties":{"x":{}},"additionalProperties":false}},"o":{"type":"object","additionalProperties":true}},
                 "$defs":{"d":{"type":["object","null"],"additionalProperties":false}},"enum":[{"type":"object"}],"additionalProperties":false}}"""));
    }

    @Test
    void structured_output_may_be_a_forced_tool() {
        JsonNode body = formatted(new OutputFormat.JsonSchema("n", null, SCHEMA, true)).reasoning(true, "low", null, null)
                .body(Messages.with("tool", null, null, null));

        assertThat(body.get("tools").get(0).get("name").asText()).isEqualTo("json_response");
        assertThat(body.get("tools").get(0).get("input_schema")).isEqualTo(json(SCHEMA));
        assertThat(body.get("tool_choice")).isEqualTo(json("{\"type\":\"tool\",\"name\":\"json_response\"}"));
        assertThat(body.has("thinking")).isFalse();
        assertThat(body.has("output_config")).isFalse();
    }

    @Test
    void beside_the_clients_tools_some_tool_is_forced() {
        assertThat(formatted(new OutputFormat.JsonSchema("n", null, SCHEMA, true)).tool("f").body(Messages.with("tool", null, null, null)).get("tool_choice"))
                .isEqualTo(json("{\"type\":\"any\"}"));
    }

    @Test
    void structured_output_may_be_asked_for_in_words() {
        assertThat(formatted(new OutputFormat.JsonSchema("n", null, SCHEMA, true)).body(Messages.with("prompt", null, null, null)).get("system").asText())
                .contains(SCHEMA);
        assertThat(formatted(new OutputFormat.JsonObject()).system("S").body().get("system").get(1).get("text").asText())
                .isEqualTo("Reply with one valid JSON object and nothing else.");
    }

    @Test
    void long_user_ids_are_hashed() {
        assertThat(asked().user("x").settings(settings -> settings.user("u")).body().get("metadata")).isEqualTo(json("{\"user_id\":\"u\"}"));
        assertThat(asked().user("x").settings(settings -> settings.user("u".repeat(257))).body().get("metadata").get("user_id").asText())
                .matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @CsvSource({"auto,auto", "default,standard_only", "flex,standard_only", "priority,auto", "scale,auto"})
    void service_tiers_are_mapped_where_they_are_known(String tier, String sent) {
        Asked asked = asked().user("x").settings(settings -> settings.serviceTier(tier));

        assertThat(asked.body(Messages.with(null, null, true, null)).get("service_tier").asText()).isEqualTo(sent);
        assertThat(asked.body(new Traits("claude-x", "api.anthropic.com", TARGET.options())).get("service_tier").asText()).isEqualTo(sent);
        assertThat(asked.body().has("service_tier")).isFalse();
    }

    @Test
    void what_has_no_place_is_counted() {
        Asked asked = asked().user("x").settings(settings -> settings.seed(1L).frequencyPenalty(BigDecimal.ONE).presencePenalty(BigDecimal.ONE).n(1L)
                .logitBias(Map.of("1", "2")).logprobs(true).metadata(Map.of("k", "\"v\"")).promptCacheKey("p").verbosity("low").modalities(List.of("text")));

        assertThat(asked.body().properties()).extracting(Map.Entry::getKey).containsExactlyInAnyOrder("model", "max_tokens", "messages");
        assertThat(asked.drops.counts()).isEqualTo(Map.of(Feature.SEED, 1, Feature.PENALTIES, 2, Feature.LOGIT_BIAS, 1, Feature.LOGPROBS, 1,
                Feature.METADATA, 1, Feature.PROMPT_CACHE_KEY, 1, Feature.VERBOSITY, 1));
    }

    @Test
    void several_answers_reject_the_target() {
        assertThatThrownBy(() -> asked().user("x").settings(settings -> settings.n(2L)).text(TARGET)).isInstanceOf(Unsupported.class);
    }

    @Test
    void streams_are_asked_for() {
        assertThat(asked().user("x").stream().body().get("stream").asBoolean()).isTrue();
    }
}
