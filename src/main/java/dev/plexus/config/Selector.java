package dev.plexus.config;

/// The rule that orders the candidates of an alias.
public enum Selector {
    RANDOM,
    IN_ORDER,
    COST,
    LATENCY,
    USAGE,
    PERFORMANCE,
    E2E_PERFORMANCE
}
