package dev.plexus.message;

import dev.plexus.model.RequestId;

/// Asks for the next events of a live stream, which is known by the request that began it. `over` says that nobody reads it any more.
public record LiveAsked(RequestId stream, boolean over) {}
