package dev.plexus.storage;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads the table `request_usage` for people: pages of it, sums over time, sums by one column. Writes nothing. Thread-safe.
public final class UsageQueries {

    /// Counting stops here: no list is paged through that far.
    public static final int COUNT_MAX = 100_000;

    /// What sums can be grouped by.
    public enum Group {
        NONE("''"),
        PROVIDER("u.provider"),
        MODEL("u.selected_model_name"),
        ALIAS("coalesce(u.canonical_model_name, u.incoming_model_alias)"),
        API_KEY("u.api_key"),
        ATTRIBUTION("u.attribution"),
        API_TYPE("u.incoming_api_type"),
        STATUS("u.response_status");

        private final String expression;

        Group(String expression) {
            this.expression = expression;
        }
    }

    /// What a list can be sorted by; lists by date are fast whatever their length.
    public enum Sort {
        DATE("start_time"),
        API_KEY("api_key"),
        PROVIDER("provider"),
        INCOMING_MODEL_ALIAS("incoming_model_alias"),
        COST_TOTAL("cost_total"),
        DURATION_MS("duration_ms");

        private final String column;

        Sort(String column) {
            this.column = column;
        }
    }

    /// One page of a list.
    public record Page(Sort sort, boolean ascending, int limit, int offset) {}

    private static final String EXTRAS =
            ", exists (select 1 from debug_logs d where d.request_id = u.request_id) as has_debug"
                    + ", exists (select 1 from inference_errors e where e.request_id = u.request_id) as has_error";

    private static final String SUMS =
            """
            count(*) as requests,
            sum(case when u.response_status in ('error', 'timeout', 'stall', 'aborted') then 1 else 0 end) as errors,
            coalesce(sum(u.tokens_input), 0) as input_tokens,
            coalesce(sum(u.tokens_output), 0) as output_tokens,
            coalesce(sum(u.tokens_reasoning), 0) as reasoning_tokens,
            coalesce(sum(u.tokens_cached), 0) as cached_tokens,
            coalesce(sum(u.tokens_cache_write), 0) as cache_write_tokens,
            coalesce(sum(u.cost_total), 0) as cost,
            avg(u.duration_ms) as avg_duration_ms,
            avg(u.ttft_ms) as avg_ttft_ms,
            avg(u.tokens_per_sec) as avg_tps
            """;

    private final Database database;

    public UsageQueries(Database database) {
        this.database = database;
    }

    /// A page of the records that are meant.
    public Future<JsonArray> list(UsageFilter filter, Page page) {
        Map<String, Object> parameters = filter.parameters();
        parameters.put("limit", page.limit());
        parameters.put("offset", page.offset());
        String direction = page.ascending() ? "asc" : "desc";
        String sql = "select u.*" + EXTRAS + " from request_usage u" + filter.where() + " order by u." + page.sort().column + " " + direction
                + ", u.id " + direction + " limit #{limit} offset #{offset}";
        return SqlTemplate.forQuery(database.reads(), sql).execute(parameters).map(JsonRows::array);
    }

    /// How many records are meant, counted up to one more than [#COUNT_MAX].
    public Future<Long> count(UsageFilter filter) {
        String sql = "select count(*) as n from (select 1 from request_usage u" + filter.where() + " limit " + (COUNT_MAX + 1) + ") counted";
        return SqlTemplate.forQuery(database.reads(), sql)
                .execute(filter.parameters())
                .map(rows -> rows.iterator().next().getLong("n"));
    }

    /// One record.
    public Future<Optional<JsonObject>> find(String requestId) {
        return SqlTemplate.forQuery(database.reads(), "select u.*" + EXTRAS + " from request_usage u where u.request_id = #{id}")
                .execute(Map.of("id", requestId))
                .map(JsonRows::array)
                .map(rows -> rows.isEmpty() ? Optional.empty() : Optional.of(rows.getJsonObject(0)));
    }

    /// Sums for each step of time that has records, by group; `bucket` is where the step begins. At most `limit` of them, the earliest first.
    public Future<JsonArray> series(UsageFilter filter, Group group, long stepMillis, long shiftMillis, int limit) {
        Map<String, Object> parameters = filter.parameters();
        parameters.put("limit", limit);
        String bucket = "((u.start_time + " + shiftMillis + ") / " + stepMillis + ") * " + stepMillis + " - " + shiftMillis;
        String sql = "select " + bucket + " as bucket, " + key(group) + " as name, " + SUMS + " from request_usage u" + filter.where()
                + " group by 1, 2 order by 1, 2 limit #{limit}";
        return SqlTemplate.forQuery(database.reads(), sql).execute(parameters).map(JsonRows::array);
    }

    /// Sums by group, those with the most requests first.
    public Future<JsonArray> breakdown(UsageFilter filter, Group group, int limit) {
        Map<String, Object> parameters = filter.parameters();
        parameters.put("limit", limit);
        String sql = "select " + key(group) + " as name, " + SUMS + " from request_usage u" + filter.where()
                + " group by 1 order by requests desc, name limit #{limit}";
        return SqlTemplate.forQuery(database.reads(), sql).execute(parameters).map(JsonRows::array);
    }

    /// Sums over everything that is meant.
    public Future<JsonObject> total(UsageFilter filter) {
        return SqlTemplate.forQuery(database.reads(), "select " + SUMS + " from request_usage u" + filter.where())
                .execute(filter.parameters())
                .map(rows -> {
                    Row row = rows.iterator().next();
                    JsonObject total = JsonRows.object(row);
                    return total.getValue("errors") == null ? total.put("errors", 0) : total;
                });
    }

    private static String key(Group group) {
        return "coalesce(" + group.expression + ", '')";
    }

    /// The enum constant that a request spells in camel case, as `apiKey` for `API_KEY`.
    public static <E extends Enum<E>> Optional<E> named(Class<E> type, String camel) {
        String name = camel.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return Optional.of(constant);
            }
        }
        return Optional.empty();
    }
}
