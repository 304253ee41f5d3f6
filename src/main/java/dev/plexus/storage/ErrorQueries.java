package dev.plexus.storage;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the table `inference_errors` for people. Thread-safe.
public final class ErrorQueries {

    /// Which errors are meant; null where it does not matter. `part` is searched in the message.
    public record Filter(@Nullable String provider, @Nullable Integer statusCode, @Nullable String part) {

        public static final Filter ALL = new Filter(null, null, null);

        private String where() {
            List<String> conditions = new ArrayList<>();
            if (provider != null) {
                conditions.add("details like #{provider} escape '!'");
            }
            if (statusCode != null) {
                conditions.add("details like #{status} escape '!'");
            }
            if (part != null) {
                conditions.add("lower(coalesce(error_message, '')) like #{part} escape '!'");
            }
            return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        }

        private Map<String, Object> parameters() {
            Map<String, Object> parameters = new HashMap<>();
            if (provider != null) {
                parameters.put("provider", "%\"provider\":\"" + literal(provider) + "\"%");
            }
            if (statusCode != null) {
                parameters.put("status", "%\"statusCode\":" + statusCode + ",%");
            }
            if (part != null) {
                parameters.put("part", "%" + literal(part.toLowerCase(Locale.ROOT)) + "%");
            }
            return parameters;
        }

        private static String literal(String text) {
            return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
        }
    }

    private final Database database;

    public ErrorQueries(Database database) {
        this.database = database;
    }

    /// A page of the errors that are meant, the newest first.
    public Future<JsonArray> list(Filter filter, int limit, int offset) {
        Map<String, Object> parameters = filter.parameters();
        parameters.put("limit", limit);
        parameters.put("offset", offset);
        return SqlTemplate.forQuery(
                        database.reads(), "select * from inference_errors" + filter.where() + " order by id desc limit #{limit} offset #{offset}")
                .execute(parameters)
                .map(JsonRows::array);
    }

    /// How many there are, counted up to one more than [UsageQueries#COUNT_MAX].
    public Future<Long> count(Filter filter) {
        String inner = "select 1 from inference_errors" + filter.where() + " limit " + (UsageQueries.COUNT_MAX + 1);
        return SqlTemplate.forQuery(database.reads(), "select count(*) as n from (" + inner + ") counted")
                .execute(filter.parameters())
                .map(rows -> rows.iterator().next().getLong("n"));
    }

    /// Those of one exchange, in the order in which they happened.
    public Future<JsonArray> of(String requestId) {
        return SqlTemplate.forQuery(database.reads(), "select * from inference_errors where request_id = #{id} order by id limit 100")
                .execute(Map.of("id", requestId))
                .map(JsonRows::array);
    }
}
