package dev.plexus.dialect;

import dev.plexus.dialect.chat.ChatDialect;
import dev.plexus.model.DialectId;
import java.util.Optional;

/// All dialects there are.
public final class Dialects {

    private static final Dialect CHAT = new ChatDialect();

    private Dialects() {}

    /// The dialect of that name, if it has a room yet.
    public static Optional<Dialect> of(DialectId id) {
        return switch (id) {
            case CHAT -> Optional.of(CHAT);
            case MESSAGES, GEMINI, RESPONSES, EMBEDDINGS -> Optional.empty();
            case TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> Optional.empty();
        };
    }
}
