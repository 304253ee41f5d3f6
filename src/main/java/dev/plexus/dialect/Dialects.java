package dev.plexus.dialect;

import dev.plexus.dialect.chat.ChatDialect;
import dev.plexus.model.DialectId;
import java.util.Optional;

/// All dialects there are.
public final class Dialects {

    private static final Dialect CHAT = new ChatDialect();

    private Dialects() {}

    /// The dialect of that name; one without a room is an `IllegalArgumentException`, for those who route only to dialects that have one.
    public static Dialect require(DialectId id) {
        return of(id).orElseThrow(() -> new IllegalArgumentException("dialect: " + id.label() + " has no room"));
    }

    /// The dialect of that name, if it has a room yet.
    public static Optional<Dialect> of(DialectId id) {
        return switch (id) {
            case CHAT -> Optional.of(CHAT);
            case MESSAGES, GEMINI, RESPONSES, EMBEDDINGS -> Optional.empty();
            case TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> Optional.empty();
        };
    }
}
