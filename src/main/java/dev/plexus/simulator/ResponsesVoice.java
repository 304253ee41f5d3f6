package dev.plexus.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI responses.
final class ResponsesVoice implements Voice {

    @Override
    public @Nullable Refusal fault(JsonObject body) {
        if (Lenient.text(body, "model") == null) {
            return new Refusal(400, Refusal.Cause.INVALID, "Missing required parameter: 'model'.", "model");
        }
        return switch (body.getValue("input")) {
            case String _ -> null;
            case JsonArray input when !input.isEmpty() -> null;
            case null, default -> Refusal.invalid("Missing required parameter: 'input'.", "input");
        };
    }

    @Override
    public Question read(JsonObject body, Target target, int bodyBytes) {
        List<JsonObject> items = Lenient.objects(body, "input");
        JsonObject last = items.isEmpty() ? new JsonObject() : items.getLast();
        boolean prefilled = "assistant".equals(Lenient.text(last, "role"));
        boolean afterToolResult = last.getValue("type") instanceof String type && type.endsWith("_call_output");
        String said = body.getValue("input") instanceof String text ? text : Lenient.spoken(last, afterToolResult ? "output" : "content");
        List<Question.Tool> tools = new ArrayList<>();
        for (JsonObject tool : Lenient.objects(body, "tools")) {
            if (Lenient.text(tool, "name") instanceof String name && "function".equals(tool.getValue("type"))) {
                tools.add(new Question.Tool(name, Lenient.objectOrEmpty(tool, "parameters")));
            }
        }
        JsonObject reasoning = Lenient.object(body, "reasoning");
        Object choice = body.getValue("tool_choice");
        return new Question(
                body.getString("model"),
                Lenient.flag(body, "stream") ? Question.Delivery.EVENTS : Question.Delivery.WHOLE,
                true,
                prefilled ? ChatVoice.lastOfUser(items) : said,
                prefilled ? said : null,
                afterToolResult,
                reasoning != null && !"none".equals(reasoning.getValue("effort")),
                "none".equals(choice) ? List.of() : tools,
                "required".equals(choice) || choice instanceof JsonObject,
                Lenient.number(body, "max_output_tokens"),
                Voice.tokens(bodyBytes));
    }

    @Override
    public JsonObject whole(Answer answer) {
        return response(answer, true, output(answer, answer.whole()));
    }

    private static JsonObject response(Answer answer, boolean ended, JsonArray output) {
        String reason = ended ? incomplete(answer) : null;
        return new JsonObject()
                .put("id", answer.id("resp_"))
                .put("object", "response")
                .put("created_at", answer.created())
                .put("status", !ended ? "in_progress" : reason == null ? "completed" : "incomplete")
                .put("error", null)
                .put("incomplete_details", reason == null ? null : new JsonObject().put("reason", reason))
                .put("instructions", null)
                .put("max_output_tokens", null)
                .put("model", answer.model())
                .put("output", output)
                .put("parallel_tool_calls", true)
                .put("previous_response_id", null)
                .put("store", true)
                .put("temperature", 1)
                .put("text", new JsonObject().put("format", new JsonObject().put("type", "text")))
                .put("tool_choice", "auto")
                .put("tools", new JsonArray())
                .put("top_p", 1)
                .put("truncation", "disabled")
                .put("usage", ended ? usage(answer) : null)
                .put("metadata", new JsonObject());
    }

    private static @Nullable String incomplete(Answer answer) {
        return switch (answer.finish()) {
            case STOP, CALLS -> null;
            case LENGTH -> "max_output_tokens";
            case FILTERED -> "content_filter";
        };
    }

    private static @Nullable JsonObject usage(Answer answer) {
        return answer.counts() instanceof Answer.Counts counts
                ? new JsonObject()
                        .put("input_tokens", counts.input())
                        .put("input_tokens_details", new JsonObject().put("cached_tokens", counts.cached()))
                        .put("output_tokens", counts.output())
                        .put("output_tokens_details", new JsonObject().put("reasoning_tokens", counts.reasoning()))
                        .put("total_tokens", counts.input() + counts.output())
                : null;
    }

    private static JsonArray output(Answer answer, String text) {
        JsonArray output = new JsonArray();
        if (!answer.thoughts().isEmpty()) {
            output.add(reasoning(answer, new JsonArray().add(summary(answer.thought()))));
        }
        if (answer.hasText()) {
            output.add(message(answer, status(answer), new JsonArray().add(textPart(text))));
        }
        for (int k = 0; k < answer.calls().size(); k++) {
            output.add(call(answer, k, "completed", answer.calls().get(k).arguments()));
        }
        return output;
    }

    private static String status(Answer answer) {
        return incomplete(answer) == null ? "completed" : "incomplete";
    }

    private static JsonObject reasoning(Answer answer, JsonArray summary) {
        JsonObject item = new JsonObject().put("id", answer.id("rs_")).put("type", "reasoning").put("summary", summary);
        return answer.fixed() || summary.isEmpty() ? item : item.put("encrypted_content", "c2ltdWxhdGVk");
    }

    private static JsonObject summary(String text) {
        return new JsonObject().put("type", "summary_text").put("text", text);
    }

    private static JsonObject message(Answer answer, String status, JsonArray content) {
        return new JsonObject()
                .put("id", answer.id("msg_"))
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant")
                .put("content", content);
    }

    private static JsonObject textPart(String text) {
        return new JsonObject().put("type", "output_text").put("text", text).put("annotations", new JsonArray()).put("logprobs", new JsonArray());
    }

    private static JsonObject call(Answer answer, int k, String status, String arguments) {
        return new JsonObject()
                .put("id", answer.callId("fc_", k))
                .put("type", "function_call")
                .put("status", status)
                .put("call_id", answer.openAiCallId(k))
                .put("name", answer.calls().get(k).name())
                .put("arguments", arguments);
    }

    @Override
    public Frames frames(Answer answer, Question question) {
        return new ResponsesFrames(answer);
    }

    private static final class ResponsesFrames extends Frames {
        private static final String NUMBER = "\"sequence_number\":";

        private final Answer answer;
        private final int textIndex;
        private final String textItem;
        private final Hole delta;
        private final StringBuilder said = new StringBuilder();
        private int sequence;

        ResponsesFrames(Answer answer) {
            super(answer);
            this.answer = answer;
            this.textIndex = answer.thoughts().isEmpty() ? 0 : 1;
            this.textItem = answer.id("msg_");
            this.delta = Hole.in(hole -> unnumbered(ofText("response.output_text.delta").put("delta", hole).put("logprobs", new JsonArray())));
        }

        /// The event up to its number, which comes last.
        private static String unnumbered(JsonObject json) {
            String text = json.encode();
            return "event: " + json.getString("type") + "\ndata: " + text.substring(0, text.length() - 1) + "," + NUMBER;
        }

        private String event(JsonObject json) {
            return unnumbered(json) + sequence++ + "}\n\n";
        }

        private static JsonObject typed(String type) {
            return new JsonObject().put("type", type);
        }

        private JsonObject ofText(String type) {
            return typed(type).put("item_id", textItem).put("output_index", textIndex).put("content_index", 0);
        }

        private String item(String type, int index, JsonObject item) {
            return event(typed(type).put("output_index", index).put("item", item));
        }

        @Override
        List<String> opening() {
            List<String> opening = new ArrayList<>();
            opening.add(event(typed("response.created").put("response", response(answer, false, new JsonArray()))));
            opening.add(event(typed("response.in_progress").put("response", response(answer, false, new JsonArray()))));
            if (!answer.thoughts().isEmpty()) {
                think(opening);
            }
            if (answer.hasText()) {
                opening.add(item("response.output_item.added", textIndex, message(answer, "in_progress", new JsonArray())));
                opening.add(event(ofText("response.content_part.added").put("part", textPart(""))));
            }
            return opening;
        }

        private void think(List<String> opening) {
            opening.add(item("response.output_item.added", 0, reasoning(answer, new JsonArray())));
            opening.add(event(ofThought("response.reasoning_summary_part.added").put("part", summary(""))));
            for (String thought : answer.thoughts()) {
                opening.add(event(ofThought("response.reasoning_summary_text.delta").put("delta", thought)));
            }
            opening.add(event(ofThought("response.reasoning_summary_text.done").put("text", answer.thought())));
            opening.add(event(ofThought("response.reasoning_summary_part.done").put("part", summary(answer.thought()))));
            opening.add(item("response.output_item.done", 0, reasoning(answer, new JsonArray().add(summary(answer.thought())))));
        }

        private JsonObject ofThought(String type) {
            return typed(type).put("output_index", 0).put("item_id", answer.id("rs_")).put("summary_index", 0);
        }

        @Override
        String text(String piece) {
            said.append(piece);
            return delta.filledWith(piece) + sequence++ + "}\n\n";
        }

        @Override
        List<String> calls() {
            List<String> frames = new ArrayList<>();
            int index = textIndex;
            if (answer.hasText()) {
                frames.addAll(textDone());
                index++;
            }
            for (int k = 0; k < answer.calls().size(); k++, index++) {
                Answer.Call call = answer.calls().get(k);
                frames.add(item("response.output_item.added", index, call(answer, k, "in_progress", "")));
                for (String fragment : call.fragments()) {
                    frames.add(event(ofCall("response.function_call_arguments.delta", k, index).put("delta", fragment)));
                }
                frames.add(event(ofCall("response.function_call_arguments.done", k, index).put("arguments", call.arguments())));
                frames.add(item("response.output_item.done", index, call(answer, k, "completed", call.arguments())));
            }
            return frames;
        }

        private JsonObject ofCall(String type, int k, int index) {
            return typed(type).put("item_id", answer.callId("fc_", k)).put("output_index", index);
        }

        private List<String> textDone() {
            String text = said.toString();
            return List.of(
                    event(ofText("response.output_text.done").put("text", text).put("logprobs", new JsonArray())),
                    event(ofText("response.content_part.done").put("part", textPart(text))),
                    item("response.output_item.done", textIndex, message(answer, status(answer), new JsonArray().add(textPart(text)))));
        }

        @Override
        List<Closing> closing() {
            List<Closing> closing = new ArrayList<>();
            if (answer.calls().isEmpty()) {
                textDone().forEach(frame -> closing.add(new Closing(Part.FINISH, frame)));
            }
            String type = incomplete(answer) == null ? "response.completed" : "response.incomplete";
            closing.add(new Closing(Part.TERMINAL, event(typed(type).put("response", response(answer, true, output(answer, said.toString()))))));
            return closing;
        }

        @Override
        String malformed() {
            return "event: response.output_text.delta\ndata: {\"type\":\"response.output_te\n\n";
        }

        @Override
        String failure() {
            return event(typed("error").put("code", "server_error").put("message", "The server had an error").put("param", null));
        }
    }

    @Override
    public JsonObject error(Refusal refusal) {
        String message = switch (refusal.cause()) {
            case STATUS, INVALID -> refusal.messageOr("invalid request");
            case CONTEXT -> "Your input exceeds the context window of this model. Please adjust your input and try again.";
            case FILTER -> "The response was filtered due to the prompt triggering the content management policy.";
            case PREFILL -> "The last input item must not be an assistant message.";
        };
        String param = switch (refusal.cause()) {
            case CONTEXT, FILTER, PREFILL -> "input";
            case STATUS, INVALID -> refusal.param();
        };
        String code = switch (refusal.cause()) {
            case CONTEXT -> "context_length_exceeded";
            case FILTER -> "content_filter";
            case PREFILL -> null;
            case STATUS, INVALID -> ChatVoice.code(refusal.status());
        };
        return new JsonObject().put("error", new JsonObject()
                .put("message", message)
                .put("type", ChatVoice.type(refusal.status()))
                .put("param", param)
                .put("code", code));
    }
}
