package dev.plexus.dialect.responses;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.OpenAiErrors;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.SseWriter;
import java.util.Set;

/// The errors of this format, both ways.
final class Errors {

    private static final String SERVER_ERROR = "server_error";
    private static final Set<String> FAILURE_CODES = Set.of(SERVER_ERROR, "rate_limit_exceeded", "invalid_prompt");

    private Errors() {}

    static UpstreamError read(byte[] body) {
        return ErrorFields.read(body);
    }

    static boolean isErrorBody(byte[] body) {
        return OpenAiErrors.isErrorBody(body);
    }

    static byte[] write(GatewayError error) {
        return OpenAiErrors.write(error, error.status() >= 500 ? SERVER_ERROR : OpenAiErrors.type(error.kind()));
    }

    /// The event that ends a stream: the response has failed, or, where none was begun, an error by itself. It carries on the numbering.
    static byte[] writeFrame(GatewayError error, AnswerScan.Findings seen, boolean created) {
        String id = seen.id();
        return created && id != null ? failed(error, seen, id) : alone(error, seen);
    }

    private static byte[] failed(GatewayError error, AnswerScan.Findings seen, String id) {
        byte[] data = Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("type", Wire.FAILED);
            json.writeNumberField("sequence_number", seen.sequenceNumber() + 1);
            json.writeObjectFieldStart("response");
            json.writeStringField("id", id);
            json.writeStringField("object", "response");
            json.writeNumberField("created_at", seen.createdAt());
            json.writeStringField("status", Wire.STATUS_FAILED);
            json.writeObjectFieldStart("error");
            json.writeStringField("code", code(error));
            json.writeStringField("message", error.message());
            json.writeEndObject();
            json.writeNullField("incomplete_details");
            json.writeStringField("model", seen.model());
            json.writeArrayFieldStart("output");
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        });
        return SseWriter.frame(Wire.FAILED, data);
    }

    private static byte[] alone(GatewayError error, AnswerScan.Findings seen) {
        byte[] data = Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("type", Wire.ERROR);
            json.writeStringField("code", code(error));
            json.writeStringField("message", error.message());
            json.writeNullField("param");
            json.writeNumberField("sequence_number", seen.sequenceNumber() + 1);
            json.writeEndObject();
        });
        return SseWriter.frame(Wire.ERROR, data);
    }

    /// The code of a translated response that failed. The vendor's SDKs take only its own words here, so another vendor's become the nearest of them; the
    /// gateway's own say what nobody else can say.
    static String failureCode(GatewayError error) {
        String code = error.code();
        if (code != null && (code.startsWith("upstream_") || FAILURE_CODES.contains(code))) {
            return code;
        }
        return switch (error.kind()) {
            case RATE_LIMIT, QUOTA -> "rate_limit_exceeded";
            case INVALID_REQUEST, CONTEXT_TOO_LONG, TOO_LARGE, UNPROCESSABLE -> "invalid_prompt";
            case AUTHENTICATION, BILLING, PERMISSION, NOT_FOUND, METHOD, CONFLICT, MEDIA_TYPE, INTERNAL, UPSTREAM_INVALID, UNAVAILABLE,
                    OVERLOADED, TIMEOUT -> SERVER_ERROR;
        };
    }

    /// Streams name server faults by one word unless something more specific is known.
    private static String code(GatewayError error) {
        String code = error.code() != null || error.status() < 500 ? OpenAiErrors.code(error) : null;
        return code != null ? code : SERVER_ERROR;
    }
}
