package dev.plexus.model;

import java.util.Locale;
import java.util.Optional;

/// A family of wire formats: how a client, or a provider, spells its requests and answers.
public enum DialectId {
    CHAT,
    MESSAGES,
    GEMINI,
    RESPONSES,
    EMBEDDINGS,
    TRANSCRIPTIONS,
    SPEECH,
    IMAGES,
    /// Not a wire format of its own: a provider reached through a signed-in subscription.
    OAUTH;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// The lower-case spelling used in configuration files, usage records and metrics.
    public String label() {
        return label;
    }

    /// The dialect spelled so, in any case; `image` is accepted for `images`.
    public static Optional<DialectId> of(String label) {
        String wanted = label.toLowerCase(Locale.ROOT);
        if (wanted.equals("image")) {
            return Optional.of(IMAGES);
        }
        for (DialectId id : values()) {
            if (id.label.equals(wanted)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
