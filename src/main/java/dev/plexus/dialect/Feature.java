package dev.plexus.dialect;

import java.util.Locale;

/// What a request or an answer may hold that not every dialect can carry: the names under which drops are counted, and the rows of the survival table.
public enum Feature {
    SYSTEM_PLACE,
    DEVELOPER_ROLE,
    PARTICIPANT_NAME,
    IMAGE,
    AUDIO,
    VIDEO,
    DOCUMENT,
    SEARCH_RESULT,
    CITATIONS,
    CACHE_MARK,
    THINKING,
    SIGNATURE,
    REASONING_CONTROL,
    VERBOSITY,
    TOOL_STRICT,
    TOOL_CHOICE,
    TOOL_FORMAT,
    BUILTIN_TOOL,
    WEB_SEARCH,
    PARALLEL_TOOL_CALLS,
    TOOL_ERROR_FLAG,
    UNANSWERED_CALL,
    ORPHAN_RESULT,
    OUTPUT_FORMAT,
    MAX_TOKENS,
    TEMPERATURE,
    TOP_P,
    TOP_K,
    SEED,
    PENALTIES,
    LOGIT_BIAS,
    LOGPROBS,
    CHOICES,
    STOP,
    MODALITIES,
    USER,
    METADATA,
    SERVICE_TIER,
    PROMPT_CACHE_KEY,
    /// A member of the request that only its own dialect knows.
    NATIVE_MEMBER,
    /// A part of a message or an answer that only its own dialect knows.
    NATIVE_PART,
    EMPTY_TEXT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// The lower-case spelling used in metrics and documents.
    public String label() {
        return label;
    }
}
