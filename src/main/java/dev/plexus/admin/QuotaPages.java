package dev.plexus.admin;

import static dev.plexus.message.Addresses.QUOTA_CLEARED;
import static dev.plexus.message.Addresses.QUOTA_STANDINGS;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.message.AdminAnswer;
import dev.plexus.message.Bus;
import dev.plexus.message.QuotaCleared;
import dev.plexus.message.QuotaStandings;
import dev.plexus.message.QuotaStandings.Line;
import dev.plexus.message.QuotaStandingsAsked;
import dev.plexus.model.KeyName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// What keys have used of their quotas, and how they begin anew.
final class QuotaPages {

    private static final int SHARE_DIGITS = 9;

    private final Bus bus;
    private final Supplier<Config> config;

    QuotaPages(Bus bus, Supplier<Config> config) {
        this.bus = bus;
        this.config = config;
    }

    void register(Routes routes) {
        routes.on("GET", "/v0/management/quota/status", this::all)
                .on("GET", "/v0/management/quota/status/*", this::one)
                .on("POST", "/v0/management/quota/clear", this::clear);
    }

    private AdminAnswer all(Call call) {
        List<KeyRule> keys = config.get().keys().values().stream().skip(call.offset()).limit(call.limit(500)).toList();
        QuotaStandings standings = bus.ask(QUOTA_STANDINGS, new QuotaStandingsAsked(keys)).await();
        JsonArray data = new JsonArray();
        keys.forEach(key -> data.add(shown(key, standings)));
        return Reply.json(new JsonObject().put("data", data).put("total", config.get().keys().size()));
    }

    private AdminAnswer one(Call call) {
        KeyRule key = key(call.name());
        return Reply.json(shown(key, bus.ask(QUOTA_STANDINGS, new QuotaStandingsAsked(List.of(key))).await()));
    }

    private KeyRule key(String name) {
        KeyRule key = name.isEmpty() ? null : config.get().keys().get(new KeyName(name));
        if (key == null) {
            throw new Refusal(Reply.typedError(404, "not_found_error", "Key not found: " + name));
        }
        return key;
    }

    /// The quota with the smallest share left speaks for all of them.
    private static JsonObject shown(KeyRule key, QuotaStandings standings) {
        List<Line> lines = standings.lines().stream().filter(line -> line.key().equals(key.name())).toList();
        JsonObject shown = new JsonObject().put("key", key.name().value());
        if (lines.isEmpty()) {
            return shown.putNull("quota_name")
                    .put("allowed", true)
                    .put("current_usage", 0)
                    .putNull("limit")
                    .putNull("remaining")
                    .putNull("resets_at");
        }
        Line tightest = lines.stream()
                .min(Comparator.comparing(line -> line.remaining().divide(line.limit(), SHARE_DIGITS, RoundingMode.HALF_UP)))
                .orElseThrow();
        shown.mergeIn(described(tightest));
        shown.put("allowed", lines.stream().allMatch(QuotaPages::allows));
        JsonArray all = new JsonArray();
        lines.forEach(line -> all.add(described(line)));
        return shown.put("quotas", all);
    }

    private static boolean allows(Line line) {
        return line.used().compareTo(line.limit()) < 0;
    }

    private static JsonObject described(Line line) {
        return new JsonObject()
                .put("quota_name", line.quota())
                .put("type", line.window())
                .put("limit_type", line.measure())
                .put("allowed", allows(line))
                .put("current_usage", line.used())
                .put("limit", line.limit())
                .put("remaining", line.remaining())
                .put("resets_at", line.resetsAt());
    }

    private AdminAnswer clear(Call call) {
        if (!(call.body().getValue("key") instanceof String name) || name.isEmpty()) {
            throw new Refusal(Reply.typedError(400, "invalid_request_error", "Missing required field: key"));
        }
        bus.ask(QUOTA_CLEARED, new QuotaCleared(key(name))).await();
        return Reply.json(new JsonObject().put("success", true).put("key", name).put("message", "Quota reset successfully"));
    }
}
