package dev.plexus.model;

/// How the input of a tool looks.
public enum ToolKind {
    /// A JSON object by a schema.
    FUNCTION,
    /// Free text.
    CUSTOM
}
