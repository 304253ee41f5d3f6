package dev.plexus.message;

import dev.plexus.model.TargetId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The answer to [QuotaAsked].
public sealed interface QuotaVerdict {

    /// The request may go on, but not to the `barred` targets; what it takes is settled by [Addresses#QUOTA_SETTLE] when its exchange ends, exactly once.
    /// `tightest` is the quota with the smallest share left, this request included, for the answer's headers; null for a key without quotas.
    /// `warnings` are quotas that are used up so far that the client is to know.
    record Allowed(@Nullable Standing tightest, List<Standing> warnings, Set<TargetId> barred) implements QuotaVerdict {

        public static final Allowed UNLIMITED = new Allowed(null);

        public Allowed {
            warnings = List.copyOf(warnings);
            barred = Set.copyOf(barred);
        }

        public Allowed(@Nullable Standing tightest) {
            this(tightest, List.of(), Set.of());
        }
    }

    /// How far a quota is used up. `resetsAt` is ISO 8601 in UTC with milliseconds.
    record Standing(String quota, BigDecimal limit, BigDecimal remaining, String resetsAt) {}

    /// `resetsAt` is an epoch millisecond, `retryAfterSeconds` at least 1. Nothing is settled for a refused request. `others` are the other quotas that
    /// are at their end.
    record Exceeded(
            String quota,
            String measure,
            BigDecimal currentUsage,
            BigDecimal limit,
            long resetsAt,
            long retryAfterSeconds,
            List<Exceeded> others)
            implements QuotaVerdict {

        public Exceeded {
            others = List.copyOf(others);
        }

        public Exceeded(String quota, String measure, BigDecimal currentUsage, BigDecimal limit, long resetsAt, long retryAfterSeconds) {
            this(quota, measure, currentUsage, limit, resetsAt, retryAfterSeconds, List.of());
        }
    }
}
