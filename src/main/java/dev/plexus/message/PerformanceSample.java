package dev.plexus.message;

import dev.plexus.model.TargetId;
import org.jspecify.annotations.Nullable;

/// What one finished attempt showed of a target's speed. `ttftMs` and `tokensPerSecond` are NaN where they are not known, which is never the same as 0;
/// `at` is in epoch milliseconds.
public record PerformanceSample(
        TargetId target,
        @Nullable String canonicalModel,
        String requestId,
        double ttftMs,
        long outputTokens,
        double durationMs,
        double tokensPerSecond,
        boolean success,
        long at) {

    /// Output tokens over the whole duration, NaN where there was no output.
    public double tokensPerSecondInAll() {
        return outputTokens > 0 && durationMs > 0 ? outputTokens / durationMs * 1_000 : Double.NaN;
    }
}
