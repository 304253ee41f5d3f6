package dev.plexus.dialect.responses;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.wire.Shape;
import java.util.Set;

/// The words of this format.
final class Wire {

    /// What is read of an answer or an event.
    enum Place implements Shape.Place {
        TYPE,
        SEQUENCE_NUMBER,
        ID,
        CREATED_AT,
        MODEL,
        STATUS,
        INCOMPLETE_REASON,
        ITEM,
        ITEM_TYPE,
        ITEM_TEXT,
        TEXT,
        USAGE,
        INPUT,
        CACHED,
        CACHE_WRITE,
        OUTPUT,
        REASONING,
        TOTAL
    }

    static final String MODEL = "model";
    static final String INPUT = "input";
    static final String PREVIOUS_RESPONSE_ID = "previous_response_id";
    static final String CONVERSATION = "conversation";
    static final String PROMPT = "prompt";
    static final String STREAM = "stream";
    static final String TOOLS = "tools";
    static final String PARALLEL_TOOL_CALLS = "parallel_tool_calls";

    static final String ERROR = "error";
    static final String CREATED = "response.created";
    static final String QUEUED = "response.queued";
    static final String IN_PROGRESS = "response.in_progress";
    static final String COMPLETED = "response.completed";
    static final String INCOMPLETE = "response.incomplete";
    static final String FAILED = "response.failed";
    static final String CANCELLED = "response.cancelled";
    static final String ITEM_ADDED = "response.output_item.added";
    static final String ITEM_DONE = "response.output_item.done";

    static final String STATUS_COMPLETED = "completed";
    static final String STATUS_INCOMPLETE = "incomplete";
    static final String STATUS_FAILED = "failed";
    static final String STATUS_CANCELLED = "cancelled";
    static final String CONTENT_FILTER = "content_filter";

    static final String FUNCTION_CALL = "function_call";

    /// Items that are worth as much as the text in them; any other item is something by itself.
    static final Set<String> TEXT_ITEMS = Set.of("message", "reasoning");

    private static final Shape USAGE = Shape.at(Place.USAGE)
            .with("input_tokens", Place.INPUT)
            .with("input_tokens_details", Shape.way()
                    .with("cached_tokens", Place.CACHED)
                    .with("cache_write_tokens", Place.CACHE_WRITE))
            .with("output_tokens", Place.OUTPUT)
            .with("output_tokens_details", Shape.way().with("reasoning_tokens", Place.REASONING))
            .with("total_tokens", Place.TOTAL);

    private static final Shape TEXTS =
            Shape.way().of(Shape.way().with("text", Place.ITEM_TEXT).with("refusal", Place.ITEM_TEXT));

    private static final Shape ITEM = Shape.at(Place.ITEM)
            .with("type", Place.ITEM_TYPE)
            .with("content", TEXTS)
            .with("summary", TEXTS);

    /// A whole answer, which is a response at the top level.
    static final Shape ANSWER = response(ErrorFields.topLevel(Shape.way()).with("type", Place.TYPE).with("message", ErrorFields.At.TOP_MESSAGE));

    /// An event of a stream.
    static final Shape EVENT = ErrorFields.topLevel(Shape.way())
            .with("type", Place.TYPE)
            .with("message", ErrorFields.At.TOP_MESSAGE)
            .with("sequence_number", Place.SEQUENCE_NUMBER)
            .with("response", response(Shape.way()))
            .with("item", ITEM)
            .with("part", Shape.way().with("text", Place.TEXT).with("refusal", Place.TEXT))
            .with("delta", Place.TEXT)
            .with("text", Place.TEXT)
            .with("refusal", Place.TEXT)
            .with("arguments", Place.TEXT)
            .with("input", Place.TEXT)
            .with("annotation", Place.TEXT);

    private Wire() {}

    private static Shape response(Shape base) {
        return base.with("id", Place.ID)
                .with("created_at", Place.CREATED_AT)
                .with("model", Place.MODEL)
                .with("status", Place.STATUS)
                .with("error", ErrorFields.ERROR)
                .with("incomplete_details", Shape.way().with("reason", Place.INCOMPLETE_REASON))
                .with("output", Shape.way().of(ITEM))
                .with("usage", USAGE);
    }
}
