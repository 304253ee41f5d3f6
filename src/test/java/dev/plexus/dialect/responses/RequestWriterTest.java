package dev.plexus.dialect.responses;

import static dev.plexus.dialect.responses.Play.assistant;
import static dev.plexus.dialect.responses.Play.request;
import static dev.plexus.dialect.responses.Play.text;
import static dev.plexus.dialect.responses.Play.tree;
import static dev.plexus.dialect.responses.Play.user;
import static dev.plexus.dialect.responses.Play.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Unsupported;
import dev.plexus.dialect.Written;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestWriterTest {

    private static final Tool F = new Tool.Function("f", null, null, null, null, null);

    private static JsonNode settings(Settings.Builder settings, Drops drops) {
        return write(request(settings, List.of(user(text("x")))), Play.OTHER, drops);
    }

    private static JsonNode tools(List<Tool> tools, @Nullable ToolChoice choice, Traits target, Drops drops) {
        return write(request(new Settings.Builder(), Reasoning.UNSAID, List.of(user(text("x"))), tools, choice, null), target, drops);
    }

    private static JsonNode input(Message... messages) {
        return write(request(messages)).path("input");
    }

    private static JsonNode reasoning(Reasoning wish, Traits target) {
        return write(request(new Settings.Builder(), wish, List.of(user(text("x"))), List.of(), null, null), target, new Drops()).path("reasoning");
    }

    @Test
    void the_reference_request_is_written_as_the_reference_target() {
        assertThat(write(Reference.canonical())).isEqualTo(tree(Reference.TARGET));
    }

    @Test
    void nothing_is_sent_that_the_client_did_not_say_but_what_keeps_reasoning_replayable() {
        assertThat(write(request(user(text("x"))))).isEqualTo(tree(
                """
                {'model':'m','include':['reasoning.encrypted_content'],'store':false,
                 'input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'x'}]}]}"""));
    }

    @Test
    void the_bytes_of_a_turn_are_the_beginning_of_those_of_the_next() {
        List<Message> first = List.of(
                new Message(Message.Role.SYSTEM, List.of(text("S"))), user(text("a")), assistant(text("b"), Part.ToolCall.function("c", "f", "{}")));
        List<Message> second = new ArrayList<>(first);
        second.add(user(new Part.ToolResult("c", "f", List.of(text("1")), false, ToolKind.FUNCTION, null)));
        Settings.Builder settings = new Settings.Builder().temperature(BigDecimal.ONE).maxTokens(99L).user("u");

        String one = bytes(request(settings, Reasoning.UNSAID, first, List.of(F), new ToolChoice.Auto(), true));
        String two = bytes(request(settings, Reasoning.UNSAID, second, List.of(F), new ToolChoice.Auto(), true));

        assertThat(one).endsWith("]}");
        assertThat(two).startsWith(one.substring(0, one.length() - 2));
    }

    private static String bytes(ChatRequest request) {
        Written written = new ResponsesDialect().writeRequest(request, Play.OTHER, new Drops());
        return new String(written.body(), UTF_8);
    }

    @Test
    void settings_have_the_names_of_this_dialect() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("k", "\"v\"");
        metadata.put("n", "7");
        JsonNode body = settings(
                new Settings.Builder()
                        .maxTokens(3L)
                        .temperature(new BigDecimal("0.50"))
                        .topP(BigDecimal.ONE)
                        .user("u")
                        .metadata(metadata)
                        .serviceTier("flex")
                        .promptCacheKey("k")
                        .logprobs(true)
                        .topLogprobs(2L)
                        .verbosity("low")
                        .format(new OutputFormat.JsonSchema(null, "d", "{}", null)),
                new Drops());

        assertThat(body.path("max_output_tokens").asLong()).isEqualTo(16);
        assertThat(body.path("temperature").toString()).startsWith("0.5");
        assertThat(body.path("top_p").asInt()).isEqualTo(1);
        assertThat(body.path("user").asText()).isEqualTo("u");
        assertThat(body.path("metadata")).isEqualTo(tree("{'k':'v','n':'7'}"));
        assertThat(body.path("service_tier").asText()).isEqualTo("flex");
        assertThat(body.path("prompt_cache_key").asText()).isEqualTo("k");
        assertThat(body.path("top_logprobs").asInt()).isEqualTo(2);
        assertThat(body.path("include")).isEqualTo(tree("['reasoning.encrypted_content','message.output_text.logprobs']"));
        assertThat(body.path("text")).isEqualTo(tree("{'format':{'type':'json_schema','name':'response','description':'d','schema':{}},'verbosity':'low'}"));
    }

    @Test
    void an_explicit_strictness_of_a_schema_survives() {
        Settings.Builder settings = new Settings.Builder().format(new OutputFormat.JsonSchema("n", null, "{}", false));

        assertThat(settings(settings, new Drops()).path("text").path("format").path("strict")).isEqualTo(tree("false"));
    }

    @Test
    void what_this_dialect_has_no_word_for_is_counted() {
        Drops drops = new Drops();
        JsonNode body = settings(
                new Settings.Builder()
                        .topK(1L)
                        .seed(1L)
                        .frequencyPenalty(BigDecimal.ONE)
                        .presencePenalty(BigDecimal.ONE)
                        .logitBias(Map.of("1", "2"))
                        .stop(List.of("END"))
                        .modalities(List.of("text", "audio")),
                drops);

        assertThat(body.size()).isEqualTo(4);
        assertThat(drops.counts()).containsExactlyInAnyOrderEntriesOf(Map.of(
                Feature.TOP_K, 1, Feature.SEED, 1, Feature.PENALTIES, 2, Feature.LOGIT_BIAS, 1, Feature.STOP, 1, Feature.MODALITIES, 1));
    }

    @Test
    void more_than_one_answer_is_refused() {
        assertThatThrownBy(() -> settings(new Settings.Builder().n(2L), new Drops()))
                .isInstanceOfSatisfying(Unsupported.class, e -> assertThat(e.path()).isEqualTo("n"));
        assertThat(settings(new Settings.Builder().n(1L), new Drops()).has("n")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"o3,false", "gpt-5.1-mini,false", "openai/gpt-5,false", "gpt-4o,true", "local-o3,true"})
    void reasoning_models_get_no_temperature(String model, boolean sent) {
        Traits target = new Traits(model, "api.openai.com", TranslationOptions.NONE);
        Settings.Builder settings = new Settings.Builder().temperature(BigDecimal.ONE).topP(BigDecimal.ONE);
        JsonNode body = write(request(settings, List.of(user(text("x")))), target, new Drops());

        assertThat(body.has("temperature")).isEqualTo(sent);
        assertThat(body.has("top_p")).isEqualTo(sent);
    }

    @Test
    void efforts_and_budgets_become_efforts() {
        assertThat(reasoning(new Reasoning(true, "high", 5L, false, null, null), Play.OTHER)).isEqualTo(tree("{'effort':'high'}"));
        assertThat(reasoning(new Reasoning(true, null, 1024L, false, true, null), Play.OTHER)).isEqualTo(tree("{'effort':'low','summary':'auto'}"));
        assertThat(reasoning(new Reasoning(true, null, 8192L, false, null, null), Play.OTHER)).isEqualTo(tree("{'effort':'medium'}"));
        assertThat(reasoning(new Reasoning(true, null, 8193L, false, null, null), Play.OTHER)).isEqualTo(tree("{'effort':'high'}"));
        assertThat(reasoning(new Reasoning(true, null, -1L, true, true, null), Play.OTHER)).isEqualTo(tree("{'summary':'auto'}"));
        assertThat(reasoning(new Reasoning(false, null, null, false, true, null), Play.OTHER)).isEqualTo(tree("{'effort':'none'}"));
        assertThat(reasoning(new Reasoning(null, null, null, false, false, null), Play.OTHER).isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"high,medium", "minimal,low", "max,medium", "low,low"})
    void efforts_that_the_target_does_not_take_are_lowered_else_raised(String wanted, String sent) {
        TranslationOptions options = new TranslationOptions(
                null, null, null, List.of("low", "medium"), null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, List.of(), Map.of(), null, null, null);

        assertThat(reasoning(new Reasoning(true, wanted, null, false, null, null), new Traits("m", "provider.test", options)).path("effort").asText())
                .isEqualTo(sent);
    }

    @Test
    void tools_always_say_whether_they_are_strict() {
        List<Tool> tools = List.of(
                F, new Tool.Function("g", "G", "{\"type\":\"object\",\"x\":1.0}", true, "db", null), new Tool.Builtin(Tool.Builtin.Type.CODE_EXECUTION, "code_execution"),
                new Tool.WebSearch(List.of("a.test"), List.of("b.test"), 3L, "low", new Tool.Place(null, null, "NO", null)),
                new Tool.Builtin(Tool.Builtin.Type.MAPS, "googleMaps"));
        Drops drops = new Drops();

        assertThat(tools(tools, null, Play.OPENAI, drops).path("tools")).isEqualTo(tree(
                """
                [{'type':'function','name':'f','parameters':{'type':'object','properties':{}},'strict':false},
                 {'type':'function','name':'db__g','description':'G','parameters':{'type':'object','x':1.0},'strict':true},
                 {'type':'code_interpreter','container':{'type':'auto'}},
                 {'type':'web_search','filters':{'allowed_domains':['a.test']},'search_context_size':'low','user_location':{'type':'approximate','country':'NO'}}]"""));
        assertThat(drops.counts()).containsExactlyInAnyOrderEntriesOf(Map.of(Feature.BUILTIN_TOOL, 1, Feature.WEB_SEARCH, 2));
    }

    @Test
    void custom_tools_are_native_or_wrapped_with_their_calls_and_results() {
        Tool.Custom tool = new Tool.Custom("p", "P", Play.quoted("{'type':'grammar','grammar':{'syntax':'lark','definition':'x'}}"), null);
        List<Message> messages = List.of(
                user(text("x")),
                assistant(new Part.ToolCall("c", "p", "raw \"text\"", ToolKind.CUSTOM, null, null, null)),
                user(new Part.ToolResult("c", "p", List.of(text("1")), false, ToolKind.CUSTOM, null)));
        ChatRequest request = request(
                new Settings.Builder(), Reasoning.UNSAID, messages, List.of(tool), new ToolChoice.Named("p", ToolKind.CUSTOM), null);

        JsonNode openAi = write(request, Play.OPENAI, new Drops());
        assertThat(openAi.path("tools"))
                .isEqualTo(tree("[{'type':'custom','name':'p','description':'P','format':{'type':'grammar','syntax':'lark','definition':'x'}}]"));
        assertThat(openAi.path("tool_choice")).isEqualTo(tree("{'type':'custom','name':'p'}"));
        assertThat(openAi.path("input").get(1).path("type").asText()).isEqualTo("custom_tool_call");
        assertThat(openAi.path("input").get(1).path("input").asText()).isEqualTo("raw \"text\"");
        assertThat(openAi.path("input").get(2).path("type").asText()).isEqualTo("custom_tool_call_output");

        Drops drops = new Drops();
        JsonNode other = write(request, Play.OTHER, drops);
        assertThat(other.path("tools").get(0).path("parameters"))
                .isEqualTo(tree("{'type':'object','properties':{'input':{'type':'string'}},'required':['input']}"));
        assertThat(other.path("tool_choice")).isEqualTo(tree("{'type':'function','name':'p'}"));
        assertThat(tree(other.path("input").get(1).path("arguments").asText().getBytes(UTF_8)).path("input").asText()).isEqualTo("raw \"text\"");
        assertThat(other.path("input").get(2).path("type").asText()).isEqualTo("function_call_output");
        assertThat(drops.counts()).containsEntry(Feature.TOOL_FORMAT, 1);
    }

    private static JsonNode choice(ToolChoice choice) {
        return tools(List.of(F, new Tool.Function("g.h", null, null, null, null, null)), choice, Play.OTHER, new Drops()).path("tool_choice");
    }

    @Test
    void tool_choices_have_the_forms_of_this_dialect() {
        assertThat(choice(new ToolChoice.Auto())).isEqualTo(tree("'auto'"));
        assertThat(choice(new ToolChoice.None())).isEqualTo(tree("'none'"));
        assertThat(choice(new ToolChoice.Required())).isEqualTo(tree("'required'"));
        assertThat(choice(new ToolChoice.Named("g.h", ToolKind.FUNCTION))).isEqualTo(tree("{'type':'function','name':'g_h'}"));
        assertThat(choice(new ToolChoice.Allowed(List.of("f", "g.h"), true))).isEqualTo(tree(
                "{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'f'},{'type':'function','name':'g_h'}]}"));
        assertThat(choice(new ToolChoice.Validated(List.of()))).isEqualTo(tree("'auto'"));
        assertThat(choice(new ToolChoice.Validated(List.of("f"))).path("mode").asText()).isEqualTo("auto");
    }

    @Test
    void a_choice_without_tools_is_left_out_and_one_of_a_missing_tool_refused() {
        Drops drops = new Drops();
        JsonNode body = write(
                request(new Settings.Builder(), Reasoning.UNSAID, List.of(user(text("x"))), List.of(), new ToolChoice.Required(), true), Play.OTHER, drops);

        assertThat(body.has("tool_choice")).isFalse();
        assertThat(body.has("parallel_tool_calls")).isFalse();
        assertThat(drops.counts()).containsOnlyKeys(Feature.TOOL_CHOICE, Feature.PARALLEL_TOOL_CALLS);
        assertThatThrownBy(() -> tools(
                        List.of(F, new Tool.Builtin(Tool.Builtin.Type.MAPS, "maps")), new ToolChoice.NamedBuiltin("maps"), Play.OTHER, new Drops()))
                .isInstanceOf(Unsupported.class);
        assertThat(tools(List.of(new Tool.WebSearch(List.of(), List.of(), null, null, null)), new ToolChoice.NamedBuiltin("web_search"), Play.OTHER, new Drops())
                        .path("tool_choice"))
                .isEqualTo(tree("{'type':'web_search'}"));
    }

    @Test
    void only_the_leading_system_messages_become_instructions() {
        JsonNode body = write(request(
                new Message(Message.Role.SYSTEM, List.of(text("A"), text("B"))),
                new Message(Message.Role.DEVELOPER, List.of(text("C"))),
                user(text("x")),
                new Message(Message.Role.DEVELOPER, List.of(text("D")))));

        assertThat(body.path("instructions").asText()).isEqualTo("A\n\nB\n\nC");
        assertThat(body.path("input").get(1)).isEqualTo(tree("{'type':'message','role':'developer','content':[{'type':'input_text','text':'D'}]}"));
    }

    @Test
    void media_keep_their_type_and_bytes() {
        assertThat(input(user(
                        new Part.Image(new Source.Base64("image/webp", "QUI="), null, null),
                        new Part.Image(new Source.Url("https://x.test/a", null), "low", null),
                        new Part.Image(new Source.File("file-1", "openai"), null, null),
                        new Part.Document(new Source.Base64("application/pdf", "JVBE"), "a.pdf", null, null, false, null),
                        new Part.Document(new Source.Url("https://x.test/a.pdf", null), null, null, null, false, null),
                        new Part.Document(new Source.Text("words"), null, "a \"b\"", null, false, null),
                        new Part.Audio(new Source.Base64("audio/mpeg", "SUQz"), null))).get(0).path("content"))
                .isEqualTo(tree(
                        """
                        [{'type':'input_image','image_url':'data:image/webp;base64,QUI=','detail':'auto'},
                         {'type':'input_image','image_url':'https://x.test/a','detail':'low'},
                         {'type':'input_image','file_id':'file-1','detail':'auto'},
                         {'type':'input_file','filename':'a.pdf','file_data':'data:application/pdf;base64,JVBE'},
                         {'type':'input_file','file_url':'https://x.test/a.pdf'},
                         {'type':'input_text','text':'<document title=\\"a &quot;b&quot;\\">\\nwords\\n</document>'},
                         {'type':'input_audio','input_audio':{'data':'SUQz','format':'mp3'}}]"""));
    }

    @Test
    void what_the_target_cannot_take_from_the_user_is_refused() {
        for (Part part : List.of(
                new Part.Video(new Source.Url("https://x.test/v.mp4", null)),
                new Part.Audio(new Source.Base64("audio/flac", "QUI="), "flac"),
                new Part.Image(new Source.File("f", "anthropic"), null, null),
                new Part.Document(new Source.File("f", "google"), null, null, null, false, null))) {
            assertThatThrownBy(() -> write(request(user(part)))).isInstanceOf(Unsupported.class);
        }
    }

    @Test
    void results_come_before_what_the_user_says_and_show_images() {
        Part.ToolResult failed = new Part.ToolResult("c1", "f", List.of(), true, ToolKind.FUNCTION, null);
        Part.ToolResult shown = new Part.ToolResult(
                "c2", "f", List.of(text("a"), new Part.Image(new Source.Base64("image/png", "QUI="), null, null)), false, ToolKind.FUNCTION, null);
        Drops drops = new Drops();

        JsonNode input = write(request(user(text("x"), failed, shown)), Play.OTHER, drops).path("input");

        assertThat(input).isEqualTo(tree(
                """
                [{'type':'function_call_output','call_id':'c1','output':'Tool execution failed.'},
                 {'type':'function_call_output','call_id':'c2','output':[{'type':'input_text','text':'a'},
                  {'type':'input_image','image_url':'data:image/png;base64,QUI=','detail':'auto'}]},
                 {'type':'message','role':'user','content':[{'type':'input_text','text':'x'}]}]"""));
        assertThat(drops.counts()).containsOnlyKeys(Feature.TOOL_ERROR_FLAG);
    }

    @Test
    void only_the_secrets_of_this_vendor_go_back() {
        Drops drops = new Drops();
        JsonNode input = write(
                        request(
                                user(text("x")),
                                assistant(
                                        new Part.Thinking("foreign", new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq")),
                                        new Part.Thinking("bare", null),
                                        new Part.Thinking("hm", new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1")),
                                        text("a"),
                                        new Part.Refusal("no"),
                                        new Part.ToolCall(
                                                "c", "f", "", ToolKind.FUNCTION, null, null, new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0")),
                                        text("b"))),
                        Play.OTHER,
                        drops)
                .path("input");

        assertThat(input).isEqualTo(tree(
                """
                [{'type':'message','role':'user','content':[{'type':'input_text','text':'x'}]},
                 {'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'hm'}],'encrypted_content':'ENC'},
                 {'type':'message','role':'assistant','content':[{'type':'output_text','text':'a','annotations':[]},{'type':'refusal','refusal':'no'}]},
                 {'type':'function_call','call_id':'c','name':'f','arguments':'{}'},
                 {'type':'message','role':'assistant','content':[{'type':'output_text','text':'b','annotations':[]}]}]"""));
        assertThat(drops.counts()).containsExactlyInAnyOrderEntriesOf(Map.of(Feature.SIGNATURE, 2, Feature.THINKING, 1));
    }

    @Test
    void ids_that_the_vendor_would_refuse_are_repaired_the_same_for_call_and_result() {
        String longId = "x".repeat(65);
        JsonNode input = input(
                user(text("x")),
                assistant(Part.ToolCall.function("call_1|fc_2", "f", "{}"), Part.ToolCall.function(longId, "f", "{}")),
                user(
                        new Part.ToolResult("call_1|fc_2", "f", List.of(text("1")), false, ToolKind.FUNCTION, null),
                        new Part.ToolResult(longId, "f", List.of(text("2")), false, ToolKind.FUNCTION, null)));

        assertThat(input.get(1).path("call_id").asText()).isEqualTo("call_1");
        assertThat(input.get(3).path("call_id").asText()).isEqualTo("call_1");
        assertThat(input.get(2).path("call_id").asText()).startsWith("call_").hasSize(37).isEqualTo(input.get(4).path("call_id").asText());
    }

    @Test
    void cache_marks_are_counted() {
        Drops drops = new Drops();
        write(request(user(new Part.Text("x", List.of(), new CacheMark(null), null))), Play.OTHER, drops);

        assertThat(drops.counts()).containsOnlyKeys(Feature.CACHE_MARK);
    }
}
