package dev.plexus.storage;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table `quota_state`: what keys have used of their quotas. Thread-safe.
public final class QuotaRepository {

    /// One row. `limitType` is what is counted, `quotaType` the kind of window; times are epoch milliseconds.
    public record StoredCounter(
            String keyName,
            String quotaName,
            String limitType,
            String quotaType,
            BigDecimal currentUsage,
            long lastUpdated,
            @Nullable Long windowStart) {}

    private static final String PUT =
            """
            insert into quota_state (key_name, quota_name, limit_type, current_usage, last_updated, window_start, quota_type)
            values (#{key}, #{quota}, #{measures}, #{used}, #{updated}, #{start}, #{window})
            on conflict (key_name, quota_name) do update set limit_type = excluded.limit_type, current_usage = excluded.current_usage,
                last_updated = excluded.last_updated, window_start = excluded.window_start, quota_type = excluded.quota_type
            """;

    private final Database database;

    public QuotaRepository(Database database) {
        this.database = database;
    }

    /// All counters; rows of an older schema that do not say what they count are left out.
    public Future<List<StoredCounter>> load() {
        return database.reads()
                .query("select * from quota_state where limit_type is not null and quota_type is not null")
                .execute()
                .map(rows -> {
                    List<StoredCounter> counters = new ArrayList<>();
                    rows.forEach(row -> counters.add(counter(row)));
                    return counters;
                });
    }

    /// Writes these counters, all or none.
    public Future<Void> put(List<StoredCounter> counters) {
        if (counters.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Map<String, Object>> rows = counters.stream().map(QuotaRepository::row).toList();
        return database.inTransaction(
                transaction -> SqlTemplate.forUpdate(transaction, PUT).executeBatch(rows).mapEmpty());
    }

    @SuppressWarnings("NullAway") // a template takes null for SQL's null
    private static Map<String, Object> row(StoredCounter counter) {
        Map<String, Object> row = new HashMap<>();
        row.put("key", counter.keyName());
        row.put("quota", counter.quotaName());
        row.put("measures", counter.limitType());
        row.put("used", counter.currentUsage().doubleValue());
        row.put("updated", counter.lastUpdated());
        row.put("start", counter.windowStart());
        row.put("window", counter.quotaType());
        return row;
    }

    private static StoredCounter counter(Row row) {
        return new StoredCounter(
                row.getString("key_name"),
                row.getString("quota_name"),
                row.getString("limit_type"),
                row.getString("quota_type"),
                BigDecimal.valueOf(row.getDouble("current_usage")),
                row.getLong("last_updated"),
                row.getLong("window_start"));
    }
}
