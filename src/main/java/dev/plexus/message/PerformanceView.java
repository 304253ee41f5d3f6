package dev.plexus.message;

import dev.plexus.model.TargetId;
import java.util.Map;

/// What is known of the targets' speed and use, as one immutable snapshot.
public record PerformanceView(Map<TargetId, Figures> figures) {

    public static final PerformanceView EMPTY = new PerformanceView(Map.of());

    /// Averages over the last samples; NaN where none of them says anything. `lastSampleAt` is in epoch milliseconds, 0 when there is none.
    public record Figures(double tokensPerSecond, double ttftMs, double tokensPerSecondInAll, long lastSampleAt, long requestsOfTheDay) {

        public static final Figures UNKNOWN = new Figures(Double.NaN, Double.NaN, Double.NaN, 0, 0);
    }

    public PerformanceView {
        figures = Map.copyOf(figures);
    }

    public Figures of(TargetId target) {
        Figures known = figures.get(target);
        return known == null ? Figures.UNKNOWN : known;
    }
}
