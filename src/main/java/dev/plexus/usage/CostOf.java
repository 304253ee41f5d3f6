package dev.plexus.usage;

import dev.plexus.message.UsageRecord;
import dev.plexus.pricing.Cost;
import org.jspecify.annotations.Nullable;

/// Says what an exchange came to, by the prices of the configuration it ran under. Must be thread-safe; null where nothing is known.
@FunctionalInterface
public interface CostOf {

    @Nullable Cost of(UsageRecord usage);
}
