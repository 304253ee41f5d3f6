package dev.plexus.storage;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.HashMap;
import java.util.Map;

/// Deletes rows of the tables that grow: in small transactions, so that whoever writes usage records never waits long. Thread-safe.
public final class Removal {

    /// A table that grows, with the column that tells a row's age.
    public enum Table {
        USAGE("request_usage", "start_time", false),
        ERRORS("inference_errors", "date", true),
        TRACES("debug_logs", "created_at", false),
        MCP_USAGE("mcp_request_usage", "created_at_ms", false),
        MCP_TRACES("mcp_debug_logs", "created_at_ms", false),
        SNAPSHOTS("quota_snapshots", "checked_at", false),
        PERFORMANCE("provider_performance", "created_at", false);

        private final String table;
        private final String age;
        private final boolean ageIsText;

        Table(String table, String age, boolean ageIsText) {
            this.table = table;
            this.age = age;
            this.ageIsText = ageIsText;
        }
    }

    private static final int ROWS_AT_ONCE = 500;
    /// Any number that nobody else uses.
    private static final long SWEEP_LOCK = 7_163_900_412L;

    private final Database database;

    public Removal(Database database) {
        this.database = database;
    }

    /// Deletes what is older than this epoch millisecond; gives the number of rows.
    public Future<Long> olderThan(Table table, long millis) {
        Object limit = table.ageIsText ? (Object) StoredUsage.iso(millis) : (Object) millis;
        String order = table == Table.USAGE ? " order by start_time" : "";
        return inSteps(table, table.age + " < #{limit}" + order, Map.of("limit", limit), 0, false);
    }

    /// The same, unless another node is at it now: then nothing is done.
    public Future<Long> sweep(Table table, long millis) {
        Object limit = table.ageIsText ? (Object) StoredUsage.iso(millis) : (Object) millis;
        return inSteps(table, table.age + " < #{limit}", Map.of("limit", limit), 0, true);
    }

    public Future<Long> all(Table table) {
        return inSteps(table, "id > #{limit}", Map.of("limit", -1), 0, false);
    }

    /// What belongs to one exchange.
    public Future<Long> of(Table table, String requestId) {
        return inSteps(table, "request_id = #{limit}", Map.of("limit", requestId), 0, false);
    }

    /// The performance samples of a model, by its own name or that of its alias.
    public Future<Long> samplesOf(String model) {
        return inSteps(Table.PERFORMANCE, "(model = #{limit} or canonical_model_name = #{limit})", Map.of("limit", model), 0, false);
    }

    private Future<Long> inSteps(Table table, String condition, Map<String, Object> parameters, long before, boolean alone) {
        return database.inTransaction(transaction -> permitted(transaction, alone)
                        .compose(may -> may ? step(transaction, table, condition, parameters) : Future.succeededFuture(0)))
                .compose(deleted -> deleted < ROWS_AT_ONCE
                        ? Future.succeededFuture(before + deleted)
                        : inSteps(table, condition, parameters, before + deleted, alone));
    }

    private static Future<Integer> step(SqlConnection transaction, Table table, String condition, Map<String, Object> parameters) {
        String sql = "delete from " + table.table + " where id in (select id from " + table.table + " where " + condition + " limit "
                + ROWS_AT_ONCE + ")";
        return SqlTemplate.forUpdate(transaction, sql).execute(new HashMap<>(parameters)).map(result -> result.rowCount());
    }

    /// SQLite belongs to one node alone.
    private Future<Boolean> permitted(SqlConnection transaction, boolean alone) {
        if (!alone || database.flavour() == Schema.Flavour.SQLITE) {
            return Future.succeededFuture(true);
        }
        return transaction
                .query("select pg_try_advisory_xact_lock(" + SWEEP_LOCK + ")")
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0));
    }
}
