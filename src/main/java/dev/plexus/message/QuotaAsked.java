package dev.plexus.message;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;

/// May this key make another request?
public record QuotaAsked(Config config, KeyRule key) {}
