package dev.plexus.provider;

import dev.plexus.config.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Takes credentials out of what an upstream says, before anyone sees it.
final class Masking {

    /// Bounded repetitions: the text comes from an upstream and must not be able to make the match slow.
    private static final Pattern LOOKS_LIKE_KEY =
            Pattern.compile("\\b(sk|pk|rk|key|AIza|xai|gsk)[-_][A-Za-z0-9_-]{12,200}"
                    + "|(?<=[?&]key=)[^&\\s\"']{4,200}"
                    + "|(?i)(?<=bearer )[A-Za-z0-9._~+/=-]{8,400}");

    private static final int SECRET_LENGTH_MIN = 6;

    private final List<String> secrets = new ArrayList<>();

    Masking(Provider provider) {
        if (provider.apiKey() != null && provider.apiKey().length() >= SECRET_LENGTH_MIN) {
            secrets.add(provider.apiKey());
        }
        provider.headers().forEach((name, value) -> {
            if (value.length() >= 2 * SECRET_LENGTH_MIN && name.toLowerCase(Locale.ROOT).matches(".*(auth|key|token|secret|cookie).*")) {
                secrets.add(value);
            }
        });
    }

    /// True if the text may hold a credential.
    boolean finds(String text) {
        return secrets.stream().anyMatch(text::contains) || LOOKS_LIKE_KEY.matcher(text).find();
    }

    /// The text with every credential replaced.
    String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        return LOOKS_LIKE_KEY.matcher(masked).replaceAll("***");
    }

    /// Masked, and cut to what a message to a client or an attempt list may hold.
    String brief(String text, int charactersMax) {
        String masked = mask(text);
        return masked.length() <= charactersMax ? masked : masked.substring(0, charactersMax);
    }
}
