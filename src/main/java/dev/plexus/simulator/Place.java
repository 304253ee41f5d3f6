package dev.plexus.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What a path names. Paths are known by their ends, so that any prefix of a base URL will do, `/v1` once or twice or not at all.
sealed interface Place {

    /// A conversation in a dialect.
    record Conversation(Voice voice, Voice.Target target) implements Place {}

    /// OpenAI embeddings.
    record OpenAiEmbeddings() implements Place {}

    /// Gemini's `:embedContent` or, for `many`, `:batchEmbedContents`.
    record GeminiEmbeddings(String model, boolean many) implements Place {}

    /// Counting tokens; `model` is empty where the body names it. `member` is what the count is called.
    record TokenCount(Voice voice, String model, String member) implements Place {}

    /// The list of models.
    record Models() implements Place {}

    /// The simulator's own controls.
    record Controls() implements Place {}

    /// Nothing.
    record Nowhere() implements Place {}

    Conversation CHAT = new Conversation(new ChatVoice(), Voice.Target.IN_BODY);
    Conversation MESSAGES = new Conversation(new MessagesVoice(), Voice.Target.IN_BODY);
    Conversation RESPONSES = new Conversation(new ResponsesVoice(), Voice.Target.IN_BODY);
    GeminiVoice GEMINI = new GeminiVoice();
    TokenCount COUNT = new TokenCount(MESSAGES.voice(), "", "input_tokens");

    static Place of(String path, boolean events) {
        if (path.startsWith("/__")) {
            return new Controls();
        }
        int colon = path.lastIndexOf(':');
        int models = path.indexOf("/models/");
        if (models >= 0 && colon > models) {
            return gemini(decoded(path.substring(models + "/models/".length(), colon)), path.substring(colon + 1), events);
        }
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (trimmed.endsWith("/chat/completions")) {
            return CHAT;
        }
        if (trimmed.endsWith("/messages")) {
            return MESSAGES;
        }
        if (trimmed.endsWith("/responses")) {
            return RESPONSES;
        }
        if (trimmed.endsWith("/embeddings")) {
            return new OpenAiEmbeddings();
        }
        if (trimmed.endsWith("/messages/count_tokens")) {
            return COUNT;
        }
        return trimmed.endsWith("/models") ? new Models() : new Nowhere();
    }

    private static Place gemini(String model, String action, boolean events) {
        return switch (action) {
            case "generateContent" -> new Conversation(GEMINI, new Voice.Target(model, Question.Delivery.WHOLE));
            case "streamGenerateContent" ->
                new Conversation(GEMINI, new Voice.Target(model, events ? Question.Delivery.EVENTS : Question.Delivery.ARRAY));
            case "embedContent" -> new GeminiEmbeddings(model, false);
            case "batchEmbedContents" -> new GeminiEmbeddings(model, true);
            case "countTokens" -> new TokenCount(GEMINI, model, "totalTokens");
            default -> new Nowhere();
        };
    }

    private static String decoded(String model) {
        try {
            return URLDecoder.decode(model.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return model;
        }
    }
}
