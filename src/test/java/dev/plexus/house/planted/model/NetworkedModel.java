package dev.plexus.house.planted.model;

import io.vertx.core.buffer.Buffer;

/// Offends: a model that knows the network.
record NetworkedModel(Buffer bytes) {}
