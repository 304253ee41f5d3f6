package dev.plexus.house.planted.usage;

import io.vertx.core.json.JsonObject;

/// Offends: hands a JSON tree to others.
record TreeShower(JsonObject tree) {}
