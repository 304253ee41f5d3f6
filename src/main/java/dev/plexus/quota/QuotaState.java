package dev.plexus.quota;

import dev.plexus.config.UserQuota;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// One durable counter: what a key has used of a quota. `keyName` is `*` for a pool that several keys share. Times are epoch milliseconds;
/// `windowStart` is null for leaky buckets, which have no window.
public record QuotaState(
        String keyName,
        String quotaName,
        UserQuota.Window window,
        UserQuota.Measure measure,
        BigDecimal currentUsage,
        long lastUpdated,
        @Nullable Long windowStart) {}
