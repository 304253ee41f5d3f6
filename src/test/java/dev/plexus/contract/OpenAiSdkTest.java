package dev.plexus.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// OpenAI's own Java client, which knows nothing of Plexus, talks to it as to its vendor.
class OpenAiSdkTest {

    private static final Map<String, JsonValue> CITY = Map.of(
            "type", JsonValue.from("object"), "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))));

    private static SdkGateway gateway;
    private static final List<OpenAIClient> OPENED = new ArrayList<>();

    private static OpenAIClient client;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = SdkGateway.start(directory);
        client = client("sk-test");
    }

    @AfterAll
    static void stop() {
        OPENED.forEach(OpenAIClient::close);
        gateway.close();
    }

    @Test
    void a_whole_chat_completion() {
        ChatCompletion answer = client.chat().completions().create(chat("fast").build());

        assertThat(answer.choices().getFirst().message().content().orElseThrow()).startsWith("Hello, this");
        assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("stop");
        assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
        assertThat(answer.validate()).isNotNull();
    }

    @Test
    void a_streamed_chat_completion_says_the_same_as_a_whole_one() {
        List<ChatCompletionChunk> chunks = streamed(chat("fast"));

        assertThat(text(chunks)).startsWith("Hello, this");
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
        assertThat(chunks.getLast().choices().getFirst().finishReason().orElseThrow().asString()).isEqualTo("stop");
    }

    @Test
    void a_streamed_chat_completion_ends_with_usage_when_asked() {
        List<ChatCompletionChunk> chunks =
                streamed(chat("fast").streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build()));

        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isPositive();
    }

    @Test
    void tools_are_called_in_a_whole_chat_completion() {
        ChatCompletion answer = client.chat().completions().create(chat("tools").addFunctionTool(chatTool()).build());

        assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
        assertThat(answer.choices().getFirst().message().toolCalls().orElseThrow()).hasSize(2).allSatisfy(call -> {
            assertThat(call.asFunction().function().name()).isEqualTo("get_weather");
            assertThat(call.asFunction().function().arguments()).isEqualTo("{\"city\":\"Lisbon\"}");
        });
    }

    @Test
    void tools_are_called_in_a_streamed_chat_completion() {
        List<ChatCompletionChunk> chunks = streamed(chat("tools").addFunctionTool(chatTool()));

        Map<Long, String> arguments = chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().toolCalls().stream().flatMap(List::stream))
                .collect(Collectors.groupingBy(
                        ChatCompletionChunk.Choice.Delta.ToolCall::index,
                        Collectors.mapping(
                                call -> call.function().flatMap(function -> function.arguments()).orElse(""), Collectors.joining())));
        assertThat(arguments).hasSize(2).allSatisfy((_, json) -> assertThat(json).isEqualTo("{\"city\":\"Lisbon\"}"));
    }

    @Test
    void thinking_comes_beside_the_text_of_a_chat_completion() {
        ChatCompletion whole = client.chat().completions().create(chat("think").build());
        List<ChatCompletionChunk> chunks = streamed(chat("think"));

        String thought = whole.choices().getFirst().message()._additionalProperties().get("reasoning_content").asStringOrThrow();
        String streamedThought = chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta()._additionalProperties().get("reasoning_content"))
                .flatMap(part -> Optional.ofNullable(part).stream())
                .map(JsonValue::asStringOrThrow)
                .collect(Collectors.joining());
        assertThat(streamedThought).isEqualTo(thought).startsWith("The question is");
    }

    @Test
    void a_whole_response() {
        Response answer = client.responses().create(question("fast").build());

        assertThat(text(answer)).startsWith("Hello, this");
        assertThat(answer.usage().orElseThrow().outputTokens()).isPositive();
    }

    @Test
    void a_streamed_response_says_the_same_as_the_response_that_completes_it() {
        List<ResponseStreamEvent> events = streamed(question("fast"));

        String text = events.stream()
                .flatMap(event -> event.outputTextDelta().stream())
                .map(delta -> delta.delta())
                .collect(Collectors.joining());
        assertThat(text).startsWith("Hello, this").isEqualTo(text(events.getLast().asCompleted().response()));
    }

    @Test
    void tools_are_called_in_a_response() {
        FunctionTool tool = FunctionTool.builder()
                .name("get_weather")
                .strict(false)
                .parameters(FunctionTool.Parameters.builder()
                        .additionalProperties(CITY)
                        .build())
                .build();
        Response whole = client.responses().create(question("tools").addTool(tool).build());
        List<ResponseStreamEvent> events = streamed(question("tools").addTool(tool));

        assertThat(calls(whole)).containsExactly("get_weather{\"city\":\"Lisbon\"}", "get_weather{\"city\":\"Lisbon\"}");
        assertThat(calls(events.getLast().asCompleted().response())).isEqualTo(calls(whole));
        assertThat(events.stream().flatMap(event -> event.functionCallArgumentsDelta().stream()).map(delta -> delta.delta())
                        .collect(Collectors.joining()))
                .isEqualTo("{\"city\":\"Lisbon\"}{\"city\":\"Lisbon\"}");
    }

    @Test
    void thinking_comes_as_a_reasoning_item_of_a_response() {
        Response whole = client.responses().create(question("think").build());
        List<ResponseStreamEvent> events = streamed(question("think"));

        String summary = whole.output().stream()
                .flatMap(item -> item.reasoning().stream())
                .flatMap(item -> item.summary().stream())
                .map(part -> part.text())
                .collect(Collectors.joining());
        assertThat(summary).startsWith("The question is");
        assertThat(events.stream().flatMap(event -> event.reasoningSummaryTextDelta().stream()).map(delta -> delta.delta())
                        .collect(Collectors.joining()))
                .isEqualTo(summary);
    }

    @Test
    void embeddings_come_as_numbers() {
        var answer = client.embeddings().create(EmbeddingCreateParams.builder()
                .model("embed")
                .inputOfArrayOfStrings(List.of("one", "two"))
                .dimensions(64)
                .build());

        assertThat(answer.data()).hasSize(2).allSatisfy(entry -> assertThat(entry.embedding()).hasSize(64));
        assertThat(answer.usage().promptTokens()).isPositive();
    }

    @Test
    void embeddings_come_as_base64_when_the_client_asks() {
        var answer = client.embeddings().create(EmbeddingCreateParams.builder()
                .model("embed")
                .input("one")
                .encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64)
                .build());

        assertThat(answer.data().getFirst().embeddingValue().isBase64()).isTrue();
    }

    @Test
    void models_are_listed_and_found() {
        List<String> ids = client.models().list().autoPager().stream().map(Model::id).toList();

        assertThat(ids).contains("fast", "org/fast:free", "embed");
        assertThat(client.models().retrieve("fast").ownedBy()).isEqualTo("plexus");
        assertThat(client.models().retrieve("org/fast:free").id()).isEqualTo("org/fast:free");
        assertThat(catchThrowableOfType(NotFoundException.class, () -> client.models().retrieve("nothing")).code())
                .contains("model_not_found");
    }

    @Test
    void a_wrong_key_is_unauthorized() {
        OpenAIClient stranger = client("sk-wrong");

        var failure = catchThrowableOfType(
                UnauthorizedException.class, () -> stranger.chat().completions().create(chat("fast").build()));

        assertThat(failure.type()).contains("auth_error");
        assertThat(failure.headers().values("x-request-id")).hasSize(1);
    }

    @Test
    void a_key_without_access_is_forbidden() {
        OpenAIClient held = client("sk-held");

        var failure = catchThrowableOfType(
                PermissionDeniedException.class, () -> held.chat().completions().create(chat("fast").build()));

        assertThat(failure.type()).contains("permission_error");
    }

    @Test
    void an_exhausted_quota_is_a_rate_limit() {
        OpenAIClient limited = client("sk-limited");

        var failure = catchThrowableOfType(
                RateLimitException.class, () -> limited.chat().completions().create(chat("fast").build()));

        assertThat(failure.code()).contains("quota_exceeded");
        assertThat(failure.headers().values("retry-after")).hasSize(1);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "chat, nothing, 404, model_not_found, model, com.openai.errors.NotFoundException",
        "responses, nothing, 404, model_not_found, model, com.openai.errors.NotFoundException",
        "embeddings, nothing, 404, model_not_found, model, com.openai.errors.NotFoundException",
        "chat, embed, 400, model_type_mismatch, model, com.openai.errors.BadRequestException",
        "chat, off, 503, all_targets_disabled, , com.openai.errors.InternalServerException",
        "responses, off, 503, all_targets_disabled, , com.openai.errors.InternalServerException"
    })
    void errors_of_the_gateway_are_of_their_type(String endpoint, String model, int status, String code, String param, Class<?> type) {
        OpenAIServiceException failure = failure(endpoint, model);

        assertThat(failure).isInstanceOf(type);
        assertThat(failure.statusCode()).isEqualTo(status);
        assertThat(failure.code()).contains(code);
        assertThat(failure.param()).isEqualTo(Optional.ofNullable(param));
        assertThat(failure.headers().values("x-plexus-error-origin")).containsExactly("gateway");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "chat, says-400, 400, com.openai.errors.BadRequestException",
        "chat, says-404, 404, com.openai.errors.NotFoundException",
        "chat, says-429, 429, com.openai.errors.RateLimitException",
        "chat, says-503, 503, com.openai.errors.InternalServerException",
        "chat, says-401, 502, com.openai.errors.InternalServerException",
        "responses, says-400, 400, com.openai.errors.BadRequestException",
        "responses, says-429, 429, com.openai.errors.RateLimitException",
        "responses, says-503, 503, com.openai.errors.InternalServerException",
        "embeddings, says-400, 400, com.openai.errors.BadRequestException",
        "embeddings, says-429, 429, com.openai.errors.RateLimitException",
        "stream, says-400, 400, com.openai.errors.BadRequestException",
        "stream, says-429, 429, com.openai.errors.RateLimitException",
        "stream, says-503, 503, com.openai.errors.InternalServerException"
    })
    void errors_of_the_provider_are_of_their_type(String endpoint, String model, int status, Class<?> type) {
        OpenAIServiceException failure = failure(endpoint, model);

        assertThat(failure).isInstanceOf(type).hasMessageContaining("mock upstream error");
        assertThat(failure.statusCode()).isEqualTo(status);
        assertThat(failure.headers().values("x-plexus-error-origin")).containsExactly("upstream");
    }

    @Test
    void the_wait_that_the_provider_asks_for_reaches_the_client() {
        assertThat(failure("chat", "says-429").headers().values("retry-after")).containsExactly("3");
    }

    @Test
    void a_stream_that_breaks_is_an_exception_and_not_an_end() {
        List<ChatCompletionChunk> seen = new ArrayList<>();
        Throwable failure = catchThrowableOfType(Throwable.class, () -> {
            try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(chat("cut").build())) {
                stream.stream().forEach(seen::add);
            }
        });

        assertThat(failure).isNotNull();
        assertThat(text(seen)).startsWith("Hello");
    }

    @Test
    void closing_a_chat_stream_cancels_the_upstream() {
        StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(chat("endless").build());
        Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
        chunks.next();

        assertThat(gateway.millisUntilCancelled(stream::close)).isLessThan(SdkGateway.UPSTREAM_GONE_MILLIS);
    }

    @Test
    void closing_a_response_stream_cancels_the_upstream() {
        StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(question("endless").build());
        Iterator<ResponseStreamEvent> events = stream.stream().iterator();
        events.next();

        assertThat(gateway.millisUntilCancelled(stream::close)).isLessThan(SdkGateway.UPSTREAM_GONE_MILLIS);
    }

    private static OpenAIClient client(String key) {
        OpenAIClient opened = OpenAIOkHttpClient.builder().baseUrl(gateway.url("/v1")).apiKey(key).maxRetries(0).build();
        OPENED.add(opened);
        return opened;
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Where is the simulator?");
    }

    private static ResponseCreateParams.Builder question(String model) {
        return ResponseCreateParams.builder().model(model).input("Where is the simulator?");
    }

    private static FunctionDefinition chatTool() {
        return FunctionDefinition.builder()
                .name("get_weather")
                .parameters(FunctionParameters.builder()
                        .additionalProperties(CITY)
                        .build())
                .build();
    }

    private static List<ChatCompletionChunk> streamed(ChatCompletionCreateParams.Builder params) {
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(params.build())) {
            return stream.stream().toList();
        }
    }

    private static List<ResponseStreamEvent> streamed(ResponseCreateParams.Builder params) {
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params.build())) {
            return stream.stream().toList();
        }
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream())
                .collect(Collectors.joining());
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .map(text -> text.text())
                .collect(Collectors.joining());
    }

    private static List<String> calls(Response response) {
        return response.output().stream()
                .filter(ResponseOutputItem::isFunctionCall)
                .map(item -> item.asFunctionCall().name() + item.asFunctionCall().arguments())
                .toList();
    }

    private static OpenAIServiceException failure(String endpoint, String model) {
        Consumer<String> call = switch (endpoint) {
            case "chat" -> name -> client.chat().completions().create(chat(name).build());
            case "stream" -> name -> client.chat().completions().createStreaming(chat(name).build()).close();
            case "responses" -> name -> client.responses().create(question(name).build());
            default -> name -> client.embeddings().create(EmbeddingCreateParams.builder().model(name).input("x").build());
        };
        return catchThrowableOfType(OpenAIServiceException.class, () -> call.accept(model));
    }
}
