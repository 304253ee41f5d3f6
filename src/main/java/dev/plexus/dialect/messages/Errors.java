package dev.plexus.dialect.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.OpenAiErrors;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.Shape;
import dev.plexus.wire.SseWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The errors of this format, both ways.
final class Errors {

    private enum Place implements Shape.Place {
        TYPE,
        ERROR_TYPE,
        ERROR_MESSAGE
    }

    private static final Shape BODY = Shape.way()
            .with("type", Place.TYPE)
            .with("error", Shape.way().with("type", Place.ERROR_TYPE).with("message", Place.ERROR_MESSAGE));

    private Errors() {}

    static UpstreamError read(byte[] body) {
        return ErrorFields.read(body);
    }

    /// True if the body has the type `error` and an `error` object with a type and a message.
    static boolean isErrorBody(byte[] body) {
        var seen = new Shape.Visitor() {
            boolean type;
            boolean errorType;
            boolean errorMessage;

            @Override
            public void value(Shape.Place place, JsonParser parser) throws IOException {
                boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
                type |= place == Place.TYPE && text && parser.getText().equals(Wire.ERROR);
                errorType |= place == Place.ERROR_TYPE && text;
                errorMessage |= place == Place.ERROR_MESSAGE && text;
            }

            @Override
            public void begin(Shape.Place place, boolean array) {}

            @Override
            public void end(Shape.Place place) {}
        };
        return Json.walk(body, 0, body.length, BODY, seen) && seen.type && seen.errorType && seen.errorMessage;
    }

    static byte[] write(GatewayError error, @Nullable String requestId) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("type", Wire.ERROR);
            json.writeObjectFieldStart("error");
            json.writeStringField("type", type(error.kind()));
            json.writeStringField("message", error.message());
            OpenAiErrors.writeQuota(json, error);
            json.writeEndObject();
            if (requestId != null) {
                json.writeStringField("request_id", requestId);
            }
            json.writeEndObject();
        });
    }

    /// The error as an event; open blocks stay open.
    static byte[] writeFrame(GatewayError error) {
        return SseWriter.frame(Wire.ERROR, write(error, null));
    }

    private static String type(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST, CONTEXT_TOO_LONG, METHOD, MEDIA_TYPE, UNPROCESSABLE -> "invalid_request_error";
            case AUTHENTICATION -> "authentication_error";
            case BILLING -> "billing_error";
            case PERMISSION -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case CONFLICT -> "conflict_error";
            case TOO_LARGE -> "request_too_large";
            case RATE_LIMIT, QUOTA -> "rate_limit_error";
            case INTERNAL, UPSTREAM_INVALID -> "api_error";
            case UNAVAILABLE, OVERLOADED -> "overloaded_error";
            case TIMEOUT -> "timeout_error";
        };
    }
}
