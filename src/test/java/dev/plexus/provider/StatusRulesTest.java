package dev.plexus.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.Dialects;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.message.Fault;
import dev.plexus.model.DialectId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an error body means beside its status, vendor by vendor (translation.md 10.1).
class StatusRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CHAT | 400 | {\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}} | 400 | CALLER",
                "CHAT | 400 | {\"error\":{\"message\":\"no\",\"code\":\"context_length_exceeded\"}} | 400 | CONTEXT_TOO_LONG",
                "CHAT | 400 | {\"error\":{\"message\":\"no\",\"code\":\"string_above_max_length\"}} | 400 | CONTEXT_TOO_LONG",
                "CHAT | 400 | {\"error\":{\"message\":\"This model's maximum context length is 9\"}} | 400 | CONTEXT_TOO_LONG",
                "CHAT | 413 | {\"error\":{\"message\":\"prompt is too long\"}} | 413 | CONTEXT_TOO_LONG",
                "CHAT | 401 | {\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}} | 401 | STATUS",
                "CHAT | 400 | {\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}} | 401 | STATUS",
                "CHAT | 429 | {\"error\":{\"message\":\"no\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}} | 429 | STATUS",
                "CHAT | 400 | {\"error\":{\"message\":\"no\",\"type\":\"insufficient_quota\"}} | 400 | STATUS",
                "CHAT | 429 | {\"error\":{\"message\":\"no\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}} | 429 | STATUS",
                "CHAT | 404 | {\"error\":{\"message\":\"no\",\"code\":\"model_not_found\"}} | 404 | STATUS",
                "CHAT | 500 | {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}} | 500 | STATUS_TRANSIENT",
                "CHAT | 503 | {\"error\":{\"message\":\"no\",\"code\":\"server_overloaded\"}} | 503 | STATUS_TRANSIENT",
                "CHAT | 400 | {\"error\":{\"message\":\"no\",\"code\":\"content_filter\"}} | 400 | CALLER",
                "CHAT | 400 | {\"error\":{\"message\":\"no\",\"code\":\"content_policy_violation\"}} | 400 | CALLER",
                "RESPONSES | 400 | {\"error\":{\"message\":\"no\",\"code\":\"context_length_exceeded\"}} | 400 | CONTEXT_TOO_LONG",
                "MESSAGES | 400 | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 9 tokens\"}} | 400 | CONTEXT_TOO_LONG",
                "MESSAGES | 400 | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}} | 400 | CALLER",
                "MESSAGES | 400 | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low\"}} | 400 | STATUS",
                "MESSAGES | 401 | {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"no\"}} | 401 | STATUS",
                "MESSAGES | 402 | {\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"no\"}} | 402 | STATUS",
                "MESSAGES | 403 | {\"type\":\"error\",\"error\":{\"type\":\"permission_error\",\"message\":\"no\"}} | 403 | STATUS",
                "MESSAGES | 404 | {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"no\"}} | 404 | STATUS",
                "MESSAGES | 413 | {\"type\":\"error\",\"error\":{\"type\":\"request_too_large\",\"message\":\"no\"}} | 413 | CALLER",
                "MESSAGES | 429 | {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"no\"}} | 429 | STATUS",
                "MESSAGES | 500 | {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"no\"}} | 500 | STATUS_TRANSIENT",
                "MESSAGES | 529 | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}} | 529 | STATUS_TRANSIENT",
                "GEMINI | 400 | {\"error\":{\"code\":400,\"message\":\"no\",\"status\":\"INVALID_ARGUMENT\"}} | 400 | CALLER",
                "GEMINI | 400 | {\"error\":{\"code\":400,\"message\":\"no\",\"status\":\"FAILED_PRECONDITION\"}} | 400 | CALLER",
                "GEMINI | 400 | {\"error\":{\"code\":400,\"message\":\"no\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}} "
                        + "| 401 | STATUS",
                "GEMINI | 400 | {\"error\":{\"code\":400,\"message\":\"The input token count (9) exceeds the maximum\"}} | 400 | CONTEXT_TOO_LONG",
                "GEMINI | 403 | {\"error\":{\"code\":403,\"message\":\"no\",\"status\":\"PERMISSION_DENIED\"}} | 403 | STATUS",
                "GEMINI | 429 | [{\"error\":{\"code\":429,\"message\":\"no\",\"status\":\"RESOURCE_EXHAUSTED\"}}] | 429 | STATUS",
                "GEMINI | 503 | {\"error\":{\"code\":503,\"message\":\"no\",\"status\":\"UNAVAILABLE\"}} | 503 | STATUS_TRANSIENT",
                "GEMINI | 504 | {\"error\":{\"code\":504,\"message\":\"Deadline expired\",\"status\":\"DEADLINE_EXCEEDED\"}} | 504 | DEADLINE"
            })
    void a_status_is_refined_by_what_the_body_says(DialectId provider, int status, String body, int meant, Fault fault) {
        UpstreamError error = Dialects.require(provider).readError(body.getBytes(UTF_8));
        int refined = StatusRules.status(status, error);

        assertThat(refined).isEqualTo(meant);
        assertThat(StatusRules.classify(refined, error, body)).isEqualTo(fault);
    }
}
