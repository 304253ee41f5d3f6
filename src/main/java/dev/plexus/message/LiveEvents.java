package dev.plexus.message;

import io.vertx.core.buffer.Buffer;

/// The next events of a live stream as they go to the client; `last` when it ends with them.
public record LiveEvents(Buffer text, boolean last) {}
