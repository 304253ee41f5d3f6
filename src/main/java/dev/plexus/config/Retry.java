package dev.plexus.config;

import java.time.Duration;

/// How often an exchange tries: in all (`maxAttempts`, 0 = as often as there are candidates), and again at the same target; `respectRetryAfter` is
/// the longest wait a provider may ask for that is sat out on the same target. `splice` lets another target go on with a stream that broke.
public record Retry(int maxAttempts, int sameTargetRetries, Duration backoff, Duration respectRetryAfter, boolean splice) {

    public static final Retry DEFAULT = new Retry(0, 1, Duration.ofMillis(200), Duration.ofSeconds(10));

    public Retry(int maxAttempts, int sameTargetRetries, Duration backoff, Duration respectRetryAfter) {
        this(maxAttempts, sameTargetRetries, backoff, respectRetryAfter, true);
    }
}
