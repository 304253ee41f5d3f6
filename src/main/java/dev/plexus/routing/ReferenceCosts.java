package dev.plexus.routing;

import dev.plexus.config.Config;
import dev.plexus.config.Pricing;
import dev.plexus.config.Provider;
import dev.plexus.config.ProviderModel;
import dev.plexus.config.Target;
import dev.plexus.model.TargetId;
import dev.plexus.model.Usage;
import dev.plexus.pricing.Cost;
import dev.plexus.pricing.CostRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What targets would cost for the same small request, so that they can be compared (routing.md 6.1). Kept for a minute, because live prices change.
final class ReferenceCosts {

    private static final Usage MIX = new Usage(1_000, 0, 0, 0, 500, 0, 1_500);
    private static final long KEPT_MILLIS = Duration.ofMinutes(1).toMillis();

    private final CostRules rules;
    private final Map<TargetId, Double> known = new HashMap<>();
    private @Nullable Config of;
    private long since;

    ReferenceCosts(CostRules rules) {
        this.rules = rules;
    }

    /// Dollars. A target without a price costs nothing, one whose live price is not known more than any other.
    double of(Config config, Target target, long now) {
        if (of != config || now - since > KEPT_MILLIS) {
            known.clear();
            of = config;
            since = now;
        }
        return known.computeIfAbsent(new TargetId(target.provider(), target.model()), _ -> compute(config, target));
    }

    private double compute(Config config, Target target) {
        Provider provider = config.providers().get(target.provider());
        ProviderModel settings = provider == null ? null : provider.models().get(target.model());
        if (provider == null || settings == null) {
            return 0;
        }
        Cost cost = rules.cost(MIX, provider, target.model(), true);
        if (cost != null && cost.total() != null) {
            return cost.total().doubleValue();
        }
        return settings.pricing() instanceof Pricing.OpenRouter ? Double.POSITIVE_INFINITY : 0;
    }
}
