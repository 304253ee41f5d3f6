package dev.plexus.storage;

import dev.plexus.message.PerformanceSample;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table `provider_performance`: the last samples of every target, each attempt one row. Thread-safe.
public final class PerformanceRepository {

    /// How many requests a target had in an hour, counted from the epoch.
    public record Requests(TargetId target, long hour, int number) {}

    /// More than these are not read at start, however many targets there were.
    private static final int LOADED_MAX = 200_000;

    private static final String INSERT =
            """
            insert into provider_performance (provider, model, canonical_model_name, request_id, time_to_first_token_ms, total_tokens,
                duration_ms, tokens_per_sec, failure_count, success_count, created_at)
            values (#{provider}, #{model}, #{alias}, #{request}, #{ttft}, #{tokens}, #{duration}, #{rate}, #{failures}, #{successes}, #{at})
            """;

    private final Database database;
    private final String trim;

    /// `samplesMax` is how many rows a target may have.
    public PerformanceRepository(Database database, int samplesMax) {
        this.database = database;
        this.trim =
                """
                delete from provider_performance where provider = #{provider} and model = #{model} and id < (
                    select min(id) from (
                        select id from provider_performance where provider = #{provider} and model = #{model} order by id desc limit %d) as kept)
                """
                        .formatted(samplesMax);
    }

    /// Adds the samples, and removes what their targets have too many of.
    public Future<Void> add(List<PerformanceSample> samples) {
        if (samples.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Map<String, @Nullable Object>> rows = samples.stream().map(PerformanceRepository::values).toList();
        List<Map<String, Object>> targets =
                samples.stream().map(PerformanceSample::target).distinct().map(PerformanceRepository::key).toList();
        return database.inTransaction(transaction -> batch(transaction, INSERT, rows).compose(_ -> batch(transaction, trim, targets)));
    }

    /// The maps' values may be null, which the template's signature does not say.
    @SuppressWarnings("unchecked")
    private static Future<Void> batch(SqlConnection transaction, String sql, List<? extends Map<String, ?>> rows) {
        return SqlTemplate.forUpdate(transaction, sql).executeBatch((List<Map<String, Object>>) (List<?>) rows).mapEmpty();
    }

    /// The newest samples of all targets, the oldest of them first.
    public Future<List<PerformanceSample>> load() {
        return database.reads()
                .query("select * from provider_performance order by id desc limit " + LOADED_MAX)
                .execute()
                .map(rows -> {
                    List<PerformanceSample> samples = new ArrayList<>(rows.size());
                    rows.forEach(row -> samples.add(sample(row)));
                    return samples.reversed();
                });
    }

    /// The requests of every target since this moment (epoch milliseconds), hour by hour, as the usage records have them.
    public Future<List<Requests>> requestsSince(long since) {
        return SqlTemplate.forQuery(
                        database.reads(),
                        """
                        select provider, selected_model_name as model, start_time / 3600000 as hour, count(*) as number from request_usage
                        where start_time > #{since} and provider is not null and selected_model_name is not null
                        group by provider, selected_model_name, start_time / 3600000
                        """)
                .execute(Map.of("since", since))
                .map(rows -> {
                    List<Requests> requests = new ArrayList<>(rows.size());
                    rows.forEach(row -> requests.add(new Requests(target(row), row.getLong("hour"), row.getInteger("number"))));
                    return requests;
                });
    }

    private static Map<String, @Nullable Object> values(PerformanceSample sample) {
        Map<String, @Nullable Object> row = new HashMap<>(key(sample.target()));
        row.put("alias", Texts.clean(sample.canonicalModel()));
        row.put("request", sample.requestId());
        row.put("ttft", known(sample.ttftMs()));
        row.put("tokens", sample.outputTokens());
        row.put("duration", sample.durationMs());
        row.put("rate", known(sample.tokensPerSecond()));
        row.put("failures", sample.success() ? 0 : 1);
        row.put("successes", sample.success() ? 1 : 0);
        row.put("at", sample.at());
        return row;
    }

    private static Map<String, Object> key(TargetId target) {
        return Map.of("provider", String.valueOf(Texts.clean(target.provider().value())), "model", String.valueOf(Texts.clean(target.model())));
    }

    private static @Nullable Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static TargetId target(Row row) {
        return new TargetId(new ProviderId(row.getString("provider")), row.getString("model"));
    }

    private static PerformanceSample sample(Row row) {
        Long tokens = row.getLong("total_tokens");
        Double duration = row.getDouble("duration_ms");
        Double ttft = row.getDouble("time_to_first_token_ms");
        Double rate = row.getDouble("tokens_per_sec");
        return new PerformanceSample(
                target(row),
                row.getString("canonical_model_name"),
                String.valueOf(row.getString("request_id")),
                ttft == null ? Double.NaN : ttft,
                tokens == null ? 0 : tokens,
                duration == null ? 0 : duration,
                rate == null ? Double.NaN : rate,
                row.getInteger("success_count") > 0,
                row.getLong("created_at"));
    }
}
