package dev.plexus.pricing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Pricing;
import dev.plexus.config.Provider;
import dev.plexus.config.ProviderModel;
import dev.plexus.config.Retry;
import dev.plexus.config.Timeouts;
import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TranslationOptions;
import dev.plexus.model.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The worked examples of accounting.md 4 by their numbers, and the invariants behind them.
class CostRulesTest {

    private static final Pricing.Simple SIMPLE =
            new Pricing.Simple(dollars("3"), dollars("15"), dollars("0.30"), dollars("3.75"), null, null);
    private static final TokenRates LISTED =
            new TokenRates(dollars("0.000003"), dollars("0.000015"), dollars("0.0000003"), dollars("0.0000006"));
    private static final Pricing.Defined DEFINED = new Pricing.Defined(
            List.of(range("0", "1000", "0.01", "0.02"), range("1001", null, "0.005", "0.01")), null);

    private final CostRules rules = new CostRules(slug -> switch (slug) {
        case "listed" -> LISTED;
        case "uncached" -> new TokenRates(dollars("0.00003"), dollars("0.00006"), null, null);
        default -> null;
    });

    @Test
    void c1_simple_prices_are_per_million_tokens() {
        assertParts(of(usage(1000, 500, 2000, 400), SIMPLE, null), "0.003", "0.0075", "0.0006", "0.0015", "0.0126");
    }

    @Test
    void c2_a_provider_discount_applies_to_simple_prices() {
        assertParts(of(usage(1000, 500, 2000, 400), SIMPLE, dollars("0.1")), "0.0027", "0.00675", "0.00054", "0.00135", "0.01134");
    }

    @Test
    void c3_openrouter_prices_are_per_token() {
        assertParts(of(usage(1000, 500, 1000, 500), listed(null), null), "0.003", "0.0075", "0.0003", "0.0003", "0.0111");
    }

    @Test
    void c4_the_discount_of_the_price_goes_before_the_providers() {
        Cost cost = of(usage(1000, 500, 1000, 500), listed("0.1"), dollars("0.2"));

        assertParts(cost, "0.0027", "0.00675", "0.00027", "0.00027", "0.00999");
    }

    @Test
    void c5_the_providers_discount_holds_when_the_price_has_none() {
        Cost cost = of(usage(1000, 500, 1000, 500), listed(null), dollars("0.2"));

        assertParts(cost, "0.0024", "0.006", "0.00024", "0.00024", "0.00888");
    }

    @Test
    void c6_a_discount_of_zero_is_a_discount() {
        Cost cost = of(usage(1000, 500, 1000, 500), listed("0"), dollars("0.2"));

        assertParts(cost, "0.003", "0.0075", "0.0003", "0.0003", "0.0111");
    }

    @Test
    void c7_missing_cache_rates_cost_nothing() {
        Cost cost = of(usage(1000, 500, 1000, 500), new Pricing.OpenRouter("uncached", null), null);

        assertParts(cost, "0.03", "0.03", "0", "0", "0.06");
    }

    @Test
    void c8_an_unknown_slug_is_no_price() {
        assertUnpriced(of(usage(1000, 500, 0, 0), new Pricing.OpenRouter("nowhere", null), null));
    }

    @Test
    void c9_the_first_range_holds_up_to_its_upper_bound() {
        assertParts(of(usage(500, 1000, 0, 0), DEFINED, null), "0.000005", "0.00002", "0", "0", "0.000025");
    }

    @Test
    void c10_a_larger_prompt_is_priced_by_the_next_range() {
        assertParts(of(usage(2000, 1000, 0, 0), DEFINED, null), "0.00001", "0.00001", "0", "0", "0.00002");
    }

    @Test
    void c11_bounds_are_included_and_eight_decimals_are_kept() {
        assertThat(of(usage(1000, 0, 0, 0), DEFINED, null).total()).isEqualByComparingTo("0.00001");
        assertThat(of(usage(1001, 0, 0, 0), DEFINED, null).total()).isEqualByComparingTo("0.00000501");
    }

    @Test
    void c12_the_whole_prompt_chooses_the_range() {
        assertParts(of(usage(100, 0, 2000, 0), DEFINED, null), "0.0000005", "0", "0", "0", "0.0000005");
    }

    @Test
    void c13_a_price_per_request_is_all_in_the_input_and_needs_no_counts() {
        Pricing pricing = new Pricing.PerRequest(dollars("0.04"));

        assertParts(of(null, pricing, dollars("0.5")), "0.04", "0", "0", "0", "0.04");
        assertThat(of(usage(9, 9, 9, 9), pricing, null).metadata()).isEqualTo("{\"amount\":0.04}");
    }

    @Test
    void c14_the_total_is_the_sum_of_the_unrounded_parts() {
        Pricing pricing = new Pricing.Simple(dollars("0.001"), dollars("0.001"), dollars("0.001"), dollars("0.001"), null, null);

        Cost cost = of(usage(4, 4, 4, 4), pricing, null);

        assertParts(cost, "0", "0", "0", "0", "0.00000002");
        assertThat(requireNonNull(cost.total()).toPlainString()).isEqualTo("0.00000002");
    }

    @Test
    void c15_no_pricing_leaves_every_part_empty() {
        assertUnpriced(of(usage(1000, 500, 0, 0), null, dollars("0.1")));
    }

    @Test
    void a_prompt_outside_every_range_has_no_price() {
        assertUnpriced(of(usage(50, 0, 0, 0), new Pricing.Defined(List.of(range("100", "200", "1", "1")), null), null));
    }

    @Test
    void an_hour_long_cache_write_has_its_own_rate_where_one_is_given() {
        Pricing pricing = new Pricing.Simple(dollars("3"), dollars("15"), null, dollars("3.75"), dollars("6"), null);

        Cost cost = of(new Usage(0, 0, 1000, 400, 0, 0, 1000), pricing, null);

        assertThat(cost.cacheWrite()).isEqualByComparingTo("0.00465");
    }

    @Test
    void an_exchange_that_is_not_charged_has_no_cost_at_all() {
        assertThat(rules.under(SIMPLE, null, usage(1000, 500, 0, 0), false)).isNull();
        assertThat(rules.under(new Pricing.PerRequest(dollars("0.04")), null, null, false)).isNull();
    }

    @Test
    void the_metadata_says_which_price_was_applied() {
        assertThat(of(usage(1, 1, 1, 1), SIMPLE, dollars("0.1")).metadata())
                .isEqualTo("{\"source\":\"simple\",\"input\":3,\"output\":15,\"cached\":0.3,\"cache_write\":3.75,\"discount\":0.1}");
        assertThat(of(usage(2000, 0, 0, 0), DEFINED, null).metadata())
                .isEqualTo("{\"source\":\"defined\",\"input\":0.005,\"output\":0.01,\"cached\":0,\"cache_write\":0,"
                        + "\"range\":{\"lower_bound\":1001,\"upper_bound\":null},\"discount\":0}");
        assertThat(of(usage(1, 1, 1, 1), listed("0.1"), null).metadata())
                .isEqualTo("{\"slug\":\"listed\",\"prompt\":0.000003,\"completion\":0.000015,\"input_cache_read\":0.0000003,"
                        + "\"input_cache_write\":0.0000006,\"discount\":0.1}");
    }

    @Test
    void the_price_is_found_by_provider_and_model_and_the_providers_discount_holds() {
        Provider provider = provider("0.1", Map.of("gpt-5", new ProviderModel(SIMPLE, List.of(), null, null, TranslationOptions.NONE, null, null), "named", ProviderModel.UNPRICED));
        Usage usage = usage(1000, 500, 2000, 400);

        assertThat(requireNonNull(rules.cost(usage, provider, "gpt-5", true)).total()).isEqualByComparingTo("0.01134");
        assertUnpriced(requireNonNull(rules.cost(usage, provider, "named", true)));
        assertUnpriced(requireNonNull(rules.cost(usage, provider, "not-in-the-file", true)));
        assertUnpriced(requireNonNull(rules.cost(usage, null, "gpt-5", true)));
        assertThat(rules.cost(usage, provider, "gpt-5", false)).isNull();
    }

    @Property
    void no_part_is_negative_and_the_total_is_the_rounded_exact_sum(
            @ForAll("usages") Usage usage,
            @ForAll("simplePrices") Pricing.Simple pricing,
            @ForAll @BigRange(min = "0", max = "1") @Scale(4) BigDecimal discount) {
        Cost cost = of(usage, pricing, discount);

        BigDecimal exact = times(usage.input(), pricing.input())
                .add(times(usage.output(), pricing.output()))
                .add(times(usage.cached(), requireNonNull(pricing.cached())))
                .add(times(usage.cacheWrite(), requireNonNull(pricing.cacheWrite())))
                .multiply(BigDecimal.ONE.subtract(discount))
                .movePointLeft(6);
        assertThat(cost.total()).isEqualTo(exact.setScale(8, RoundingMode.HALF_UP));
        assertThat(List.of(
                        requireNonNull(cost.input()),
                        requireNonNull(cost.output()),
                        requireNonNull(cost.cached()),
                        requireNonNull(cost.cacheWrite())))
                .allSatisfy(part -> {
                    assertThat(part.signum()).isNotNegative();
                    assertThat(part.scale()).isEqualTo(8);
                });
    }

    @Provide
    Arbitrary<Usage> usages() {
        Arbitrary<Long> counts = Arbitraries.longs().between(0, 1L << 53);
        return Combinators.combine(counts, counts, counts, counts)
                .as((input, cached, written, output) -> new Usage(input, cached, written, 0, output, 0, 0));
    }

    @Provide
    Arbitrary<Pricing.Simple> simplePrices() {
        Arbitrary<BigDecimal> rates = Arbitraries.bigDecimals().between(BigDecimal.ZERO, new BigDecimal("1000")).ofScale(6);
        return Combinators.combine(rates, rates, rates, rates)
                .as((input, output, cached, written) -> new Pricing.Simple(input, output, cached, written, null, null));
    }

    private Cost of(@Nullable Usage usage, @Nullable Pricing pricing, @Nullable BigDecimal providerDiscount) {
        return requireNonNull(rules.under(pricing, providerDiscount, usage, true));
    }

    private static void assertParts(Cost cost, String input, String output, String cached, String cacheWrite, String total) {
        assertThat(cost.input()).isEqualByComparingTo(input);
        assertThat(cost.output()).isEqualByComparingTo(output);
        assertThat(cost.cached()).isEqualByComparingTo(cached);
        assertThat(cost.cacheWrite()).isEqualByComparingTo(cacheWrite);
        assertThat(cost.total()).isEqualByComparingTo(total);
    }

    private static void assertUnpriced(Cost cost) {
        assertThat(cost)
                .isEqualTo(new Cost(
                        null, null, null, null, null, "default", "{\"input\":0,\"output\":0,\"cached\":0,\"cache_write\":0}"));
    }

    /// Counts in the order of the specification's table: input, output, cached, written.
    private static Usage usage(long input, long output, long cached, long cacheWrite) {
        return new Usage(input, cached, cacheWrite, 0, output, 0, input + cached + cacheWrite + output);
    }

    private static Provider provider(String discount, Map<String, ProviderModel> models) {
        return new Provider(
                new ProviderId("openai"),
                null,
                List.of(DialectId.CHAT),
                Map.of(DialectId.CHAT, "http://127.0.0.1"),
                null,
                null,
                null,
                true,
                false,
                dollars(discount),
                models,
                Map.of(),
                Map.of(),
                false,
                true,
                false,
                Timeouts.DEFAULT,
                Retry.DEFAULT,
                null,
                TranslationOptions.NONE,
                null,
                null);
    }

    private static Pricing listed(@Nullable String discount) {
        return new Pricing.OpenRouter("listed", discount == null ? null : dollars(discount));
    }

    private static Pricing.Range range(String lower, @Nullable String upper, String input, String output) {
        return new Pricing.Range(
                dollars(lower), upper == null ? null : dollars(upper), dollars(input), dollars(output), null, null);
    }

    private static BigDecimal times(long count, BigDecimal rate) {
        return BigDecimal.valueOf(count).multiply(rate);
    }

    private static BigDecimal dollars(String amount) {
        return new BigDecimal(amount);
    }
}
