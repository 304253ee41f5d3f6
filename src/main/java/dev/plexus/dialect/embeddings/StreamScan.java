package dev.plexus.dialect.embeddings;

import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.SseWriter;
import org.jspecify.annotations.Nullable;

/// Stands in for the streams that this format does not have: whatever comes is no part of an answer.
final class StreamScan implements StreamWatch {

    @Override
    public FrameKind frame(byte[] array, int from, int to, @Nullable String event) {
        return FrameKind.MALFORMED;
    }

    @Override
    public Observed observed() {
        return Observed.NOTHING;
    }

    @Override
    public @Nullable UpstreamError error() {
        return null;
    }

    @Override
    public boolean complete() {
        return false;
    }

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return SseWriter.frame(null, Errors.write(error));
    }

    @Override
    public byte[] keepAlive() {
        return SseWriter.keepAlive();
    }
}
