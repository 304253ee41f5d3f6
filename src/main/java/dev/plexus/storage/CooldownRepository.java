package dev.plexus.storage;

import dev.plexus.message.CooldownView;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.HashMap;
import java.util.Map;

/// The table `provider_cooldowns`: what the nodes know together about unwell targets. Thread-safe.
public final class CooldownRepository {

    private final Database database;

    public CooldownRepository(Database database) {
        this.database = database;
    }

    /// All entries that still count: those whose expiry, even if it has passed, is after `expiredAfter` (epoch milliseconds).
    public Future<CooldownView> load(long expiredAfter) {
        return SqlTemplate.forQuery(database.reads(), "select * from provider_cooldowns where expiry > #{after}")
                .execute(Map.of("after", expiredAfter))
                .map(rows -> {
                    Map<TargetId, CooldownView.Entry> entries = new HashMap<>();
                    rows.forEach(row -> entries.put(target(row), entry(row)));
                    return new CooldownView(entries);
                });
    }

    /// Puts an entry as it is, as its one owner has counted and timed it.
    public Future<Void> put(TargetId target, CooldownView.Entry entry) {
        Map<String, Object> row = new HashMap<>(key(target));
        row.put("expiry", entry.expiry());
        row.put("failures", entry.consecutiveFailures());
        row.put("error", String.valueOf(Texts.clean(entry.lastError())));
        row.put("failed", entry.lastFailureAt());
        return database.inTransaction(transaction -> SqlTemplate.forUpdate(transaction, PUT).execute(row).mapEmpty());
    }

    /// Forgets the target.
    public Future<Void> delete(TargetId target) {
        return database.inTransaction(transaction -> SqlTemplate.forUpdate(
                        transaction, "delete from provider_cooldowns where provider = #{provider} and model = #{model}")
                .execute(key(target))
                .mapEmpty());
    }

    private static final String PUT =
            """
            insert into provider_cooldowns (provider, model, expiry, consecutive_failures, created_at, last_error, last_failure_at)
            values (#{provider}, #{model}, #{expiry}, #{failures}, #{failed}, #{error}, #{failed})
            on conflict (provider, model) do update set
                expiry = excluded.expiry,
                consecutive_failures = excluded.consecutive_failures,
                last_error = excluded.last_error,
                last_failure_at = excluded.last_failure_at
            """;

    private static Map<String, Object> key(TargetId target) {
        return Map.of("provider", target.provider().value(), "model", target.model());
    }

    private static TargetId target(Row row) {
        return new TargetId(new ProviderId(row.getString("provider")), row.getString("model"));
    }

    private static CooldownView.Entry entry(Row row) {
        Long failedAt = row.getLong("last_failure_at");
        String error = row.getString("last_error");
        return new CooldownView.Entry(
                row.getLong("expiry"), row.getInteger("consecutive_failures"), failedAt == null ? 0 : failedAt, error == null ? "" : error);
    }
}
