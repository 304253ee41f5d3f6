package dev.plexus.message;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/// The answer to [AdminAsked].
public sealed interface AdminAnswer {

    /// Everything at once.
    record Whole(int status, Map<String, String> headers, Buffer body) implements AdminAnswer {

        public Whole {
            headers = Map.copyOf(headers);
        }
    }

    /// A stream of events follows: whoever asked fetches it piece by piece with [LiveAsked], at the pace of its client.
    record Live(Map<String, String> headers) implements AdminAnswer {

        public Live {
            headers = Map.copyOf(headers);
        }
    }
}
