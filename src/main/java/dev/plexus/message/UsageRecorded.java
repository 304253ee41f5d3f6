package dev.plexus.message;

import dev.plexus.pricing.Cost;
import org.jspecify.annotations.Nullable;

/// An exchange has ended and came to this; `cost` is null where it cost nothing or its price is not known.
public record UsageRecorded(UsageRecord usage, @Nullable Cost cost) {}
