package dev.plexus.wire;

/// The bytes `[from, to)` of a document.
public record Span(int from, int to) {}
