package dev.plexus.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.model.DialectId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An error within a stream has no HTTP status: there the vendor's names decide alone (translation.md 10.1, streaming.md 7).
class ErrorNamesTest {

    @ParameterizedTest
    @CsvSource({
        "invalid_request_error, , 400", ", context_length_exceeded, 400", ", string_above_max_length, 400", "invalid_request_error, invalid_api_key, 401",
        "authentication_error, , 401", "insufficient_quota, insufficient_quota, 402", ", billing_hard_limit_reached, 402", ", rate_limit_exceeded, 429",
        "rate_limit_error, , 429", "tokens, , 429", "requests, , 429", "invalid_request_error, model_not_found, 404", "server_error, , 502", "api_error, , 502",
        ", server_overloaded, 503", ", engine_overloaded, 503", ", content_filter, 400", ", content_policy_violation, 400", "new_error, new_code, 502"
    })
    void chat_names_decide(String type, String code, int status) {
        String error = "{\"error\":{\"message\":\"no\"" + member("type", type) + member("code", code) + "}}";

        assertThat(error(DialectId.CHAT, error, null).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_request_error, , 400", "invalid_request_error, invalid_api_key, 401", ", rate_limit_exceeded, 429", "server_error, , 502",
        ", context_length_exceeded, 400", "insufficient_quota, , 402"
    })
    void responses_names_decide(String type, String code, int status) {
        String failed = "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"message\":\"no\"" + member("type", type)
                + member("code", code) + "}}}";

        assertThat(error(DialectId.RESPONSES, failed, null).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_request_error, 400", "authentication_error, 401", "billing_error, 402", "permission_error, 403", "not_found_error, 404",
        "request_too_large, 413", "rate_limit_error, 429", "timeout_error, 504", "api_error, 502", "overloaded_error, 503", "conflict_error, 409"
    })
    void messages_names_decide(String type, int status) {
        String error = "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"no\"}}";

        assertThat(error(DialectId.MESSAGES, error, "error").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, , 400", "FAILED_PRECONDITION, , 400", "UNAUTHENTICATED, , 401", "INVALID_ARGUMENT, API_KEY_INVALID, 401",
        "PERMISSION_DENIED, , 403", "NOT_FOUND, , 404", "RESOURCE_EXHAUSTED, , 429", "ABORTED, , 409", "INTERNAL, , 502", "UNAVAILABLE, , 503",
        "DEADLINE_EXCEEDED, , 504"
    })
    void gemini_names_decide(String status, String reason, int meant) {
        String details = reason == null ? "" : ",\"details\":[{\"reason\":\"" + reason + "\"}]";

        assertThat(error(DialectId.GEMINI, "{\"error\":{\"message\":\"no\",\"status\":\"" + status + "\"" + details + "}}", null).status()).isEqualTo(meant);
    }

    private static String member(String name, String value) {
        return value == null ? "" : ",\"" + name + "\":\"" + value + "\"";
    }

    private static UpstreamError error(DialectId provider, String data, String event) {
        Emitter out = Translating.request(DialectId.CHAT, "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}",
                provider == DialectId.CHAT ? DialectId.GEMINI : provider, "m").emitter();
        byte[] bytes = data.getBytes(UTF_8);
        Dialects.conversation(provider).orElseThrow().readStream(Translating.target("m"), out).frame(bytes, 0, bytes.length, event);
        UpstreamError failure = out.failure();
        assertThat(failure).isNotNull();
        return failure;
    }
}
