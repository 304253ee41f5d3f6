package dev.plexus.ingress;

import dev.plexus.model.DialectId;

/// An endpoint that clients call for inference: what routes, limits, records and metrics are named by.
enum Operation {
    CHAT_COMPLETIONS(DialectId.CHAT),
    MESSAGES(DialectId.MESSAGES),
    RESPONSES(DialectId.RESPONSES),
    GENERATE_CONTENT(DialectId.GEMINI),
    EMBEDDINGS(DialectId.EMBEDDINGS);

    private final DialectId dialect;

    Operation(DialectId dialect) {
        this.dialect = dialect;
    }

    DialectId dialect() {
        return dialect;
    }
}
