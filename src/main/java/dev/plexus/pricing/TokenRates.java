package dev.plexus.pricing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What a price catalogue says about a model: US dollars per single token. A missing cache rate means that cache tokens cost nothing.
public record TokenRates(
        BigDecimal prompt, BigDecimal completion, @Nullable BigDecimal inputCacheRead, @Nullable BigDecimal inputCacheWrite) {}
