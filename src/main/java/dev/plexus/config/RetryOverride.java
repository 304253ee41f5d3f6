package dev.plexus.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The retry settings that a nearer level gives; what it leaves out (null) is taken from the level above.
public record RetryOverride(
        @Nullable Integer maxAttempts,
        @Nullable Integer sameTargetRetries,
        @Nullable Duration backoff,
        @Nullable Duration respectRetryAfter,
        @Nullable Boolean splice) {

    public static final RetryOverride NONE = new RetryOverride(null, null, null, null);

    public RetryOverride(
            @Nullable Integer maxAttempts, @Nullable Integer sameTargetRetries, @Nullable Duration backoff, @Nullable Duration respectRetryAfter) {
        this(maxAttempts, sameTargetRetries, backoff, respectRetryAfter, null);
    }

    public Retry over(Retry base) {
        if (equals(NONE)) {
            return base;
        }
        return new Retry(
                maxAttempts == null ? base.maxAttempts() : maxAttempts,
                sameTargetRetries == null ? base.sameTargetRetries() : sameTargetRetries,
                backoff == null ? base.backoff() : backoff,
                respectRetryAfter == null ? base.respectRetryAfter() : respectRetryAfter,
                splice == null ? base.splice() : splice);
    }
}
