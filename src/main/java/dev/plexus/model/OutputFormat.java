package dev.plexus.model;

import org.jspecify.annotations.Nullable;

/// The form that the answer's text must have.
public sealed interface OutputFormat {

    /// Any JSON object.
    record JsonObject() implements OutputFormat {}

    /// JSON by this schema (its JSON text). `strict` is null where the client did not say.
    record JsonSchema(@Nullable String name, @Nullable String description, String schema, @Nullable Boolean strict) implements OutputFormat {}
}
