package dev.plexus.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI chat completions.
final class ChatVoice implements Voice {

    @Override
    public @Nullable Refusal fault(JsonObject body) {
        if (Lenient.text(body, "model") == null) {
            return Refusal.invalid("you must provide a model parameter", null);
        }
        if (!(body.getValue("messages") instanceof JsonArray messages)) {
            return Refusal.invalid("Missing required parameter: 'messages'.", "messages");
        }
        return messages.isEmpty()
                ? Refusal.invalid("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages")
                : null;
    }

    @Override
    public Question read(JsonObject body, Target target, int bodyBytes) {
        List<JsonObject> messages = Lenient.objects(body, "messages");
        JsonObject last = messages.isEmpty() ? new JsonObject() : messages.getLast();
        String role = Lenient.text(last, "role");
        String said = Lenient.spoken(last, "content");
        boolean prefilled = "assistant".equals(role);
        List<Question.Tool> tools = new ArrayList<>();
        for (JsonObject tool : Lenient.objects(body, "tools")) {
            JsonObject function = Lenient.objectOrEmpty(tool, "function");
            if (Lenient.text(function, "name") instanceof String name) {
                tools.add(new Question.Tool(name, Lenient.objectOrEmpty(function, "parameters")));
            }
        }
        String effort = Lenient.text(body, "reasoning_effort");
        Object choice = body.getValue("tool_choice");
        return new Question(
                body.getString("model"),
                Lenient.flag(body, "stream") ? Question.Delivery.EVENTS : Question.Delivery.WHOLE,
                Lenient.flag(Lenient.objectOrEmpty(body, "stream_options"), "include_usage"),
                prefilled ? lastOfUser(messages) : said,
                prefilled ? said : null,
                "tool".equals(role) || "function".equals(role),
                (effort != null && !effort.equals("none")) || Lenient.object(body, "reasoning") != null,
                "none".equals(choice) ? List.of() : tools,
                "required".equals(choice) || choice instanceof JsonObject,
                Math.max(Lenient.number(body, "max_completion_tokens"), Lenient.number(body, "max_tokens")),
                Voice.tokens(bodyBytes));
    }

    /// The text of the last turn that is not the assistant's.
    static String lastOfUser(List<JsonObject> messages) {
        for (JsonObject message : messages.reversed()) {
            String role = Lenient.text(message, "role");
            if (!"assistant".equals(role) && !"model".equals(role)) {
                String content = Lenient.spoken(message, "content");
                return content.isEmpty() ? Lenient.spoken(message, "parts") : content;
            }
        }
        return "";
    }

    @Override
    public JsonObject whole(Answer answer) {
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", answer.hasText() ? answer.whole() : null)
                .put("refusal", null)
                .put("annotations", new JsonArray());
        if (!answer.thoughts().isEmpty()) {
            message.put("reasoning_content", answer.thought());
        }
        if (!answer.calls().isEmpty()) {
            JsonArray calls = new JsonArray();
            for (int k = 0; k < answer.calls().size(); k++) {
                Answer.Call call = answer.calls().get(k);
                calls.add(new JsonObject()
                        .put("id", answer.openAiCallId(k))
                        .put("type", "function")
                        .put("function", new JsonObject().put("name", call.name()).put("arguments", call.arguments())));
            }
            message.put("tool_calls", calls);
        }
        JsonObject whole = new JsonObject()
                .put("id", answer.id("chatcmpl-"))
                .put("object", "chat.completion")
                .put("created", answer.created())
                .put("model", answer.model())
                .put("choices", new JsonArray().add(new JsonObject()
                        .put("index", 0)
                        .put("message", message)
                        .put("logprobs", null)
                        .put("finish_reason", finish(answer))));
        if (answer.counts() instanceof Answer.Counts counts) {
            whole.put("usage", usage(counts));
        }
        return whole.put("service_tier", "default").put("system_fingerprint", "fp_mock");
    }

    private static String finish(Answer answer) {
        return switch (answer.finish()) {
            case STOP -> "stop";
            case CALLS -> "tool_calls";
            case LENGTH -> "length";
            case FILTERED -> "content_filter";
        };
    }

    private static JsonObject usage(Answer.Counts counts) {
        return new JsonObject()
                .put("prompt_tokens", counts.input())
                .put("completion_tokens", counts.output())
                .put("total_tokens", counts.input() + counts.output())
                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", counts.cached()).put("audio_tokens", 0))
                .put("completion_tokens_details", new JsonObject()
                        .put("reasoning_tokens", counts.reasoning())
                        .put("audio_tokens", 0)
                        .put("accepted_prediction_tokens", 0)
                        .put("rejected_prediction_tokens", 0));
    }

    @Override
    public Frames frames(Answer answer, Question question) {
        return new ChatFrames(answer, question.includeUsage());
    }

    private static final class ChatFrames extends Frames {
        private final Answer answer;
        private final boolean tellsUsage;
        private final Hole text;

        ChatFrames(Answer answer, boolean tellsUsage) {
            super(answer);
            this.answer = answer;
            this.tellsUsage = tellsUsage;
            this.text = Hole.in(hole -> chunk(new JsonObject().put("content", hole), null));
        }

        private JsonObject head() {
            return new JsonObject()
                    .put("id", answer.id("chatcmpl-"))
                    .put("object", "chat.completion.chunk")
                    .put("created", answer.created())
                    .put("model", answer.model())
                    .put("system_fingerprint", "fp_mock");
        }

        private String chunk(JsonObject delta, @Nullable String finish) {
            return data(head().put("choices", new JsonArray().add(new JsonObject()
                    .put("index", 0)
                    .put("delta", delta)
                    .put("logprobs", null)
                    .put("finish_reason", finish))));
        }

        private static String data(JsonObject json) {
            return "data: " + json.encode() + "\n\n";
        }

        @Override
        List<String> opening() {
            List<String> opening = new ArrayList<>();
            opening.add(chunk(new JsonObject().put("role", "assistant").put("content", ""), null));
            for (String thought : answer.thoughts()) {
                opening.add(chunk(new JsonObject().put("reasoning_content", thought), null));
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
            for (int k = 0; k < answer.calls().size(); k++) {
                Answer.Call call = answer.calls().get(k);
                frames.add(call(new JsonObject()
                        .put("index", k)
                        .put("id", answer.openAiCallId(k))
                        .put("type", "function")
                        .put("function", new JsonObject().put("name", call.name()).put("arguments", ""))));
                for (String fragment : call.fragments()) {
                    frames.add(call(new JsonObject().put("index", k).put("function", new JsonObject().put("arguments", fragment))));
                }
            }
            return frames;
        }

        private String call(JsonObject call) {
            return chunk(new JsonObject().put("tool_calls", new JsonArray().add(call)), null);
        }

        @Override
        List<Closing> closing() {
            List<Closing> closing = new ArrayList<>();
            closing.add(new Closing(Part.FINISH, chunk(new JsonObject(), finish(answer))));
            if (tellsUsage && answer.counts() instanceof Answer.Counts counts) {
                closing.add(new Closing(Part.FINISH, data(head().put("choices", new JsonArray()).put("usage", usage(counts)))));
            }
            closing.add(new Closing(Part.TERMINAL, "data: [DONE]\n\n"));
            return closing;
        }

        @Override
        String malformed() {
            return "data: {\"id\":\"" + answer.id("chatcmpl-") + "\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bro\n\n";
        }

        @Override
        String failure() {
            return data(new JsonObject().put("error", new JsonObject()
                    .put("message", "The server had an error while processing your request")
                    .put("type", "server_error")
                    .put("code", "server_error")));
        }
    }

    @Override
    public JsonObject error(Refusal refusal) {
        return switch (refusal.cause()) {
            case STATUS, INVALID -> error(refusal, refusal.messageOr("invalid request"), type(refusal.status()), code(refusal.status()));
            case CONTEXT -> error(refusal, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. "
                    + "Please reduce the length of the messages.", "invalid_request_error", "context_length_exceeded");
            case FILTER -> error(refusal, "The response was filtered due to the prompt triggering the content management policy. "
                    + "Please modify your prompt and retry.", "invalid_request_error", "content_filter");
            case PREFILL -> error(refusal, "The last message must not be an assistant message: this model does not continue its own turn.",
                    "invalid_request_error", null);
        };
    }

    private static JsonObject error(Refusal refusal, String message, String type, @Nullable String code) {
        String param = switch (refusal.cause()) {
            case CONTEXT, PREFILL -> "messages";
            case FILTER -> "prompt";
            case STATUS, INVALID -> refusal.param();
        };
        return new JsonObject().put("error", new JsonObject().put("message", message).put("type", type).put("param", param).put("code", code));
    }

    static String type(int status) {
        if (status == 429) {
            return "rate_limit_exceeded";
        }
        return status >= 500 ? "server_error" : "invalid_request_error";
    }

    static @Nullable String code(int status) {
        return switch (status) {
            case 401 -> "invalid_api_key";
            case 402 -> "insufficient_quota";
            case 404 -> "model_not_found";
            case 429 -> "rate_limit_exceeded";
            default -> null;
        };
    }
}
