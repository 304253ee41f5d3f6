package dev.plexus.message;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.model.DialectId;

/// Which targets, in what order, for this model name? Answered from the given snapshot.
public record PlanAsked(Config config, String model, DialectId dialect, KeyRule key) {}
