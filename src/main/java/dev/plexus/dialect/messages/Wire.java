package dev.plexus.dialect.messages;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.wire.Shape;
import java.util.Set;

/// The words of this format.
final class Wire {

    /// What is read of an answer or an event.
    enum Place implements Shape.Place {
        TYPE,
        MESSAGE,
        BLOCK,
        BLOCK_TYPE,
        BLOCK_TEXT,
        DELTA,
        DELTA_TYPE,
        DELTA_TEXT,
        DELTA_SIGNATURE,
        DELTA_CITATION,
        STOP_REASON,
        TOKEN_COUNT,
        USAGE,
        INPUT,
        CACHED,
        CACHE_WRITE,
        CACHE_WRITE_SHORT,
        CACHE_WRITE_LONG,
        OUTPUT,
        THINKING
    }

    static final String VERSION = "2023-06-01";

    static final String MODEL = "model";
    static final String THINKING = "thinking";
    static final String THINKING_TYPE = "type";
    static final String MESSAGES = "messages";
    static final String MAX_TOKENS = "max_tokens";
    static final String STREAM = "stream";
    static final String TOOLS = "tools";

    static final String ERROR = "error";
    static final String MESSAGE = "message";
    static final String PING = "ping";
    static final String MESSAGE_START = "message_start";
    static final String MESSAGE_DELTA = "message_delta";
    static final String MESSAGE_STOP = "message_stop";
    static final String BLOCK_START = "content_block_start";
    static final String BLOCK_DELTA = "content_block_delta";
    static final String BLOCK_STOP = "content_block_stop";

    static final String TOOL_USE = "tool_use";

    /// Blocks that are worth as much as the text in them; any other block is something by itself.
    static final Set<String> TEXT_BLOCKS = Set.of("text", "thinking");
    static final Set<String> KNOWN_DELTAS =
            Set.of("text_delta", "thinking_delta", "signature_delta", "input_json_delta", "citations_delta");
    static final Set<String> PLAIN_STOPS = Set.of("end_turn", "stop_sequence");

    private static final Shape USAGE = Shape.at(Place.USAGE)
            .with("input_tokens", Place.INPUT)
            .with("cache_read_input_tokens", Place.CACHED)
            .with("cache_creation_input_tokens", Place.CACHE_WRITE)
            .with("cache_creation", Shape.way()
                    .with("ephemeral_5m_input_tokens", Place.CACHE_WRITE_SHORT)
                    .with("ephemeral_1h_input_tokens", Place.CACHE_WRITE_LONG))
            .with("output_tokens", Place.OUTPUT)
            .with("output_tokens_details", Shape.way().with("thinking_tokens", Place.THINKING));

    private static final Shape BLOCK = Shape.at(Place.BLOCK)
            .with("type", Place.BLOCK_TYPE)
            .with("text", Place.BLOCK_TEXT)
            .with("thinking", Place.BLOCK_TEXT);

    private static final Shape CONTENT = Shape.way().of(BLOCK);

    /// An answer and an event of a stream have no members in common that differ in meaning.
    static final Shape DOCUMENT = ErrorFields.topLevel(Shape.way())
            .with("type", Place.TYPE)
            .with("content", CONTENT)
            .with("stop_reason", Place.STOP_REASON)
            .with("usage", USAGE)
            .with("input_tokens", Place.TOKEN_COUNT)
            .with("message", Shape.at(Place.MESSAGE)
                    .with("content", CONTENT)
                    .with("stop_reason", Place.STOP_REASON)
                    .with("usage", USAGE))
            .with("content_block", BLOCK)
            .with("delta", Shape.at(Place.DELTA)
                    .with("type", Place.DELTA_TYPE)
                    .with("text", Place.DELTA_TEXT)
                    .with("thinking", Place.DELTA_TEXT)
                    .with("partial_json", Place.DELTA_TEXT)
                    .with("signature", Place.DELTA_SIGNATURE)
                    .with("citation", Place.DELTA_CITATION)
                    .with("stop_reason", Place.STOP_REASON));

    private Wire() {}
}
