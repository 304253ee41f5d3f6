package dev.plexus.message;

import dev.plexus.config.KeyRule;

/// An administrator forgives a key what it has used of its quotas.
public record QuotaCleared(KeyRule key) {}
