package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;
import dev.plexus.message.TraceRules;
import dev.plexus.storage.Removal;
import dev.plexus.storage.TraceRepository;
import dev.plexus.storage.UsageQueries;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Debug traces: which are kept from now on, and those that were.
///
/// Owns the rules; they hold until they are changed, or their time is over.
final class TracePages {

    private static final long MINUTES_MAX = Duration.ofDays(7).toMinutes();
    private static final List<String> JSON_TEXTS =
            List.of("requestHeaders", "responseHeaders", "upstreamRequestHeaders", "upstreamResponseHeaders", "translationDrops");

    private final TraceRepository traces;
    private final UsageQueries usages;
    private final Removal removal;
    private final InstantSource clock;
    private final Consumer<TraceRules> changed;
    private TraceRules rules;
    private long until;

    /// `changed` is told of every change of the rules.
    TracePages(
            TraceRepository traces, UsageQueries usages, Removal removal, InstantSource clock, TraceRules initial, Consumer<TraceRules> changed) {
        this.traces = traces;
        this.usages = usages;
        this.removal = removal;
        this.clock = clock;
        this.rules = initial;
        this.changed = changed;
    }

    void register(Routes routes) {
        routes.on("GET", "/v0/management/debug", _ -> Reply.json(state()))
                .on("POST", "/v0/management/debug", this::change)
                .on("PATCH", "/v0/management/debug", this::change)
                .on("GET", "/v0/management/debug/logs", this::list)
                .on("GET", "/v0/management/debug/logs/*", this::one)
                .on("DELETE", "/v0/management/debug/logs", _ -> Reply.deleted(removal.all(Removal.Table.TRACES).await()))
                .on("DELETE", "/v0/management/debug/logs/*", call -> Reply.deleted(removal.of(Removal.Table.TRACES, call.name()).await()));
    }

    TraceRules rules() {
        return rules;
    }

    /// Ends the rules whose time is over; called now and then.
    void tick() {
        if (until != 0 && clock.millis() >= until) {
            set(TraceRules.OFF, 0);
        }
    }

    private void set(TraceRules next, long end) {
        until = end;
        if (!next.equals(rules)) {
            rules = next;
            changed.accept(next);
        }
    }

    private JsonObject state() {
        return new JsonObject()
                .put("enabled", rules.enabled())
                .put("onError", rules.onError())
                .put("providers", listed(rules.providers()))
                .put("keys", listed(rules.keys()))
                .put("aliases", listed(rules.aliases()))
                .put("expiresAt", until == 0 ? null : until);
    }

    private static @Nullable JsonArray listed(Set<String> names) {
        return names.isEmpty() ? null : new JsonArray(List.copyOf(new TreeSet<>(names)));
    }

    private AdminAnswer change(Call call) {
        JsonObject body = call.body();
        TraceRules next = new TraceRules(
                flag(body, "enabled", rules.enabled()),
                flag(body, "onError", rules.onError()),
                names(body, "keys", rules.keys()),
                names(body, "aliases", rules.aliases()),
                names(body, "providers", rules.providers()));
        long end = until;
        if (body.containsKey("expiresInMinutes")) {
            Object minutes = body.getValue("expiresInMinutes");
            if (minutes != null && !(minutes instanceof Number number && number.doubleValue() > 0 && number.doubleValue() <= MINUTES_MAX)) {
                throw new Refusal(400, "expiresInMinutes must be a number above 0, at most " + MINUTES_MAX);
            }
            end = minutes instanceof Number number ? clock.millis() + Math.round(number.doubleValue() * 60_000) : 0;
        }
        set(next, next.any() ? end : 0);
        return Reply.json(state());
    }

    private static boolean flag(JsonObject body, String name, boolean otherwise) {
        if (!body.containsKey(name)) {
            return otherwise;
        }
        if (body.getValue(name) instanceof Boolean flag) {
            return flag;
        }
        throw new Refusal(400, name + " must be true or false");
    }

    private static Set<String> names(JsonObject body, String name, Set<String> otherwise) {
        if (!body.containsKey(name)) {
            return otherwise;
        }
        Object value = body.getValue(name);
        if (value == null) {
            return Set.of();
        }
        if (value instanceof JsonArray list && list.size() <= 1_000 && list.stream().allMatch(String.class::isInstance)) {
            Set<String> names = new LinkedHashSet<>();
            list.forEach(one -> names.add((String) one));
            return names;
        }
        throw new Refusal(400, name + " must be a list of names, or null");
    }

    private AdminAnswer list(Call call) {
        int limit = call.limit(Call.LIMIT_DEFAULT);
        if (!call.flag("detail")) {
            return Reply.json(traces.list(limit, call.offset()).await());
        }
        JsonArray data = traces.detailed(limit, call.offset()).await();
        return Reply.json(new JsonObject().put("data", data).put("total", traces.count().await()));
    }

    private AdminAnswer one(Call call) {
        JsonObject trace = traces.find(call.name()).await().orElseThrow(() -> new Refusal(404, "Log not found"));
        for (String name : JSON_TEXTS) {
            String text = trace.getString(name);
            if (text != null) {
                trace.put(name, text.startsWith("[") ? new JsonArray(text) : new JsonObject(text));
            }
        }
        String history = usages.find(call.name()).await().map(usage -> usage.getString("retryHistory")).orElse(null);
        return Reply.json(trace.put("attempts", history == null ? new JsonArray() : new JsonArray(history)));
    }
}
