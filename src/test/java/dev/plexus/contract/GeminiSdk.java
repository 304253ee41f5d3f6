package dev.plexus.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import dev.plexus.model.DialectId;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Google's Java client. Its requests are split into `contents` and `config`.
final class GeminiSdk implements ConversationClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Client client;

    GeminiSdk(String baseUrl) {
        client = Client.builder()
                .apiKey("sk-test")
                .httpOptions(HttpOptions.builder()
                        .baseUrl(baseUrl)
                        .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                        .build())
                .build();
    }

    @Override
    public DialectId dialect() {
        return DialectId.GEMINI;
    }

    private static List<Content> contents(JsonNode request) {
        List<Content> contents = new ArrayList<>();
        request.path("contents").forEach(content -> contents.add(Content.fromJson(content.toString())));
        return contents;
    }

    private static GenerateContentConfig config(JsonNode request) {
        return request.has("config") ? GenerateContentConfig.fromJson(request.path("config").toString()) : GenerateContentConfig.builder().build();
    }

    @Override
    public Told whole(String model, JsonNode request) {
        return told(List.of(client.models.generateContent(model, contents(request), config(request))));
    }

    @Override
    public Told streamed(String model, JsonNode request) {
        List<GenerateContentResponse> chunks = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(model, contents(request), config(request))) {
            stream.forEach(chunks::add);
        }
        return told(chunks);
    }

    private static Told told(List<GenerateContentResponse> chunks) {
        List<Part> parts = chunks.stream()
                .flatMap(chunk -> chunk.candidates().orElse(List.of()).stream())
                .flatMap(candidate -> candidate.content().stream())
                .flatMap(content -> content.parts().orElse(List.of()).stream())
                .toList();
        List<String> calls = parts.stream()
                .flatMap(part -> part.functionCall().stream())
                .map(call -> call.name().orElseThrow() + " " + JSON.valueToTree(call.args().orElseThrow()))
                .toList();
        String finish = chunks.stream()
                .flatMap(chunk -> chunk.candidates().orElse(List.of()).stream())
                .flatMap(candidate -> candidate.finishReason().stream())
                .map(Object::toString)
                .collect(Collectors.joining(","));
        GenerateContentResponseUsageMetadata usage = chunks.getLast().usageMetadata().orElseThrow();
        JsonNode replay = read(Content.builder().role("model").parts(parts).build().toJson());
        return new Told(
                text(parts, false),
                text(parts, true),
                "",
                calls,
                finish,
                usage.promptTokenCount().orElse(0),
                usage.cachedContentTokenCount().orElse(0),
                usage.candidatesTokenCount().orElse(0) + usage.thoughtsTokenCount().orElse(0),
                replay);
    }

    private static String text(List<Part> parts, boolean thought) {
        return parts.stream()
                .filter(part -> part.thought().orElse(false) == thought)
                .flatMap(part -> part.text().stream())
                .collect(Collectors.joining());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String failure(String model, JsonNode request) {
        try {
            return "no failure: " + whole(model, request);
        } catch (ApiException failed) {
            return failed.code() + " " + failed.getClass().getSimpleName() + " " + failed.message();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
