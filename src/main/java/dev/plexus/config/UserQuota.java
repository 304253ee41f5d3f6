package dev.plexus.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A limit on what a key may use. `duration` is present exactly for rolling quotas; the unit of `limit` is what `measures` says. From the share
/// `warnAt` of the limit on, answers carry a warning; null for never. `scope` says which targets it counts.
public record UserQuota(
        String name,
        Window window,
        Measure measures,
        BigDecimal limit,
        @Nullable Duration duration,
        boolean weekStartsMonday,
        boolean reserve,
        boolean shared,
        @Nullable BigDecimal warnAt,
        Scope scope) {

    public UserQuota(
            String name,
            Window window,
            Measure measures,
            BigDecimal limit,
            @Nullable Duration duration,
            boolean weekStartsMonday,
            boolean reserve,
            boolean shared) {
        this(name, window, measures, limit, duration, weekStartsMonday, reserve, shared, null, Scope.ALL);
    }

    /// The targets that a quota counts: empty lists of allowed names mean all. Models are named by their alias, or as the provider names them.
    public record Scope(
            List<String> allowedModels, List<String> excludedModels, List<String> allowedProviders, List<String> excludedProviders) {

        public static final Scope ALL = new Scope(List.of(), List.of(), List.of(), List.of());

        public Scope {
            allowedModels = List.copyOf(allowedModels);
            excludedModels = List.copyOf(excludedModels);
            allowedProviders = List.copyOf(allowedProviders);
            excludedProviders = List.copyOf(excludedProviders);
        }

        /// Does the quota count whatever the target is?
        public boolean isAll() {
            return this.equals(ALL);
        }

        /// Does the quota count this target? `alias` is the name by which the client got there, null where it named the provider's model itself.
        public boolean holds(String provider, String model, @Nullable String alias) {
            return permits(allowedProviders, excludedProviders, provider, provider)
                    && permits(allowedModels, excludedModels, model, alias == null ? model : alias);
        }

        private static boolean permits(List<String> allowed, List<String> excluded, String name, String other) {
            return (allowed.isEmpty() || allowed.contains(name) || allowed.contains(other)) && !excluded.contains(name) && !excluded.contains(other);
        }
    }

    /// Over what time a quota is counted.
    public enum Window {
        ROLLING,
        DAILY,
        WEEKLY,
        MONTHLY
    }

    /// What a quota counts.
    public enum Measure {
        REQUESTS,
        TOKENS,
        COST
    }
}
