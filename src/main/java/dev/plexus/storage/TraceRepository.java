package dev.plexus.storage;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `debug_logs`: what exchanges said and heard. Thread-safe.
public final class TraceRepository {

    /// One trace as it is to be stored, secrets masked; headers and drops are JSON texts.
    public record StoredTrace(
            String requestId,
            @Nullable String apiKey,
            long createdAt,
            String rawRequest,
            @Nullable String transformedRequest,
            @Nullable String rawResponse,
            String transformedResponse,
            String requestHeaders,
            String responseHeaders,
            int responseStatus,
            @Nullable String upstreamUrl,
            int upstreamStatus,
            @Nullable String upstreamRequestHeaders,
            @Nullable String upstreamResponseHeaders,
            @Nullable String drops,
            boolean truncated) {}

    private static final String INSERT =
            """
            insert into debug_logs (request_id, api_key, created_at, raw_request, transformed_request, raw_response, transformed_response,
                request_headers, response_headers, response_status, upstream_url, upstream_status, upstream_request_headers,
                upstream_response_headers, translation_drops, truncated)
            values (#{request_id}, #{api_key}, #{created_at}, #{raw_request}, #{transformed_request}, #{raw_response}, #{transformed_response},
                #{request_headers}, #{response_headers}, #{response_status}, #{upstream_url}, #{upstream_status}, #{upstream_request_headers},
                #{upstream_response_headers}, #{translation_drops}, #{truncated})
            """;

    private static final String DETAIL =
            """
            select d.request_id, d.created_at, u.incoming_model_alias as alias, u.provider, u.selected_model_name as model,
                u.response_status as status, u.duration_ms
            from debug_logs d left join request_usage u on u.request_id = d.request_id
            order by d.id desc limit #{limit} offset #{offset}
            """;

    private final Database database;

    public TraceRepository(Database database) {
        this.database = database;
    }

    public Future<Void> store(List<StoredTrace> traces) {
        return database.inTransaction(transaction -> SqlTemplate.forUpdate(transaction, INSERT)
                .executeBatch(traces.stream().map(TraceRepository::parameters).toList())
                .mapEmpty());
    }

    /// A page of them, the newest first, without what they hold.
    public Future<JsonArray> list(int limit, int offset) {
        return SqlTemplate.forQuery(
                        database.reads(), "select request_id, created_at from debug_logs order by id desc limit #{limit} offset #{offset}")
                .execute(Map.of("limit", limit, "offset", offset))
                .map(JsonRows::array);
    }

    /// The same with what the usage records say of the exchanges.
    public Future<JsonArray> detailed(int limit, int offset) {
        return SqlTemplate.forQuery(database.reads(), DETAIL).execute(Map.of("limit", limit, "offset", offset)).map(JsonRows::array);
    }

    public Future<Long> count() {
        return database.reads()
                .query("select count(*) from debug_logs")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /// All of one trace.
    public Future<Optional<JsonObject>> find(String requestId) {
        return SqlTemplate.forQuery(database.reads(), "select * from debug_logs where request_id = #{id} order by id desc limit 1")
                .execute(Map.of("id", requestId))
                .map(JsonRows::array)
                .map(rows -> rows.isEmpty() ? Optional.empty() : Optional.of(rows.getJsonObject(0)));
    }

    @SuppressWarnings("NullAway") // the templates take null values, their signature has no word for it
    private static Map<String, Object> parameters(StoredTrace trace) {
        Map<String, Object> row = new HashMap<>();
        row.put("request_id", trace.requestId());
        row.put("api_key", Texts.clean(trace.apiKey()));
        row.put("created_at", trace.createdAt());
        row.put("raw_request", Texts.clean(trace.rawRequest()));
        row.put("transformed_request", Texts.clean(trace.transformedRequest()));
        row.put("raw_response", Texts.clean(trace.rawResponse()));
        row.put("transformed_response", Texts.clean(trace.transformedResponse()));
        row.put("request_headers", Texts.clean(trace.requestHeaders()));
        row.put("response_headers", Texts.clean(trace.responseHeaders()));
        row.put("response_status", trace.responseStatus());
        row.put("upstream_url", Texts.clean(trace.upstreamUrl()));
        row.put("upstream_status", trace.upstreamStatus() == 0 ? null : trace.upstreamStatus());
        row.put("upstream_request_headers", Texts.clean(trace.upstreamRequestHeaders()));
        row.put("upstream_response_headers", Texts.clean(trace.upstreamResponseHeaders()));
        row.put("translation_drops", Texts.clean(trace.drops()));
        row.put("truncated", trace.truncated() ? 1 : 0);
        return row;
    }
}
