package dev.plexus.config;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A limit on what a key may use. `duration` is present exactly for rolling quotas; the unit of `limit` is what `measures` says.
public record UserQuota(
        String name,
        Window window,
        Measure measures,
        BigDecimal limit,
        @Nullable Duration duration,
        boolean weekStartsMonday,
        boolean reserve,
        boolean shared) {

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
