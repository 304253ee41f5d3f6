package dev.plexus.message;

import dev.plexus.pricing.Cost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Exchanges that have ended, for those who watch live. `cost` is null for nothing.
public record UsageRecorded(List<One> ended) {

    public UsageRecorded {
        ended = List.copyOf(ended);
    }

    /// One of them.
    public record One(UsageRecord usage, @Nullable Cost cost) {}
}
