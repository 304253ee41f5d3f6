package dev.plexus.config;

import dev.plexus.model.ProviderId;

/// One place where an alias may be served: a provider (which need not exist) and a model there.
public record Target(ProviderId provider, String model, boolean enabled) {}
