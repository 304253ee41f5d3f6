package dev.plexus.dialect.responses;

import static dev.plexus.dialect.responses.Play.answer;
import static dev.plexus.dialect.responses.Play.completion;
import static dev.plexus.dialect.responses.Play.reply;
import static dev.plexus.dialect.responses.Play.text;
import static dev.plexus.dialect.responses.Play.tree;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.ObjectMappers;
import com.openai.models.responses.Response;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.UpstreamError;
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
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole answers, read and written.
class AnswerTest {

    private static final Usage USAGE = new Usage(10, 0, 0, 0, 5, 2, 15);

    private static Completion.Choice only(String answer) {
        List<Completion.Choice> choices = completion(answer).choices();
        assertThat(choices).hasSize(1);
        return choices.getFirst();
    }

    private static Completion whole(FinishReason finish, Part... parts) {
        return new Completion("x", "up", 5, List.of(new Completion.Choice(0, List.of(parts), finish, null, List.of())), USAGE);
    }

    private static JsonNode written(FinishReason finish, Part... parts) {
        JsonNode answer = answer(whole(finish, parts), reply(), new Drops());
        accepted(answer);
        return answer;
    }

    /// The vendor's own client takes it, down to the last member.
    private static void accepted(JsonNode answer) {
        try {
            ObjectMappers.jsonMapper().readValue(answer.toString(), Response.class).validate();
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.toString(), e);
        }
    }

    @Test
    void every_item_and_every_piece_of_text_is_read_in_order() {
        Completion read = completion(
                """
                {'id':'resp_1','model':'m','created_at':7,'status':'completed','output':[
                 {'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'s1'},{'type':'summary_text','text':'s2'}],'encrypted_content':'ENC'},
                 {'type':'message','content':[{'type':'output_text','text':'a','annotations':[]},
                  {'type':'output_text','text':'é b','annotations':[{'type':'url_citation','url':'u','title':'t','start_index':0,'end_index':1}],
                   'logprobs':[{'token':'b','logprob':-0.5,'top_logprobs':[{'token':'c','logprob':-2}]}]}]},
                 {'type':'web_search_call','id':'ws'},
                 {'type':'message','content':[{'type':'refusal','refusal':'No.'}]},
                 {'type':'function_call','id':'fc_1','call_id':'c1','name':'f','arguments':'{ \\"a\\":1.0}'},
                 {'type':'custom_tool_call','id':'ctc_1','call_id':'c2','name':'p','input':'raw','namespace':'n'},
                 {'type':'image_generation_call','id':'ig','status':'completed','result':'QUI='}],
                 'usage':{'input_tokens':100,'input_tokens_details':{'cached_tokens':60,'cache_write_tokens':10},'output_tokens':7,'output_tokens_details':{'reasoning_tokens':3},'total_tokens':107}}""");

        assertThat(read.id()).isEqualTo("resp_1");
        assertThat(read.model()).isEqualTo("m");
        assertThat(read.created()).isEqualTo(7);
        assertThat(read.usage()).isEqualTo(new Usage(30, 60, 10, 0, 7, 3, 107));
        assertThat(read.choices().getFirst().finish()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(read.choices().getFirst().logprobs())
                .containsExactly(new TokenLogprob("b", -0.5, List.of(new TokenLogprob("c", -2, List.of()))));
        assertThat(read.choices().getFirst().parts()).containsExactly(
                new Part.Thinking("s1\n\ns2", new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, "ENC", "rs_1")),
                text("a"),
                new Part.Text("é b", List.of(new Citation("u", "t", null, 1, 2)), null, null),
                new Part.Refusal("No."),
                new Part.ToolCall("c1", "f", "{ \"a\":1.0}", ToolKind.FUNCTION, null, "fc_1", null),
                new Part.ToolCall("c2", "p", "raw", ToolKind.CUSTOM, "n", "ctc_1", null),
                new Part.Image(new Source.Base64("image/png", "QUI="), null, null));
    }

    @Test
    void the_text_of_reasoning_counts_more_than_its_summary() {
        assertThat(only("{'status':'completed','output':[{'type':'reasoning','summary':[{'text':'s'}],'content':[{'type':'reasoning_text','text':'t'}]}]}").parts())
                .containsExactly(new Part.Thinking("t", null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'status':'completed'|STOP", "'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}|LENGTH",
        "'status':'incomplete','incomplete_details':{'reason':'content_filter'}|CONTENT_FILTER", "'status':'incomplete','incomplete_details':null|LENGTH",
        "'error':null|STOP"
    })
    void the_status_says_how_the_answer_ended(String status, FinishReason finish) {
        assertThat(only("{" + status + ",'output':[{'type':'message','content':[{'type':'output_text','text':'x'}]}]}").finish()).isEqualTo(finish);
    }

    @Test
    void a_refusal_in_words_is_one() {
        assertThat(only("{'status':'completed','output':[{'type':'message','content':[{'type':'refusal','refusal':'No.'}]}]}").finish())
                .isEqualTo(FinishReason.REFUSAL);
    }

    @Test
    void a_truncated_call_stays_truncated_and_calls_of_the_client_need_an_id() {
        Completion.Choice choice = only("{'id':'r','status':'incomplete','output':[{'type':'function_call','name':'f','arguments':'{'}]}");

        assertThat(choice.finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(choice.parts().getFirst())
                .isInstanceOfSatisfying(Part.ToolCall.class, call -> assertThat(call.id()).startsWith("call_").hasSize(29));
    }

    @Test
    void a_tool_search_that_the_client_runs_is_no_call() {
        assertThat(only("{'status':'completed','output':[{'type':'tool_search_call','call_id':'c','arguments':{}}]}").finish()).isEqualTo(FinishReason.STOP);
    }

    private static @Nullable UpstreamError failure(String answer) {
        Emitter emitter = Play.emitter(_ -> {});
        new ResponsesDialect().readAnswer(Play.quoted(answer).getBytes(UTF_8), Play.OTHER, emitter);
        return emitter.failure();
    }

    @Test
    void errors_in_a_good_answer_are_errors() {
        assertThat(failure("{'error':{'message':'Rate','code':429}}")).extracting(UpstreamError::status, UpstreamError::message).containsExactly(429, "Rate");
        assertThat(failure("{'id':'r','status':'failed','error':{'code':'server_error','message':'boom'},'output':[]}"))
                .extracting(UpstreamError::status, UpstreamError::code).containsExactly(502, "server_error");
        assertThat(failure("{'status':'cancelled','output':[]}")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "{'choices':[]}", "{'output':["})
    void what_is_no_answer_is_said_to_be_none(String body) {
        assertThatThrownBy(() -> completion(body)).isInstanceOf(JsonIn.Bad.class);
    }

    @Test
    void a_truncated_answer_is_incomplete() {
        JsonNode answer = written(FinishReason.LENGTH, text("Once"));

        assertThat(answer.path("status").asText()).isEqualTo("incomplete");
        assertThat(answer.path("incomplete_details")).isEqualTo(tree("{'reason':'max_output_tokens'}"));
        assertThat(answer.path("output").size()).isEqualTo(1);
        JsonNode item = answer.path("output").get(0);
        assertThat(item.path("id").asText()).startsWith("msg_").hasSize(28);
        assertThat(item).isEqualTo(tree("{'id':'" + item.path("id").asText()
                + "','type':'message','role':'assistant','status':'incomplete','content':[{'type':'output_text','text':'Once','annotations':[],'logprobs':[]}]}"));
        assertThat(answer.path("usage")).isEqualTo(tree(
                "{'input_tokens':10,'input_tokens_details':{'cached_tokens':0,'cache_write_tokens':0},'output_tokens':5,'output_tokens_details':{'reasoning_tokens':2},'total_tokens':15}"));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,completed,", "STOP_SEQUENCE,completed,", "TOOL_CALLS,completed,", "PAUSE,completed,", "OTHER,completed,", "LENGTH,incomplete,max_output_tokens",
        "CONTEXT_WINDOW,incomplete,max_output_tokens", "CONTENT_FILTER,incomplete,content_filter", "REFUSAL,incomplete,content_filter"
    })
    void finish_reasons_become_a_status(FinishReason finish, String status, @Nullable String reason) {
        JsonNode answer = written(finish);

        assertThat(answer.path("status").asText()).isEqualTo(status);
        assertThat(answer.path("incomplete_details").path("reason").asText(null)).isEqualTo(reason);
    }

    @Test
    void a_refusal_in_words_is_complete() {
        JsonNode answer = written(FinishReason.REFUSAL, new Part.Refusal("No."));

        assertThat(answer.path("status").asText()).isEqualTo("completed");
        assertThat(answer.path("output").get(0).path("content")).isEqualTo(tree("[{'type':'refusal','refusal':'No.'}]"));
    }

    private static List<String> types(JsonNode answer) {
        List<String> types = new ArrayList<>();
        answer.path("output").forEach(item -> types.add(item.path("type").asText()));
        return types;
    }

    @Test
    void items_come_in_the_order_of_the_parts_and_none_is_empty() {
        JsonNode answer = written(
                FinishReason.TOOL_CALLS,
                new Part.Thinking("hm", null),
                new Part.Thinking("", null),
                text(""),
                text("a"),
                new Part.Refusal("b"),
                new Part.ToolCall("c1", "f", "", ToolKind.FUNCTION, "db", null, null),
                new Part.ToolCall("c2", "p", "{\"input\":\"*** raw\"}", ToolKind.CUSTOM, null, null, null),
                new Part.Image(new Source.Base64("image/png", "QUI="), null, null));

        assertThat(types(answer)).containsExactly("reasoning", "message", "function_call", "custom_tool_call", "image_generation_call");
        JsonNode output = answer.path("output");
        assertThat(output.get(0).has("encrypted_content")).isFalse();
        assertThat(output.get(0).path("summary")).isEqualTo(tree("[{'type':'summary_text','text':'hm'}]"));
        assertThat(output.get(1).path("content").size()).isEqualTo(2);
        assertThat(output.get(2).path("arguments").asText()).isEqualTo("{}");
        assertThat(output.get(2).path("namespace").asText()).isEqualTo("db");
        assertThat(output.get(3).path("input").asText()).isEqualTo("*** raw");
        assertThat(output.get(4).path("result").asText()).isEqualTo("QUI=");
    }

    private static @Nullable Secret opened(JsonNode item) {
        Envelope.Opened opened = Envelope.open(item.path("encrypted_content").asText());
        return opened == null ? null : opened.secret();
    }

    @Test
    void foreign_secrets_travel_in_envelopes() {
        Secret anthropic = new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG");
        Secret redacted = new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, "RED");
        JsonNode output = written(FinishReason.STOP, new Part.Thinking("hm", anthropic), new Part.Thinking("", redacted), text("x")).path("output");

        assertThat(opened(output.get(0))).isEqualTo(anthropic);
        assertThat(opened(output.get(1))).isEqualTo(redacted);
        assertThat(output.get(1).path("summary").size()).isZero();
    }

    @Test
    void the_signature_of_a_call_travels_on_the_thought_before_it_or_on_one_of_its_own() {
        Secret signature = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");
        Part.ToolCall call = new Part.ToolCall("c1", "f", "{}", ToolKind.FUNCTION, null, null, signature);

        JsonNode beside = written(FinishReason.TOOL_CALLS, new Part.Thinking("hm", null), call);
        assertThat(types(beside)).containsExactly("reasoning", "function_call");
        assertThat(opened(beside.path("output").get(0))).isEqualTo(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", "c1"));

        JsonNode apart = written(FinishReason.TOOL_CALLS, new Part.Thinking("hm", null), text("Hi"), call);
        assertThat(types(apart)).containsExactly("reasoning", "message", "reasoning", "function_call");
        assertThat(opened(apart.path("output").get(2))).isEqualTo(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH", "c1"));
    }

    @Test
    void what_a_client_sends_back_holds_all_that_it_was_given() {
        Secret signature = new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "U0lH");
        Part[] parts = {
            new Part.Thinking("hm", new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "Eq")),
            new Part.Text("Hi", List.of(), null, signature),
            new Part.ToolCall("c1", "f", "{\"a\":1}", ToolKind.FUNCTION, null, null, signature)
        };
        JsonNode output = written(FinishReason.TOOL_CALLS, parts).path("output");

        List<Part> back = Play.input(output.toString()).getFirst().parts();

        assertThat(back.subList(0, 2)).containsExactly(parts[0], parts[1]);
        assertThat(back.get(2)).isInstanceOfSatisfying(Part.ToolCall.class, call -> assertThat(call.signature()).isEqualTo(signature));
    }

    @Test
    void the_response_repeats_the_request() {
        JsonNode answer = answer(
                whole(FinishReason.STOP, text("x")),
                reply(
                        """
                        {'model':'a','input':'x','instructions':'S','temperature':0.5,'max_output_tokens':100,'metadata':{'k':'v'},'conversation':'conv_1','store':false,
                         'reasoning':{'effort':'high'},'text':{'verbosity':'low'},'tool_choice':'required','plexus':{'secret':1},
                         'tools':[{'type':'function','name':'f',
                           'parameters':{'type':'object'},'strict':false}]}"""),
                new Drops());

        accepted(answer);
        assertThat(answer.path("instructions").asText()).isEqualTo("S");
        assertThat(answer.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(answer.path("max_output_tokens").asInt()).isEqualTo(100);
        assertThat(answer.path("metadata")).isEqualTo(tree("{'k':'v'}"));
        assertThat(answer.path("conversation")).isEqualTo(tree("{'id':'conv_1'}"));
        assertThat(answer.path("store")).isEqualTo(tree("false"));
        assertThat(answer.path("reasoning")).isEqualTo(tree("{'effort':'high','summary':null}"));
        assertThat(answer.path("text")).isEqualTo(tree("{'verbosity':'low','format':{'type':'text'}}"));
        assertThat(answer.path("tool_choice").asText()).isEqualTo("required");
        assertThat(answer.path("tools").size()).isEqualTo(1);
        assertThat(answer.has("plexus")).isFalse();
    }

    @Test
    void the_response_of_a_bare_request_has_every_member() {
        JsonNode answer = written(FinishReason.STOP, text("x"));
        String id = answer.path("id").asText();

        assertThat(id).startsWith("resp_").hasSize(29);
        String message = answer.path("output").get(0).path("id").asText();
        assertThat(answer).isEqualTo(tree(
                """
                {'id':'%s','object':'response','created_at':5,'status':'completed','completed_at':null,'error':null,'incomplete_details':null,'model':'up',
                 'output':[{'id':'%s','type':'message','role':'assistant','status':'completed',
                  'content':[{'type':'output_text','text':'x','annotations':[],'logprobs':[]}]}],
                 'background':false,'conversation':null,'instructions':null,'max_output_tokens':null,'max_tool_calls':null,'metadata':{},
                 'parallel_tool_calls':true,'previous_response_id':null,'prompt_cache_key':null,'reasoning':{'effort':null,'summary':null},
                 'safety_identifier':null,'service_tier':null,'store':true,'temperature':null,'text':{'format':{'type':'text'}},'tool_choice':'auto',
                 'tools':[],'top_logprobs':0,'top_p':null,'truncation':'disabled','user':null,
                 'usage':{'input_tokens':10,'input_tokens_details':{'cached_tokens':0,'cache_write_tokens':0},'output_tokens':5,
                  'output_tokens_details':{'reasoning_tokens':2},'total_tokens':15}}"""
                        .formatted(id, message)));
    }

    @Test
    void an_upstream_that_says_little_is_completed_from_the_request() {
        JsonNode answer = answer(new Completion(null, null, 0, List.of(), null), reply(), new Drops());

        accepted(answer);
        assertThat(answer.path("model").asText()).isEqualTo("target");
        assertThat(answer.path("created_at").asLong()).isEqualTo(1_760_000_000);
        assertThat(answer.path("output").size()).isZero();
        assertThat(answer.path("usage").path("total_tokens").asInt()).isZero();
    }

    @Test
    void citations_count_from_the_text_that_they_are_in() {
        JsonNode answer = written(FinishReason.STOP, text("😀a"), new Part.Text("bcd", List.of(new Citation("u", null, null, 3, 5)), null, null));

        assertThat(answer.path("output").get(0).path("content").get(1).path("annotations"))
                .isEqualTo(tree("[{'type':'url_citation','url':'u','title':'','start_index':1,'end_index':3}]"));
    }

    @Test
    void logprobs_go_with_the_text() {
        TokenLogprob token = new TokenLogprob("é", -0.5, List.of(new TokenLogprob("e", -1.5, List.of())));
        Completion completion =
                new Completion(null, "m", 1, List.of(new Completion.Choice(0, List.of(text("é")), FinishReason.STOP, null, List.of(token))), null);
        JsonNode answer = answer(completion, reply(), new Drops());

        accepted(answer);
        assertThat(answer.path("output").get(0).path("content").get(0).path("logprobs")).isEqualTo(tree(
                "[{'token':'é','bytes':[195,169],'logprob':-0.5,'top_logprobs':[{'token':'e','bytes':[101],'logprob':-1.5}]}]"));
    }
}
