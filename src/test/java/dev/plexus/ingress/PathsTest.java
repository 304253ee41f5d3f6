package dev.plexus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.RequestPath;
import dev.plexus.ingress.Match.Page.Kind;
import dev.plexus.model.DialectId;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathsTest {

    @ParameterizedTest(name = "<{0}>")
    @CsvSource({
        "/v1/chat/completions, CHAT_COMPLETIONS",
        "/v1/chat/completions/, CHAT_COMPLETIONS",
        "/v1/messages, MESSAGES",
        "/v1/messages/, MESSAGES",
        "/v1/responses, RESPONSES",
        "/v1/codex/responses, RESPONSES",
        "/v1/embeddings, EMBEDDINGS"
    })
    void a_post_to_an_inference_path_is_inference_with_or_without_a_last_slash(String path, Operation operation) {
        assertThat(match("POST", path)).isEqualTo(new Match.Inference(operation, null));
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(strings = {"/v1/messages/count_tokens", "/v1/messages/count_tokens/"})
    void tokens_of_messages_are_counted_at_a_path_of_their_own(String path) {
        assertThat(match("POST", path)).isEqualTo(new Match.TokenCount(DialectId.MESSAGES, null));
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(strings = {"/v1beta/models/org/llama3:8b:countTokens", "/v1/models/org%2Fllama3:8b:countTokens"})
    void tokens_of_gemini_are_counted_for_the_model_before_the_last_colon(String path) {
        assertThat(match("POST", path)).isEqualTo(new Match.TokenCount(DialectId.GEMINI, new RequestPath("org/llama3:8b", false, false)));
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(strings = {"/v0", "/v0/", "/v0/management/usage", "/v0/management/models/org%2Fa:b"})
    void whatever_is_below_v0_is_the_management_api_whatever_the_method(String path) {
        assertThat(match("GET", path)).isEqualTo(new Match.Admin());
        assertThat(match("DELETE", path)).isEqualTo(new Match.Admin());
        assertThat(match("GET", "/v0x")).isNotEqualTo(new Match.Admin());
    }

    @Test
    void a_query_does_not_matter_to_the_path() {
        assertThat(Paths.match(HttpMethod.POST, "/v1/messages", "beta=true")).isEqualTo(new Match.Inference(Operation.MESSAGES, null));
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource({
        "fast, fast",
        "openai/gpt-4o, openai/gpt-4o",
        "openai%2Fgpt-4o, openai/gpt-4o",
        "llama3:8b, llama3:8b",
        "llama3%3A8b, llama3:8b",
        "org/llama3:8b:free, org/llama3:8b:free",
        "models/fast, fast",
        "a%20b+c, a b+c",
        "m%C3%BCnchen, münchen",
        "100%, 100%"
    })
    void the_model_of_a_gemini_path_is_everything_before_the_last_colon(String segment, String model) {
        assertThat(match("POST", "/v1beta/models/" + segment + ":generateContent")).isEqualTo(gemini(model, false, false));
        assertThat(match("POST", "/v1/models/" + segment + ":generateContent")).isEqualTo(gemini(model, false, false));
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource({", false", "alt=sse, true", "alt=json, false", "key=k&alt=sse, true", "%24alt=sse, true", "$alt=sse, true", "alt=%73se, true"})
    void a_gemini_stream_is_events_only_if_alt_says_so(String query, boolean events) {
        assertThat(Paths.match(HttpMethod.POST, "/v1beta/models/fast:streamGenerateContent", query)).isEqualTo(gemini("fast", true, events));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alt=proto", "alt=SSE", "alt="})
    void any_other_alt_is_a_bad_request(String query) {
        Match.Unknown unknown = (Match.Unknown) Paths.match(HttpMethod.POST, "/v1beta/models/fast:streamGenerateContent", query);

        assertThat(unknown.dialect()).isEqualTo(DialectId.GEMINI);
        assertThat(unknown.error().status()).isEqualTo(400);
        assertThat(unknown.allow()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast:explode", "fast:", ":generateContent", "fast:generatecontent"})
    void an_unknown_gemini_action_is_not_found(String rest) {
        Match.Unknown unknown = (Match.Unknown) match("POST", "/v1beta/models/" + rest);

        assertThat(unknown.dialect()).isEqualTo(DialectId.GEMINI);
        assertThat(unknown.error().status()).isEqualTo(404);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET, /v1/models, MODELS, ''",
        "HEAD, /v1/models/, MODELS, ''",
        "GET, /v1/models/fast, MODEL, fast",
        "GET, /v1/models/openai/gpt-4o, MODEL, openai/gpt-4o",
        "GET, /v1/models/openai%2Fgpt-4o, MODEL, openai/gpt-4o",
        "GET, /v1/models/llama3:8b, MODEL, llama3:8b",
        "GET, /v1beta/models, GEMINI_MODELS, ''",
        "GET, /v1beta/models/llama3:8b, GEMINI_MODEL, llama3:8b",
        "GET, /v1beta/models/org/m, GEMINI_MODEL, org/m",
        "GET, /health, HEALTH, ''",
        "HEAD, /health/, HEALTH, ''",
        "GET, /health/live, LIVE, ''",
        "GET, /health/ready, READY, ''",
        "GET, /metrics, METRICS, ''",
        "GET, /, DASHBOARD, /",
        "GET, /app.js, DASHBOARD, /app.js"
    })
    void a_page_is_found_for_reading(String method, String path, Kind kind, String id) {
        assertThat(match(method, path)).isEqualTo(new Match.Page(kind, id));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET, /v1/chat/completions, CHAT, POST",
        "PUT, /v1/messages, MESSAGES, POST",
        "DELETE, /v1/responses, RESPONSES, POST",
        "GET, /v1/embeddings/, CHAT, POST",
        "POST, /v1/models, CHAT, 'GET, HEAD'",
        "DELETE, /v1/models/fast, CHAT, 'GET, HEAD'",
        "POST, /v1/models/fast, CHAT, 'GET, HEAD'",
        "POST, /v1beta/models, GEMINI, 'GET, HEAD'",
        "POST, /v1beta/models/fast, GEMINI, 'GET, HEAD'",
        "DELETE, /v1beta/models/fast, GEMINI, 'GET, HEAD'",
        "GET, /v1beta/models/fast:generateContent, GEMINI, POST",
        "PUT, /v1beta/models/llama3:8b:streamGenerateContent, GEMINI, POST",
        "GET, /v1/models/fast:generateContent, GEMINI, POST",
        "GET, /v1beta/models/fast:countTokens, GEMINI, POST",
        "PUT, /v1/messages/count_tokens, MESSAGES, POST",
        "POST, /health, CHAT, 'GET, HEAD'"
    })
    void a_known_path_names_the_methods_it_answers_to(String method, String path, DialectId dialect, String allow) {
        Match.Unknown unknown = (Match.Unknown) match(method, path);

        assertThat(unknown.error().status()).isEqualTo(405);
        assertThat(unknown.dialect()).isEqualTo(dialect);
        assertThat(unknown.allow()).isEqualTo(allow);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET, /v1/nothing, CHAT",
        "POST, /v1/nothing, CHAT",
        "GET, /v1, CHAT",
        "POST, /v1/messages/nothing, MESSAGES",
        "GET, /v1beta/nothing, GEMINI",
        "GET, /v1beta, GEMINI",
        "POST, /app.js, CHAT",
        "POST, //v1/chat/completions, CHAT",
        "POST, /V1/CHAT/COMPLETIONS, CHAT"
    })
    void an_unknown_path_is_not_found_in_the_dialect_of_its_prefix(String method, String path, DialectId dialect) {
        Match.Unknown unknown = (Match.Unknown) match(method, path);

        assertThat(unknown.error().status()).isEqualTo(404);
        assertThat(unknown.dialect()).isEqualTo(dialect);
        assertThat(unknown.allow()).isNull();
    }

    @ParameterizedTest(name = "({0})")
    @CsvSource({"key=a, a", "x=1&key=b&key=c, b", "key, ''", "key=%2Bx+y, +x+y", "keys=a, ", "monkey=a, ", "'', "})
    void the_first_value_of_a_parameter_counts(String query, String value) {
        assertThat(Paths.parameter(query, "key")).isEqualTo(value);
    }

    private static Match match(String method, String path) {
        return Paths.match(HttpMethod.valueOf(method), path, null);
    }

    private static Match.Inference gemini(String model, boolean stream, boolean events) {
        return new Match.Inference(Operation.GENERATE_CONTENT, new RequestPath(model, stream, events));
    }
}
