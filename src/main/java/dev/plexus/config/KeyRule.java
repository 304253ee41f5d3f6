package dev.plexus.config;

import dev.plexus.model.KeyName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An API key of ours: its secret and what it may do. Empty lists of allowed names mean all; `quotas` are names of user quotas that exist.
public record KeyRule(
        KeyName name,
        String secret,
        @Nullable String comment,
        List<String> quotas,
        List<String> allowedModels,
        List<String> excludedModels,
        List<String> allowedProviders,
        List<String> excludedProviders,
        List<String> allowedIps,
        @Nullable Instant expiresAt,
        @Nullable Instant disabledAt) {

    public KeyRule {
        quotas = List.copyOf(quotas);
        allowedModels = List.copyOf(allowedModels);
        excludedModels = List.copyOf(excludedModels);
        allowedProviders = List.copyOf(allowedProviders);
        excludedProviders = List.copyOf(excludedProviders);
        allowedIps = List.copyOf(allowedIps);
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "KeyRule[" + name + "]";
    }
}
