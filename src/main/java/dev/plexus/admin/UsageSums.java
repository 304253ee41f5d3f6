package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;
import dev.plexus.storage.UsageFilter;
import dev.plexus.storage.UsageQueries;
import dev.plexus.storage.UsageQueries.Group;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Usage records summed up: over time, and by who or what.
final class UsageSums {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long SPAN_MAX = 366 * DAY;
    private static final int BUCKETS_MAX = 100;
    private static final int LINES_MAX = 5_000;
    private static final int TOP_DEFAULT = 8;

    /// A span of time, both ends included, cut into steps.
    private record Window(long from, long to, long step) {

        Window before() {
            return new Window(from - (to - from), from - 1, step);
        }

        UsageFilter filter(Call call) {
            UsageFilter filter = new UsageFilter().from(from).to(to);
            UsagePages.conditions(call, filter);
            return filter;
        }
    }

    private final UsageQueries queries;
    private final InstantSource clock;

    UsageSums(UsageQueries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
    }

    /// Before the pages of single records, whose ids these are not.
    void register(Routes routes) {
        routes.on("GET", "/v0/management/usage/summary", this::summary)
                .on("GET", "/v0/management/usage/timeseries", this::timeseries)
                .on("GET", "/v0/management/usage/breakdown", this::breakdown);
    }

    private AdminAnswer summary(Call call) {
        String range = call.text("range") == null ? "day" : call.text("range");
        Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        Window window = windowOf(String.valueOf(range), call, now.toEpochMilli());
        ZoneId zone = zone(call);
        JsonArray series = new JsonArray();
        queries.series(window.filter(call), Group.NONE, window.step(), shift(zone, now, window.step()), LINES_MAX)
                .await()
                .forEach(line -> series.add(bucket((JsonObject) line)));
        JsonObject week = queries.total(new UsageFilter().from(now.toEpochMilli() - 7 * DAY)).await();
        JsonObject today = queries.total(new UsageFilter().from(now.atZone(zone).truncatedTo(ChronoUnit.DAYS).toInstant().toEpochMilli()))
                .await();
        JsonObject previous = queries.total(window.before().filter(call)).await();
        return Reply.json(new JsonObject()
                .put("range", range)
                .put("series", series)
                .put(
                        "stats",
                        new JsonObject()
                                .put("totalRequests", week.getLong("requests"))
                                .put("totalTokens", tokens(week))
                                .put("avgDurationMs", orZero(week.getDouble("avgDurationMs"))))
                .put(
                        "today",
                        new JsonObject()
                                .put("requests", today.getLong("requests"))
                                .put("inputTokens", today.getLong("inputTokens"))
                                .put("outputTokens", today.getLong("outputTokens"))
                                .put("reasoningTokens", today.getLong("reasoningTokens"))
                                .put("cachedTokens", today.getLong("cachedTokens"))
                                .put("cacheWriteTokens", today.getLong("cacheWriteTokens"))
                                .put("totalCost", today.getDouble("cost")))
                .put("previous", previous.put("tokens", tokens(previous))));
    }

    private static JsonObject bucket(JsonObject line) {
        JsonObject bucket = new JsonObject().put("bucketStartMs", line.getLong("bucket"));
        for (String name : List.of(
                "requests", "errors", "inputTokens", "outputTokens", "cachedTokens", "cacheWriteTokens", "cost", "avgDurationMs", "avgTtftMs")) {
            bucket.put(name, line.getValue(name));
        }
        return bucket.put("tokens", tokens(line));
    }

    private static long tokens(JsonObject sums) {
        return sums.getLong("inputTokens") + sums.getLong("outputTokens") + sums.getLong("cachedTokens") + sums.getLong("cacheWriteTokens");
    }

    private static double orZero(@Nullable Double number) {
        return number == null ? 0 : number;
    }

    private static Window windowOf(String range, Call call, long now) {
        return switch (range) {
            case "hour" -> new Window(now - HOUR, now + MINUTE, MINUTE);
            case "day" -> new Window(now - DAY, now + MINUTE, HOUR);
            case "week" -> new Window(now - 7 * DAY, now + MINUTE, DAY);
            case "month" -> new Window(now - 30 * DAY, now + MINUTE, DAY);
            case "custom" -> custom(call);
            default -> throw new Refusal(400, "Invalid range");
        };
    }

    private static Window custom(Call call) {
        if (call.text("startDate") == null || call.text("endDate") == null) {
            throw new Refusal(400, "startDate and endDate are required for custom range");
        }
        long from = required(call, "startDate", false);
        long to = required(call, "endDate", true);
        return stepped(from, to);
    }

    private static long required(Call call, String name, boolean endOfDay) {
        try {
            Long moment = call.moment(name, endOfDay);
            return moment == null ? 0 : moment;
        } catch (Refusal _) {
            throw new Refusal(400, "Invalid date format");
        }
    }

    private static Window stepped(long from, long to) {
        long span = checked(from, to);
        long step = span <= 30 * MINUTE ? MINUTE : span <= DAY ? 5 * MINUTE : span <= 7 * DAY ? HOUR : 6 * HOUR;
        while (span / step > BUCKETS_MAX) {
            step *= 2;
        }
        return new Window(from, to, step);
    }

    private static long checked(long from, long to) {
        if (to <= from) {
            throw new Refusal(400, "endDate must be after startDate");
        }
        if (to - from > SPAN_MAX) {
            throw new Refusal(400, "No more than 366 days at once");
        }
        return to - from;
    }

    private static ZoneId zone(Call call) {
        String name = call.text("tz");
        try {
            return name == null ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException _) {
            throw new Refusal(400, "Unknown time zone '" + name + "'");
        }
    }

    /// By how much local days begin before those of UTC; steps below an hour are the same everywhere but in a few places.
    private static long shift(ZoneId zone, Instant now, long step) {
        return step < DAY ? 0 : Duration.ofSeconds(zone.getRules().getOffset(now).getTotalSeconds()).toMillis();
    }

    private AdminAnswer timeseries(Call call) {
        Window window = asked(call);
        Group group = group(call);
        int top = (int) Math.clamp(call.whole("top") == null ? TOP_DEFAULT : Long.parseLong(String.valueOf(call.text("top"))), 1, 50);
        List<String> names = queries.breakdown(window.filter(call), group, top).await().stream()
                .map(line -> ((JsonObject) line).getString("name"))
                .toList();
        JsonArray lines = queries.series(window.filter(call), group, window.step(), 0, LINES_MAX).await();
        Map<Long, JsonObject> buckets = new TreeMap<>();
        boolean others = false;
        for (int at = 0; at < lines.size(); at++) {
            JsonObject line = lines.getJsonObject(at);
            String name = line.getString("name");
            boolean known = names.contains(name);
            others = others || !known;
            JsonObject bucket = buckets.computeIfAbsent(line.getLong("bucket"), t -> new JsonObject().put("t", t));
            String shown = group == Group.NONE ? "all" : known ? name : "other";
            bucket.put(shown, added(bucket.getJsonObject(shown), line));
        }
        JsonArray groups = group == Group.NONE ? new JsonArray().add("all") : new JsonArray(new ArrayList<>(names));
        if (others) {
            groups.add("other");
        }
        JsonArray all = new JsonArray();
        buckets.values().forEach(all::add);
        JsonObject answer = new JsonObject().put("step", window.step() / 1000).put("groups", groups).put("buckets", all);
        if (lines.size() == LINES_MAX) {
            answer.put("truncated", true);
        }
        return Reply.json(answer);
    }

    /// Counts add up; averages are weighed by the requests behind them.
    private static JsonObject added(@Nullable JsonObject before, JsonObject line) {
        JsonObject sum = new JsonObject().put("requests", line.getLong("requests")).put("errors", line.getLong("errors"));
        sum.put("tokens", tokens(line)).put("cost", line.getDouble("cost")).put("avgDurationMs", line.getDouble("avgDurationMs"));
        if (before == null) {
            return sum;
        }
        long requests = before.getLong("requests") + sum.getLong("requests");
        double duration = orZero(before.getDouble("avgDurationMs")) * before.getLong("requests")
                + orZero(sum.getDouble("avgDurationMs")) * sum.getLong("requests");
        return new JsonObject()
                .put("requests", requests)
                .put("errors", before.getLong("errors") + sum.getLong("errors"))
                .put("tokens", before.getLong("tokens") + sum.getLong("tokens"))
                .put("cost", before.getDouble("cost") + sum.getDouble("cost"))
                .put("avgDurationMs", duration / requests);
    }

    private Window asked(Call call) {
        Long to = call.moment("to", true);
        long end = to == null ? clock.millis() : to;
        Long from = call.moment("from", false);
        long begin = from == null ? end - DAY : from;
        String step = call.text("step");
        if (step == null || step.equals("auto")) {
            return stepped(begin, end);
        }
        long span = checked(begin, end);
        Long seconds = call.whole("step");
        long millis = Math.clamp(seconds == null ? 1 : seconds, 1, SPAN_MAX / 1000) * 1000;
        if (span / millis > 10L * BUCKETS_MAX) {
            throw new Refusal(400, "Parameter step makes more than " + 10 * BUCKETS_MAX + " buckets");
        }
        return new Window(begin, end, millis);
    }

    private static Group group(Call call) {
        String name = call.text("groupBy");
        return name == null
                ? Group.NONE
                : UsageQueries.named(Group.class, name).orElseThrow(() -> new Refusal(400, "Unknown groupBy '" + name + "'"));
    }

    private AdminAnswer breakdown(Call call) {
        Window window = asked(call);
        Group group = group(call);
        JsonObject total = queries.total(window.filter(call)).await();
        long requests = total.getLong("requests");
        JsonArray data = new JsonArray();
        queries.breakdown(window.filter(call), group, call.limit(Call.LIMIT_DEFAULT)).await().forEach(entry -> {
            JsonObject line = (JsonObject) entry;
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("key", line.getString("name"));
            line.fieldNames().stream().filter(name -> !name.equals("name")).forEach(name -> shown.put(name, line.getValue(name)));
            shown.put("share", requests == 0 ? 0.0 : (double) line.getLong("requests") / requests);
            data.add(new JsonObject(shown));
        });
        return Reply.json(new JsonObject().put("data", data).put("total", total));
    }
}
