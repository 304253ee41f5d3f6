package dev.plexus.tokens;

import dev.plexus.model.DialectId;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;

/// Counts what a conversation request would cost in input tokens: texts, tool definitions, calls and results, thinking. The bytes of images and files are
/// left out and a fixed count put in their place.
///
/// Reads liberally: what is not of the form that a dialect documents counts nothing. One pass over the JSON, without a tree.
public final class RequestTokens {

    private RequestTokens() {}

    /// The input tokens of a request body of this dialect, also of what clients send to be counted. What is no JSON object is a [JsonIn.Bad]; a dialect
    /// in which no conversation is held is an `IllegalArgumentException`.
    public static long of(DialectId dialect, Pieces body) {
        return of(dialect, body, true);
    }

    /// The same by a rule of thumb: quick enough for an event loop, and needing no vocabulary.
    public static long estimate(DialectId dialect, Pieces body) {
        return of(dialect, body, false);
    }

    private static long of(DialectId dialect, Pieces body, boolean exact) {
        TokenTally tally = new TokenTally(imageTokens(dialect), exact);
        byte[] bytes = body.contiguous();
        JsonIn.read(bytes, 0, bytes.length, in -> count(dialect, in, tally));
        return tally.total();
    }

    /// What the vendors say of an image of common size.
    private static long imageTokens(DialectId dialect) {
        return switch (dialect) {
            case CHAT, RESPONSES -> OpenAiImage.TOKENS;
            case MESSAGES -> 1600;
            case GEMINI -> 258;
            case EMBEDDINGS -> 0;
            case TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> throw noConversation(dialect);
        };
    }

    private static void count(DialectId dialect, JsonIn in, TokenTally tally) {
        switch (dialect) {
            case CHAT -> new ChatTokens(in, tally).request();
            case MESSAGES -> new MessagesTokens(in, tally).request();
            case GEMINI -> new GeminiTokens(in, tally).request();
            case RESPONSES -> new ResponsesTokens(in, tally).request();
            case EMBEDDINGS -> embedded(in, tally);
            case TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> throw noConversation(dialect);
        }
    }

    /// A text, a list of texts, or what are tokens already: a list of numbers, or a list of such lists.
    private static void embedded(JsonIn in, TokenTally tally) {
        in.object(name -> {
            if (name.equals("input")) {
                embeddedInput(in, tally);
            }
        });
    }

    private static void embeddedInput(JsonIn in, TokenTally tally) {
        if (in.isArray()) {
            in.array(() -> embeddedInput(in, tally));
        } else if (in.isNumber()) {
            tally.add(1);
        } else {
            tally.text(in);
        }
    }

    private static IllegalArgumentException noConversation(DialectId dialect) {
        return new IllegalArgumentException("dialect: no conversations are held in " + dialect.label());
    }
}
