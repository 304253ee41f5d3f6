package dev.plexus.contract;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.ObjectMappers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.model.DialectId;
import java.util.List;
import java.util.stream.Collectors;

/// Anthropic's Java client.
final class MessagesSdk implements ConversationClient {

    private final AnthropicClient client;

    MessagesSdk(String baseUrl) {
        client = AnthropicOkHttpClient.builder().baseUrl(baseUrl).apiKey("sk-test").maxRetries(0).build();
    }

    @Override
    public DialectId dialect() {
        return DialectId.MESSAGES;
    }

    private static MessageCreateParams params(String model, JsonNode request) {
        MessageCreateParams.Builder builder = MessageCreateParams.builder()
                .model(model)
                .maxTokens(request.path("max_tokens").asLong())
                .messages(JsonValue.fromJsonNode(request.path("messages")));
        request.properties().forEach(member -> {
            if (!member.getKey().equals("messages") && !member.getKey().equals("max_tokens")) {
                builder.putAdditionalBodyProperty(member.getKey(), JsonValue.fromJsonNode(member.getValue()));
            }
        });
        return builder.build();
    }

    @Override
    public Told whole(String model, JsonNode request) {
        return told(client.messages().create(params(model, request)));
    }

    @Override
    public Told streamed(String model, JsonNode request) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params(model, request))) {
            stream.stream().forEach(event -> {
                event.validate();
                accumulator.accumulate(event);
            });
        }
        return told(accumulator.message());
    }

    private static Told told(Message answer) {
        answer.validate();
        List<String> calls = answer.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .map(call -> call.name() + " " + ObjectMappers.jsonMapper().valueToTree(call._input()))
                .toList();
        var usage = answer.usage();
        long cached = usage.cacheReadInputTokens().orElse(0L);
        return new Told(
                answer.content().stream().flatMap(block -> block.text().stream()).map(block -> block.text()).collect(Collectors.joining()),
                answer.content().stream()
                        .flatMap(block -> block.thinking().stream())
                        .map(block -> block.thinking())
                        .collect(Collectors.joining()),
                "",
                calls,
                answer.stopReason().orElseThrow().asString(),
                usage.inputTokens() + cached + usage.cacheCreationInputTokens().orElse(0L),
                cached,
                usage.outputTokens(),
                ObjectMappers.jsonMapper().valueToTree(answer.content()));
    }

    @Override
    public String failure(String model, JsonNode request) {
        try {
            return "no failure: " + whole(model, request);
        } catch (AnthropicServiceException failed) {
            return failed.statusCode() + " " + failed.getClass().getSimpleName() + " " + failed.getMessage();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
