package dev.plexus.quota;

import dev.plexus.config.UserQuota.Measure;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.Usage;
import dev.plexus.pricing.Cost;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What one ended exchange takes from quotas. Reasoning tokens are a part of the output and not counted again.
record Consumption(boolean counts, BigDecimal tokens, BigDecimal dollars) {

    /// An exchange counts when its answer was delivered, even an empty one, or was cut short after its first byte: else a client could hang up
    /// just before the end and pay nothing. Errors and refusals are free.
    static Consumption of(UsageRecord.Outcome outcome, @Nullable Cost cost) {
        boolean counts =
                switch (outcome.status()) {
                    case SUCCESS, EMPTY -> true;
                    case CANCELLED, TIMEOUT, STALL, ABORTED -> outcome.ttftMs() >= 0;
                    case PENDING, ERROR, QUOTA_EXCEEDED -> false;
                };
        return new Consumption(
                counts, tokens(outcome.usage()), cost == null || cost.total() == null ? BigDecimal.ZERO : cost.total());
    }

    BigDecimal of(Measure measure) {
        if (!counts) {
            return BigDecimal.ZERO;
        }
        return switch (measure) {
            case REQUESTS -> BigDecimal.ONE;
            case TOKENS -> tokens;
            case COST -> dollars;
        };
    }

    private static BigDecimal tokens(@Nullable Usage usage) {
        return usage == null
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(usage.input())
                        .add(BigDecimal.valueOf(usage.cached()))
                        .add(BigDecimal.valueOf(usage.cacheWrite()))
                        .add(BigDecimal.valueOf(usage.output()));
    }
}
