package dev.plexus.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/// A request as it arrived: `path` with its query, `model` as the simulator understood it (empty if none), the time on the simulator's own clock.
public record SeenRequest(String method, String path, MultiMap headers, Buffer body, String model, long atNanos) {

    /// The body, read as a JSON object.
    public JsonObject json() {
        return body.toJsonObject();
    }
}
