package dev.plexus.message;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// The answer to [QuotaAsked].
public sealed interface QuotaVerdict {

    /// The request may go on; what it takes is settled by [Addresses#QUOTA_SETTLE] when its exchange ends, exactly once. `tightest` is the quota with
    /// the smallest share left, this request included, for the answer's headers; null for a key without quotas.
    record Allowed(@Nullable Standing tightest) implements QuotaVerdict {

        public static final Allowed UNLIMITED = new Allowed(null);

        public Allowed() {
            this(null);
        }
    }

    /// How far a quota is used up. `resetsAt` is ISO 8601 in UTC with milliseconds.
    record Standing(String quota, BigDecimal limit, BigDecimal remaining, String resetsAt) {}

    /// `resetsAt` is an epoch millisecond, `retryAfterSeconds` at least 1. Nothing is settled for a refused request.
    record Exceeded(String quota, String measure, BigDecimal currentUsage, BigDecimal limit, long resetsAt, long retryAfterSeconds)
            implements QuotaVerdict {}
}
