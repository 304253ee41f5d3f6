package dev.plexus.tokens;

import dev.plexus.wire.JsonIn;
import org.jspecify.annotations.Nullable;

/// Adds up what a request holds. What is beyond the bound of exact counting is estimated, so that a count never takes long.
final class TokenTally {

    /// A PDF is counted by its size, because its pages are not looked at.
    private static final long PDF_STEP_TOKENS = 1500;

    private static final long PDF_STEP_BYTES = 50 * 1024;

    private final long imageTokens;
    private final boolean exact;
    private long tokens;
    private long characters;

    /// `exact` is false where only an estimate is wanted, which is quick for texts of any length.
    TokenTally(long imageTokens, boolean exact) {
        this.imageTokens = imageTokens;
        this.exact = exact;
    }

    void add(long count) {
        tokens += count;
    }

    void text(@Nullable String text) {
        if (text == null) {
            return;
        }
        characters += text.length();
        tokens += exact && characters <= TokenCounter.EXACT_CHARACTERS_MAX ? TokenCounter.text(text) : Heuristic.tokens(text);
    }

    /// The string at the cursor, if it is one.
    void text(JsonIn in) {
        text(in.textIfAny());
    }

    /// The value at the cursor as compact JSON: definitions and arguments, which models read as such. Null is nothing.
    void json(JsonIn in) {
        if (!in.isNull()) {
            text(unescaped(in.raw()));
        }
    }

    /// An image, whatever its size.
    void image() {
        tokens += imageTokens;
    }

    /// A PDF of which the base64 text is so long; 0 where it is somewhere else, which counts as a small one.
    void pdf(long base64Characters) {
        long bytes = base64Characters / 4 * 3;
        tokens += Math.max(1, (bytes + PDF_STEP_BYTES - 1) / PDF_STEP_BYTES) * PDF_STEP_TOKENS;
    }

    long total() {
        return tokens;
    }

    /// Some clients escape whatever is not ASCII; models are not shown that.
    private static String unescaped(String json) {
        int at = json.indexOf("\\u");
        if (at < 0) {
            return json;
        }
        StringBuilder plain = new StringBuilder(json.length());
        int from = 0;
        for (at = json.indexOf('\\'); at >= 0; at = json.indexOf('\\', at + 2)) {
            if (json.startsWith("u", at + 1) && at + 6 <= json.length()) {
                int unit = Integer.parseInt(json.substring(at + 2, at + 6), 16);
                if (unit > 0x7e) {
                    plain.append(json, from, at).append((char) unit);
                    from = at + 6;
                }
            }
        }
        return plain.append(json, from, json.length()).toString();
    }
}
