package dev.plexus.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import dev.plexus.model.DialectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// OpenAI's Java client, speaking Chat Completions.
final class ChatSdk implements ConversationClient {

    private final OpenAIClient client;

    ChatSdk(String baseUrl) {
        client = OpenAIOkHttpClient.builder().baseUrl(baseUrl + "/v1").apiKey("sk-test").maxRetries(0).build();
    }

    @Override
    public DialectId dialect() {
        return DialectId.CHAT;
    }

    private static ChatCompletionCreateParams params(String model, JsonNode request, boolean stream) {
        ChatCompletionCreateParams.Builder builder =
                ChatCompletionCreateParams.builder().model(model).messages(JsonValue.fromJsonNode(request.path("messages")));
        request.properties().forEach(member -> {
            if (!member.getKey().equals("messages")) {
                builder.putAdditionalBodyProperty(member.getKey(), JsonValue.fromJsonNode(member.getValue()));
            }
        });
        if (stream) {
            builder.putAdditionalBodyProperty("stream_options", JsonValue.from(Map.of("include_usage", true)));
        }
        return builder.build();
    }

    @Override
    public Told whole(String model, JsonNode request) {
        ChatCompletion answer = client.chat().completions().create(params(model, request, false));
        answer.validate();
        var choice = answer.choices().getFirst();
        var message = choice.message();
        List<String> calls = message.toolCalls().orElse(List.of()).stream()
                .map(call -> call.asFunction().function().name() + " " + call.asFunction().function().arguments())
                .toList();
        ObjectNode replay = ObjectMappers.jsonMapper().valueToTree(message);
        replay.remove("annotations");
        return told(
                message.content().orElse(""),
                reasoning(message._additionalProperties()),
                message.refusal().orElse(""),
                calls,
                choice.finishReason().asString(),
                answer.usage().orElseThrow(),
                replay);
    }

    @Override
    public Told streamed(String model, JsonNode request) {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        Map<Long, String> calls = new TreeMap<>();
        List<String> finishes = new ArrayList<>();
        List<CompletionUsage> usages = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(params(model, request, true))) {
            stream.stream().forEach(chunk -> {
                chunk.validate();
                chunk.usage().ifPresent(usages::add);
                chunk.choices().forEach(choice -> {
                    choice.delta().content().ifPresent(text::append);
                    choice.delta().refusal().ifPresent(refusal::append);
                    thinking.append(reasoning(choice.delta()._additionalProperties()));
                    choice.finishReason().ifPresent(reason -> finishes.add(reason.asString()));
                    choice.delta().toolCalls().orElse(List.of()).forEach(call -> call.function().ifPresent(function -> {
                        function.name().ifPresent(name -> calls.merge(call.index(), name + " ", String::concat));
                        function.arguments().ifPresent(piece -> calls.merge(call.index(), piece, String::concat));
                    }));
                });
            });
        }
        return told(
                text.toString(),
                thinking.toString(),
                refusal.toString(),
                List.copyOf(calls.values()),
                String.join(",", finishes),
                usages.getLast(),
                ObjectMappers.jsonMapper().createObjectNode());
    }

    private static Told told(
            String text, String thinking, String refusal, List<String> calls, String finish, CompletionUsage usage, JsonNode replay) {
        long cached = usage.promptTokensDetails().flatMap(details -> details.cachedTokens()).orElse(0L);
        return new Told(text, thinking, refusal, calls, finish, usage.promptTokens(), cached, usage.completionTokens(), replay);
    }

    private static String reasoning(Map<String, JsonValue> more) {
        JsonValue value = more.get("reasoning_content");
        return value == null || value.isNull() ? "" : value.asStringOrThrow();
    }

    @Override
    public String failure(String model, JsonNode request) {
        try {
            return "no failure: " + whole(model, request);
        } catch (OpenAIServiceException failed) {
            return failed.statusCode() + " " + failed.getClass().getSimpleName() + " " + failed.getMessage();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
