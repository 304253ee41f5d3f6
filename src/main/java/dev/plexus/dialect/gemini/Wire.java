package dev.plexus.dialect.gemini;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.wire.Shape;

/// The words of this format.
final class Wire {

    /// What is read of an answer or a chunk.
    enum Place implements Shape.Place {
        TYPE,
        CANDIDATES,
        CANDIDATE,
        INDEX,
        FINISH_REASON,
        BLOCK_REASON,
        TEXT,
        ITEM,
        CALL,
        CALL_NAME,
        USAGE,
        PROMPT,
        TOOL_PROMPT,
        CACHED,
        CANDIDATES_COUNT,
        THOUGHTS,
        TOTAL
    }

    static final String CONTENTS = "contents";
    static final String TOOLS = "tools";
    static final String FUNCTION_DECLARATIONS = "functionDeclarations";
    static final String FUNCTION_DECLARATIONS_SNAKE = "function_declarations";

    static final String STOP = "STOP";
    static final String UNSPECIFIED = "FINISH_REASON_UNSPECIFIED";
    static final String MALFORMED_CALL = "MALFORMED_FUNCTION_CALL";
    static final String ERROR = "error";

    private static final Shape USAGE = Shape.at(Place.USAGE)
            .with("promptTokenCount", Place.PROMPT)
            .with("toolUsePromptTokenCount", Place.TOOL_PROMPT)
            .with("cachedContentTokenCount", Place.CACHED)
            .with("candidatesTokenCount", Place.CANDIDATES_COUNT)
            .with("thoughtsTokenCount", Place.THOUGHTS)
            .with("totalTokenCount", Place.TOTAL);

    private static final Shape PART = Shape.way()
            .with("text", Place.TEXT)
            .with("functionCall", Shape.at(Place.CALL).with("name", Place.CALL_NAME))
            .with("functionResponse", Place.ITEM)
            .with("inlineData", Place.ITEM)
            .with("fileData", Place.ITEM)
            .with("executableCode", Place.ITEM)
            .with("codeExecutionResult", Place.ITEM);

    private static final Shape CHUNK = ErrorFields.topLevel(Shape.way())
            .with("type", Place.TYPE)
            .with("message", ErrorFields.At.TOP_MESSAGE)
            .with("candidates", Shape.at(Place.CANDIDATES).of(Shape.at(Place.CANDIDATE)
                    .with("index", Place.INDEX)
                    .with("finishReason", Place.FINISH_REASON)
                    .with("content", Shape.way().with("parts", Shape.way().of(PART)))
                    .with("groundingMetadata", Shape.way().with("groundingChunks", Shape.way().of(Shape.at(Place.ITEM))))))
            .with("promptFeedback", Shape.way().with("blockReason", Place.BLOCK_REASON))
            .with("usageMetadata", USAGE)
            .with("totalTokens", Place.ITEM)
            .with("embedding", Place.ITEM)
            .with("embeddings", Place.ITEM);

    /// Also within an array, where errors are found now and then.
    static final Shape ANSWER = CHUNK.of(CHUNK);

    private Wire() {}
}
