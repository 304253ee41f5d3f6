package dev.plexus.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.model.DialectId;

/// One vendor's own client, used the same way as the others.
interface ConversationClient extends AutoCloseable {

    DialectId dialect();

    /// Asks for a whole answer. `request` holds the members of the vendor's request but for the model and whether it streams.
    Told whole(String model, JsonNode request);

    /// Asks for a stream, and reads it to its end.
    Told streamed(String model, JsonNode request);

    /// The status, the exception's simple name and its message, of a request that fails.
    String failure(String model, JsonNode request);

    @Override
    void close();
}
