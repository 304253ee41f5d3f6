package dev.plexus.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.wire.Json;
import dev.plexus.wire.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Gathers what a document says about an error, in the forms that vendors and their proxies are known to use: an `error` object or string,
/// members at the top, `detail` lists, an error wrapped in an array. One instance per document or stream; [#clear] makes it new.
public final class ErrorFields {

    /// Where errors keep their words.
    public enum At implements Shape.Place {
        ERROR,
        MESSAGE,
        TYPE,
        CODE,
        STATUS,
        REASON,
        RETRY_SECONDS,
        RETRY_TEXT,
        RAW,
        TOP_MESSAGE,
        TOP_CODE,
        TOP_STATUS,
        DETAIL,
        DETAIL_MESSAGE,
        DETAIL_PLACE
    }

    private static final int MESSAGE_CHARS_MAX = 4000;
    private static final int TEXT_CHARS_MAX = 2000;
    private static final int STATUS_MIN = 400;
    private static final int STATUS_MAX = 599;
    private static final Pattern SECONDS = Pattern.compile("\\s*(\\d{1,12}(?:\\.\\d{1,9})?)\\s*s?\\s*");
    private static final Pattern RATE_LIMIT = Pattern.compile("rate[ _-]?limit", Pattern.CASE_INSENSITIVE);

    /// The value of an `error` member.
    public static final Shape ERROR = Shape.at(At.ERROR)
            .with("message", At.MESSAGE)
            .with("type", At.TYPE)
            .with("code", At.CODE)
            .with("status", At.STATUS)
            .with("details", Shape.way().of(Shape.way().with("reason", At.REASON).with("retryDelay", At.RETRY_TEXT)))
            .with("metadata", Shape.way()
                    .with("retry_after_seconds", At.RETRY_SECONDS)
                    .with("retry_after_seconds_raw", At.RETRY_SECONDS)
                    .with("raw", At.RAW)
                    .with("headers", Shape.way().with("Retry-After", At.RETRY_TEXT).with("retry-after", At.RETRY_TEXT)));

    /// A whole document that is an error.
    private static final Shape DOCUMENT = topLevel(Shape.way().with("type", At.TYPE).with("message", At.TOP_MESSAGE));
    private static final Shape BODY = DOCUMENT.of(DOCUMENT);

    private boolean touched;
    private boolean present;
    private int status;
    private int topStatus;
    private @Nullable String message;
    private @Nullable String topMessage;
    private @Nullable String detail;
    private @Nullable String detailPlace;
    private @Nullable String raw;
    private @Nullable String type;
    private @Nullable String statusName;
    private @Nullable String code;
    private @Nullable String reason;
    private long retryMillis;

    /// Adds to a dialect's own shape of a document the members that make it an error.
    public static Shape topLevel(Shape document) {
        return document.with("error", ERROR)
                .with("code", At.TOP_CODE)
                .with("status", At.TOP_STATUS)
                .with("detail", Shape.at(At.DETAIL).of(Shape.way()
                        .with("msg", At.DETAIL_MESSAGE)
                        .with("loc", Shape.way().of(Shape.at(At.DETAIL_PLACE)))));
    }

    /// Reads an error body of any form. Its status is only what the body says in numbers: the HTTP status is the caller's to know.
    public static UpstreamError read(byte[] body) {
        return read(body, true);
    }

    private static UpstreamError read(byte[] body, boolean outer) {
        String text = new String(body, 0, Math.min(body.length, 4 * TEXT_CHARS_MAX), StandardCharsets.UTF_8).strip();
        ErrorFields fields = new ErrorFields();
        if (Json.walk(body, 0, body.length, BODY, fields.visitor())) {
            return fields.toError(outer, cut(text, TEXT_CHARS_MAX));
        }
        String start = text.substring(0, Math.min(text.length(), 256)).toLowerCase(Locale.ROOT);
        String words = start.startsWith("<!doctype") || start.contains("<html") ? "Upstream answered with an HTML page"
                : cut(text, TEXT_CHARS_MAX);
        return new UpstreamError(0, null, null, 0, words);
    }

    /// Forgets everything.
    public void clear() {
        if (!touched) {
            return;
        }
        touched = false;
        present = false;
        status = 0;
        topStatus = 0;
        message = null;
        topMessage = null;
        detail = null;
        detailPlace = null;
        raw = null;
        type = null;
        statusName = null;
        code = null;
        reason = null;
        retryMillis = 0;
    }

    /// True if an `error` member was there and not null, false or an empty string.
    public boolean present() {
        return present;
    }

    /// True if the document itself has a numeric `code` or `status` of an error.
    public boolean failsByNumber() {
        return topStatus >= STATUS_MIN;
    }

    /// Notes an object or array that begins at `at`.
    public void begin(At at) {
        touched = true;
        if (at == At.ERROR) {
            present = true;
        }
    }

    /// Notes the parser's current value.
    public void value(At at, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL || token == JsonToken.VALUE_FALSE) {
            return;
        }
        touched = true;
        String text = parser.getText();
        switch (at) {
            case ERROR -> {
                if (!text.isBlank()) {
                    present = true;
                    message = text;
                }
            }
            case MESSAGE -> message = text;
            case TOP_MESSAGE -> topMessage = text;
            case TYPE -> type = text;
            case CODE -> {
                code = text;
                status = status(text, status);
            }
            case TOP_CODE -> {
                code = code == null ? text : code;
                topStatus = status(text, topStatus);
            }
            case STATUS -> {
                int number = status(text, 0);
                status = status == 0 ? number : status;
                statusName = number == 0 ? text : statusName;
            }
            case TOP_STATUS -> topStatus = token.isNumeric() ? status(text, topStatus) : topStatus;
            case REASON -> reason = reason == null ? text : reason;
            case RETRY_SECONDS, RETRY_TEXT -> retryMillis = Math.max(retryMillis, millis(text));
            case RAW -> raw = text;
            case DETAIL -> detail = text;
            case DETAIL_MESSAGE -> {
                String words = detailPlace == null ? text : detailPlace + ": " + text;
                detail = detail == null ? words : cut(detail + "; " + words, MESSAGE_CHARS_MAX);
                detailPlace = null;
            }
            case DETAIL_PLACE -> detailPlace = detailPlace == null ? text : cut(detailPlace + "." + text, MESSAGE_CHARS_MAX);
        }
    }

    /// The error that a document with status 200, or one within a stream, speaks of; its status is never 0.
    ///
    /// A number in the body decides, then the vendor's name for the error, then whether it mentions a rate limit; else it is a 502.
    public UpstreamError toError(@Nullable String typeOfDocument) {
        if (type == null) {
            type = typeOfDocument;
        }
        UpstreamError said = toError(true, "Upstream reported an error");
        if (said.status() != 0) {
            return said;
        }
        int named = statusOf(said.code()); // the finer of the two: a key that is not known is an `invalid_request_error` too
        if (named == 0) {
            named = statusOf(said.type());
        }
        if (named == 0) {
            named = RATE_LIMIT.matcher(said.message()).find() ? 429 : 502;
        }
        return new UpstreamError(named, said.type(), said.code(), said.retryAfterMillis(), said.message());
    }

    private UpstreamError toError(boolean lookIntoRaw, String otherwise) {
        String words = message;
        if (raw != null && lookIntoRaw) {
            String inner = read(raw.getBytes(StandardCharsets.UTF_8), false).message();
            words = inner.isBlank() ? words : inner;
        }
        if (words == null || words.isBlank()) {
            words = topMessage != null ? topMessage : detail != null ? detail : otherwise;
        }
        String name = type != null && !type.equals("error") ? type : statusName;
        String refinement = reason != null ? reason : code;
        return new UpstreamError(status != 0 ? status : topStatus, name, refinement, retryMillis, cut(words, MESSAGE_CHARS_MAX));
    }

    /// The same as a visitor over nothing but errors.
    private Shape.Visitor visitor() {
        return new Shape.Visitor() {
            @Override
            public void value(Shape.Place place, JsonParser parser) throws IOException {
                if (place instanceof At at) {
                    ErrorFields.this.value(at, parser);
                }
            }

            @Override
            public void begin(Shape.Place place, boolean array) {
                if (place instanceof At at) {
                    ErrorFields.this.begin(at);
                }
            }

            @Override
            public void end(Shape.Place place) {}
        };
    }

    /// The status that a vendor's name for an error stands for, 0 if it stands for none.
    private static int statusOf(@Nullable String name) {
        return switch (name) {
            case null -> 0;
            case "rate_limit_error", "rate_limit_exceeded", "tokens", "requests", "RESOURCE_EXHAUSTED" -> 429;
            case "overloaded_error", "UNAVAILABLE", "server_overloaded", "engine_overloaded" -> 503;
            case "authentication_error", "invalid_api_key", "UNAUTHENTICATED", "API_KEY_INVALID" -> 401;
            case "billing_error", "insufficient_quota", "billing_hard_limit_reached" -> 402;
            case "permission_error", "PERMISSION_DENIED" -> 403;
            case "not_found_error", "model_not_found", "NOT_FOUND" -> 404;
            case "conflict_error", "ABORTED" -> 409;
            case "request_too_large" -> 413;
            case "invalid_request_error", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "context_length_exceeded", "string_above_max_length",
                    "content_filter", "content_policy_violation", "unsupported_parameter" -> 400;
            case "timeout", "timeout_error", "DEADLINE_EXCEEDED" -> 504;
            default -> 0;
        };
    }

    private static int status(String text, int otherwise) {
        if (text.length() > 4) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.strip());
            return number >= STATUS_MIN && number <= STATUS_MAX ? number : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static long millis(String text) {
        Matcher seconds = SECONDS.matcher(text);
        return seconds.matches() ? (long) Math.ceil(Double.parseDouble(seconds.group(1)) * 1000) : 0;
    }

    private static String cut(String text, int chars) {
        return text.length() <= chars ? text : text.substring(0, chars);
    }
}
