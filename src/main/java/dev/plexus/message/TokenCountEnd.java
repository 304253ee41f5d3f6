package dev.plexus.message;

import dev.plexus.model.GatewayError;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/// The answer to [TokenCountAsked]. Nothing of the call is left running.
public sealed interface TokenCountEnd {

    /// The upstream's answer, a count or an error in the client's dialect, to be passed on as it is. `headers` are those of it that may be.
    record Relayed(int status, Buffer body, String contentType, Map<String, String> headers) implements TokenCountEnd {

        public Relayed {
            headers = Map.copyOf(headers);
        }
    }

    /// The upstream refused, in words that are not for the client as they are. `retryAfterMillis` is 0 when no wait helps.
    record Refused(GatewayError error, long retryAfterMillis) implements TokenCountEnd {}

    /// There is no count to be had: the target does not count, or could not be reached. `why` is for the log.
    record NotCounted(String why) implements TokenCountEnd {}
}
