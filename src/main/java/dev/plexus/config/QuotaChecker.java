package dev.plexus.config;

import java.time.Duration;
import java.util.Map;

/// How a provider's own limits are polled. `options` are strings by name, with the provider's credentials filled in.
public record QuotaChecker(String id, String type, Duration interval, Map<String, String> options) {

    public QuotaChecker {
        options = Map.copyOf(options);
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "QuotaChecker[" + id + ", " + type + "]";
    }
}
