package dev.plexus.admin;

import static dev.plexus.message.Addresses.COOLDOWN_CLEARED;
import static dev.plexus.message.Addresses.COOLDOWN_FAILED;
import static dev.plexus.message.Addresses.COOLDOWN_LATEST;

import dev.plexus.config.Config;
import dev.plexus.config.Provider;
import dev.plexus.message.AdminAnswer;
import dev.plexus.message.Bus;
import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownsAsked;
import dev.plexus.message.CooldownsCleared;
import dev.plexus.message.TargetFailed;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Cooldowns: those that hold, their end, and targets put on hold by hand.
final class CooldownPages {

    private static final double MINUTES_MAX = Duration.ofHours(24).toMinutes();

    private final Bus bus;
    private final InstantSource clock;
    private final Supplier<Config> config;

    CooldownPages(Bus bus, InstantSource clock, Supplier<Config> config) {
        this.bus = bus;
        this.clock = clock;
        this.config = config;
    }

    void register(Routes routes) {
        routes.on("GET", "/v0/management/cooldowns", _ -> Reply.json(shown(bus.ask(COOLDOWN_LATEST, new CooldownsAsked()).await())))
                .on("POST", "/v0/management/cooldowns", this::hold)
                .on("DELETE", "/v0/management/cooldowns", _ -> clear(null, null))
                .on("DELETE", "/v0/management/cooldowns/*", call -> clear(call.name(), call.query().get("model")));
    }

    /// Those that block now. A provider as a whole has the empty model name.
    JsonArray shown(CooldownView view) {
        long now = clock.millis();
        JsonArray list = new JsonArray();
        view.entries().entrySet().stream()
                .filter(entry -> entry.getValue().expiry() > now)
                .sorted(Map.Entry.comparingByKey((one, other) -> one.toString().compareTo(other.toString())))
                .forEach(entry -> list.add(line(entry.getKey(), entry.getValue(), now)));
        return list;
    }

    private static JsonObject line(TargetId target, CooldownView.Entry entry, long now) {
        return new JsonObject()
                .put("provider", target.provider().value())
                .put("model", target.model())
                .put("expiry", entry.expiry())
                .put("timeRemainingMs", entry.expiry() - now)
                .put("consecutiveFailures", entry.consecutiveFailures())
                .put("lastError", entry.lastError())
                .put("since", entry.lastFailureAt());
    }

    private AdminAnswer clear(@Nullable String provider, @Nullable String model) {
        if (provider != null && provider.isEmpty()) {
            throw new Refusal(400, "Which provider?");
        }
        bus.ask(COOLDOWN_CLEARED, new CooldownsCleared(provider == null ? null : new ProviderId(provider), model)).await();
        return Reply.success();
    }

    private AdminAnswer hold(Call call) {
        JsonObject body = call.body();
        if (!(body.getValue("provider") instanceof String provider) || provider.isEmpty() || !(body.getValue("model") instanceof String model)) {
            throw new Refusal(400, "provider and model must be texts");
        }
        if (!(body.getValue("minutes") instanceof Number minutes) || minutes.doubleValue() <= 0 || minutes.doubleValue() > MINUTES_MAX) {
            throw new Refusal(400, "minutes must be a number above 0, at most " + (long) MINUTES_MAX);
        }
        Provider known = config.get().providers().get(new ProviderId(provider));
        if (known == null) {
            throw new Refusal(404, "Provider '" + provider + "' not found");
        }
        if (known.disableCooldown()) {
            throw new Refusal(409, "Provider '" + provider + "' is configured never to cool down");
        }
        long millis = Math.round(minutes.doubleValue() * 60_000);
        TargetId target = new TargetId(known.id(), model);
        bus.ask(COOLDOWN_FAILED, new TargetFailed(target, clock.millis(), millis, "held by an administrator", config.get().cooldown())).await();
        return Reply.success();
    }
}
