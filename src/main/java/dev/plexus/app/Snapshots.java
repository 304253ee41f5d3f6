package dev.plexus.app;

import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;
import static dev.plexus.message.Addresses.PRICES_CHANGED;

import dev.plexus.config.Config;
import dev.plexus.message.Bus;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.ProviderId;
import dev.plexus.pricing.Cost;
import dev.plexus.pricing.CostRules;
import dev.plexus.pricing.RateCatalogue;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Remembers the last few configurations, so that an exchange is priced by the one it ran under although its record is written later. Thread-safe.
final class Snapshots {

    private static final int KEPT = 16;

    /// With the live prices as they are now. Replaced as a whole by the one actor that hears of new ones; read by any thread.
    private volatile CostRules rules = new CostRules(RateCatalogue.EMPTY);

    /// The latest first. Replaced as a whole by the one actor that hears of new snapshots; read by any thread.
    private volatile List<Config> kept;

    Snapshots(Config initial) {
        kept = List.of(initial);
    }

    void follow(Bus bus) {
        bus.hear(CONFIG_IN_FORCE, changed -> remember(changed.config()));
        bus.hear(PRICES_CHANGED, changed -> rules = new CostRules(changed.catalogue()));
    }

    private void remember(Config config) {
        kept = Stream.concat(Stream.of(config), kept.stream()).limit(KEPT).toList();
    }

    /// The rules by which exchanges are priced.
    CostRules rules() {
        return rules;
    }

    Config latest() {
        return kept.getFirst();
    }

    private Config of(String hash) {
        return kept.stream().filter(config -> config.hash().equals(hash)).findFirst().orElseGet(this::latest);
    }

    /// What the exchange came to; null where it costs nothing because nothing was delivered.
    @Nullable Cost cost(UsageRecord usage) {
        String provider = usage.served().provider();
        if (provider == null) {
            return null;
        }
        return rules.cost(
                usage.outcome().usage(),
                of(usage.configHash()).providers().get(new ProviderId(provider)),
                usage.served().model(),
                charged(usage.outcome()));
    }

    private static boolean charged(UsageRecord.Outcome outcome) {
        ExchangeStatus status = outcome.status();
        return switch (status) {
            case SUCCESS, EMPTY -> true;
            case CANCELLED, TIMEOUT, STALL -> outcome.ttftMs() >= 0;
            case PENDING, ERROR, QUOTA_EXCEEDED, ABORTED -> false;
        };
    }
}
