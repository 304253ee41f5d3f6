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
        BLOCK_INPUT,
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

    /// The vendor's name in places that say whose something is.
    static final String VENDOR = "anthropic";

    static final String SYSTEM = "system";
    static final String TOOL_CHOICE = "tool_choice";
    static final String TEMPERATURE = "temperature";
    static final String TOP_P = "top_p";
    static final String TOP_K = "top_k";
    static final String STOP_SEQUENCES = "stop_sequences";
    static final String OUTPUT_CONFIG = "output_config";
    static final String METADATA = "metadata";
    static final String USER_ID = "user_id";
    static final String SERVICE_TIER = "service_tier";

    static final String TYPE = "type";
    static final String ID = "id";
    static final String NAME = "name";
    static final String ROLE = "role";
    static final String ASSISTANT = "assistant";
    static final String CONTENT = "content";
    static final String INDEX = "index";
    static final String BLOCK = "content_block";
    static final String DELTA = "delta";
    static final String USAGE = "usage";
    static final String STOP_REASON = "stop_reason";
    static final String STOP_SEQUENCE = "stop_sequence";

    static final String TEXT = "text";
    static final String IMAGE = "image";
    static final String DOCUMENT = "document";
    static final String SEARCH_RESULT = "search_result";
    static final String REDACTED_THINKING = "redacted_thinking";
    static final String TOOL_USE = "tool_use";
    static final String TOOL_RESULT = "tool_result";

    static final String SIGNATURE = "signature";
    static final String DATA = "data";
    static final String INPUT = "input";
    static final String TOOL_USE_ID = "tool_use_id";
    static final String IS_ERROR = "is_error";
    static final String SOURCE = "source";
    static final String MEDIA_TYPE = "media_type";
    static final String BASE64 = "base64";
    static final String URL = "url";
    static final String FILE = "file";
    static final String FILE_ID = "file_id";
    static final String TITLE = "title";
    static final String CONTEXT = "context";
    static final String CITATIONS = "citations";
    static final String CITATION = "citation";
    static final String CITED_TEXT = "cited_text";
    static final String WEB_CITATION = "web_search_result_location";
    static final String CACHE_CONTROL = "cache_control";
    static final String TTL = "ttl";

    static final String TEXT_DELTA = "text_delta";
    static final String THINKING_DELTA = "thinking_delta";
    static final String SIGNATURE_DELTA = "signature_delta";
    static final String INPUT_DELTA = "input_json_delta";
    static final String PARTIAL_JSON = "partial_json";
    static final String CITATIONS_DELTA = "citations_delta";

    static final String DESCRIPTION = "description";
    static final String INPUT_SCHEMA = "input_schema";
    static final String STRICT = "strict";
    static final String WEB_SEARCH = "web_search";
    static final String MAX_USES = "max_uses";
    static final String ALLOWED_DOMAINS = "allowed_domains";
    static final String BLOCKED_DOMAINS = "blocked_domains";
    static final String USER_LOCATION = "user_location";

    static final String CHOICE_AUTO = "auto";
    static final String CHOICE_ANY = "any";
    static final String CHOICE_TOOL = "tool";
    static final String NONE = "none";
    static final String DISABLE_PARALLEL = "disable_parallel_tool_use";
    static final Set<String> TOOL_CHOICES = Set.of(CHOICE_AUTO, CHOICE_ANY, CHOICE_TOOL, NONE);

    static final String ENABLED = "enabled";
    static final String DISABLED = "disabled";
    static final String ADAPTIVE = "adaptive";
    static final String BUDGET_TOKENS = "budget_tokens";
    static final String DISPLAY = "display";
    static final String OMITTED = "omitted";
    static final Set<String> THINKING_TYPES = Set.of(ENABLED, DISABLED, ADAPTIVE);

    static final String EFFORT = "effort";
    static final String FORMAT = "format";
    static final String JSON_SCHEMA = "json_schema";
    static final String SCHEMA = "schema";

    /// The tool whose input is the answer, for targets without structured output.
    static final String JSON_RESPONSE = "json_response";

    /// Blocks of a request that other dialects have something like.
    static final Set<String> READ_BLOCKS =
            Set.of(TEXT, IMAGE, DOCUMENT, SEARCH_RESULT, THINKING, REDACTED_THINKING, TOOL_USE, TOOL_RESULT);

    /// Blocks that are worth as much as the text in them; any other block is something by itself.
    static final Set<String> TEXT_BLOCKS = Set.of("text", "thinking");
    static final Set<String> KNOWN_DELTAS =
            Set.of("text_delta", "thinking_delta", "signature_delta", "input_json_delta", "citations_delta");
    static final Set<String> PLAIN_STOPS = Set.of("end_turn", "stop_sequence");

    static final Shape TOKENS = Shape.at(Place.USAGE)
            .with("input_tokens", Place.INPUT)
            .with("cache_read_input_tokens", Place.CACHED)
            .with("cache_creation_input_tokens", Place.CACHE_WRITE)
            .with("cache_creation", Shape.way()
                    .with("ephemeral_5m_input_tokens", Place.CACHE_WRITE_SHORT)
                    .with("ephemeral_1h_input_tokens", Place.CACHE_WRITE_LONG))
            .with("output_tokens", Place.OUTPUT)
            .with("output_tokens_details", Shape.way().with("thinking_tokens", Place.THINKING));

    private static final Shape BLOCK_SHAPE = Shape.at(Place.BLOCK)
            .with("type", Place.BLOCK_TYPE)
            .with("text", Place.BLOCK_TEXT)
            .with("thinking", Place.BLOCK_TEXT)
            .with("input", Shape.deep(Place.BLOCK_INPUT));

    private static final Shape BLOCKS = Shape.way().of(BLOCK_SHAPE);

    /// An answer and an event of a stream have no members in common that differ in meaning.
    static final Shape SHAPE = ErrorFields.topLevel(Shape.way())
            .with("type", Place.TYPE)
            .with("content", BLOCKS)
            .with("stop_reason", Place.STOP_REASON)
            .with("usage", TOKENS)
            .with("input_tokens", Place.TOKEN_COUNT)
            .with("message", Shape.at(Place.MESSAGE)
                    .with("content", BLOCKS)
                    .with("stop_reason", Place.STOP_REASON)
                    .with("usage", TOKENS))
            .with("content_block", BLOCK_SHAPE)
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
