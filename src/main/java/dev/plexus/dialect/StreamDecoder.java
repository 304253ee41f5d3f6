package dev.plexus.dialect;

import org.jspecify.annotations.Nullable;

/// Turns the frames of an upstream's stream into events, which it hands to its [Emitter]. One instance per stream, single-threaded, never throws.
public interface StreamDecoder {

    /// The data `[from, to)` of one frame, with its event name if it had one. False if it is not JSON, so that it was skipped.
    boolean frame(byte[] array, int from, int to, @Nullable String event);

    /// True if all content has come, though the upstream has not said that the answer ends.
    default boolean hasAll() {
        return false;
    }

    /// The upstream's bytes are at their end. Completes the answer if its substance was complete ([Emitter#end]); otherwise does nothing, and the
    /// emitter is left open: the stream was cut.
    void end();
}
