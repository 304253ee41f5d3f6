package dev.plexus.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.models.ModelInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Anthropic's own Java client, which knows nothing of Plexus, talks to it as to its vendor.
class AnthropicSdkTest {

    private static SdkGateway gateway;
    private static final List<AnthropicClient> OPENED = new ArrayList<>();

    private static AnthropicClient client;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = SdkGateway.start(directory);
        client = client("sk-test");
    }

    @AfterAll
    static void stop() {
        OPENED.forEach(AnthropicClient::close);
        gateway.close();
    }

    @Test
    void a_whole_message() {
        Message answer = client.messages().create(question("fast").build());

        assertThat(text(answer)).startsWith("Hello, this");
        assertThat(answer.stopReason()).contains(StopReason.END_TURN);
        assertThat(answer.usage().outputTokens()).isPositive();
        assertThat(answer.validate()).isNotNull();
    }

    @Test
    void a_streamed_message_says_the_same_as_a_whole_one() {
        List<RawMessageStreamEvent> events = streamed(question("fast"));

        String text = deltas(events).flatMap(delta -> delta.text().stream()).map(part -> part.text()).collect(Collectors.joining());
        assertThat(text).startsWith("Hello, this");
        assertThat(events.getFirst().isMessageStart()).isTrue();
        assertThat(events.getLast().isMessageStop()).isTrue();
        assertThat(events.stream().flatMap(event -> event.messageDelta().stream()).toList()).singleElement().satisfies(delta -> {
            assertThat(delta.delta().stopReason()).contains(StopReason.END_TURN);
            assertThat(delta.usage().outputTokens()).isPositive();
        });
    }

    @Test
    void tools_are_called_whole_and_streamed() {
        Message whole = client.messages().create(question("tools").addTool(tool()).build());
        List<RawMessageStreamEvent> events = streamed(question("tools").addTool(tool()));

        assertThat(whole.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(whole.content().stream().flatMap(block -> block.toolUse().stream()).toList()).hasSize(2).allSatisfy(call -> {
            assertThat(call.name()).isEqualTo("get_weather");
            assertThat(call._input()).isEqualTo(JsonValue.from(Map.of("city", "Lisbon")));
        });
        assertThat(deltas(events).flatMap(delta -> delta.inputJson().stream()).map(part -> part.partialJson()).collect(Collectors.joining()))
                .isEqualTo("{\"city\":\"Lisbon\"}{\"city\":\"Lisbon\"}");
    }

    @Test
    void thinking_comes_with_its_signature_whole_and_streamed() {
        Message whole = client.messages().create(question("think").enabledThinking(1_024).maxTokens(2_048).build());
        List<RawMessageStreamEvent> events = streamed(question("think").enabledThinking(1_024).maxTokens(2_048));

        var block = whole.content().getFirst().asThinking();
        assertThat(block.thinking()).startsWith("The question is");
        assertThat(block.signature()).isNotEmpty();
        assertThat(deltas(events).flatMap(delta -> delta.thinking().stream()).map(part -> part.thinking()).collect(Collectors.joining()))
                .isEqualTo(block.thinking());
        assertThat(deltas(events).flatMap(delta -> delta.signature().stream()).map(part -> part.signature()).collect(Collectors.joining()))
                .isEqualTo(block.signature());
    }

    @Test
    void tokens_are_counted() {
        MessageCountTokensParams.Builder question = MessageCountTokensParams.builder().addUserMessage("Hello, world!");

        assertThat(client.messages().countTokens(question.model("counting").build()).inputTokens()).isPositive();
        assertThat(client.messages().countTokens(question.model("fast").build()).inputTokens()).isEqualTo(5);
    }

    @Test
    void models_are_listed_and_found() {
        List<String> ids = client.models().list().autoPager().stream().map(ModelInfo::id).toList();

        assertThat(ids).contains("fast", "org/fast:free", "embed");
        assertThat(client.models().retrieve("fast").displayName()).isEqualTo("fast");
        assertThat(catchThrowableOfType(NotFoundException.class, () -> client.models().retrieve("nothing"))).isNotNull();
    }

    @Test
    void a_key_may_come_as_a_bearer_token() {
        AnthropicClient bearer = AnthropicOkHttpClient.builder().baseUrl(gateway.url("")).authToken("sk-test").maxRetries(0).build();
        OPENED.add(bearer);

        assertThat(text(bearer.messages().create(question("fast").build()))).startsWith("Hello, this");
    }

    @Test
    void a_wrong_key_is_unauthorized() {
        AnthropicClient stranger = client("sk-wrong");

        var failure = catchThrowableOfType(UnauthorizedException.class, () -> stranger.messages().create(question("fast").build()));

        assertThat(type(failure)).isEqualTo("authentication_error");
        assertThat(failure.requestId()).isPresent();
    }

    @Test
    void an_exhausted_quota_is_a_rate_limit() {
        AnthropicClient limited = client("sk-limited");

        var failure = catchThrowableOfType(RateLimitException.class, () -> limited.messages().create(question("fast").build()));

        assertThat(type(failure)).isEqualTo("rate_limit_error");
        assertThat(failure.headers().values("retry-after")).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing, 404, not_found_error, com.anthropic.errors.NotFoundException",
        "embed, 400, invalid_request_error, com.anthropic.errors.BadRequestException",
        "off, 503, overloaded_error, com.anthropic.errors.InternalServerException"
    })
    void errors_of_the_gateway_are_of_their_type(String model, int status, String type, Class<?> exception) {
        for (boolean streamed : List.of(false, true)) {
            AnthropicServiceException failure = failure(model, streamed);

            assertThat(failure).isInstanceOf(exception);
            assertThat(failure.statusCode()).isEqualTo(status);
            assertThat(type(failure)).isEqualTo(type);
            assertThat(failure.headers().values("x-plexus-error-origin")).containsExactly("gateway");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "says-400, 400, com.anthropic.errors.BadRequestException",
        "says-404, 404, com.anthropic.errors.NotFoundException",
        "says-429, 429, com.anthropic.errors.RateLimitException",
        "says-503, 529, com.anthropic.errors.InternalServerException",
        "says-401, 502, com.anthropic.errors.InternalServerException"
    })
    void errors_of_the_provider_are_of_their_type(String model, int status, Class<?> exception) {
        for (boolean streamed : List.of(false, true)) {
            AnthropicServiceException failure = failure(model, streamed);

            assertThat(failure).isInstanceOf(exception).hasMessageContaining("mock upstream error");
            assertThat(failure.statusCode()).isEqualTo(status);
            assertThat(failure.headers().values("x-plexus-error-origin")).containsExactly("upstream");
        }
    }

    @Test
    void a_stream_that_breaks_is_an_exception_and_not_an_end() {
        List<RawMessageStreamEvent> seen = new ArrayList<>();
        Throwable failure = catchThrowableOfType(Throwable.class, () -> {
            try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(question("cut").build())) {
                stream.stream().forEach(seen::add);
            }
        });

        assertThat(failure).isNotNull();
        assertThat(seen).hasSizeGreaterThan(3);
    }

    @Test
    void closing_a_stream_cancels_the_upstream() {
        StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(question("endless").build());
        Iterator<RawMessageStreamEvent> events = stream.stream().iterator();
        events.next();

        assertThat(gateway.millisUntilCancelled(stream::close)).isLessThan(SdkGateway.UPSTREAM_GONE_MILLIS);
    }

    private static AnthropicClient client(String key) {
        AnthropicClient opened = AnthropicOkHttpClient.builder().baseUrl(gateway.url("")).apiKey(key).maxRetries(0).build();
        OPENED.add(opened);
        return opened;
    }

    private static MessageCreateParams.Builder question(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(256).addUserMessage("Where is the simulator?");
    }

    private static Tool tool() {
        return Tool.builder()
                .name("get_weather")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(Tool.InputSchema.Properties.builder()
                                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                                .build())
                        .build())
                .build();
    }

    private static List<RawMessageStreamEvent> streamed(MessageCreateParams.Builder params) {
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params.build())) {
            return stream.stream().toList();
        }
    }

    private static Stream<RawContentBlockDelta> deltas(List<RawMessageStreamEvent> events) {
        return events.stream().flatMap(event -> event.contentBlockDelta().stream()).map(event -> event.delta());
    }

    private static String text(Message message) {
        return message.content().stream()
                .filter(ContentBlock::isText)
                .map(block -> block.asText().text())
                .collect(Collectors.joining());
    }

    private static AnthropicServiceException failure(String model, boolean streamed) {
        return catchThrowableOfType(AnthropicServiceException.class, () -> {
            if (streamed) {
                client.messages().createStreaming(question(model).build()).close();
            } else {
                client.messages().create(question(model).build());
            }
        });
    }

    /// The type as the body says it.
    private static String type(AnthropicServiceException failure) {
        return failure.errorType().orElseThrow().asString();
    }
}
