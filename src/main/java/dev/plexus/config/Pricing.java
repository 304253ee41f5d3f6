package dev.plexus.config;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the use of a model is priced. Rates are US dollars per million tokens unless said otherwise; a `discount` is the fraction taken off, and
/// null means that the provider's discount holds.
public sealed interface Pricing {

    /// Flat rates. A missing cache rate means that cache tokens cost nothing; a missing one-hour rate means the `cacheWrite` rate.
    record Simple(
            BigDecimal input,
            BigDecimal output,
            @Nullable BigDecimal cached,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal cacheWriteLong,
            @Nullable BigDecimal discount)
            implements Pricing {}

    /// Rates that depend on the size of the prompt; the first matching range in list order holds.
    record Defined(List<Range> ranges, @Nullable BigDecimal discount) implements Pricing {

        public Defined {
            ranges = List.copyOf(ranges);
        }
    }

    /// Prompt sizes from `lowerBound` to `upperBound` tokens, both included; a null upper bound is infinity.
    record Range(
            BigDecimal lowerBound,
            @Nullable BigDecimal upperBound,
            BigDecimal input,
            BigDecimal output,
            @Nullable BigDecimal cached,
            @Nullable BigDecimal cacheWrite) {}

    /// The live rates of the OpenRouter catalogue, found by `slug`.
    record OpenRouter(String slug, @Nullable BigDecimal discount) implements Pricing {}

    /// `amount` US dollars for each request.
    record PerRequest(BigDecimal amount) implements Pricing {}
}
