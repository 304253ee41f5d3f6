package dev.plexus.dialect.responses;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Settings;
import dev.plexus.model.Source;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.ToolKind;
import java.math.BigDecimal;
import java.util.List;

/// The reference conversation of the translation specification, and its reference answer.
final class Reference {

    static final String CLIENT =
            """
            {'model':'a','max_output_tokens':100,'temperature':0.5,'instructions':'S','reasoning':{'effort':'medium'},'tool_choice':'required','parallel_tool_calls':true,
             'input':[{'role':'user','content':[{'type':'input_text','text':'look'},{'type':'input_image','image_url':'data:image/png;base64,AAAA','detail':'auto'}]},
             {'type':'message','role':'assistant','content':[{'type':'output_text','text':'ok','annotations':[]}]},
             {'type':'function_call','call_id':'call_1','name':'f','arguments':'{\\"a\\":1}'},
             {'type':'function_call_output','call_id':'call_1','output':'42'},{'role':'user','content':'go'}],
             'tools':[{'type':'function','name':'f','description':'F','parameters':{'type':'object','properties':{'a':{'type':'integer'}}},'strict':false}]}""";

    static final String TARGET =
            """
            {'model':'m','max_output_tokens':100,'temperature':0.5,'instructions':'S','reasoning':{'effort':'medium'},'tool_choice':'required','parallel_tool_calls':true,
             'input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'look'},
              {'type':'input_image','image_url':'data:image/png;base64,AAAA','detail':'auto'}]},
             {'type':'message','role':'assistant','content':[{'type':'output_text','text':'ok','annotations':[]}]},
             {'type':'function_call','call_id':'call_1','name':'f','arguments':'{\\"a\\":1}'},
             {'type':'function_call_output','call_id':'call_1','output':'42'},
             {'type':'message','role':'user','content':[{'type':'input_text','text':'go'}]}],
             'tools':[{'type':'function','name':'f','description':'F','parameters':{'type':'object','properties':{'a':{'type':'integer'}}},'strict':false}],
             'store':false,'include':['reasoning.encrypted_content']}""";

    /// The reference answer as a stream of this format.
    static final String[] STREAM = {
        "{'type':'response.created','sequence_number':0,'response':{'id':'resp_1','object':'response','created_at':1,'status':'in_progress','model':'m','output':[]}}",
        "{'type':'response.in_progress','sequence_number':1,'response':{'id':'resp_1','object':'response','created_at':1,'status':'in_progress','model':'m','output':[]}}",
        "{'type':'response.output_item.added','output_index':0,'item':{'id':'rs_1','type':'reasoning','summary':[]}}",
        "{'type':'response.reasoning_summary_part.added','item_id':'rs_1','output_index':0,'summary_index':0,'part':{'type':'summary_text','text':''}}",
        "{'type':'response.reasoning_summary_text.delta','item_id':'rs_1','output_index':0,'summary_index':0,'delta':'hm'}",
        "{'type':'response.reasoning_summary_text.done','item_id':'rs_1','output_index':0,'summary_index':0,'text':'hm'}",
        "{'type':'response.reasoning_summary_part.done','item_id':'rs_1','output_index':0,'summary_index':0,'part':{'type':'summary_text','text':'hm'}}",
        "{'type':'response.output_item.done','output_index':0,'item':{'id':'rs_1','type':'reasoning','summary':[{'type':'summary_text','text':'hm'}],'encrypted_content':'ENC'}}",
        "{'type':'response.output_item.added','output_index':1,'item':{'id':'msg_1','type':'message','status':'in_progress','role':'assistant','content':[]}}",
        "{'type':'response.content_part.added','item_id':'msg_1','output_index':1,'content_index':0,'part':{'type':'output_text','text':'','annotations':[]}}",
        "{'type':'response.output_text.delta','item_id':'msg_1','output_index':1,'content_index':0,'delta':'Hi','logprobs':[]}",
        "{'type':'response.output_text.done','item_id':'msg_1','output_index':1,'content_index':0,'text':'Hi'}",
        "{'type':'response.content_part.done','item_id':'msg_1','output_index':1,'content_index':0,'part':{'type':'output_text','text':'Hi','annotations':[]}}",
        "{'type':'response.output_item.done','output_index':1,'item':{'id':'msg_1','type':'message','status':'completed','role':'assistant','content':[{'type':'output_text','text':'Hi','annotations':[]}]}}",
        "{'type':'response.output_item.added','output_index':2,'item':{'id':'fc_1','type':'function_call','status':'in_progress','call_id':'call_1','name':'f','arguments':''}}",
        "{'type':'response.function_call_arguments.delta','item_id':'fc_1','output_index':2,'delta':'{\\'a\\''}".replace("\\'", "\\\""),
        "{'type':'response.function_call_arguments.delta','item_id':'fc_1','output_index':2,'delta':':1}'}",
        "{'type':'response.function_call_arguments.done','item_id':'fc_1','output_index':2,'arguments':'{\\'a\\':1}','name':'f'}".replace("\\'", "\\\""),
        "{'type':'response.output_item.done','output_index':2,'item':{'id':'fc_1','type':'function_call','status':'completed','call_id':'call_1','name':'f','arguments':'{\\'a\\':1}'}}"
                .replace("\\'", "\\\""),
        completed()
    };

    private static String completed() {
        return ("{'type':'response.completed','response':{'id':'resp_1','status':'completed','model':'m','output':["
                        + "{'id':'rs_1','type':'reasoning','summary':[{'type':'summary_text','text':'hm'}],'encrypted_content':'ENC'},"
                        + "{'id':'msg_1','type':'message','status':'completed','role':'assistant','content':[{'type':'output_text','text':'Hi','annotations':[]}]},"
                        + "{'id':'fc_1','type':'function_call','status':'completed','call_id':'call_1','name':'f','arguments':'{\\'a\\':1}'}],"
                        + "'usage':{'input_tokens':10,'input_tokens_details':{'cached_tokens':0},'output_tokens':5,"
                        + "'output_tokens_details':{'reasoning_tokens':2},'total_tokens':15}}}")
                .replace("\\'", "\\\"");
    }

    private Reference() {}

    static ChatRequest canonical() {
        Message system = new Message(Message.Role.SYSTEM, List.of(new Part.Text("S")));
        Message look = Play.user(Play.text("look"), new Part.Image(new Source.Base64("image/png", "AAAA"), "auto", null));
        Message ok = Play.assistant(Play.text("ok"), Part.ToolCall.function("call_1", "f", "{\"a\":1}"));
        Message go = Play.user(new Part.ToolResult("call_1", null, List.of(Play.text("42")), false, ToolKind.FUNCTION, null), Play.text("go"));
        return new ChatRequest(
                DialectId.RESPONSES,
                "a",
                false,
                false,
                List.of(system, look, ok, go),
                List.of(new Tool.Function("f", "F", Play.quoted("{'type':'object','properties':{'a':{'type':'integer'}}}"), false, null, null)),
                new ToolChoice.Required(),
                true,
                new Reasoning(true, "medium", null, false, null, null),
                new Settings.Builder().maxTokens(100L).temperature(new BigDecimal("0.5")).build());
    }
}
