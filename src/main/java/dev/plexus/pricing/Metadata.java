package dev.plexus.pricing;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.plexus.config.Pricing;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Writes down, as one small JSON object, which price a cost was computed from.
final class Metadata {

    static final String UNPRICED = "{\"input\":0,\"output\":0,\"cached\":0,\"cache_write\":0}";

    private final StringBuilder json = new StringBuilder(128).append('{');

    private Metadata() {}

    static String of(Pricing.Simple rates, BigDecimal discount) {
        return new Metadata()
                .text("source", "simple")
                .number("input", rates.input())
                .number("output", rates.output())
                .numberIfGiven("cached", rates.cached())
                .numberIfGiven("cache_write", rates.cacheWrite())
                .numberIfGiven("cache_write_1h", rates.cacheWriteLong())
                .number("discount", discount)
                .end();
    }

    static String of(Pricing.Range range, BigDecimal discount) {
        BigDecimal upper = range.upperBound();
        String bounds = "{\"lower_bound\":" + plain(range.lowerBound()) + ",\"upper_bound\":" + (upper == null ? "null" : plain(upper)) + "}";
        return new Metadata()
                .text("source", "defined")
                .number("input", range.input())
                .number("output", range.output())
                .number("cached", range.cached())
                .number("cache_write", range.cacheWrite())
                .raw("range", bounds)
                .number("discount", discount)
                .end();
    }

    static String of(String slug, TokenRates rates, BigDecimal discount) {
        return new Metadata()
                .text("slug", slug)
                .number("prompt", rates.prompt())
                .number("completion", rates.completion())
                .number("input_cache_read", rates.inputCacheRead())
                .number("input_cache_write", rates.inputCacheWrite())
                .number("discount", discount)
                .end();
    }

    static String of(BigDecimal amount) {
        return new Metadata().number("amount", amount).end();
    }

    private Metadata text(String name, String value) {
        return raw(name, '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value)) + '"');
    }

    /// A rate; one that was not given is the zero it counts as.
    private Metadata number(String name, @Nullable BigDecimal value) {
        return raw(name, value == null ? "0" : plain(value));
    }

    private Metadata numberIfGiven(String name, @Nullable BigDecimal value) {
        return value == null ? this : number(name, value);
    }

    private Metadata raw(String name, String value) {
        json.append(json.length() == 1 ? "\"" : ",\"").append(name).append("\":").append(value);
        return this;
    }

    private String end() {
        return json.append('}').toString();
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
