package dev.plexus.dialect;

import dev.plexus.dialect.chat.ChatDialect;
import dev.plexus.dialect.embeddings.EmbeddingsDialect;
import dev.plexus.dialect.gemini.GeminiDialect;
import dev.plexus.dialect.messages.MessagesDialect;
import dev.plexus.dialect.responses.ResponsesDialect;
import dev.plexus.model.DialectId;
import java.util.Optional;

/// All dialects there are.
public final class Dialects {

    private static final Optional<Dialect> CHAT = Optional.of(new ChatDialect());
    private static final Optional<Dialect> MESSAGES = Optional.of(new MessagesDialect());
    private static final Optional<Dialect> GEMINI = Optional.of(new GeminiDialect());
    private static final Optional<Dialect> RESPONSES = Optional.of(new ResponsesDialect());
    private static final Optional<Dialect> EMBEDDINGS = Optional.of(new EmbeddingsDialect());

    private Dialects() {}

    /// The dialect of that name; one without a room is an `IllegalArgumentException`, for those who route only to dialects that have one.
    public static Dialect require(DialectId id) {
        return of(id).orElseThrow(() -> new IllegalArgumentException("dialect: " + id.label() + " has no room"));
    }

    /// The dialect of that name, if it has a room yet.
    public static Optional<Dialect> of(DialectId id) {
        return switch (id) {
            case CHAT -> CHAT;
            case MESSAGES -> MESSAGES;
            case GEMINI -> GEMINI;
            case RESPONSES -> RESPONSES;
            case EMBEDDINGS -> EMBEDDINGS;
            case TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> Optional.empty();
        };
    }

    /// The dialect of that name, if conversations are held in it.
    public static Optional<ConversationDialect> conversation(DialectId id) {
        return of(id).map(dialect -> dialect instanceof ConversationDialect conversation ? conversation : null);
    }
}
