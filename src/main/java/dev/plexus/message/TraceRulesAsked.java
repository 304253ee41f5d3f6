package dev.plexus.message;

/// Asks which debug traces are kept now.
public record TraceRulesAsked() {}
