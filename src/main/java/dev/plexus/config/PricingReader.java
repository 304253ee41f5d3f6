package dev.plexus.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the `pricing` of a model.
final class PricingReader {

    private static final Pricing FREE = new Pricing.Simple(BigDecimal.ZERO, BigDecimal.ZERO, null, null, null, null);

    private static final Map<String, List<String>> REQUIRED = Map.of(
            "simple", List.of("input", "output"),
            "openrouter", List.of("slug"),
            "defined", List.of("range"),
            "per_request", List.of("amount"));

    private PricingReader() {}

    /// A model with settings but without prices costs nothing.
    static Pricing read(Cursor at) {
        String source = at.word("source");
        if (source == null) {
            return FREE;
        }
        for (String key : REQUIRED.getOrDefault(source, List.of())) {
            if (!at.has(key)) {
                at.faults().error(at.place(), at.pathOf(key), "must be given for source " + source);
            }
        }
        BigDecimal discount = at.number("discount");
        return switch (source) {
            case "simple" ->
                new Pricing.Simple(
                        orZero(at.number("input")),
                        orZero(at.number("output")),
                        at.number("cached"),
                        at.number("cache_write"),
                        at.number("cache_write_1h"),
                        discount);
            case "openrouter" -> new Pricing.OpenRouter(at.text("slug", ""), discount);
            case "per_request" -> new Pricing.PerRequest(orZero(at.number("amount")));
            default -> new Pricing.Defined(ranges(at), discount);
        };
    }

    private static List<Pricing.Range> ranges(Cursor at) {
        List<Pricing.Range> ranges = new ArrayList<>();
        for (Cursor range : at.list("range")) {
            BigDecimal lower = orZero(range.number("lower_bound"));
            BigDecimal upper = upperBound(range);
            if (upper != null && upper.compareTo(lower) < 0) {
                range.error("upper_bound", "must not be less than lower_bound");
            }
            ranges.add(new Pricing.Range(
                    lower,
                    upper,
                    orZero(range.number("input_per_m")),
                    orZero(range.number("output_per_m")),
                    range.number("cached_per_m"),
                    range.number("cache_write_per_m")));
        }
        if (ranges.isEmpty() && at.value("range") instanceof Tree.Sequence(var items, _) && items.isEmpty()) {
            at.error("range", "must hold at least one range");
        }
        warnOfGaps(at, ranges);
        return ranges;
    }

    private static @Nullable BigDecimal upperBound(Cursor range) {
        if (!(range.value("upper_bound") instanceof Tree.Scalar scalar)) {
            if (range.has("upper_bound")) {
                range.error("upper_bound", "must be a number, .inf or null");
            }
            return null;
        }
        if (Numbers.isInfinite(scalar)) {
            return null;
        }
        BigDecimal bound = Numbers.parse(scalar);
        if (bound == null && scalar.origin() != Tree.Origin.UNRESOLVED) {
            range.error("upper_bound", "must be a number, .inf or null");
        }
        return bound;
    }

    private static void warnOfGaps(Cursor at, List<Pricing.Range> ranges) {
        List<Pricing.Range> sorted =
                ranges.stream().sorted(Comparator.comparing(Pricing.Range::lowerBound)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            BigDecimal end = sorted.get(i - 1).upperBound();
            BigDecimal start = sorted.get(i).lowerBound();
            if (end == null || start.compareTo(end) <= 0) {
                at.warning("range", "two ranges hold " + start.toPlainString() + " tokens; the first in the list prices them");
            } else if (start.subtract(end).compareTo(BigDecimal.ONE) > 0) {
                at.warning("range", "no range holds the prompts between " + end.toPlainString() + " and " + start.toPlainString()
                        + " tokens; they are not priced");
            }
        }
    }

    private static BigDecimal orZero(@Nullable BigDecimal number) {
        return number == null ? BigDecimal.ZERO : number;
    }
}
