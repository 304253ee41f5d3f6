package dev.plexus.dialect.responses;

import static dev.plexus.dialect.responses.Play.input;
import static dev.plexus.dialect.responses.Play.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Unsupported;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.Citation;
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

class RequestReaderTest {

    private static Part only(String items) {
        List<Message> messages = input(items);
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().parts()).hasSize(1);
        return messages.getFirst().parts().getFirst();
    }

    private static Part piece(String piece) {
        return only("[{'role':'user','content':[" + piece + "]}]");
    }

    @Test
    void the_reference_request_is_read_to_the_canonical_values() {
        ChatRequest request = read(Reference.CLIENT);

        assertThat(request).isEqualTo(Reference.canonical());
    }

    @Test
    void what_the_client_did_not_say_is_absent() {
        Drops drops = new Drops();
        ChatRequest request = read(
                """
                {'model':'a','input':'x','temperature':null,'tools':null,'tool_choice':null,'reasoning':null,'text':null,'metadata':null,'include':null,
                 'instructions':null,'background':null,'prompt':null,'store':null,'stream':null}""", drops);

        assertThat(request.settings()).isEqualTo(new Settings.Builder().build());
        assertThat(request.reasoning()).isEqualTo(Reasoning.UNSAID);
        assertThat(request.tools()).isEmpty();
        assertThat(request.toolChoice()).isNull();
        assertThat(request.parallelToolCalls()).isNull();
        assertThat(request.messages()).containsExactly(Play.user(Play.text("x")));
        assertThat(drops.isEmpty()).isTrue();
    }

    @Test
    void scalar_members_are_read_as_they_are_spelled() {
        ChatRequest request = read(
                """
                {'model':'a','input':'x','max_output_tokens':7,'temperature':1.0,'top_p':0.50,'user':'u','safety_identifier':'s','service_tier':'flex',
                 'prompt_cache_key':'k','metadata':{'b':'1','a':'2'},'include':['message.output_text.logprobs'],'top_logprobs':3,
                 'text':{'verbosity':'low','format':{'type':'json_schema','name':'n','schema':{'type' : 'object'},'strict':false,'description':'d'}}}""");

        Settings settings = request.settings();
        assertThat(settings.maxTokens()).isEqualTo(7);
        assertThat(settings.temperature()).isEqualTo(new BigDecimal("1.0"));
        assertThat(settings.topP()).isEqualTo(new BigDecimal("0.50"));
        assertThat(settings.user()).isEqualTo("s");
        assertThat(settings.serviceTier()).isEqualTo("flex");
        assertThat(settings.promptCacheKey()).isEqualTo("k");
        assertThat(settings.metadata()).containsExactly(Map.entry("b", "\"1\""), Map.entry("a", "\"2\""));
        assertThat(settings.logprobs()).isTrue();
        assertThat(settings.topLogprobs()).isEqualTo(3);
        assertThat(settings.verbosity()).isEqualTo("low");
        assertThat(settings.format()).isEqualTo(new OutputFormat.JsonSchema("n", "d", "{\"type\":\"object\"}", false));
    }

    @Test
    void members_that_no_other_dialect_knows_are_counted() {
        Drops drops = new Drops();
        read("{'model':'a','input':[{'role':'assistant','content':'x','phase':'final'}],'store':true,'x_new':{'a':1},'max_tool_calls':2}", drops);

        assertThat(drops.all()).extracting(Drops.Drop::path).containsExactly("input[0].phase", "store", "x_new", "max_tool_calls");
        assertThat(drops.counts()).containsExactly(Map.entry(Feature.NATIVE_MEMBER, 4));
    }

    @Test
    void background_and_stored_prompts_are_refused() {
        assertThatThrownBy(() -> read("{'model':'a','input':'x','background':true}"))
                .isInstanceOfSatisfying(Unsupported.class, e -> assertThat(e.path()).isEqualTo("background"));
        assertThatThrownBy(() -> read("{'model':'a','prompt':{'id':'p'}}"))
                .isInstanceOfSatisfying(Unsupported.class, e -> assertThat(e.path()).isEqualTo("prompt"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'input':''}|input",
        "{'input':7}|input",
        "{'input':[7]}|input[0]",
        "{'input':[{}]}|input[0].type",
        "{'input':[{'role':'tool','content':'x'}]}|input[0].role",
        "{'input':[{'role':'user','content':7}]}|input[0].content",
        "{'input':[{'role':'user','content':[{'type':'input_text'}]}]}|input[0].content[0].text",
        "{'input':[{'role':'user','content':[{'type':'input_text','text':7}]}]}|input[0].content[0].text",
        "{'input':[{'role':'user','content':[{'type':'input_image'}]}]}|input[0].content[0].image_url",
        "{'input':[{'role':'user','content':[{'type':'input_image','image_url':'data:nonsense'}]}]}|input[0].content[0]",
        "{'input':[{'type':'function_call','name':'f','arguments':'{}'}]}|input[0].call_id",
        "{'input':[{'type':'function_call','call_id':'c','arguments':'{}'}]}|input[0].name",
        "{'input':[{'type':'function_call','call_id':'c','name':'f','arguments':7}]}|input[0].arguments",
        "{'input':[{'type':'function_call_output','output':'x'}]}|input[0].call_id",
        "{'input':'x','temperature':'hot'}|temperature",
        "{'input':'x','max_output_tokens':1.5}|max_output_tokens",
        "{'input':'x','tools':[{'type':'function'}]}|tools[0].name",
        "{'input':'x','tools':[{'name':'f'}]}|tools[0].type",
        "{'input':'x','tools':[{'type':'namespace','name':'n','tools':[{'type':'function'}]}]}|tools[0].tools[0].name",
        "{'input':'x','tool_choice':'perhaps'}|tool_choice",
        "{'input':'x','tool_choice':{'type':'function'}}|tool_choice.name",
        "{'input':'x','text':{'format':{'type':'json_schema'}}}|text.format.schema"
    })
    void malformed_members_are_complained_about_by_their_path(String body, String path) {
        assertThatThrownBy(() -> read("{'model':'a'," + body.substring(1)))
                .isInstanceOfSatisfying(JsonIn.Bad.class, e -> assertThat(e.path()).isEqualTo(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'type':'shell_call_output','output':[{'stdout':'x'}],'call_id':7}", "{'type':'code_interpreter_call','outputs':7,'id':{}}",
        "{'type':'item_reference','id':'msg_1'}", "{'type':'tool_search_call','arguments':{'a':1}}", "{'type':'compaction','encrypted_content':[]}",
        "{'type':'mcp_list_tools','tools':[{'no':'type'}]}", "{'type':'web_search_call','status':'completed'}"
    })
    void items_that_no_other_dialect_knows_are_opaque_whatever_is_in_them(String item) {
        Part part = only("[" + item + "]");

        assertThat(part).isInstanceOfSatisfying(Part.Opaque.class, opaque -> {
            assertThat(opaque.dialect()).isEqualTo(DialectId.RESPONSES);
            assertThat(Play.quoted(item)).contains("\"type\":\"" + opaque.type() + "\"");
        });
    }

    @Test
    void members_of_an_item_may_come_in_any_order() {
        assertThat(input("[{'content':[{'text':'a','type':'input_text'}],'role':'user'},{'arguments':'{}','name':'f','call_id':'c','type':'function_call'}]"))
                .containsExactly(Play.user(Play.text("a")), Play.assistant(Part.ToolCall.function("c", "f", "{}")));
    }

    @Test
    void assistant_items_beside_one_another_are_one_message_and_so_are_results_with_what_the_user_says() {
        List<Message> messages = input(
                """
                [{'role':'developer','content':'D'},
                 {'role':'user','content':'a'},
                 {'role':'user','content':'b'},
                 {'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'s1'},{'type':'summary_text','text':'s2'}],'encrypted_content':'ENC'},
                 {'type':'message','id':'msg_1','role':'assistant','content':[{'type':'output_text','text':'t1'},{'type':'output_text','text':'t2'}]},
                 {'type':'web_search_call','id':'ws_1'},
                 {'type':'function_call','id':'fc_1','call_id':'c1','name':'f','arguments':''},
                 {'type':'custom_tool_call','id':'ctc_1','call_id':'c2','name':'p','input':'*** raw'},
                 {'type':'function_call_output','call_id':'c1','output':'1'},
                 {'type':'custom_tool_call_output','call_id':'c2','output':[{'type':'input_text','text':'2'},{'type':'input_image','image_url':'data:image/gif;base64,R0'}]},
                 {'role':'user','content':'c'},
                 {'role':'assistant','content':'d'}]""");

        assertThat(messages).containsExactly(
                new Message(Message.Role.DEVELOPER, List.of(Play.text("D"))),
                Play.user(Play.text("a")),
                Play.user(Play.text("b")),
                Play.assistant(
                        new Part.Thinking("s1\n\ns2", new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1")),
                        Play.text("t1"),
                        Play.text("t2"),
                        new Part.Opaque(DialectId.RESPONSES, "web_search_call"),
                        new Part.ToolCall("c1", "f", "{}", ToolKind.FUNCTION, null, "fc_1", null),
                        new Part.ToolCall("c2", "p", "*** raw", ToolKind.CUSTOM, null, "ctc_1", null)),
                Play.user(
                        new Part.ToolResult("c1", null, List.of(Play.text("1")), false, ToolKind.FUNCTION, null),
                        new Part.ToolResult(
                                "c2", null, List.of(Play.text("2"), new Part.Image(new Source.Base64("image/gif", "R0"), null, null)), false,
                                ToolKind.CUSTOM, null),
                        Play.text("c")),
                Play.assistant(Play.text("d")));
    }

    @Test
    void a_result_that_is_an_object_is_its_text_or_its_json() {
        assertThat(only("[{'type':'function_call_output','call_id':'c','output':{'text':'t','k':1}}]"))
                .isEqualTo(new Part.ToolResult("c", null, List.of(Play.text("t")), false, ToolKind.FUNCTION, null));
        assertThat(only("[{'type':'function_call_output','call_id':'c','output':{'k' : 1.0}}]"))
                .isEqualTo(new Part.ToolResult("c", null, List.of(Play.text("{\"k\":1.0}")), false, ToolKind.FUNCTION, null));
    }

    @Test
    void the_text_of_reasoning_counts_more_than_its_summary() {
        assertThat(only("[{'type':'reasoning','id':'r','summary':[{'type':'summary_text','text':'s'}],'content':[{'type':'reasoning_text','text':'t'}]}]"))
                .isEqualTo(new Part.Thinking("t", null));
    }

    @Test
    void media_keep_their_type_and_bytes() {
        assertThat(piece("{'type':'input_image','image_url':'data:image/webp;base64,QUI=','detail':'low'}"))
                .isEqualTo(new Part.Image(new Source.Base64("image/webp", "QUI="), "low", null));
        assertThat(piece("{'type':'input_image','image_url':'data:image/svg+xml;charset=utf-8,%3Csvg%2F%3E'}"))
                .isEqualTo(new Part.Image(new Source.Base64("image/svg+xml", "PHN2Zy8+"), null, null));
        assertThat(piece("{'type':'input_image','image_url':'https://x.test/a.png'}"))
                .isEqualTo(new Part.Image(new Source.Url("https://x.test/a.png", null), null, null));
        assertThat(piece("{'type':'input_image','file_id':'file-1'}")).isEqualTo(new Part.Image(new Source.File("file-1", "openai"), null, null));
        assertThat(piece("{'type':'input_file','filename':'a.pdf','file_data':'data:application/pdf;base64,JVBE'}"))
                .isEqualTo(new Part.Document(new Source.Base64("application/pdf", "JVBE"), "a.pdf", null, null, false, null));
        assertThat(piece("{'type':'input_file','file_data':'JVBE'}"))
                .isEqualTo(new Part.Document(new Source.Base64("application/pdf", "JVBE"), null, null, null, false, null));
        assertThat(piece("{'type':'input_file','file_url':'https://x.test/a.pdf'}"))
                .isEqualTo(new Part.Document(new Source.Url("https://x.test/a.pdf", null), null, null, null, false, null));
        assertThat(piece("{'type':'input_audio','input_audio':{'data':'UklG','format':'wav'}}"))
                .isEqualTo(new Part.Audio(new Source.Base64("audio/wav", "UklG"), "wav"));
        assertThat(piece("{'type':'refusal','refusal':'No.'}")).isEqualTo(new Part.Refusal("No."));
        assertThat(piece("{'type':'input_hologram','text':7}")).isEqualTo(new Part.Opaque(DialectId.RESPONSES, "input_hologram"));
        assertThat(only("[{'type':'image_generation_call','id':'ig_1','result':'QUI=','output_format':'jpeg'}]"))
                .isEqualTo(new Part.Image(new Source.Base64("image/jpeg", "QUI="), null, null));
    }

    @Test
    void citations_of_the_assistant_are_kept() {
        assertThat(piece("{'type':'output_text','text':'abc','annotations':[{'type':'url_citation','url':'u','title':'t','start_index':0,'end_index':2}]}"))
                .isEqualTo(new Part.Text("abc", List.of(new Citation("u", "t", null, 0, 2)), null, null));
    }

    @Test
    void instructions_come_before_the_system_messages_of_the_input() {
        ChatRequest request = read("{'model':'a','input':[{'role':'system','content':'B'}],'instructions':'A'}");

        assertThat(request.messages()).containsExactly(
                new Message(Message.Role.SYSTEM, List.of(Play.text("A"))), new Message(Message.Role.SYSTEM, List.of(Play.text("B"))));
    }

    @Test
    void all_kinds_of_tools_are_read() {
        ChatRequest request = read(
                """
                {'model':'a','tools':[
                 {'type':'function','name':'f','description':'F','parameters':{ 'type':'object' },'strict':true},
                 {'type':'function','name':'g','parameters':null},
                 {'type':'custom','name':'p','description':'P','format':{'type':'grammar','syntax':'lark','definition':'x'}},
                 {'type':'custom','name':'q','format':{'type':'text'}},
                 {'type':'namespace','name':'db','description':'d','tools':[{'type':'function','name':'query','parameters':{}},{'type':'custom','name':'raw'}]},
                 {'type':'web_search_preview_2025_03_11','filters':{'allowed_domains':['a.test']},'search_context_size':'low',
                  'user_location':{'type':'approximate','country':'NO','city':'Oslo'}},
                 {'type':'file_search','vector_store_ids':['v'],'filters':{'type':'eq','key':'k','value':1}},
                 {'type':'code_interpreter','container':{'type':'auto'}},
                 {'type':'mcp','server_label':'s'}],
                 'input':[{'type':'additional_tools','tools':[{'type':'function','name':'late'}]}]}""");

        assertThat(request.tools()).containsExactly(
                new Tool.Function("f", "F", "{\"type\":\"object\"}", true, null, null),
                new Tool.Function("g", null, null, null, null, null),
                new Tool.Custom("p", "P", Play.quoted("{'type':'grammar','syntax':'lark','definition':'x'}"), null),
                new Tool.Custom("q", null, null, null),
                new Tool.Function("query", null, "{}", null, "db", null),
                new Tool.Custom("raw", null, null, "db"),
                new Tool.WebSearch(List.of("a.test"), List.of(), null, "low", new Tool.Place("Oslo", null, "NO", null)),
                new Tool.Builtin(Tool.Builtin.Type.FILE_SEARCH, "file_search"),
                new Tool.Builtin(Tool.Builtin.Type.CODE_EXECUTION, "code_interpreter"),
                new Tool.Builtin(Tool.Builtin.Type.MCP, "mcp"),
                new Tool.Function("late", null, null, null, null, null));
    }

    private static Object choice(String choice) {
        ToolChoice read = read("{'model':'a','input':'x','tool_choice':" + choice + "}").toolChoice();
        return read == null ? "none" : read;
    }

    @Test
    void all_tool_choices_are_read() {
        assertThat(choice("'auto'")).isEqualTo(new ToolChoice.Auto());
        assertThat(choice("'none'")).isEqualTo(new ToolChoice.None());
        assertThat(choice("'required'")).isEqualTo(new ToolChoice.Required());
        assertThat(choice("{'type':'function','name':'f'}")).isEqualTo(new ToolChoice.Named("f", ToolKind.FUNCTION));
        assertThat(choice("{'type':'custom','name':'p'}")).isEqualTo(new ToolChoice.Named("p", ToolKind.CUSTOM));
        assertThat(choice("{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'f'},{'type':'custom','name':'p'}]}"))
                .isEqualTo(new ToolChoice.Allowed(List.of("f", "p"), true));
        assertThat(choice("{'type':'web_search_preview'}")).isEqualTo(new ToolChoice.NamedBuiltin("web_search"));
        assertThat(choice("{'type':'code_interpreter'}")).isEqualTo(new ToolChoice.NamedBuiltin("code_execution"));
    }

    private static Reasoning reasoning(String reasoning) {
        return read("{'model':'a','input':'x','reasoning':" + reasoning + "}").reasoning();
    }

    @Test
    void reasoning_wishes_are_read() {
        assertThat(reasoning("{'effort':'high'}")).isEqualTo(new Reasoning(true, "high", null, false, null, null));
        assertThat(reasoning("{'effort':'none'}")).isEqualTo(new Reasoning(false, "none", null, false, null, null));
        assertThat(reasoning("{'summary':'detailed'}")).isEqualTo(new Reasoning(null, null, null, false, true, "detailed"));
        assertThat(reasoning("{'generate_summary':'auto'}")).isEqualTo(new Reasoning(null, null, null, false, true, "auto"));
    }

    private static String reasoningItem(String id, Secret secret) {
        return "{'type':'reasoning','id':'" + id + "','summary':[],'encrypted_content':'" + Envelope.wrap(secret) + "'}";
    }

    private static final String CALLS =
            ",{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},{'type':'function_call','call_id':'c2','name':'g','arguments':'{}'}]";

    private static Part.ToolCall call(String id, String name, Secret signature) {
        return new Part.ToolCall(id, name, "{}", ToolKind.FUNCTION, null, null, signature);
    }

    @Test
    void a_carried_gemini_signature_returns_to_the_call_it_names() {
        Secret signature = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");
        Secret carried = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", "c2");

        assertThat(input("[" + reasoningItem("rs_1", carried) + CALLS))
                .containsExactly(Play.assistant(Part.ToolCall.function("c1", "f", "{}"), call("c2", "g", signature)));
    }

    @Test
    void a_carried_gemini_signature_without_a_name_returns_to_the_next_part() {
        Secret signature = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");

        assertThat(input("[" + reasoningItem("rs_1", signature) + CALLS))
                .containsExactly(Play.assistant(call("c1", "f", signature), Part.ToolCall.function("c2", "g", "{}")));
    }

    @Test
    void a_carried_gemini_signature_returns_to_the_text_of_the_message_it_names() {
        Secret signature = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");
        Secret carried = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", "msg_1");

        assertThat(input("[{'type':'message','id':'msg_1','role':'assistant','content':[{'type':'output_text','text':'hi'}]}," + reasoningItem("rs_1", carried) + CALLS))
                .containsExactly(Play.assistant(
                        new Part.Text("hi", List.of(), null, signature), Part.ToolCall.function("c1", "f", "{}"), Part.ToolCall.function("c2", "g", "{}")));
    }

    @Test
    void other_carried_secrets_stay_with_their_thought() {
        Secret anthropic = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG");

        assertThat(only("[" + reasoningItem("rs_1", anthropic) + "]")).isEqualTo(new Part.Thinking("", anthropic));
    }

    @Test
    void an_envelope_that_holds_nothing_or_is_damaged_is_taken_away() {
        assertThat(only("[{'type':'reasoning','id':'r','summary':[{'type':'summary_text','text':'hm'}],'encrypted_content':'" + Envelope.empty(DialectId.CHAT) + "'}]"))
                .isEqualTo(new Part.Thinking("hm", null));
        assertThat(input("[{'role':'assistant','content':'x'},{'type':'reasoning','id':'r','summary':[],'encrypted_content':'plx1.%%%'}]"))
                .containsExactly(Play.assistant(Play.text("x")));
    }
}
