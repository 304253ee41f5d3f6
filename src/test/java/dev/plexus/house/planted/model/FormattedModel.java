package dev.plexus.house.planted.model;

import com.fasterxml.jackson.core.JsonToken;

/// Offends: a model that knows JSON.
record FormattedModel(JsonToken token) {}
