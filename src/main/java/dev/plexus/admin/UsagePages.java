package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;
import dev.plexus.storage.ErrorQueries;
import dev.plexus.storage.Removal;
import dev.plexus.storage.UsageFilter;
import dev.plexus.storage.UsageFilter.Exact;
import dev.plexus.storage.UsageFilter.Part;
import dev.plexus.storage.UsageQueries;
import dev.plexus.storage.UsageQueries.Page;
import dev.plexus.storage.UsageQueries.Sort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Usage records: lists of them, single ones, and their deletion.
final class UsagePages {

    private static final Map<String, Exact> EXACT = Map.of(
            "incomingApiType", Exact.INCOMING_API_TYPE,
            "outgoingApiType", Exact.OUTGOING_API_TYPE,
            "responseStatus", Exact.RESPONSE_STATUS,
            "apiKey", Exact.API_KEY,
            "attribution", Exact.ATTRIBUTION,
            "finishReason", Exact.FINISH_REASON);

    private static final Map<String, Part> PARTS = Map.of(
            "provider", Part.PROVIDER, "incomingModelAlias", Part.INCOMING_MODEL_ALIAS, "selectedModelName", Part.SELECTED_MODEL_NAME);

    private final UsageQueries queries;
    private final ErrorQueries errors;
    private final Removal removal;
    private final InstantSource clock;

    UsagePages(UsageQueries queries, ErrorQueries errors, Removal removal, InstantSource clock) {
        this.queries = queries;
        this.errors = errors;
        this.removal = removal;
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.on("GET", "/v0/management/usage", this::list)
                .on("DELETE", "/v0/management/usage", this::delete)
                .on("GET", "/v0/management/usage/*", this::one)
                .on("DELETE", "/v0/management/usage/*", this::deleteOne)
                .on("DELETE", "/v0/management/logs/reset", _ -> reset());
    }

    private AdminAnswer list(Call call) {
        UsageFilter filter = filter(call);
        String sorted = call.text("sortBy");
        Sort sort = sorted == null
                ? Sort.DATE
                : UsageQueries.named(Sort.class, sorted).orElseThrow(() -> new Refusal(400, "Unknown sortBy '" + sorted + "'"));
        Page page = new Page(sort, "asc".equalsIgnoreCase(call.text("sortDir")), call.limit(Call.LIMIT_DEFAULT), call.offset());
        long total = queries.count(filter).await();
        before(call, filter);
        JsonArray data = queries.list(filter, page).await();
        JsonObject answer = new JsonObject()
                .put("data", projected(data, call.text("fields")))
                .put("total", Math.min(total, UsageQueries.COUNT_MAX))
                .put("limit", page.limit())
                .put("offset", page.offset());
        if (total > UsageQueries.COUNT_MAX) {
            answer.put("totalCapped", true);
        }
        return Reply.json(answer);
    }

    /// What every endpoint over usage records can be asked to leave out.
    static UsageFilter filter(Call call) {
        UsageFilter filter = new UsageFilter();
        Long from = call.moment("startDate", false);
        if (from != null) {
            filter.from(from);
        }
        Long to = call.moment("endDate", true);
        if (to != null) {
            filter.to(to);
        }
        conditions(call, filter);
        return filter;
    }

    /// All but the time.
    static void conditions(Call call, UsageFilter filter) {
        EXACT.forEach((name, column) -> {
            String value = call.text(name);
            if (value != null) {
                filter.exactly(column, value);
            }
        });
        PARTS.forEach((name, column) -> {
            String value = call.text(name);
            if (value != null) {
                filter.containing(column, value);
            }
        });
        String anywhere = call.text("q");
        if (anywhere != null) {
            filter.anywhere(anywhere);
        }
        Long min = call.whole("minDurationMs");
        if (min != null) {
            filter.lastingAtLeast(min);
        }
        Long max = call.whole("maxDurationMs");
        if (max != null) {
            filter.lastingAtMost(max);
        }
        Double cost = call.decimal("minCost");
        if (cost != null) {
            filter.costingAtLeast(cost);
        }
        Boolean streamed = call.choice("isStreamed");
        if (streamed != null) {
            filter.streamed(streamed);
        }
        Boolean failed = call.choice("hasError");
        if (failed != null) {
            filter.withError(failed);
        }
    }

    /// `before=<start time>,<id>` goes on after the last record of the page before, however long the list is.
    private static void before(Call call, UsageFilter filter) {
        String before = call.text("before");
        if (before == null) {
            return;
        }
        String[] parts = before.split(",", -1);
        try {
            filter.before(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
            throw new Refusal(400, "Parameter before must be <startTime>,<id>");
        }
    }

    private static JsonArray projected(JsonArray records, @Nullable String fields) {
        if (fields == null || records.isEmpty()) {
            return records;
        }
        Set<String> wanted = Arrays.stream(fields.split(",", -1)).map(String::trim).collect(Collectors.toSet());
        Set<String> known = records.getJsonObject(0).fieldNames();
        if (wanted.stream().noneMatch(known::contains)) {
            return records;
        }
        JsonArray projected = new JsonArray();
        for (int at = 0; at < records.size(); at++) {
            JsonObject whole = records.getJsonObject(at);
            JsonObject part = new JsonObject();
            whole.fieldNames().stream().filter(wanted::contains).forEach(name -> part.put(name, whole.getValue(name)));
            projected.add(part);
        }
        return projected;
    }

    private AdminAnswer one(Call call) {
        JsonObject record = queries.find(call.name()).await().orElseThrow(() -> new Refusal(404, "Usage log not found"));
        JsonArray found = errors.of(call.name()).await();
        String history = record.getString("retryHistory");
        record.put("attempts", history == null ? new JsonArray() : new JsonArray(history));
        record.put("error", found.isEmpty() ? null : found.getJsonObject(found.size() - 1));
        return Reply.json(record);
    }

    private AdminAnswer delete(Call call) {
        return Reply.deleted(deleted(call, Removal.Table.USAGE));
    }

    /// Deleting all of it must be asked for in so many words.
    private long deleted(Call call, Removal.Table table) {
        Long days = call.whole("olderThanDays");
        if (days == null && !call.flag("all")) {
            throw new Refusal(400, "Say olderThanDays, or all=true");
        }
        if (days == null) {
            return removal.all(table).await();
        }
        if (days < 0 || days > 100_000) {
            throw new Refusal(400, "Parameter olderThanDays must be a number of days");
        }
        return removal.olderThan(table, clock.millis() - Duration.ofDays(days).toMillis()).await();
    }

    private AdminAnswer deleteOne(Call call) {
        if (removal.of(Removal.Table.USAGE, call.name()).await() == 0) {
            throw new Refusal(404, "Usage log not found or could not be deleted");
        }
        return Reply.success();
    }

    private AdminAnswer reset() {
        List.of(Removal.Table.USAGE, Removal.Table.ERRORS, Removal.Table.TRACES).forEach(table -> removal.all(table).await());
        return Reply.json(new JsonObject().put("success", true).put("message", "All logs have been reset successfully"));
    }
}
