package dev.plexus.storage;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the table `provider_performance` for people: one line for each target. Thread-safe.
public final class PerformanceFigures {

    private static final String SUMS =
            """
            select provider, model as target_model, max(canonical_model_name) as canonical_model_name,
                coalesce(avg(time_to_first_token_ms), 0) as avg_ttft_ms,
                coalesce(min(time_to_first_token_ms), 0) as min_ttft_ms,
                coalesce(max(time_to_first_token_ms), 0) as max_ttft_ms,
                coalesce(avg(tokens_per_sec), 0) as avg_tokens_per_sec,
                coalesce(min(tokens_per_sec), 0) as min_tokens_per_sec,
                coalesce(max(tokens_per_sec), 0) as max_tokens_per_sec,
                count(*) as sample_count,
                coalesce(sum(success_count), 0) as success_count,
                coalesce(sum(failure_count), 0) as failure_count,
                max(created_at) as last_updated
            from provider_performance
            """;

    private final Database database;

    public PerformanceFigures(Database database) {
        this.database = database;
    }

    /// The targets of this provider and model, or of all where these are null; the fastest first. The model may be the target's name or the alias.
    public Future<JsonArray> list(@Nullable String provider, @Nullable String model, int limit) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("limit", limit);
        if (provider != null) {
            conditions.add("provider = #{provider}");
            parameters.put("provider", provider);
        }
        if (model != null) {
            conditions.add("(model = #{model} or canonical_model_name = #{model})");
            parameters.put("model", model);
        }
        String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        String sql = SUMS + where + " group by provider, model order by avg_tokens_per_sec desc, provider, model limit #{limit}";
        return SqlTemplate.forQuery(database.reads(), sql).execute(parameters).map(rows -> {
            JsonArray lines = new JsonArray();
            rows.forEach(row -> lines.add(line(JsonRows.plain(row))));
            return lines;
        });
    }

    /// Under the names of earlier versions, which are those of the columns here.
    private static JsonObject line(JsonObject row) {
        String canonical = row.getString("canonical_model_name");
        row.remove("canonical_model_name");
        return row.put("model", canonical == null ? row.getString("target_model") : canonical)
                .put("success_rate", rate(row.getLong("success_count"), row.getLong("failure_count")));
    }

    private static @Nullable Double rate(long successes, long failures) {
        return successes + failures == 0 ? null : (double) successes / (successes + failures);
    }
}
