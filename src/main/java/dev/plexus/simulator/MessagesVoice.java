package dev.plexus.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Anthropic messages.
final class MessagesVoice implements Voice {

    private static final String SIGNATURE = "c2lnbmF0dXJl";

    @Override
    public @Nullable Refusal fault(JsonObject body) {
        if (Lenient.text(body, "model") == null) {
            return Refusal.invalid("model: Field required", null);
        }
        if (!(body.getValue("max_tokens") instanceof Number)) {
            return Refusal.invalid("max_tokens: Field required", null);
        }
        if (!(body.getValue("messages") instanceof JsonArray messages)) {
            return Refusal.invalid("messages: Field required", null);
        }
        if (messages.isEmpty()) {
            return Refusal.invalid("messages: at least one message is required", null);
        }
        if (messages.getValue(messages.size() - 1) instanceof JsonObject last && "assistant".equals(last.getValue("role"))) {
            String said = Lenient.spoken(last, "content");
            if (!said.isEmpty() && Character.isWhitespace(said.charAt(said.length() - 1))) {
                return Refusal.invalid("messages: final assistant content cannot end with trailing whitespace", null);
            }
        }
        return null;
    }

    @Override
    public Question read(JsonObject body, Target target, int bodyBytes) {
        List<JsonObject> messages = Lenient.objects(body, "messages");
        JsonObject last = messages.isEmpty() ? new JsonObject() : messages.getLast();
        String said = Lenient.spoken(last, "content");
        boolean prefilled = "assistant".equals(Lenient.text(last, "role"));
        boolean afterToolResult = false;
        for (JsonObject part : Lenient.objects(last, "content")) {
            if ("tool_result".equals(part.getValue("type"))) {
                afterToolResult = true;
                said = said.isEmpty() ? Lenient.spoken(part, "content") : said;
            }
        }
        List<Question.Tool> tools = new ArrayList<>();
        for (JsonObject tool : Lenient.objects(body, "tools")) {
            if (Lenient.text(tool, "name") instanceof String name && Lenient.object(tool, "input_schema") instanceof JsonObject schema) {
                tools.add(new Question.Tool(name, schema));
            }
        }
        String choice = Lenient.text(Lenient.objectOrEmpty(body, "tool_choice"), "type");
        String thinking = Lenient.text(Lenient.objectOrEmpty(body, "thinking"), "type");
        return new Question(
                body.getString("model"),
                Lenient.flag(body, "stream") ? Question.Delivery.EVENTS : Question.Delivery.WHOLE,
                true,
                prefilled ? ChatVoice.lastOfUser(messages) : said,
                prefilled ? said : null,
                afterToolResult,
                thinking != null && !thinking.equals("disabled"),
                "none".equals(choice) ? List.of() : tools,
                "any".equals(choice) || "tool".equals(choice),
                Lenient.number(body, "max_tokens"),
                Voice.tokens(bodyBytes));
    }

    @Override
    public JsonObject whole(Answer answer) {
        JsonArray content = new JsonArray();
        if (!answer.thoughts().isEmpty()) {
            content.add(new JsonObject().put("type", "thinking").put("thinking", answer.thought()).put("signature", SIGNATURE));
        }
        if (answer.hasText()) {
            content.add(new JsonObject().put("type", "text").put("text", answer.whole()));
        }
        for (int k = 0; k < answer.calls().size(); k++) {
            Answer.Call call = answer.calls().get(k);
            content.add(new JsonObject()
                    .put("type", "tool_use")
                    .put("id", answer.callId("toolu_", k))
                    .put("name", call.name())
                    .put("input", new JsonObject(call.arguments())));
        }
        JsonObject whole = message(answer, content).put("stop_reason", finish(answer)).put("stop_sequence", null);
        if (answer.counts() instanceof Answer.Counts counts) {
            whole.put("usage", usage(counts, counts.output()));
        }
        return whole;
    }

    private static JsonObject message(Answer answer, JsonArray content) {
        return new JsonObject()
                .put("id", answer.id("msg_"))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", answer.model())
                .put("content", content);
    }

    private static String finish(Answer answer) {
        return switch (answer.finish()) {
            case STOP -> "end_turn";
            case CALLS -> "tool_use";
            case LENGTH -> "max_tokens";
            case FILTERED -> "refusal";
        };
    }

    private static JsonObject usage(Answer.Counts counts, int output) {
        return new JsonObject()
                .put("input_tokens", counts.input() - counts.cached())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", counts.cached())
                .put("output_tokens", output);
    }

    @Override
    public Frames frames(Answer answer, Question question) {
        return new MessagesFrames(answer);
    }

    private static String event(JsonObject json) {
        return "event: " + json.getString("type") + "\ndata: " + json.encode() + "\n\n";
    }

    private static JsonObject typed(String type) {
        return new JsonObject().put("type", type);
    }

    private static final class MessagesFrames extends Frames {
        private final Answer answer;
        private final int textIndex;
        private final Hole text;

        MessagesFrames(Answer answer) {
            super(answer);
            this.answer = answer;
            this.textIndex = answer.thoughts().isEmpty() ? 0 : 1;
            this.text = Hole.in(hole -> delta(textIndex, typed("text_delta").put("text", hole)));
        }

        private static String start(int index, JsonObject block) {
            return event(typed("content_block_start").put("index", index).put("content_block", block));
        }

        private static String delta(int index, JsonObject delta) {
            return event(typed("content_block_delta").put("index", index).put("delta", delta));
        }

        private static String stop(int index) {
            return event(typed("content_block_stop").put("index", index));
        }

        @Override
        List<String> opening() {
            List<String> opening = new ArrayList<>();
            JsonObject message = message(answer, new JsonArray()).put("stop_reason", null).put("stop_sequence", null);
            if (answer.counts() instanceof Answer.Counts counts) {
                message.put("usage", usage(counts, 1));
            }
            opening.add(event(typed("message_start").put("message", message)));
            opening.add(event(typed("ping")));
            if (!answer.thoughts().isEmpty()) {
                opening.add(start(0, typed("thinking").put("thinking", "").put("signature", "")));
                for (String thought : answer.thoughts()) {
                    opening.add(delta(0, typed("thinking_delta").put("thinking", thought)));
                }
                opening.add(delta(0, typed("signature_delta").put("signature", SIGNATURE)));
                opening.add(stop(0));
            }
            if (answer.hasText()) {
                opening.add(start(textIndex, typed("text").put("text", "")));
            }
            return opening;
        }

        @Override
        String text(String piece) {
            return text.filledWith(piece);
        }

        @Override
        List<String> calls() {
            List<String> frames = new ArrayList<>();
            int index = textIndex;
            if (answer.hasText()) {
                frames.add(stop(index++));
            }
            for (int k = 0; k < answer.calls().size(); k++) {
                Answer.Call call = answer.calls().get(k);
                frames.add(start(index, typed("tool_use")
                        .put("id", answer.callId("toolu_", k))
                        .put("name", call.name())
                        .put("input", new JsonObject())));
                for (String fragment : call.fragments()) {
                    frames.add(delta(index, typed("input_json_delta").put("partial_json", fragment)));
                }
                frames.add(stop(index++));
            }
            return frames;
        }

        @Override
        List<Closing> closing() {
            List<Closing> closing = new ArrayList<>();
            if (answer.calls().isEmpty()) {
                closing.add(new Closing(Part.CONTENT, stop(textIndex)));
            }
            JsonObject end = typed("message_delta")
                    .put("delta", new JsonObject().put("stop_reason", finish(answer)).put("stop_sequence", null));
            if (answer.counts() instanceof Answer.Counts counts) {
                end.put("usage", new JsonObject().put("output_tokens", counts.output()));
            }
            closing.add(new Closing(Part.FINISH, event(end)));
            closing.add(new Closing(Part.TERMINAL, event(typed("message_stop"))));
            return closing;
        }

        @Override
        String malformed() {
            return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_de\n\n";
        }

        @Override
        String failure() {
            return event(typed("error").put("error", typed("overloaded_error").put("message", "Overloaded")));
        }
    }

    @Override
    public JsonObject error(Refusal refusal) {
        String message = switch (refusal.cause()) {
            case STATUS, INVALID -> refusal.messageOr("invalid request");
            case CONTEXT -> "prompt is too long: 205000 tokens > 200000 maximum";
            case FILTER -> "Output blocked by content filtering policy";
            case PREFILL -> "This model does not support assistant message prefill. The conversation must end with a user message.";
        };
        return typed("error").put("error", typed(type(refusal.status())).put("message", message)).put("request_id", "req_mock0001");
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
