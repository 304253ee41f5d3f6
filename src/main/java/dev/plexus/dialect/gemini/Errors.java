package dev.plexus.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.OpenAiErrors;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The errors of this format, both ways.
final class Errors {

    private enum Place implements Shape.Place {
        CODE,
        MESSAGE
    }

    private static final Shape BODY =
            Shape.way().with("error", Shape.way().with("code", Place.CODE).with("message", Place.MESSAGE));

    private Errors() {}

    static UpstreamError read(byte[] body) {
        return ErrorFields.read(body);
    }

    /// True if the body is an object with an `error` object that has a numeric code and a message.
    static boolean isErrorBody(byte[] body) {
        var seen = new Shape.Visitor() {
            boolean code;
            boolean message;

            @Override
            public void value(Shape.Place place, JsonParser parser) {
                code |= place == Place.CODE && parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
                message |= place == Place.MESSAGE && parser.currentToken() == JsonToken.VALUE_STRING;
            }

            @Override
            public void begin(Shape.Place place, boolean array) {}

            @Override
            public void end(Shape.Place place) {}
        };
        return Json.walk(body, 0, body.length, BODY, seen) && seen.code && seen.message;
    }

    /// Vendor clients take no notice of an error whose code is not that of an HTTP error.
    static byte[] write(GatewayError error) {
        int code = error.status() >= 400 && error.status() <= 599 ? error.status() : error.kind().status();
        return Json.write(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", code);
            json.writeStringField("message", error.message());
            json.writeStringField("status", status(error.kind()));
            OpenAiErrors.writeQuota(json, error);
            writeDetails(json, error.quota());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /// What the vendor's clients look for when they are to wait.
    private static void writeDetails(JsonGenerator json, GatewayError.@Nullable QuotaUsedUp quota) throws IOException {
        if (quota == null) {
            return;
        }
        json.writeArrayFieldStart("details");
        json.writeStartObject();
        json.writeStringField("@type", "type.googleapis.com/google.rpc.ErrorInfo");
        json.writeStringField("reason", "QUOTA_EXCEEDED");
        json.writeStringField("domain", "plexus");
        json.writeObjectFieldStart("metadata");
        json.writeStringField("quota", quota.name());
        json.writeStringField("limit", quota.limit().toPlainString());
        json.writeEndObject();
        json.writeEndObject();
        json.writeStartObject();
        json.writeStringField("@type", "type.googleapis.com/google.rpc.RetryInfo");
        json.writeStringField("retryDelay", quota.retryAfterSeconds() + "s");
        json.writeEndObject();
        json.writeEndArray();
    }

    private static String status(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST, CONTEXT_TOO_LONG, TOO_LARGE, MEDIA_TYPE, UNPROCESSABLE -> "INVALID_ARGUMENT";
            case AUTHENTICATION -> "UNAUTHENTICATED";
            case BILLING -> "FAILED_PRECONDITION";
            case PERMISSION -> "PERMISSION_DENIED";
            case NOT_FOUND -> "NOT_FOUND";
            case METHOD -> "UNIMPLEMENTED";
            case CONFLICT -> "ABORTED";
            case RATE_LIMIT, QUOTA -> "RESOURCE_EXHAUSTED";
            case INTERNAL -> "INTERNAL";
            case UPSTREAM_INVALID, UNAVAILABLE, OVERLOADED -> "UNAVAILABLE";
            case TIMEOUT -> "DEADLINE_EXCEEDED";
        };
    }
}
