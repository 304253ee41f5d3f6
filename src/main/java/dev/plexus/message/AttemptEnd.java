package dev.plexus.message;

import dev.plexus.dialect.Observed;
import dev.plexus.model.GatewayError;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an attempt ended. Whatever it is, nothing of the attempt is left running.
///
/// `firstByteNanos` is the `System.nanoTime` at which the first body byte went to the client, 0 when none did.
public sealed interface AttemptEnd {

    /// The answer is there. Its head and all but its last bytes are written; whoever asked ends the response with `tail`, after the record of the
    /// exchange is safe. `statusCode` is the upstream's.
    record Complete(int statusCode, Buffer tail, Observed observed, boolean streamed, long firstByteNanos, long startedAt)
            implements AttemptEnd {}

    /// Nothing has gone to the client. `statusCode` is 0 where the upstream gave no status. `retryAfterMillis` is what the provider asked for, 0 when
    /// nothing. `relay` is the upstream's own error body, in the client's dialect, when it may be passed on as it is. `error` is what the client is to
    /// be told if this was the last attempt. `triesNext` says whether the failover rules let another candidate try; `tries` counts upstream calls.
    record Refused(
            Fault fault,
            int statusCode,
            String reason,
            long retryAfterMillis,
            GatewayError error,
            @Nullable Relay relay,
            boolean triesNext,
            int tries,
            long startedAt)
            implements AttemptEnd {}

    /// Content had gone to the client when it broke. `tail` is the dialect's own ending of a broken stream; null means that the connection is to be
    /// reset, because the answer had no form for errors. With `resume` another target may go on with it; then there is no tail yet.
    record Broken(
            Fault fault,
            int statusCode,
            String reason,
            @Nullable Buffer tail,
            Observed observed,
            boolean streamed,
            long firstByteNanos,
            long startedAt,
            @Nullable Resume resume)
            implements AttemptEnd {

        public Broken(
                Fault fault,
                int statusCode,
                String reason,
                @Nullable Buffer tail,
                Observed observed,
                boolean streamed,
                long firstByteNanos,
                long startedAt) {
            this(fault, statusCode, reason, tail, observed, streamed, firstByteNanos, startedAt, null);
        }
    }

    /// The exchange was cancelled; the upstream has been reset.
    record Cancelled(Fault fault, Observed observed, boolean streamed, long firstByteNanos, long startedAt) implements AttemptEnd {}

    /// An upstream error answer as it came, with the headers that may be forwarded.
    record Relay(Buffer body, String contentType, Map<String, String> headers) {

        public Relay {
            headers = Map.copyOf(headers);
        }
    }
}
