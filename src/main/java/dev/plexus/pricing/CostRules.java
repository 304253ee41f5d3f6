package dev.plexus.pricing;

import dev.plexus.config.Pricing;
import dev.plexus.config.Provider;
import dev.plexus.config.ProviderModel;
import dev.plexus.model.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Turns token counts into dollars. Exact: parts are multiplied and summed unrounded, and only what is handed out is rounded.
///
/// Stateless but for the catalogue; safe on any thread.
public final class CostRules {

    /// Decimals of every amount handed out; halves are rounded up.
    static final int SCALE = 8;

    private static final Usage NOTHING = new Usage(0, 0, 0, 0, 0, 0, 0);
    private static final Cost UNPRICED = new Cost(null, null, null, null, null, "default", Metadata.UNPRICED);

    private final RateCatalogue catalogue;

    public CostRules(RateCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// What an exchange served by `model` at `provider` came to, as [#under] says. Without a provider, as for one that a reload has removed
    /// meanwhile, there is no price.
    public @Nullable Cost cost(@Nullable Usage usage, @Nullable Provider provider, @Nullable String model, boolean charged) {
        if (provider == null) {
            return under(null, null, usage, charged);
        }
        ProviderModel settings = model == null ? null : provider.models().get(model);
        return under(settings == null ? null : settings.pricing(), provider.discount(), usage, charged);
    }

    /// What an exchange came to: null when it is not `charged`, all parts null with source `default` when there is no price for it.
    ///
    /// `charged` is true for a delivered answer (even an empty one), and for one that was cut short (client gone, time up, stalled) after its first
    /// byte had gone to the client; errors and refusals cost nothing. Counts that nobody knows (`usage` null) are zero, so that a price per request
    /// works for answers without tokens. The discount of `pricing`, 0 included, goes before the provider's.
    public @Nullable Cost under(
            @Nullable Pricing pricing, @Nullable BigDecimal providerDiscount, @Nullable Usage usage, boolean charged) {
        if (!charged) {
            return null;
        }
        Usage counts = usage == null ? NOTHING : usage;
        return switch (pricing) {
            case null -> UNPRICED;
            case Pricing.Simple simple -> simple(counts, simple, providerDiscount);
            case Pricing.Defined defined -> defined(counts, defined, providerDiscount);
            case Pricing.OpenRouter listed -> listed(counts, listed, providerDiscount);
            case Pricing.PerRequest(BigDecimal amount) -> perRequest(amount);
        };
    }

    private static Cost simple(Usage counts, Pricing.Simple rates, @Nullable BigDecimal providerDiscount) {
        BigDecimal discount = discount(rates.discount(), providerDiscount);
        BigDecimal writeRate = orZero(rates.cacheWrite());
        BigDecimal longRate = rates.cacheWriteLong() == null ? writeRate : rates.cacheWriteLong();
        BigDecimal written = times(counts.cacheWrite() - counts.cacheWriteLong(), writeRate)
                .add(times(counts.cacheWriteLong(), longRate));
        return new Parts(
                        times(counts.input(), rates.input()),
                        times(counts.output(), rates.output()),
                        times(counts.cached(), orZero(rates.cached())),
                        written)
                .perMillion()
                .less(discount)
                .rounded("simple", Metadata.of(rates, discount));
    }

    private static Cost defined(Usage counts, Pricing.Defined pricing, @Nullable BigDecimal providerDiscount) {
        BigDecimal prompt = BigDecimal.valueOf(counts.input())
                .add(BigDecimal.valueOf(counts.cached()))
                .add(BigDecimal.valueOf(counts.cacheWrite()));
        for (Pricing.Range range : pricing.ranges()) {
            if (contains(range, prompt)) {
                BigDecimal discount = discount(pricing.discount(), providerDiscount);
                return new Parts(
                                times(counts.input(), range.input()),
                                times(counts.output(), range.output()),
                                times(counts.cached(), orZero(range.cached())),
                                times(counts.cacheWrite(), orZero(range.cacheWrite())))
                        .perMillion()
                        .less(discount)
                        .rounded("defined", Metadata.of(range, discount));
            }
        }
        return UNPRICED;
    }

    private Cost listed(Usage counts, Pricing.OpenRouter pricing, @Nullable BigDecimal providerDiscount) {
        TokenRates rates = catalogue.rates(pricing.slug());
        if (rates == null) {
            return UNPRICED;
        }
        BigDecimal discount = discount(pricing.discount(), providerDiscount);
        return new Parts(
                        times(counts.input(), rates.prompt()),
                        times(counts.output(), rates.completion()),
                        times(counts.cached(), orZero(rates.inputCacheRead())),
                        times(counts.cacheWrite(), orZero(rates.inputCacheWrite())))
                .less(discount)
                .rounded("openrouter", Metadata.of(pricing.slug(), rates, discount));
    }

    private static Cost perRequest(BigDecimal amount) {
        return new Parts(amount, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO).rounded("per_request", Metadata.of(amount));
    }

    private static boolean contains(Pricing.Range range, BigDecimal prompt) {
        BigDecimal upper = range.upperBound();
        return range.lowerBound().compareTo(prompt) <= 0 && (upper == null || prompt.compareTo(upper) <= 0);
    }

    private static BigDecimal discount(@Nullable BigDecimal ofPricing, @Nullable BigDecimal ofProvider) {
        return ofPricing == null ? orZero(ofProvider) : ofPricing;
    }

    private static BigDecimal orZero(@Nullable BigDecimal value) {
        return value == null ? BigDecimal.ZERO : value;
    }

    private static BigDecimal times(long count, BigDecimal rate) {
        return BigDecimal.valueOf(count).multiply(rate);
    }

    /// The four parts, not yet rounded.
    private record Parts(BigDecimal input, BigDecimal output, BigDecimal cached, BigDecimal cacheWrite) {

        Parts perMillion() {
            return new Parts(input.movePointLeft(6), output.movePointLeft(6), cached.movePointLeft(6), cacheWrite.movePointLeft(6));
        }

        Parts less(BigDecimal discount) {
            if (discount.signum() == 0) {
                return this;
            }
            BigDecimal kept = BigDecimal.ONE.subtract(discount);
            return new Parts(input.multiply(kept), output.multiply(kept), cached.multiply(kept), cacheWrite.multiply(kept));
        }

        Cost rounded(String source, String metadata) {
            BigDecimal total = input.add(output).add(cached).add(cacheWrite);
            return new Cost(round(input), round(output), round(cached), round(cacheWrite), round(total), source, metadata);
        }

        private static BigDecimal round(BigDecimal amount) {
            return amount.setScale(SCALE, RoundingMode.HALF_UP);
        }
    }
}
