package dev.plexus.model;

/// Why a choice ended.
public enum FinishReason {
    /// The model had no more to say.
    STOP,
    /// One of the client's stop sequences came up.
    STOP_SEQUENCE,
    /// The output limit was reached.
    LENGTH,
    /// The context window was full.
    CONTEXT_WINDOW,
    /// The model waits for its tools.
    TOOL_CALLS,
    /// The vendor's filter cut it off.
    CONTENT_FILTER,
    /// The model declined.
    REFUSAL,
    /// A long turn was interrupted and may be continued.
    PAUSE,
    /// Something else, or a word that nobody knows.
    OTHER
}
