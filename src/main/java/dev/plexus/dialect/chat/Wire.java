package dev.plexus.dialect.chat;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.wire.Shape;
import java.util.Set;

/// The words of this format.
final class Wire {

    /// What is read of an answer, whole or streamed.
    enum Place implements Shape.Place {
        OBJECT,
        DOCUMENT_TYPE,
        CHOICES,
        CHOICE,
        INDEX,
        FINISH_REASON,
        DELTA,
        MESSAGE,
        TEXT,
        ITEM,
        OPAQUE_ITEM,
        CALL,
        CALL_INDEX,
        CALL_ID,
        CALL_NAME,
        CALL_ARGUMENTS,
        FUNCTION_CALL,
        USAGE,
        PROMPT,
        COMPLETION,
        TOTAL,
        CACHED_IN_DETAILS,
        CACHED,
        CACHE_HIT,
        CACHE_WRITE_IN_DETAILS,
        CACHE_CREATION_IN_DETAILS,
        CACHE_CREATION,
        REASONING_IN_DETAILS,
        REASONING
    }

    static final String MODEL = "model";
    static final String MESSAGES = "messages";
    static final String ROLE = "role";
    static final String STREAM = "stream";
    static final String TOOLS = "tools";
    static final String PARALLEL_TOOL_CALLS = "parallel_tool_calls";
    static final String STREAM_OPTIONS = "stream_options";
    static final String INCLUDE_USAGE = "include_usage";
    static final String ERROR = "error";

    /// Finish reasons that only say that nothing more was to come; with nothing before them the answer is empty.
    static final Set<String> PLAIN_STOPS = Set.of("stop", "eos", "end_turn", "null");

    /// Finish reasons by which upstreams say that they failed.
    static final Set<String> FAILURES = Set.of("error", "network_error", "insufficient_system_resource");

    private static final Shape USAGE = Shape.at(Place.USAGE)
            .with("prompt_tokens", Place.PROMPT)
            .with("completion_tokens", Place.COMPLETION)
            .with("total_tokens", Place.TOTAL)
            .with("cached_tokens", Place.CACHED)
            .with("prompt_cache_hit_tokens", Place.CACHE_HIT)
            .with("cache_creation_tokens", Place.CACHE_CREATION)
            .with("reasoning_tokens", Place.REASONING)
            .with("prompt_tokens_details", Shape.way()
                    .with("cached_tokens", Place.CACHED_IN_DETAILS)
                    .with("cache_write_tokens", Place.CACHE_WRITE_IN_DETAILS)
                    .with("cache_creation_input_tokens", Place.CACHE_CREATION_IN_DETAILS))
            .with("completion_tokens_details", Shape.way().with("reasoning_tokens", Place.REASONING_IN_DETAILS));

    private static final Shape CALL = Shape.at(Place.CALL)
            .with("index", Place.CALL_INDEX)
            .with("id", Place.CALL_ID)
            .with("function", Shape.way().with("name", Place.CALL_NAME).with("arguments", Place.CALL_ARGUMENTS))
            .with("custom", Shape.way().with("name", Place.CALL_NAME).with("input", Place.CALL_ARGUMENTS));

    private static final Shape ITEMS = Shape.way().of(Shape.at(Place.ITEM));

    static final Shape ANSWER = ErrorFields.topLevel(Shape.way())
            .with("object", Place.OBJECT)
            .with("type", Place.DOCUMENT_TYPE)
            .with("message", ErrorFields.At.TOP_MESSAGE)
            .with("choices", Shape.at(Place.CHOICES).of(Shape.at(Place.CHOICE)
                    .with("index", Place.INDEX)
                    .with("finish_reason", Place.FINISH_REASON)
                    .with("delta", content(Place.DELTA))
                    .with("message", content(Place.MESSAGE))
                    .with("text", Place.TEXT)
                    .with("usage", USAGE)
                    .with("error", ErrorFields.ERROR)))
            .with("finish_reason", Place.FINISH_REASON)
            .with("usage", USAGE)
            .with("x_groq", Shape.way().with("usage", USAGE).with("error", ErrorFields.ERROR));

    private Wire() {}

    private static Shape content(Place place) {
        return Shape.at(place)
                .with("content", Shape.at(Place.TEXT).of(Shape.at(Place.ITEM)))
                .with("reasoning_content", Place.TEXT)
                .with("reasoning", Place.TEXT)
                .with("refusal", Place.TEXT)
                .with("reasoning_details", ITEMS)
                .with("annotations", ITEMS)
                .with("images", ITEMS)
                .with("audio", Place.OPAQUE_ITEM)
                .with("tool_calls", Shape.way().of(CALL))
                .with("function_call", Place.FUNCTION_CALL);
    }
}
