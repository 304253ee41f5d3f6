package dev.plexus.message;

import dev.plexus.dialect.Drops;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/// What one exchange said and heard, secrets included: whoever stores it masks them first. The upstream's side is that of the last attempt; `url` is
/// empty and `upstreamStatus` 0 where none was made. `truncated` when a body was longer than what is kept of it.
public record DebugTrace(
        UsageRecord usage,
        long createdAt,
        String url,
        int upstreamStatus,
        int clientStatus,
        Bodies bodies,
        Headers headers,
        List<Drops.Drop> drops,
        boolean truncated) {

    /// The four bodies as they went over the wire.
    public record Bodies(Buffer clientRequest, Buffer upstreamRequest, Buffer upstreamResponse, Buffer clientResponse) {

        public long bytes() {
            return (long) clientRequest.length() + upstreamRequest.length() + upstreamResponse.length() + clientResponse.length();
        }
    }

    /// The headers that went with them, by name in lower case.
    public record Headers(
            Map<String, String> clientRequest,
            Map<String, String> upstreamRequest,
            Map<String, String> upstreamResponse,
            Map<String, String> clientResponse) {

        public Headers {
            clientRequest = Map.copyOf(clientRequest);
            upstreamRequest = Map.copyOf(upstreamRequest);
            upstreamResponse = Map.copyOf(upstreamResponse);
            clientResponse = Map.copyOf(clientResponse);
        }
    }

    public DebugTrace {
        drops = List.copyOf(drops);
    }

    /// What was said stays out of logs.
    @Override
    public String toString() {
        return "DebugTrace[" + usage.requestId() + "]";
    }
}
