package dev.plexus.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.AnswerWatch.Verdict;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.DialectContract;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.RequestPath;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.Traces;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Usage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiDialectTest extends DialectContract.Streaming {

    @Override
    protected Dialect dialect() {
        return new GeminiDialect();
    }

    @Override
    protected List<Member> required() {
        return List.of(new Member("\"contents\"", "[{\"parts\":[{\"text\":\"\\u00e9\"}]}]", " "));
    }

    @Override
    protected boolean modelInBody() {
        return false;
    }

    @Override
    protected RequestPath path() {
        return new RequestPath("g", true, false);
    }

    @Override
    protected Observed expected() {
        return new Observed(new Usage(10, 0, 0, 0, 5, 2, 15), "STOP", 1, true);
    }

    private @Nullable Usage usage(String usage) {
        Usage whole = answer("{\"usageMetadata\":" + usage + "}").observed().usage();
        assertThat(Traces.play(stream(), "{\"usageMetadata\":{\"promptTokenCount\":1}}", "{\"usageMetadata\":" + usage + "}").observed().usage()).isEqualTo(whole);
        return whole;
    }

    @Test
    void t12_thoughts_are_output_and_the_cache_is_taken_out_of_the_prompt() {
        assertThat(usage("{\"promptTokenCount\":500,\"cachedContentTokenCount\":200,\"candidatesTokenCount\":60,\"thoughtsTokenCount\":140,\"totalTokenCount\":700}"))
                .isEqualTo(new Usage(300, 200, 0, 0, 200, 140, 700));
    }

    @Test
    void tool_prompts_are_input() {
        assertThat(usage("{\"promptTokenCount\":50,\"cachedContentTokenCount\":60,\"toolUsePromptTokenCount\":7,\"candidatesTokenCount\":1}")).isEqualTo(new Usage(57, 60, 0, 0, 1, 0, 118));
    }

    @Test
    void x13_usage_may_come_alone_at_the_end() {
        var played = Traces.play(
                stream(), "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"STOP\"}]}", "{\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":1}}");

        assertThat(played.observed()).isEqualTo(new Observed(new Usage(4, 0, 0, 0, 1, 0, 5), "STOP", 0, true));
        assertThat(played.complete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"responseId\":\"x\"}|BOOKKEEPING",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]}}]}|BOOKKEEPING",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"FINISH_REASON_UNSPECIFIED\"}]}|BOOKKEEPING",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"error\"}]}}]}|CONTENT",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"AA\"}}]}}]}|CONTENT",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}}]}|CONTENT",
        "{\"candidates\":[{\"finishReason\":\"STOP\"}]}|CONTENT",
        "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}|CONTENT",
        "{\"usageMetadata\":{\"promptTokenCount\":1}}|BOOKKEEPING",
        "{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}|ERROR",
        "{\"error\":{\"code\":503,\"message\":\"x\",\"status\":\"UNAVAILABLE\"}}|ERROR",
        "[{\"error\":{\"code\":503,\"message\":\"x\",\"status\":\"UNAVAILABLE\"}}]|ERROR"})
    void kinds_of_chunks(String chunk, FrameKind kind) {
        assertThat(Traces.play(stream(), chunk).kinds()).containsExactly(kind);
    }

    @Test
    void a_malformed_call_after_text_is_no_error() {
        StreamWatch watch = stream();

        Traces.play(watch, "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}", "{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}");

        assertThat(watch.error()).isNull();
        assertThat(watch.observed().finishReason()).isEqualTo("MALFORMED_FUNCTION_CALL");
    }

    @Test
    void x11_all_parts_of_a_chunk_count() {
        var played = Traces.play(stream(), "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"t\",\"thought\":true},{\"text\":\"x\"},{\"functionCall\":{\"name\":\"f\"}},{\"functionCall\":{\"name\":\"f\"}}]},\"finishReason\":\"STOP\"}]}");

        assertThat(played.observed()).isEqualTo(new Observed(null, "STOP", 2, true));
    }

    @Test
    void a_call_whose_arguments_are_streamed_counts_once() {
        var played = Traces.play(
                stream(), "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a\",\"stringValue\":\"x\"}],\"willContinue\":true}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{}}]}}]}");

        assertThat(played.observed().toolCalls()).isEqualTo(1);
        assertThat(played.complete()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\"}]}|EMPTY",
        "{\"candidates\":[{\"finishReason\":\"MAX_TOKENS\"}]}|GOOD",
        "{\"candidates\":[{\"finishReason\":\"SAFETY\"}]}|GOOD",
        "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}|GOOD",
        "{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}|ERROR",
        "[{\"error\":{\"code\":400,\"message\":\"x\"}}]|ERROR",
        "[{\"candidates\":[]}]|BROKEN",
        "{\"totalTokens\":3}|GOOD",
        "{\"embedding\":{\"values\":[1]}}|GOOD"})
    void verdicts(String body, Verdict verdict) {
        assertThat(answer(body).verdict()).isEqualTo(verdict);
    }

    @Test
    void the_head_of_the_recorded_request() {
        RequestHead head = reference();

        assertThat(head.model()).isEqualTo("g");
        assertThat(head.stream()).isTrue();
        assertThat(head.sse()).isFalse();
        assertThat(head.messageCount()).isEqualTo(3);
        assertThat(head.toolsDefined()).isEqualTo(1);
    }

    @Test
    void each_declared_function_is_a_tool() {
        assertThat(head("{\"contents\":[{}],\"tools\":[{\"functionDeclarations\":[{},{}]},{\"googleSearch\":{}}]}").toolsDefined()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"contents\":[]}", "{\"contents\":null}"})
    void contents_are_required(String body) {
        assertThat(bad(body).message()).isEqualTo("contents: Field required");
    }

    @Test
    void a_single_content_or_text_is_wrapped() {
        assertThat(write("{\"a\":1,\"contents\": {\"parts\":[{\"text\":\"é\"}]} }", to("g"))).isEqualTo("{\"a\":1,\"contents\": [{\"parts\":[{\"text\":\"é\"}]}] }");
        assertThat(write("{\"contents\":\"h\\u00e9\"}", to("g"))).isEqualTo("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"h\\u00e9\"}]}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "https://g, gemini-2.5-pro, false, https://g/v1beta/models/gemini-2.5-pro:generateContent",
        "https://g, gemini-2.5-pro, true, https://g/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
        "https://g/v1beta, m, false, https://g/v1beta/models/m:generateContent",
        "https://g/V1, m, false, https://g/V1/models/m:generateContent",
        "https://g, models/m, false, https://g/v1beta/models/m:generateContent",
        "https://g, tunedModels/m, false, https://g/v1beta/tunedModels/m:generateContent",
        "https://g, a b:c/é?x#y, false, https://g/v1beta/models/a%20b%3Ac/%C3%A9%3Fx%23y:generateContent"})
    void urls(String base, String model, boolean stream, String url) {
        assertThat(dialect().upstreamUrl(base, model, stream)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/../b", "models/..", "/a", "a/", "a//b", "a\nb", "a\u0000b"})
    void models_that_would_leave_the_path_are_refused(String model) {
        assertThat(dialect().isSafeModel(model)).isFalse();
        assertThatThrownBy(() -> dialect().upstreamUrl("https://g", model, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void errors_and_credentials_in_this_format() {
        Map<String, String> headers = new HashMap<>();
        dialect().credentials("k", headers::put);

        assertThat(headers).isEqualTo(Map.of("x-goog-api-key", "k"));
        assertThat(new String(dialect().writeError(GatewayError.of(ErrorKind.AUTHENTICATION, "Invalid API key"), "r"), UTF_8))
                .isEqualTo("{\"error\":{\"code\":401,\"message\":\"Invalid API key\",\"status\":\"UNAUTHENTICATED\"}}");
        assertThat(new String(stream().writeError(GatewayError.of(ErrorKind.UPSTREAM_INVALID, "x"), "r"), UTF_8))
                .isEqualTo("data: {\"error\":{\"code\":502,\"message\":\"x\",\"status\":\"UNAVAILABLE\"}}\n\n");
    }
}
