package dev.plexus.dialect.responses;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.wire.Shape;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    static final String INSTRUCTIONS = "instructions";
    static final String TOOL_CHOICE = "tool_choice";
    static final String MAX_OUTPUT_TOKENS = "max_output_tokens";
    static final String TEMPERATURE = "temperature";
    static final String TOP_P = "top_p";
    static final String TOP_LOGPROBS = "top_logprobs";
    static final String USER = "user";
    static final String SAFETY_IDENTIFIER = "safety_identifier";
    static final String SERVICE_TIER = "service_tier";
    static final String PROMPT_CACHE_KEY = "prompt_cache_key";
    static final String METADATA = "metadata";
    static final String INCLUDE = "include";
    static final String REASONING = "reasoning";
    static final String TEXT = "text";
    static final String BACKGROUND = "background";

    static final String INCLUDE_LOGPROBS = "message.output_text.logprobs";
    static final String INCLUDE_ENCRYPTED = "reasoning.encrypted_content";
    static final String WEB_SEARCH = "web_search";
    static final String CODE_INTERPRETER = "code_interpreter";

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

    static final String PART_ADDED = "response.content_part.added";
    static final String PART_DONE = "response.content_part.done";
    static final String TEXT_DELTA = "response.output_text.delta";
    static final String TEXT_DONE = "response.output_text.done";
    static final String ANNOTATION_ADDED = "response.output_text.annotation.added";
    static final String REFUSAL_DELTA = "response.refusal.delta";
    static final String REFUSAL_DONE = "response.refusal.done";
    static final String SUMMARY_ADDED = "response.reasoning_summary_part.added";
    static final String SUMMARY_DELTA = "response.reasoning_summary_text.delta";
    static final String SUMMARY_TEXT_DONE = "response.reasoning_summary_text.done";
    static final String SUMMARY_DONE = "response.reasoning_summary_part.done";
    static final String REASONING_DELTA = "response.reasoning_text.delta";
    static final String ARGUMENTS_DELTA = "response.function_call_arguments.delta";
    static final String ARGUMENTS_DONE = "response.function_call_arguments.done";
    static final String CUSTOM_DELTA = "response.custom_tool_call_input.delta";
    static final String CUSTOM_DONE = "response.custom_tool_call_input.done";

    static final String STATUS_IN_PROGRESS = "in_progress";
    static final String STATUS_COMPLETED = "completed";
    static final String STATUS_INCOMPLETE = "incomplete";
    static final String STATUS_FAILED = "failed";
    static final String STATUS_CANCELLED = "cancelled";
    static final String CONTENT_FILTER = "content_filter";

    static final String MESSAGE = "message";
    static final String REASONING_ITEM = "reasoning";
    static final String FUNCTION_CALL = "function_call";
    static final String FUNCTION_CALL_OUTPUT = "function_call_output";
    static final String CUSTOM_TOOL_CALL = "custom_tool_call";
    static final String CUSTOM_TOOL_CALL_OUTPUT = "custom_tool_call_output";
    static final String IMAGE_CALL = "image_generation_call";
    static final String OUTPUT_TEXT = "output_text";
    static final String REFUSAL = "refusal";
    static final String SUMMARY_TEXT = "summary_text";
    static final String REASONING_TEXT = "reasoning_text";
    static final String URL_CITATION = "url_citation";

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
            .with("arguments", Place.ITEM_TEXT)
            .with("input", Place.ITEM_TEXT)
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

    /// The media type of an image whose format is spelled so.
    static String imageMime(@Nullable String format) {
        return format == null || format.isBlank() ? "image/png" : "image/" + format;
    }

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
