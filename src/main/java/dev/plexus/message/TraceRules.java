package dev.plexus.message;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Of which exchanges a debug trace is kept: of all when `enabled` without names; with names, of those to which any of them belongs; and with
/// `onError`, whatever else is said, of those that failed.
public record TraceRules(boolean enabled, boolean onError, Set<String> keys, Set<String> aliases, Set<String> providers) {

    public static final TraceRules OFF = new TraceRules(false, false, Set.of(), Set.of(), Set.of());
    public static final TraceRules ALL = new TraceRules(true, false, Set.of(), Set.of(), Set.of());

    public TraceRules {
        keys = Set.copyOf(keys);
        aliases = Set.copyOf(aliases);
        providers = Set.copyOf(providers);
    }

    /// True if a trace may come to be kept at all.
    public boolean any() {
        return enabled || onError;
    }

    /// True if what is known before the first attempt does not rule a trace out.
    public boolean mayKeep(@Nullable String key, @Nullable String alias) {
        return onError || enabled && (isOpen() || !providers.isEmpty() || names(keys, key) || names(aliases, alias));
    }

    /// True if the trace of this exchange is to be kept.
    public boolean keeps(@Nullable String key, @Nullable String alias, @Nullable String provider, boolean failed) {
        return onError && failed
                || enabled && (isOpen() || names(keys, key) || names(aliases, alias) || names(providers, provider));
    }

    private boolean isOpen() {
        return keys.isEmpty() && aliases.isEmpty() && providers.isEmpty();
    }

    private static boolean names(Set<String> names, @Nullable String name) {
        return name != null && names.contains(name);
    }
}
