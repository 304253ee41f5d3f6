package dev.plexus.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The error form that OpenAI's endpoints have in common: `{"error":{"message","type","param","code"}}`.
public final class OpenAiErrors {

    private enum Place implements Shape.Place {
        ERROR,
        MESSAGE
    }

    private static final Shape BODY =
            Shape.way().with("error", Shape.at(Place.ERROR).with("message", Place.MESSAGE));

    private OpenAiErrors() {}

    /// The body of an error.
    public static byte[] write(GatewayError error, String type) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", error.message());
            json.writeStringField("type", type);
            json.writeStringField("param", error.param());
            writeCode(json, error);
            writeQuota(json, error);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /// True if the body is an object with an `error` object that has a message.
    public static boolean isErrorBody(byte[] body) {
        var seen = new Shape.Visitor() {
            boolean message;

            @Override
            public void value(Shape.Place place, JsonParser parser) {
                message |= place == Place.MESSAGE && parser.currentToken() == JsonToken.VALUE_STRING;
            }

            @Override
            public void begin(Shape.Place place, boolean array) {}

            @Override
            public void end(Shape.Place place) {}
        };
        return Json.walk(body, 0, body.length, BODY, seen) && seen.message;
    }

    /// The `type` that goes with a kind of error.
    public static String type(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST, CONTEXT_TOO_LONG, NOT_FOUND, METHOD, CONFLICT, TOO_LARGE, MEDIA_TYPE, UNPROCESSABLE -> "invalid_request_error";
            case AUTHENTICATION -> "auth_error";
            case BILLING -> "insufficient_quota";
            case PERMISSION -> "permission_error";
            case RATE_LIMIT -> "rate_limit_error";
            case QUOTA -> "quota_exceeded";
            case INTERNAL, UPSTREAM_INVALID, UNAVAILABLE, OVERLOADED -> "api_error";
            case TIMEOUT -> "timeout_error";
        };
    }

    /// The `code` that goes with the error: its own, else the one of its kind.
    public static @Nullable String code(GatewayError error) {
        if (error.code() != null) {
            return error.code();
        }
        return switch (error.kind()) {
            case INVALID_REQUEST, PERMISSION, NOT_FOUND, CONFLICT, UNPROCESSABLE, UNAVAILABLE, AUTHENTICATION -> null;
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case BILLING -> "insufficient_quota";
            case METHOD -> "method_not_allowed";
            case TOO_LARGE -> "request_too_large";
            case MEDIA_TYPE -> "unsupported_media_type";
            case RATE_LIMIT -> "rate_limit_exceeded";
            case QUOTA -> "quota_exceeded";
            case INTERNAL -> "internal_error";
            case UPSTREAM_INVALID -> "upstream_invalid_response";
            case OVERLOADED -> "overloaded";
            case TIMEOUT -> "upstream_timeout";
        };
    }

    /// The members that say which quota was used up, the same in every format; nothing for other errors.
    public static void writeQuota(JsonGenerator json, GatewayError error) throws IOException {
        GatewayError.QuotaUsedUp quota = error.quota();
        if (quota != null) {
            json.writeStringField("quota_name", quota.name());
            json.writeFieldName("current_usage");
            json.writeNumber(quota.currentUsage().toPlainString());
            json.writeFieldName("limit");
            json.writeNumber(quota.limit().toPlainString());
            json.writeStringField("resets_at", quota.resetsAt());
            json.writeArrayFieldStart("blocking_quotas");
            for (GatewayError.Blocking blocking : quota.blocking()) {
                writeBlocking(json, blocking);
            }
            json.writeEndArray();
        }
    }

    private static void writeBlocking(JsonGenerator json, GatewayError.Blocking quota) throws IOException {
        json.writeStartObject();
        json.writeStringField("quotaName", quota.name());
        json.writeStringField("limitType", quota.measure());
        json.writeFieldName("limit");
        json.writeNumber(quota.limit().toPlainString());
        json.writeFieldName("currentUsage");
        json.writeNumber(quota.currentUsage().toPlainString());
        json.writeFieldName("remaining");
        json.writeNumber(quota.remaining().toPlainString());
        json.writeStringField("resetsAt", quota.resetsAt());
        json.writeEndObject();
    }

    /// An authentication error without a code of its own has its status there, as a number.
    private static void writeCode(JsonGenerator json, GatewayError error) throws IOException {
        String code = code(error);
        if (code == null && error.kind() == ErrorKind.AUTHENTICATION) {
            json.writeNumberField("code", error.status());
        } else {
            json.writeStringField("code", code);
        }
    }
}
