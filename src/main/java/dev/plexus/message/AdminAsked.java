package dev.plexus.message;

import dev.plexus.model.RequestId;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// A request of the management API, taken in by a lane and answered elsewhere. `path` and `query` are as they came, percent-encoded; `peer` is the
/// address of the connection; `lastEventId` is what a reader of live events has seen already.
public record AdminAsked(
        RequestId requestId,
        String method,
        String path,
        @Nullable String query,
        @Nullable String credential,
        @Nullable String lastEventId,
        String peer,
        Buffer body) {

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "AdminAsked[" + method + " " + path + "]";
    }
}
