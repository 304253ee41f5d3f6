package dev.plexus.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Google generateContent and streamGenerateContent, as server-sent events or as one JSON array.
final class GeminiVoice implements Voice {

    @Override
    public @Nullable Refusal fault(JsonObject body) {
        return body.getValue("contents") instanceof JsonArray contents && !contents.isEmpty()
                ? null
                : Refusal.invalid("* GenerateContentRequest.contents: contents is not specified\n", null);
    }

    @Override
    public Question read(JsonObject body, Target target, int bodyBytes) {
        List<JsonObject> contents = Lenient.objects(body, "contents");
        JsonObject last = contents.isEmpty() ? new JsonObject() : contents.getLast();
        String said = Lenient.spoken(last, "parts");
        boolean prefilled = "model".equals(Lenient.text(last, "role"));
        boolean afterToolResult = false;
        for (JsonObject part : Lenient.objects(last, "parts")) {
            if (Lenient.object(part, "functionResponse", "function_response") instanceof JsonObject answered) {
                afterToolResult = true;
                said = said.isEmpty() ? Lenient.objectOrEmpty(answered, "response").encode() : said;
            }
        }
        List<Question.Tool> tools = new ArrayList<>();
        for (JsonObject group : Lenient.objects(body, "tools")) {
            List<JsonObject> functions = new ArrayList<>(Lenient.objects(group, "functionDeclarations"));
            functions.addAll(Lenient.objects(group, "function_declarations"));
            for (JsonObject function : functions) {
                if (Lenient.text(function, "name") instanceof String name) {
                    tools.add(new Question.Tool(name, Lenient.objectOrEmpty(function, "parameters", "parametersJsonSchema")));
                }
            }
        }
        JsonObject generation = Lenient.objectOrEmpty(body, "generationConfig", "generation_config");
        JsonObject thinking = Lenient.objectOrEmpty(generation, "thinkingConfig", "thinking_config");
        String mode = Lenient.text(
                Lenient.objectOrEmpty(Lenient.objectOrEmpty(body, "toolConfig"), "functionCallingConfig"), "mode");
        return new Question(
                target.model(),
                target.delivery(),
                true,
                prefilled ? ChatVoice.lastOfUser(contents) : said,
                prefilled ? said : null,
                afterToolResult,
                Lenient.flag(thinking, "includeThoughts") || Lenient.flag(thinking, "include_thoughts"),
                "NONE".equals(mode) ? List.of() : tools,
                "ANY".equals(mode),
                Lenient.number(generation, "maxOutputTokens"),
                Voice.tokens(bodyBytes));
    }

    @Override
    public JsonObject whole(Answer answer) {
        JsonArray parts = new JsonArray();
        if (!answer.thoughts().isEmpty()) {
            parts.add(thought(answer));
        }
        if (answer.hasText()) {
            parts.add(new JsonObject().put("text", answer.whole()));
        }
        for (int k = 0; k < answer.calls().size(); k++) {
            parts.add(call(answer, k));
        }
        return chunk(answer, parts, true);
    }

    private static JsonObject thought(Answer answer) {
        return new JsonObject().put("text", answer.thought()).put("thought", true);
    }

    private static JsonObject call(Answer answer, int k) {
        Answer.Call call = answer.calls().get(k);
        JsonObject part = new JsonObject()
                .put("functionCall", new JsonObject().put("name", call.name()).put("args", new JsonObject(call.arguments())));
        return !answer.fixed() && k == 0 && !answer.thoughts().isEmpty() ? part.put("thoughtSignature", "c2lnbmF0dXJl") : part;
    }

    private static JsonObject chunk(Answer answer, JsonArray parts, boolean last) {
        JsonObject candidate = new JsonObject().put("content", new JsonObject().put("parts", parts).put("role", "model"));
        if (last) {
            candidate.put("finishReason", finish(answer));
        }
        JsonObject chunk = new JsonObject().put("candidates", new JsonArray().add(candidate.put("index", 0)));
        if (answer.counts() instanceof Answer.Counts counts) {
            chunk.put("usageMetadata", last
                    ? usage(answer, counts)
                    : new JsonObject().put("promptTokenCount", counts.input()).put("totalTokenCount", counts.input()));
        }
        return chunk.put("modelVersion", answer.model()).put("responseId", answer.id("resp_"));
    }

    private static String finish(Answer answer) {
        return switch (answer.finish()) {
            case STOP, CALLS -> "STOP";
            case LENGTH -> "MAX_TOKENS";
            case FILTERED -> "SAFETY";
        };
    }

    /// The service counts thoughts beside the candidates; the fixed numbers of the mock do not.
    private static JsonObject usage(Answer answer, Answer.Counts counts) {
        JsonObject usage = new JsonObject()
                .put("promptTokenCount", counts.input())
                .put("candidatesTokenCount", answer.fixed() ? counts.output() : counts.output() - counts.reasoning())
                .put("totalTokenCount", counts.input() + counts.output())
                .put("cachedContentTokenCount", counts.cached());
        return counts.reasoning() > 0 ? usage.put("thoughtsTokenCount", counts.reasoning()) : usage;
    }

    @Override
    public Frames frames(Answer answer, Question question) {
        return new GeminiFrames(answer, question.delivery() == Question.Delivery.ARRAY);
    }

    private static final class GeminiFrames extends Frames {
        private final Answer answer;
        private final boolean array;
        private final Hole text;

        GeminiFrames(Answer answer, boolean array) {
            super(answer);
            this.answer = answer;
            this.array = array;
            this.text = Hole.in(hole -> frame(chunk(answer, new JsonArray().add(new JsonObject().put("text", hole)), false)));
        }

        private String frame(JsonObject json) {
            return array ? ",\r\n" + json.encode() : "data: " + json.encode() + "\r\n\r\n";
        }

        @Override
        List<String> opening() {
            JsonObject first = chunk(answer, new JsonArray().add(new JsonObject().put("text", "")), false);
            List<String> opening = new ArrayList<>();
            opening.add(array ? "[" + first.encode() : frame(first));
            if (!answer.thoughts().isEmpty()) {
                opening.add(frame(chunk(answer, new JsonArray().add(thought(answer)), false)));
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
            for (int k = 0; k < callsBeforeTheLast(); k++) {
                frames.add(frame(chunk(answer, new JsonArray().add(call(answer, k)), false)));
            }
            return frames;
        }

        /// The mock sends its last call together with the finish reason, as the service also may.
        private int callsBeforeTheLast() {
            return answer.fixed() ? answer.calls().size() - 1 : answer.calls().size();
        }

        @Override
        List<Closing> closing() {
            boolean withCall = answer.fixed() && !answer.calls().isEmpty();
            JsonObject part = withCall ? call(answer, answer.calls().size() - 1) : new JsonObject().put("text", "");
            List<Closing> closing = new ArrayList<>();
            closing.add(new Closing(Part.FINISH, frame(chunk(answer, new JsonArray().add(part), true))));
            if (array) {
                closing.add(new Closing(Part.TERMINAL, "]"));
            }
            return closing;
        }

        @Override
        String malformed() {
            String cut = "{\"candidates\":[{\"content\":{\"parts\":[{\"te";
            return array ? ",\r\n" + cut : "data: " + cut + "\r\n\r\n";
        }

        @Override
        String failure() {
            String error = frame(new JsonObject().put("error", new JsonObject()
                    .put("code", 503)
                    .put("message", "The model is overloaded")
                    .put("status", "UNAVAILABLE")));
            return array ? error + "]" : error;
        }
    }

    @Override
    public JsonObject error(Refusal refusal) {
        String message = switch (refusal.cause()) {
            case STATUS, INVALID -> refusal.messageOr("invalid request");
            case CONTEXT -> "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";
            case FILTER -> "The prompt was blocked by the content policy: PROHIBITED_CONTENT.";
            case PREFILL -> "Please ensure that multiturn requests end with a user role.";
        };
        return new JsonObject().put("error", new JsonObject()
                .put("code", refusal.status())
                .put("message", message)
                .put("status", status(refusal.status())));
    }

    private static String status(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 500 -> "INTERNAL";
            case 501 -> "UNIMPLEMENTED";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status >= 500 ? "UNAVAILABLE" : "INVALID_ARGUMENT";
        };
    }
}
