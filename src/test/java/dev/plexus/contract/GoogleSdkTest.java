package dev.plexus.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.types.CountTokensConfig;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Model;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Google's own Java client, which knows nothing of Plexus, talks to it as to its vendor.
class GoogleSdkTest {

    private static final GenerateContentConfig PLAIN = GenerateContentConfig.builder().build();

    private static SdkGateway gateway;
    private static Client client;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = SdkGateway.start(directory);
        client = client("sk-test");
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void a_whole_answer() {
        GenerateContentResponse answer = client.models.generateContent("fast", "Where is the simulator?", PLAIN);

        assertThat(answer.text()).startsWith("Hello, this");
        assertThat(answer.finishReason().toString()).isEqualTo("STOP");
        assertThat(answer.usageMetadata().orElseThrow().candidatesTokenCount().orElseThrow()).isPositive();
    }

    @Test
    void a_streamed_answer_says_the_same_as_a_whole_one() {
        List<GenerateContentResponse> chunks = streamed("fast", PLAIN);

        assertThat(chunks).hasSizeGreaterThan(2);
        assertThat(text(chunks)).isEqualTo(client.models.generateContent("fast", "Where is the simulator?", PLAIN).text());
        assertThat(chunks.getLast().finishReason().toString()).isEqualTo("STOP");
        assertThat(chunks.getLast().usageMetadata()).isPresent();
    }

    @Test
    void tokens_are_counted() {
        CountTokensConfig plain = CountTokensConfig.builder().build();

        assertThat(client.models.countTokens("counting", "Hello, world!", plain).totalTokens().orElseThrow()).isPositive();
        assertThat(client.models.countTokens("org/fast:free", "Hello, world!", plain).totalTokens()).contains(5);
    }

    @Test
    void a_model_name_may_hold_slash_and_colon() {
        assertThat(client.models.generateContent("models/org/fast:free", "Hi", PLAIN).text()).startsWith("Hello, this");
    }

    @Test
    void tools_are_called_whole_and_streamed() {
        GenerateContentConfig config = GenerateContentConfig.builder()
                .tools(Tool.builder()
                        .functionDeclarations(FunctionDeclaration.builder()
                                .name("get_weather")
                                .parametersJsonSchema(Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string"))))
                                .build())
                        .build())
                .build();

        GenerateContentResponse whole = client.models.generateContent("tools", "Where?", config);
        List<GenerateContentResponse> chunks = streamed("tools", config);

        assertThat(whole.functionCalls()).hasSize(2).allSatisfy(call -> {
            assertThat(call.name()).contains("get_weather");
            assertThat(call.args()).contains(Map.of("city", "Lisbon"));
        });
        assertThat(parts(chunks).flatMap(part -> part.functionCall().stream()).toList())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.args()).contains(Map.of("city", "Lisbon")));
    }

    @Test
    void thinking_comes_as_parts_that_are_thoughts_whole_and_streamed() {
        GenerateContentConfig config = GenerateContentConfig.builder()
                .thinkingConfig(ThinkingConfig.builder().includeThoughts(true).build())
                .build();

        GenerateContentResponse whole = client.models.generateContent("think", "Where?", config);
        List<GenerateContentResponse> chunks = streamed("think", config);

        assertThat(thoughts(List.of(whole))).startsWith("The question is");
        assertThat(thoughts(chunks)).startsWith("The question is");
        assertThat(whole.usageMetadata().orElseThrow().thoughtsTokenCount().orElseThrow()).isPositive();
    }

    @Test
    void models_are_listed_and_found() {
        List<String> names = new ArrayList<>();
        for (Model model : client.models.list(ListModelsConfig.builder().pageSize(3).build())) {
            names.add(model.name().orElseThrow());
        }

        assertThat(names).contains("models/fast", "models/org/fast:free", "models/embed").doesNotHaveDuplicates();
        assertThat(client.models.get("fast", null).name()).contains("models/fast");
        assertThat(catchThrowableOfType(ClientException.class, () -> client.models.get("nothing", null)).code()).isEqualTo(404);
    }

    @Test
    void a_wrong_key_is_unauthenticated() {
        try (Client stranger = client("sk-wrong")) {
            var failure = catchThrowableOfType(ApiException.class, () -> stranger.models.generateContent("fast", "Hi", PLAIN));

            assertThat(failure.code()).isEqualTo(401);
            assertThat(failure.message()).isEqualTo("Invalid API key");
        }
    }

    @Test
    void an_exhausted_quota_is_a_rate_limit() {
        try (Client limited = client("sk-limited")) {
            var failure = catchThrowableOfType(ApiException.class, () -> limited.models.generateContent("fast", "Hi", PLAIN));

            assertThat(failure.code()).isEqualTo(429);
            assertThat(failure.message()).contains("Quota exceeded: none-left limit of 1 reached");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing, 404, com.google.genai.errors.ClientException, not found in configuration",
        "embed, 400, com.google.genai.errors.ClientException, is of type 'embeddings'",
        "off, 503, com.google.genai.errors.ServerException, are disabled",
        "says-400, 400, com.google.genai.errors.ClientException, mock upstream error 400",
        "says-404, 404, com.google.genai.errors.ClientException, mock upstream error 404",
        "says-429, 429, com.google.genai.errors.ClientException, mock upstream error 429",
        "says-503, 503, com.google.genai.errors.ServerException, mock upstream error 503",
        "says-401, 502, com.google.genai.errors.ServerException, mock upstream error 401"
    })
    void errors_are_of_their_type(String model, int code, Class<?> exception, String words) {
        for (boolean streamed : List.of(false, true)) {
            ApiException failure = catchThrowableOfType(ApiException.class, () -> {
                if (streamed) {
                    streamed(model, PLAIN);
                } else {
                    client.models.generateContent(model, "Hi", PLAIN);
                }
            });

            assertThat(failure).isInstanceOf(exception);
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.message()).contains(words);
        }
    }

    @Test
    void a_stream_that_breaks_is_an_exception_and_not_an_end() {
        List<GenerateContentResponse> seen = new ArrayList<>();
        Throwable failure = catchThrowableOfType(Throwable.class, () -> {
            try (ResponseStream<GenerateContentResponse> stream = client.models.generateContentStream("cut", "Hi", PLAIN)) {
                stream.forEach(seen::add);
            }
        });

        assertThat(failure).isNotNull();
        assertThat(text(seen)).startsWith("Hello");
    }

    @Test
    void closing_a_stream_cancels_the_upstream() {
        ResponseStream<GenerateContentResponse> stream = client.models.generateContentStream("endless", "Hi", PLAIN);
        Iterator<GenerateContentResponse> chunks = stream.iterator();
        chunks.next();

        assertThat(gateway.millisUntilCancelled(stream::close)).isLessThan(SdkGateway.UPSTREAM_GONE_MILLIS);
    }

    private static Client client(String key) {
        return Client.builder()
                .apiKey(key)
                .httpOptions(HttpOptions.builder()
                        .baseUrl(gateway.url(""))
                        .retryOptions(HttpRetryOptions.builder().attempts(1).httpStatusCodes(List.of(599)).build())
                        .build())
                .build();
    }

    private static List<GenerateContentResponse> streamed(String model, GenerateContentConfig config) {
        try (ResponseStream<GenerateContentResponse> stream = client.models.generateContentStream(model, "Where is the simulator?", config)) {
            List<GenerateContentResponse> chunks = new ArrayList<>();
            stream.forEach(chunks::add);
            return chunks;
        }
    }

    private static Stream<Part> parts(List<GenerateContentResponse> chunks) {
        return chunks.stream().flatMap(chunk -> Optional.ofNullable(chunk.parts()).stream()).flatMap(List::stream);
    }

    private static String text(List<GenerateContentResponse> chunks) {
        return parts(chunks)
                .filter(part -> !part.thought().orElse(false))
                .flatMap(part -> part.text().stream())
                .collect(Collectors.joining());
    }

    private static String thoughts(List<GenerateContentResponse> chunks) {
        return parts(chunks)
                .filter(part -> part.thought().orElse(false))
                .flatMap(part -> part.text().stream())
                .collect(Collectors.joining());
    }
}
