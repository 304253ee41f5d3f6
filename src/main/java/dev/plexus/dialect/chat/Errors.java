package dev.plexus.dialect.chat;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.OpenAiErrors;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.SseWriter;
import java.util.Arrays;

/// The errors of this format, both ways.
final class Errors {

    private Errors() {}

    static UpstreamError read(byte[] body) {
        return ErrorFields.read(body);
    }

    static boolean isErrorBody(byte[] body) {
        return OpenAiErrors.isErrorBody(body);
    }

    static byte[] write(GatewayError error) {
        return OpenAiErrors.write(error, OpenAiErrors.type(error.kind()));
    }

    /// The error as the last chunk of a translated stream, where what went wrong on the other side is a `server_error`.
    static byte[] writeChunk(GatewayError error) {
        String type = OpenAiErrors.type(error.kind());
        return OpenAiErrors.write(error, type.equals("api_error") ? "server_error" : type);
    }

    /// The error as the last chunk, and the end of the stream.
    static byte[] writeFrames(GatewayError error) {
        byte[] first = SseWriter.frame(null, write(error));
        byte[] last = SseWriter.frame(null, DoneMark.bytes());
        byte[] both = Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, both, first.length, last.length);
        return both;
    }
}
