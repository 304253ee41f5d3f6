package dev.plexus.dialect;

/// What one frame of an event stream means for the relay.
public enum FrameKind {
    /// Says nothing yet: role-only chunks, `ping`, `message_start`, `response.created`; held back until the stream is committed.
    BOOKKEEPING,
    /// Carries content, a finish reason or usage: the stream is good and may be committed.
    CONTENT,
    /// Carries usage that the gateway asked for and the client did not: read, but not relayed.
    UNASKED_USAGE,
    /// The dialect's last frame; nothing after it belongs to the answer.
    TERMINAL,
    /// An error in the dialect's form.
    ERROR,
    /// Not JSON; skipped and counted.
    MALFORMED
}
