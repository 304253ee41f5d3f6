package dev.plexus.message;

import java.math.BigDecimal;

/// The answer to [QuotaAsked].
public sealed interface QuotaVerdict {

    record Allowed() implements QuotaVerdict {}

    /// `resetsAt` is an epoch millisecond, `retryAfterSeconds` at least 1.
    record Exceeded(String quota, String measure, BigDecimal currentUsage, BigDecimal limit, long resetsAt, long retryAfterSeconds)
            implements QuotaVerdict {}
}
