package dev.plexus.config;

import dev.plexus.model.DialectId;

/// What kind of work a model or an alias is for.
public enum ModelType {
    CHAT,
    RESPONSES,
    EMBEDDINGS,
    TRANSCRIPTIONS,
    SPEECH,
    IMAGE;

    /// True if requests of this dialect may use an alias of this type.
    public boolean accepts(DialectId dialect) {
        return switch (dialect) {
            case CHAT, MESSAGES, GEMINI, RESPONSES, OAUTH -> this == CHAT || this == RESPONSES;
            case EMBEDDINGS -> this == EMBEDDINGS;
            case TRANSCRIPTIONS -> this == TRANSCRIPTIONS;
            case SPEECH -> this == SPEECH;
            case IMAGES -> this == IMAGE;
        };
    }
}
