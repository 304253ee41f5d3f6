package dev.plexus.dialect;

import dev.plexus.model.StreamEvent;

/// Writes events as the frames of a client's stream. One instance per stream, single-threaded.
///
/// An automaton: whatever order the events come in, what it writes is a legal stream of its dialect that ends at most once.
public interface StreamEncoder {

    /// Writes what this event means to the client; that may be nothing yet.
    void accept(StreamEvent event);

    /// Writes what keeps a silent connection alive, if this is a moment for it.
    void keepAlive();
}
