package dev.plexus.dialect.chat;

import static dev.plexus.dialect.chat.Fixtures.assistant;
import static dev.plexus.dialect.chat.Fixtures.body;
import static dev.plexus.dialect.chat.Fixtures.dropsOf;
import static dev.plexus.dialect.chat.Fixtures.function;
import static dev.plexus.dialect.chat.Fixtures.json;
import static dev.plexus.dialect.chat.Fixtures.openAi;
import static dev.plexus.dialect.chat.Fixtures.openRouter;
import static dev.plexus.dialect.chat.Fixtures.plain;
import static dev.plexus.dialect.chat.Fixtures.reasoningRequest;
import static dev.plexus.dialect.chat.Fixtures.request;
import static dev.plexus.dialect.chat.Fixtures.settingsRequest;
import static dev.plexus.dialect.chat.Fixtures.target;
import static dev.plexus.dialect.chat.Fixtures.toolRequest;
import static dev.plexus.dialect.chat.Fixtures.user;
import static dev.plexus.dialect.chat.Fixtures.written;
import static dev.plexus.dialect.chat.Fixtures.writtenMessages;
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
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The request of the hub becomes a request for an upstream.
class RequestWritingTest {

    private static final CacheMark MARK = new CacheMark(null);
    private static final Part.Image IMAGE = new Part.Image(new Source.Base64("image/png", "AAAA"), null, null);

    private static Part.ToolResult result(String id, Part... parts) {
        return new Part.ToolResult(id, null, List.of(parts), false, ToolKind.FUNCTION, null);
    }

    private static Part.Thinking signed(DialectId dialect, String value) {
        return new Part.Thinking("hm", new Secret(dialect, Secret.Kind.SIGNATURE, value));
    }

    private static Reasoning effort(String effort) {
        return new Reasoning(!effort.equals("none"), effort, null, false, null, null);
    }

    private static void rejects(Part part, Traits target) {
        assertThatThrownBy(() -> writtenMessages(target, user(part))).isInstanceOf(Unsupported.class);
    }

    private static @Nullable String content(Part part, Traits target) {
        return writtenMessages(target, user(part)).at("/0/content").toString();
    }

    private static ChatRequest choosing(ToolChoice choice) {
        return toolRequest(choice, function("f"), function("g"));
    }

    @Test
    void the_reference_request_is_written_as_it_was_read() {
        String expected = RequestReadingTest.C_CHAT.replace("\"model\":\"a\"", "\"model\":\"m\"");

        assertThat(written(RequestReadingTest.CANONICAL, plain())).isEqualTo(json(expected));
        assertThat(dropsOf(RequestReadingTest.CANONICAL, plain()).isEmpty()).isTrue();
    }

    @Test
    void nothing_is_sent_that_was_not_said() {
        assertThat(body(request(List.of(user(new Part.Text("x")))), plain()))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    }

    @Test
    void a_turn_is_the_beginning_of_the_next() {
        ChatRequest whole = RequestReadingTest.CANONICAL;
        String before = body(whole.withMessages(whole.messages().subList(0, 2)), plain());
        String after = body(whole, plain());

        assertThat(after).startsWith(before.substring(0, before.length() - 2));
    }

    @Test
    void a_stream_always_reports_its_usage() {
        ChatRequest request = request(List.of(user(new Part.Text("x"))));
        ChatRequest streaming = new ChatRequest(
                request.dialect(), "a", true, false, request.messages(), List.of(), null, null, Reasoning.UNSAID, request.settings());

        assertThat(body(streaming, plain())).startsWith("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},");
    }

    @Test
    void settings_keep_their_names_where_the_target_knows_them() {
        Settings.Builder settings = new Settings.Builder()
                .maxTokens(5L).temperature(new BigDecimal("1.0")).topP(new BigDecimal("0.9")).topK(40L).seed(7L)
                .frequencyPenalty(new BigDecimal("0.1")).presencePenalty(new BigDecimal("-1")).n(2L).logitBias(Map.of("1", "-100"))
                .stop(List.of("a", "b", "c", "d", "e")).logprobs(true).topLogprobs(3L).verbosity("low").user("u").metadata(Map.of("k", "\"v\""))
                .serviceTier("flex").promptCacheKey("p");

        assertThat(written(settingsRequest(settings), openAi())).isEqualTo(json("""
                {"model":"gpt-4o","max_completion_tokens":5,"temperature":1.0,"top_p":0.9,"seed":7,"frequency_penalty":0.1,"presence_penalty":-1,"n":2,
                 "logit_bias":{"1":-100},"stop":["a","b","c","d"],"logprobs":true,"top_logprobs":3,"verbosity":"low","user":"u","metadata":{"k":"v"},
                 "service_tier":"flex","prompt_cache_key":"p","messages":[{"role":"user","content":"x"}]}
                """));
        assertThat(dropsOf(settingsRequest(settings), openAi()).counts()).containsOnlyKeys(Feature.TOP_K, Feature.STOP);
        assertThat(written(settingsRequest(settings), plain()).has("top_k")).isTrue();
        assertThat(written(settingsRequest(settings), plain()).has("max_tokens")).isTrue();
        assertThat(dropsOf(settingsRequest(settings), plain()).counts()).containsOnlyKeys(Feature.METADATA, Feature.SERVICE_TIER, Feature.STOP);
    }

    @Test
    void the_form_of_the_answer_keeps_what_was_said_of_it() {
        OutputFormat format = new OutputFormat.JsonSchema(null, "d", "{\"a\":1.50}", false);

        assertThat(body(settingsRequest(new Settings.Builder().format(format)), plain())).contains(
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"response\",\"description\":\"d\",\"schema\":{\"a\":1.50},\"strict\":false}}");
        assertThat(body(settingsRequest(new Settings.Builder().format(new OutputFormat.JsonObject())), plain()))
                .contains("\"response_format\":{\"type\":\"json_object\"}");
    }

    @Test
    void developers_are_known_by_name_only_at_the_source() {
        Message developer = new Message(Message.Role.DEVELOPER, List.of(new Part.Text("A"), new Part.Text("B")));

        assertThat(writtenMessages(openAi(), developer, user(new Part.Text("x"))).get(0))
                .isEqualTo(json("{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"A\"},{\"type\":\"text\",\"text\":\"B\"}]}"));
        assertThat(writtenMessages(plain(), developer, user(new Part.Text("x"))).at("/0/role").asText()).isEqualTo("system");
    }

    @Test
    void results_become_messages_of_their_own_before_the_rest() {
        JsonNode messages = writtenMessages(plain(),
                assistant(Part.ToolCall.function("1", "f", ""), Part.ToolCall.function("2", "g", "{ }")),
                user(new Part.Text("so?"), result("1", new Part.Text("a"), new Part.Text("b")), result("2", IMAGE)));

        assertThat(messages).isEqualTo(json("""
                [{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},
                  {"id":"2","type":"function","function":{"name":"g","arguments":"{ }"}}]},
                 {"role":"tool","tool_call_id":"1","content":"a\\nb"},{"role":"tool","tool_call_id":"2","content":"(see attached content)"},
                 {"role":"user","content":[{"type":"text","text":"Attachment from tool call 2:"},
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"text","text":"so?"}]}]
                """));
    }

    @Test
    void a_failed_tool_without_words_says_that_it_failed() {
        Message calls = assistant(Part.ToolCall.function("1", "f", "{}"));
        var failed = new Part.ToolResult("1", null, List.of(), true, ToolKind.FUNCTION, null);

        assertThat(writtenMessages(plain(), calls, user(failed)).at("/1/content").asText()).isEqualTo("Tool execution failed.");
        assertThat(dropsOf(request(List.of(calls, user(failed))), plain()).counts()).containsKey(Feature.TOOL_ERROR_FLAG);
    }

    @Test
    void an_assistant_speaks_with_one_voice() {
        JsonNode messages = writtenMessages(plain(), user(new Part.Text("x")),
                assistant(new Part.Text("a"), new Part.Text("b"), new Part.Refusal("No.")), assistant(new Part.Refusal("Never.")),
                assistant(new Part.Thinking("hm", null)));

        assertThat(messages.get(1)).isEqualTo(json("{\"role\":\"assistant\",\"content\":\"ab\",\"refusal\":\"No.\"}"));
        assertThat(messages.get(2)).isEqualTo(json("{\"role\":\"assistant\",\"content\":null,\"refusal\":\"Never.\"}"));
        assertThat(messages).hasSize(3);
    }

    @Test
    void thoughts_go_back_only_to_targets_that_want_them() {
        List<Message> messages = List.of(
                user(new Part.Text("x")), assistant(new Part.Thinking("old", null), new Part.Text("a")), user(new Part.Text("y")),
                assistant(new Part.Thinking("new", null), Part.ToolCall.function("1", "f", "{}")), user(result("1", new Part.Text("r"))));

        assertThat(body(request(messages), plain())).doesNotContain("reasoning_content");
        assertThat(dropsOf(request(messages), plain()).counts()).containsEntry(Feature.THINKING, 2);
        assertThat(body(request(messages), plain("reasoningReplay", "tool_loop"))).contains("\"reasoning_content\":\"new\"").doesNotContain("old");
        assertThat(body(request(messages), plain("reasoningReplay", "always"))).contains("\"reasoning_content\":\"new\"", "\"reasoning_content\":\"old\"");
    }

    @Test
    void only_secrets_of_this_dialect_are_written() {
        Secret google = new Secret(DialectId.CHAT, Secret.Kind.SIGNATURE, "U0lH");
        Message own = assistant(signed(DialectId.CHAT, "anthropic-claude-v1:Eq"), new Part.Text("a"),
                new Part.ToolCall("1", "f", "{}", ToolKind.FUNCTION, null, null, google));
        Message foreign = assistant(signed(DialectId.MESSAGES, "Eq"), new Part.Text("a", List.of(), null, new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH")),
                new Part.ToolCall("2", "f", "{}", ToolKind.FUNCTION, null, null, new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH")));

        assertThat(writtenMessages(openRouter(), user(new Part.Text("x")), own).get(1)).isEqualTo(json("""
                {"role":"assistant","content":"a","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"Eq","format":"anthropic-claude-v1","index":0}],
                 "tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"U0lH"}}}]}
                """));
        assertThat(body(request(List.of(user(new Part.Text("x")), foreign)), openRouter())).doesNotContain("Eq", "U0lH");
        assertThat(body(request(List.of(user(new Part.Text("x")), own)), openAi())).doesNotContain("Eq", "U0lH");
        assertThat(dropsOf(request(List.of(user(new Part.Text("x")), foreign)), openRouter()).counts())
                .containsEntry(Feature.SIGNATURE, 2).containsEntry(Feature.THINKING, 1);
    }

    @Test
    void media_keep_their_type_and_bytes() {
        assertThat(content(new Part.Image(new Source.Url("https://x.test/a", null), "low", null), plain()))
                .isEqualTo("[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.test/a\",\"detail\":\"low\"}}]");
        assertThat(content(new Part.Audio(new Source.Base64("audio/mpeg", "QUJD"), null), plain()))
                .isEqualTo("[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"QUJD\",\"format\":\"mp3\"}}]");
        assertThat(content(new Part.Document(new Source.Base64("application/pdf", "QUJD"), "a.pdf", "t", null, false, null), plain()))
                .isEqualTo("[{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,QUJD\"}}]");
        assertThat(content(new Part.Document(new Source.File("file-1", "openai"), null, null, null, false, null), plain()))
                .isEqualTo("[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]");
        assertThat(content(new Part.Document(new Source.Url("https://x.test/a.pdf", null), null, null, null, false, null), plain("fileUrl", true)))
                .isEqualTo("[{\"type\":\"file\",\"file\":{\"file_data\":\"https://x.test/a.pdf\"}}]");
        assertThat(content(new Part.Video(new Source.Url("https://x.test/v", null)), plain()))
                .isEqualTo("[{\"type\":\"video_url\",\"video_url\":{\"url\":\"https://x.test/v\"}}]");
    }

    @Test
    void media_that_the_target_cannot_take_are_refused() {
        rejects(new Part.Audio(new Source.Base64("audio/ogg", "QUJD"), "ogg"), plain());
        rejects(new Part.Audio(new Source.Url("https://x.test/a.mp3", "audio/mp3"), null), plain());
        rejects(new Part.Image(new Source.File("file-1", "anthropic"), null, null), plain());
        rejects(new Part.Document(new Source.File("f", "google"), null, null, null, false, null), plain());
        rejects(new Part.Document(new Source.Url("https://x.test/a.pdf", null), null, null, null, false, null), plain());
        rejects(new Part.Video(new Source.Url("https://x.test/v", null)), openAi());
    }

    @Test
    void documents_of_text_and_search_results_are_quoted() {
        assertThat(content(new Part.Document(new Source.Text("a"), null, "The \"T\"", null, false, null), plain()))
                .isEqualTo("\"<document title=\\\"The &quot;T&quot;\\\">\\na\\n</document>\"");
        assertThat(content(new Part.SearchResult("https://s.test", "t", List.of(new Part.Text("a"), new Part.Text("b")), false, null), plain()))
                .isEqualTo("\"<document title=\\\"t\\\" source=\\\"https://s.test\\\">\\na\\nb\\n</document>\"");
        assertThat(content(new Part.Document(new Source.Parts(List.of(new Part.Text("a"), IMAGE)), null, null, null, false, null), plain())).isEqualTo(
                "[{\"type\":\"text\",\"text\":\"<document>\\na\\n</document>\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]");
    }

    @Test
    void marks_for_the_cache_are_kept_where_they_are_known() {
        Part marked = new Part.Text("x", List.of(), new CacheMark("1h"), null);

        assertThat(content(marked, openRouter()))
                .isEqualTo("[{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]");
        assertThat(content(marked, plain("promptCacheBreakpoint", true)))
                .isEqualTo("[{\"type\":\"text\",\"text\":\"x\",\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}}]");
        assertThat(content(marked, plain())).isEqualTo("\"x\"");
        assertThat(dropsOf(request(List.of(user(marked))), plain()).counts()).containsEntry(Feature.CACHE_MARK, 1);
        assertThat(writtenMessages(openRouter(), user(new Part.Text("x")), assistant(Part.ToolCall.function("1", "f", "{}")),
                user(new Part.ToolResult("1", null, List.of(new Part.Text("r")), false, ToolKind.FUNCTION, MARK))).at("/2/content").toString())
                .isEqualTo("[{\"type\":\"text\",\"text\":\"r\",\"cache_control\":{\"type\":\"ephemeral\"}}]");
    }

    @Test
    void ids_are_repaired_the_same_way_in_calls_and_results() {
        String id = "functions.wx:0" + "x".repeat(40);
        Message calls = assistant(Part.ToolCall.function(id, "f", "{}"));
        Message results = user(result(id, new Part.Text("r")));

        assertThat(writtenMessages(plain(), calls, results).at("/1/tool_call_id").asText()).isEqualTo(id);
        for (Traits target : List.of(openAi(), plain("toolIdStyle", "alnum9"), plain("toolIdStyle", "anthropic"))) {
            JsonNode messages = writtenMessages(target, calls, results);
            assertThat(messages.at("/0/tool_calls/0/id").asText()).isNotEqualTo(id).isEqualTo(messages.at("/1/tool_call_id").asText());
        }
        assertThat(writtenMessages(openAi(), calls, results).at("/1/tool_call_id").asText()).matches("call_[0-9a-f]{32}");
    }

    @Test
    void names_are_made_legal_everywhere_and_come_back() {
        Tool.Function query = new Tool.Function("que.ry", null, null, null, "db", null);
        ChatRequest request = request(
                List.of(user(new Part.Text("x")), assistant(new Part.ToolCall("1", "que.ry", "{}", ToolKind.FUNCTION, "db", null, null)), user(result("1", new Part.Text("r")))),
                List.of(query), new ToolChoice.Named("que.ry", ToolKind.FUNCTION), Reasoning.UNSAID, new Settings.Builder().build());

        JsonNode body = written(request, plain());
        assertThat(body.at("/tools/0/function/name").asText()).isEqualTo("db__que_ry");
        assertThat(body.at("/tool_choice/function/name").asText()).isEqualTo("db__que_ry");
        assertThat(body.at("/messages/1/tool_calls/0/function/name").asText()).isEqualTo("db__que_ry");
        assertThat(Fixtures.write(request, plain(), new Drops()).names().original("db__que_ry").namespace()).isEqualTo("db");
    }

    @Test
    void functions_without_a_schema_take_nothing() {
        assertThat(written(toolRequest(null, new Tool.Function("f", null, null, false, null, MARK)), openRouter()).get("tools")).isEqualTo(json(
                "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{}},\"strict\":false},\"cache_control\":{\"type\":\"ephemeral\"}}]"));
    }

    @Test
    void free_text_tools_are_native_or_wrapped() {
        Tool.Custom patch = new Tool.Custom("p", "P", "{\"type\":\"grammar\",\"syntax\":\"lark\",\"definition\":\"d\"}", null);
        Message call = assistant(new Part.ToolCall("1", "p", "*** \"x\"", ToolKind.CUSTOM, null, null, null));
        ChatRequest request = request(List.of(call, user(result("1", new Part.Text("r")))), List.of(patch),
                new ToolChoice.Named("p", ToolKind.CUSTOM), Reasoning.UNSAID, new Settings.Builder().build());

        JsonNode natively = written(request, openAi());
        assertThat(natively.get("tools")).isEqualTo(json(
                "[{\"type\":\"custom\",\"custom\":{\"name\":\"p\",\"description\":\"P\",\"format\":{\"type\":\"grammar\",\"grammar\":{\"syntax\":\"lark\",\"definition\":\"d\"}}}}]"));
        assertThat(natively.get("tool_choice")).isEqualTo(json("{\"type\":\"custom\",\"custom\":{\"name\":\"p\"}}"));
        assertThat(natively.at("/messages/0/tool_calls/0/custom")).isEqualTo(json("{\"name\":\"p\",\"input\":\"*** \\\"x\\\"\"}"));
        JsonNode wrapped = written(request, plain());
        assertThat(wrapped.at("/tools/0/function/parameters/required/0").asText()).isEqualTo("input");
        assertThat(wrapped.get("tool_choice")).isEqualTo(json("{\"type\":\"function\",\"function\":{\"name\":\"p\"}}"));
        assertThat(json(wrapped.at("/messages/0/tool_calls/0/function/arguments").asText())).isEqualTo(json("{\"input\":\"*** \\\"x\\\"\"}"));
        assertThat(dropsOf(request, plain()).counts()).containsKey(Feature.TOOL_FORMAT);
    }

    @Test
    void web_search_is_asked_for_as_the_target_wants_it() {
        Tool search = new Tool.WebSearch(List.of(), List.of(), null, "low", new Tool.Place("Oslo", null, null, null));

        assertThat(written(toolRequest(null, search), openAi()).get("web_search_options")).isEqualTo(
                json("{\"search_context_size\":\"low\",\"user_location\":{\"type\":\"approximate\",\"approximate\":{\"city\":\"Oslo\"}}}"));
        assertThat(written(toolRequest(null, search), openRouter()).get("plugins")).isEqualTo(json("[{\"id\":\"web\"}]"));
        assertThat(written(toolRequest(null, search), plain("webSearch", "tool")).at("/tools/0/type").asText()).isEqualTo("web_search");
        assertThat(body(toolRequest(null, search), plain())).doesNotContain("search");
        assertThat(dropsOf(toolRequest(null, search), plain()).counts()).containsKey(Feature.WEB_SEARCH);
    }

    @Test
    void other_tools_of_a_provider_are_dropped_unless_they_must_be_used() {
        Tool builtin = new Tool.Builtin(Tool.Builtin.Type.MCP, "mcp");

        assertThat(dropsOf(toolRequest(null, builtin), plain()).counts()).containsKey(Feature.BUILTIN_TOOL);
        assertThatThrownBy(() -> written(toolRequest(new ToolChoice.NamedBuiltin("mcp"), builtin), plain())).isInstanceOf(Unsupported.class);
    }

    @Test
    void tools_are_chosen_in_this_dialects_words() {
        assertThat(written(choosing(new ToolChoice.Auto()), plain()).get("tool_choice").asText()).isEqualTo("auto");
        assertThat(written(choosing(new ToolChoice.None()), plain()).get("tool_choice").asText()).isEqualTo("none");
        assertThat(written(choosing(new ToolChoice.Required()), plain()).get("tool_choice").asText()).isEqualTo("required");
        assertThat(written(choosing(new ToolChoice.Validated(List.of())), plain()).get("tool_choice").asText()).isEqualTo("auto");
        assertThat(written(choosing(new ToolChoice.Named("g", ToolKind.FUNCTION)), plain()).get("tool_choice"))
                .isEqualTo(json("{\"type\":\"function\",\"function\":{\"name\":\"g\"}}"));
    }

    @Test
    void allowed_tools_are_named_or_the_only_ones_left() {
        ToolChoice both = new ToolChoice.Allowed(List.of("f", "g"), true);

        assertThat(written(choosing(both), openAi()).get("tool_choice")).isEqualTo(json("""
                {"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}},
                 {"type":"function","function":{"name":"g"}}]}}
                """));
        assertThat(written(choosing(new ToolChoice.Allowed(List.of("g"), true)), plain()).get("tool_choice"))
                .isEqualTo(json("{\"type\":\"function\",\"function\":{\"name\":\"g\"}}"));
        JsonNode left = written(toolRequest(both, function("f"), function("g"), function("h")), plain());
        assertThat(left.get("tool_choice").asText()).isEqualTo("required");
        assertThat(left.get("tools")).hasSize(2);
    }

    @Test
    void nothing_is_chosen_where_there_is_nothing_to_choose() {
        ChatRequest request = toolRequest(new ToolChoice.Auto());

        assertThat(written(request, plain()).has("tool_choice")).isFalse();
        assertThat(dropsOf(request, plain()).counts()).containsKey(Feature.TOOL_CHOICE);
    }

    @ParameterizedTest
    @CsvSource({"minimal,minimal", "xhigh,xhigh", "max,max"})
    void efforts_are_sent_as_they_are(String effort, String sent) {
        assertThat(written(reasoningRequest(effort(effort)), plain()).get("reasoning_effort").asText()).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"max,high", "minimal,low", "medium,low", "high,high"})
    void efforts_are_brought_down_to_what_the_target_takes(String effort, String sent) {
        assertThat(written(reasoningRequest(effort(effort)), plain("efforts", List.of("none", "low", "high"))).get("reasoning_effort").asText()).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"1024,low", "1025,medium", "8192,medium", "8193,high"})
    void budgets_become_efforts(long budget, String sent) {
        assertThat(written(reasoningRequest(new Reasoning(true, null, budget, false, null, null)), plain()).get("reasoning_effort").asText()).isEqualTo(sent);
    }

    @Test
    void reasoning_is_switched_off_where_that_can_be_said() {
        ChatRequest off = reasoningRequest(effort("none"));

        assertThat(written(off, target("gpt-5.1", "api.openai.com")).get("reasoning_effort").asText()).isEqualTo("none");
        assertThat(written(off, plain("efforts", List.of("minimal", "low"))).get("reasoning_effort").asText()).isEqualTo("minimal");
        assertThat(written(off, plain()).has("reasoning_effort")).isFalse();
        assertThat(dropsOf(off, plain()).counts()).containsKey(Feature.REASONING_CONTROL);
    }

    @Test
    void reasoning_is_asked_for_in_the_words_of_the_vendor() {
        Reasoning budget = new Reasoning(true, null, 2048L, false, false, null);

        assertThat(written(reasoningRequest(budget), openRouter()).get("reasoning")).isEqualTo(json("{\"max_tokens\":2048,\"exclude\":true}"));
        assertThat(written(reasoningRequest(effort("low")), openRouter()).get("reasoning")).isEqualTo(json("{\"effort\":\"low\"}"));
        assertThat(written(reasoningRequest(effort("none")), openRouter()).get("reasoning")).isEqualTo(json("{\"effort\":\"none\"}"));
        assertThat(written(reasoningRequest(budget), target("m", "api.deepseek.com")).get("thinking")).isEqualTo(json("{\"type\":\"enabled\"}"));
        assertThat(written(reasoningRequest(effort("none")), target("m", "api.z.ai")).get("thinking")).isEqualTo(json("{\"type\":\"disabled\"}"));
        JsonNode dashscope = written(reasoningRequest(budget), plain("reasoningStyle", "enable_thinking"));
        assertThat(dashscope.get("enable_thinking").asBoolean()).isTrue();
        assertThat(dashscope.get("thinking_budget").asLong()).isEqualTo(2048);
        assertThat(dropsOf(reasoningRequest(budget), plain("reasoningStyle", "none")).counts()).containsKey(Feature.REASONING_CONTROL);
    }
}
