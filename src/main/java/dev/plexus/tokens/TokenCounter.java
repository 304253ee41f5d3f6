package dev.plexus.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/// Counts the tokens of a text: with OpenAI's `o200k_base`, which is exact for its models and near for others, or where that would take too long
/// with a rule of thumb.
public final class TokenCounter {

    /// Longer texts are estimated.
    static final int EXACT_CHARACTERS_MAX = 256_000;

    /// Repetition makes few and very long words, on which the tokenizer is slow; so many characters at the start of a text show it.
    private static final int SAMPLE_CHARACTERS = 512;

    private static final int DISTINCT_MIN = 8;

    private TokenCounter() {}

    /// The vocabulary, loaded when it is first asked for: it takes a while and a few megabytes, which a gateway that never counts does not spend.
    private static final class Vocabulary {
        static final Encoding O200K = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }

    /// The tokens of the text; what looks like a special token is text like any other.
    public static long text(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        return isExact(text) ? Vocabulary.O200K.countTokensOrdinary(text) : Heuristic.tokens(text);
    }

    private static boolean isExact(String text) {
        return text.length() <= EXACT_CHARACTERS_MAX
                && (text.length() < SAMPLE_CHARACTERS || text.chars().limit(SAMPLE_CHARACTERS).distinct().count() >= DISTINCT_MIN);
    }
}
