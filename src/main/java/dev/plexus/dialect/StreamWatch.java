package dev.plexus.dialect;

import dev.plexus.model.GatewayError;
import org.jspecify.annotations.Nullable;

/// Follows one streamed answer frame by frame as it passes. One instance per stream, single-threaded.
public interface StreamWatch {

    /// Looks at the data `[from, to)` of one frame; `event` is its event name, if it had one.
    FrameKind frame(byte[] array, int from, int to, @Nullable String event);

    /// What has been seen until now.
    Observed observed();

    /// What the last frame of kind [FrameKind#ERROR] said.
    @Nullable UpstreamError error();

    /// True once the answer is complete in substance (its finish reason was seen, or its terminal frame), so that an end of input now is
    /// no truncation.
    boolean complete();

    /// The frames that end a broken stream in this dialect, after content has gone to the client.
    byte[] writeError(GatewayError error, String requestId);

    /// The frames that are still missing at the end of an answer that is complete in substance; nothing where the vendor has sent all of them.
    default byte[] closing() {
        return new byte[0];
    }

    /// What the client has been told, null where answers cannot be gone on with.
    default @Nullable Told told() {
        return null;
    }

    /// The keep-alive block of this dialect.
    byte[] keepAlive();

    /// What the answer has held until now, measured.
    default Generated generated() {
        return Generated.nothing();
    }
}
