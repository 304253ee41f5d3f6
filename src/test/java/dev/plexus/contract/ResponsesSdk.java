package dev.plexus.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.plexus.model.DialectId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// OpenAI's Java client, speaking Responses.
final class ResponsesSdk implements ConversationClient {

    private final OpenAIClient client;

    ResponsesSdk(String baseUrl) {
        client = OpenAIOkHttpClient.builder().baseUrl(baseUrl + "/v1").apiKey("sk-test").maxRetries(0).build();
    }

    @Override
    public DialectId dialect() {
        return DialectId.RESPONSES;
    }

    private static ResponseCreateParams params(String model, JsonNode request) {
        ResponseCreateParams.Builder builder = ResponseCreateParams.builder().model(model);
        request.properties()
                .forEach(member -> builder.putAdditionalBodyProperty(member.getKey(), JsonValue.fromJsonNode(member.getValue())));
        return builder.build();
    }

    @Override
    public Told whole(String model, JsonNode request) {
        Response answer = client.responses().create(params(model, request));
        answer.validate();
        return told(answer);
    }

    /// The text of the stream is what its deltas said; it must be what the last event says.
    @Override
    public Told streamed(String model, JsonNode request) {
        List<ResponseStreamEvent> events = new ArrayList<>();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params(model, request))) {
            stream.stream().forEach(event -> {
                event.validate();
                events.add(event);
            });
        }
        ResponseStreamEvent last = events.getLast();
        Told told = told(last.isCompleted() ? last.asCompleted().response() : last.asIncomplete().response());
        String text = events.stream()
                .flatMap(event -> event.outputTextDelta().stream())
                .map(delta -> delta.delta())
                .collect(Collectors.joining());
        String thinking = events.stream()
                .flatMap(event -> event.reasoningSummaryTextDelta().stream())
                .map(delta -> delta.delta())
                .collect(Collectors.joining());
        if (!text.equals(told.text()) || !thinking.equals(told.thinking())) {
            throw new AssertionError("the deltas said " + text + " and " + thinking + ", the response says " + told);
        }
        String arguments = events.stream()
                .flatMap(event -> event.functionCallArgumentsDelta().stream())
                .map(delta -> delta.delta())
                .collect(Collectors.joining());
        String whole = told.calls().stream().map(call -> call.substring(call.indexOf(' ') + 1)).collect(Collectors.joining());
        if (!arguments.equals(whole)) {
            throw new AssertionError("the deltas said " + arguments + ", the response says " + whole);
        }
        return told;
    }

    private static Told told(Response answer) {
        String text = answer.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(part -> part.outputText().stream())
                .map(part -> part.text())
                .collect(Collectors.joining());
        String refusal = answer.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(part -> part.refusal().stream())
                .map(part -> part.refusal())
                .collect(Collectors.joining());
        String thinking = answer.output().stream()
                .flatMap(item -> item.reasoning().stream())
                .flatMap(item -> item.summary().stream())
                .map(part -> part.text())
                .collect(Collectors.joining());
        List<String> calls = answer.output().stream()
                .flatMap(item -> item.functionCall().stream())
                .map(call -> call.name() + " " + call.arguments())
                .toList();
        String finish = answer.status().orElseThrow().asString()
                + answer.incompleteDetails().flatMap(details -> details.reason()).map(reason -> "/" + reason.asString()).orElse("");
        var usage = answer.usage().orElseThrow();
        return new Told(
                text,
                thinking,
                refusal,
                calls,
                finish,
                usage.inputTokens(),
                usage.inputTokensDetails().cachedTokens(),
                usage.outputTokens(),
                ObjectMappers.jsonMapper().valueToTree(answer.output()));
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
