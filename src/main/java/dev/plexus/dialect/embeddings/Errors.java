package dev.plexus.dialect.embeddings;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.OpenAiErrors;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;

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
}
