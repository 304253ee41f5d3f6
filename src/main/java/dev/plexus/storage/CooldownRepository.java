package dev.plexus.storage;

import dev.plexus.message.CooldownView;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// The table `provider_cooldowns`: what the nodes know together about unwell targets. Thread-safe.
public final class CooldownRepository {

    /// Says how long the next cooldown is, from the number of failures including this one.
    @FunctionalInterface
    public interface Escalation {
        Duration after(int failures);
    }

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

    /// Counts a failure and extends the cooldown, as one atomic step among all nodes. An attempt that began before the failure that is known already
    /// belongs to the same outage: it does not count again, and can only lengthen the cooldown to `expiryAtLeast` (0 = it asks for nothing).
    ///
    /// Gives the entry as it is afterwards.
    public Future<CooldownView.Entry> fail(
            TargetId target, long attemptStartedAt, long now, String error, long expiryAtLeast, Escalation escalation) {
        Map<String, Object> failure = new HashMap<>(key(target));
        failure.put("started", attemptStartedAt);
        failure.put("now", now);
        failure.put("error", String.valueOf(Texts.clean(error)));
        return database.inTransaction(transaction -> SqlTemplate.forQuery(transaction, COUNT)
                .execute(failure)
                .compose(counted -> {
                    boolean counts = counted.iterator().hasNext();
                    long expiry = expiryAtLeast;
                    if (counts && expiryAtLeast <= now) {
                        int failures = counted.iterator().next().getInteger("consecutive_failures");
                        expiry = now + escalation.after(failures).toMillis();
                    }
                    return extend(transaction, target, expiry);
                }));
    }

    /// Forgets the target, unless it failed after the attempt that tells of its recovery had begun.
    public Future<Void> recover(TargetId target, long attemptStartedAt) {
        Map<String, Object> recovered = new HashMap<>(key(target));
        recovered.put("started", attemptStartedAt);
        return database.inTransaction(transaction -> SqlTemplate.forUpdate(
                        transaction,
                        "delete from provider_cooldowns where provider = #{provider} and model = #{model} and coalesce(last_failure_at, 0) <= #{started}")
                .execute(recovered)
                .mapEmpty());
    }

    /// Puts an entry as it is: for one owner that has counted and timed it itself.
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

    /// Forgets all targets. Gives their number.
    public Future<Integer> deleteAll() {
        return database.inTransaction(transaction ->
                transaction.query("delete from provider_cooldowns").execute().map(rows -> rows.rowCount()));
    }

    private static final String COUNT =
            """
            insert into provider_cooldowns (provider, model, expiry, consecutive_failures, created_at, last_error, last_failure_at)
            values (#{provider}, #{model}, 0, 1, #{now}, #{error}, #{now})
            on conflict (provider, model) do update set
                consecutive_failures = provider_cooldowns.consecutive_failures + 1,
                last_error = excluded.last_error,
                last_failure_at = excluded.last_failure_at
            where coalesce(provider_cooldowns.last_failure_at, 0) <= #{started}
            returning consecutive_failures
            """;
    private static final String EXTEND =
            """
            update provider_cooldowns set expiry = case when expiry < #{expiry} then #{expiry} else expiry end
            where provider = #{provider} and model = #{model}
            returning *
            """;
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

    private static Future<CooldownView.Entry> extend(SqlClient transaction, TargetId target, long expiry) {
        Map<String, Object> extension = new HashMap<>(key(target));
        extension.put("expiry", expiry);
        return SqlTemplate.forQuery(transaction, EXTEND)
                .execute(extension)
                .map(rows -> entry(rows.iterator().next()));
    }

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
