package dev.plexus.provider;

import dev.plexus.dialect.UpstreamError;
import dev.plexus.message.Fault;
import dev.plexus.model.ErrorKind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What an upstream's error status means: classified by status first, refined by the vendor's code and by two tested tables of texts.
final class StatusRules {

    /// An exhausted account that hides behind 400 or 403 (routing.md 9.2).
    private static final List<String> EXHAUSTED = List.of(
            "insufficient_quota",
            "credit balance is too low",
            "used up your points",
            "quota exceeded",
            "out of credits",
            "balance too low",
            "insufficient balance",
            "insufficient funds",
            "account balance",
            "quota limit",
            "usage limit");

    /// A prompt that does not fit; texts of vendors that give no code for it (resilience.md S12).
    private static final List<String> TOO_LONG = List.of(
            "context_length_exceeded",
            "maximum context length",
            "prompt is too long",
            "input is too long",
            "context window",
            "exceeds the maximum number of tokens",
            "input token count");

    /// One request's own deadline (routing.md 9.1).
    private static final List<String> DEADLINE = List.of("deadline expired", "deadline_exceeded", "deadline exceeded");

    private StatusRules() {}

    /// What vendors call a key that they do not know, and some say with 400.
    private static final Set<String> UNKNOWN_KEY = Set.of("API_KEY_INVALID", "invalid_api_key");

    /// What vendors call a prompt that is too long.
    private static final Set<String> TOO_LONG_CODES = Set.of("context_length_exceeded", "string_above_max_length");

    /// The status that an answer should have had: Google says 400 to a key that it does not know.
    static int status(int status, UpstreamError error) {
        return status == 400 && error.code() != null && UNKNOWN_KEY.contains(error.code()) ? 401 : status;
    }

    static Fault classify(int status, UpstreamError error, String body) {
        String text = body.toLowerCase(Locale.ROOT);
        return switch (status) {
            case 400 -> {
                if (mentions(text, EXHAUSTED)) {
                    yield Fault.STATUS;
                }
                yield error.code() != null && TOO_LONG_CODES.contains(error.code()) || mentions(text, TOO_LONG) ? Fault.CONTEXT_TOO_LONG : Fault.CALLER;
            }
            case 413 -> mentions(text, TOO_LONG) ? Fault.CONTEXT_TOO_LONG : Fault.CALLER;
            case 422 -> Fault.CALLER;
            case 429 -> Fault.STATUS;
            case 500, 502, 503, 504, 529 -> mentions(text, DEADLINE) ? Fault.DEADLINE : Fault.STATUS_TRANSIENT;
            default -> status > 500 && mentions(text, DEADLINE) ? Fault.DEADLINE : Fault.STATUS;
        };
    }

    private static boolean mentions(String text, List<String> words) {
        return words.stream().anyMatch(text::contains);
    }

    /// The status that a client gets for an upstream's status: credentials of ours that a provider refuses are no business of the client's, and
    /// redirects are never followed.
    static int clientStatus(int status) {
        return switch (status) {
            case 400, 404, 408, 409, 413, 422, 429 -> status;
            default -> status >= 500 && status <= 599 ? status : 502;
        };
    }

    /// The kind of error that a client sees for an upstream's status.
    static ErrorKind kind(int status) {
        return switch (status) {
            case 400 -> ErrorKind.INVALID_REQUEST;
            case 404 -> ErrorKind.NOT_FOUND;
            case 408, 504 -> ErrorKind.TIMEOUT;
            case 409 -> ErrorKind.CONFLICT;
            case 413 -> ErrorKind.TOO_LARGE;
            case 422 -> ErrorKind.UNPROCESSABLE;
            case 429 -> ErrorKind.RATE_LIMIT;
            case 503, 529 -> ErrorKind.OVERLOADED;
            default -> ErrorKind.UPSTREAM_INVALID;
        };
    }

    /// The code that refines an upstream's status for a client, `all_targets_failed` when nothing more can be said.
    static String code(int status) {
        return switch (status) {
            case 401, 403 -> "upstream_auth_error";
            case 402 -> "upstream_payment_required";
            case 504 -> "upstream_timeout";
            default -> "all_targets_failed";
        };
    }
}
