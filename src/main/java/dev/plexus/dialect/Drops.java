package dev.plexus.dialect;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What one translation had to leave out or change, by rule: nothing is dropped silently. Never shown to clients. Single-threaded.
public final class Drops {

    /// Entries kept with their words; more are only counted.
    private static final int KEPT_MAX = 100;

    /// One thing that was left out or changed: what, where (a path in the client's request or the upstream's answer, as far as known), and why.
    public record Drop(Feature feature, String path, String reason) {}

    private final List<Drop> kept = new ArrayList<>(0);
    private final Map<Feature, Integer> counts = new EnumMap<>(Feature.class);

    public void add(Feature feature, String path, String reason) {
        counts.merge(feature, 1, Integer::sum);
        if (kept.size() < KEPT_MAX) {
            kept.add(new Drop(feature, path, reason));
        }
    }

    /// The first hundred, in order.
    public List<Drop> all() {
        return List.copyOf(kept);
    }

    /// How many of each there were.
    public Map<Feature, Integer> counts() {
        return Map.copyOf(counts);
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }
}
