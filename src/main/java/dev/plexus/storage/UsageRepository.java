package dev.plexus.storage;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.Outcome;
import dev.plexus.model.DialectId;
import dev.plexus.model.Usage;
import dev.plexus.pricing.Cost;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The table `request_usage`: one row per exchange, whatever becomes of it. Thread-safe.
public final class UsageRepository {

    private record Column(String name, Function<StoredUsage, @Nullable Object> value) {}

    /// What JavaScript and double columns still count exactly.
    private static final long COUNT_MAX = 1L << 53;

    private static final List<Column> COLUMNS = List.of(
            text("request_id", usage -> usage.requestId().value()),
            text("date", usage -> StoredUsage.iso(usage.startTime())),
            text("source_ip", usage -> usage.caller().sourceIp()),
            text("api_key", UsageRepository::keyName),
            text("attribution", usage -> usage.caller().attribution()),
            text("incoming_api_type", usage -> usage.asked().dialect().label()),
            text("provider", usage -> usage.served().provider()),
            new Column("attempt_count", stored -> stored.realAttempts().size()),
            text("incoming_model_alias", usage -> usage.asked().model()),
            text("canonical_model_name", usage -> usage.served().canonicalModel()),
            text("selected_model_name", usage -> usage.served().model()),
            text("final_attempt_provider", usage -> usage.served().provider()),
            text("final_attempt_model", usage -> usage.served().model()),
            new Column("all_attempted_providers", stored -> Texts.clean(Texts.targets(stored.realAttempts()))),
            text("outgoing_api_type", usage -> label(usage.served().dialect())),
            count("tokens_input", Usage::input),
            count("tokens_output", Usage::output),
            count("tokens_reasoning", Usage::reasoning),
            count("tokens_cached", Usage::cached),
            count("tokens_cache_write", Usage::cacheWrite),
            money("cost_input", Cost::input),
            money("cost_output", Cost::output),
            money("cost_cached", Cost::cached),
            money("cost_cache_write", Cost::cacheWrite),
            money("cost_total", Cost::total),
            new Column("cost_source", stored -> stored.cost() == null ? null : stored.cost().source()),
            new Column("cost_metadata", stored -> stored.cost() == null ? null : Texts.clean(stored.cost().metadata())),
            of("start_time", UsageRecord::startTime),
            of("duration_ms", usage -> ended(usage) ? usage.outcome().durationMs() : null),
            of("ttft_ms", UsageRepository::ttft),
            of("tokens_per_sec", UsageRepository::tokensPerSecond),
            of("is_streamed", usage -> bit(streamed(usage))),
            of("is_passthrough", usage -> bit(usage.served().passThrough())),
            text("response_status", usage -> usage.outcome().status().label()),
            of("tokens_estimated", usage -> bit(estimated(usage))),
            of("created_at", UsageRecord::startTime),
            of("tools_defined", usage -> usage.asked().toolsDefined()),
            of("message_count", usage -> usage.asked().messageCount()),
            of("parallel_tool_calls_enabled", usage -> bit(usage.asked().parallelToolCalls())),
            of("tool_calls_count", usage -> usage.outcome().toolCalls() == 0 ? null : usage.outcome().toolCalls()),
            text("finish_reason", usage -> usage.outcome().finishReason()),
            new Column("retry_history", stored -> Texts.clean(Texts.history(stored.usage().served().attempts()))),
            new Column("node", stored -> Texts.clean(stored.node())),
            text("client_request_id", usage -> usage.caller().clientRequestId()));

    private static final String NAMES = COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));
    /// A later word about an exchange replaces an earlier one, unless that was the last word.
    private static final String ON_CONFLICT = " on conflict (request_id) do update set "
            + COLUMNS.stream()
                    .map(Column::name)
                    .filter(name -> !name.equals("request_id") && !name.equals("created_at"))
                    .map(name -> name + " = excluded." + name)
                    .collect(Collectors.joining(", "))
            + " where request_usage.response_status = 'pending'"
            + " or (request_usage.response_status = 'aborted' and excluded.response_status <> 'pending')";

    private final Database database;
    private final String upsert;

    public UsageRepository(Database database) {
        this.database = database;
        Stream<String> marks =
                switch (database.flavour()) {
                    case SQLITE -> COLUMNS.stream().map(_ -> "?");
                    case POSTGRES -> IntStream.rangeClosed(1, COLUMNS.size()).mapToObj(i -> "$" + i);
                };
        this.upsert = "insert into request_usage (" + NAMES + ") values (" + marks.collect(Collectors.joining(", ")) + ")" + ON_CONFLICT;
    }

    /// Stores the records. A pending one never replaces what is known already; of two for the same exchange the one that has ended counts.
    public Future<Void> store(SqlClient transaction, List<StoredUsage> records) {
        if (records.isEmpty()) {
            return Future.succeededFuture();
        }
        return transaction.preparedQuery(upsert).executeBatch(rows(records)).mapEmpty();
    }

    /// Exchanges of this node that began before the moment and never ended, because the process did: they become `aborted`. Gives their number.
    public Future<Integer> abort(String node, long startedBefore) {
        return database.inTransaction(transaction -> SqlTemplate.forUpdate(
                        transaction,
                        "update request_usage set response_status = 'aborted' where response_status = 'pending' and node = #{node} and start_time < #{before}")
                .execute(Map.of("node", node, "before", startedBefore))
                .map(result -> result.rowCount()));
    }

    /// The row of one exchange by column name, as the database has it.
    public Future<Optional<Map<String, @Nullable Object>>> find(String requestId) {
        return SqlTemplate.forQuery(database.reads(), "select * from request_usage where request_id = #{id}")
                .execute(Map.of("id", requestId))
                .map(rows -> {
                    RowIterator<Row> found = rows.iterator();
                    return found.hasNext() ? Optional.of(byName(found.next())) : Optional.empty();
                });
    }

    /// How many rows there are.
    public Future<Long> count() {
        return database.reads()
                .query("select count(*) from request_usage")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /// A record that is not stored yet as lists show it once it is.
    public static JsonObject shown(StoredUsage stored) {
        JsonObject record = new JsonObject();
        for (Column column : COLUMNS) {
            record.put(JsonRows.camel(column.name()), JsonRows.value(column.name(), column.value().apply(stored)));
        }
        return record;
    }

    private static Map<String, @Nullable Object> byName(Row row) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            columns.put(row.getColumnName(i), row.getValue(i));
        }
        return columns;
    }

    private static List<Tuple> rows(List<StoredUsage> records) {
        List<Tuple> rows = new ArrayList<>(records.size());
        for (StoredUsage stored : records) {
            List<@Nullable Object> values = new ArrayList<>(COLUMNS.size());
            for (Column column : COLUMNS) {
                values.add(column.value().apply(stored));
            }
            rows.add(Tuple.wrap(values));
        }
        return rows;
    }

    private static boolean estimated(UsageRecord usage) {
        Usage counts = usage.outcome().usage();
        return counts != null && counts.estimated();
    }

    private static Column of(String name, Function<UsageRecord, @Nullable Object> value) {
        return new Column(name, stored -> value.apply(stored.usage()));
    }

    private static Column text(String name, Function<UsageRecord, @Nullable String> value) {
        return new Column(name, stored -> Texts.clean(value.apply(stored.usage())));
    }

    private static Column count(String name, Function<Usage, Long> value) {
        return new Column(name, stored -> {
            Usage counts = stored.usage().outcome().usage();
            return counts == null ? null : Math.min(value.apply(counts), COUNT_MAX);
        });
    }

    private static Column money(String name, Function<Cost, @Nullable BigDecimal> value) {
        return new Column(name, stored -> {
            BigDecimal amount = stored.cost() == null ? null : value.apply(stored.cost());
            return amount == null ? null : amount.doubleValue();
        });
    }

    private static @Nullable String keyName(UsageRecord usage) {
        return usage.caller().apiKey() == null ? null : usage.caller().apiKey().value();
    }

    private static @Nullable String label(@Nullable DialectId dialect) {
        return dialect == null ? null : dialect.label();
    }

    private static @Nullable Integer bit(@Nullable Boolean flag) {
        return flag == null ? null : flag ? 1 : 0;
    }

    private static boolean ended(UsageRecord usage) {
        return usage.outcome().status() != ExchangeStatus.PENDING;
    }

    /// What was sent, when all of it was; what was asked for, otherwise.
    private static boolean streamed(UsageRecord usage) {
        return usage.outcome().streamed()
                || (usage.outcome().status() != ExchangeStatus.SUCCESS && usage.asked().stream());
    }

    private static @Nullable Double ttft(UsageRecord usage) {
        Outcome outcome = usage.outcome();
        if (!ended(usage) || outcome.ttftMs() < 0) {
            return null;
        }
        return outcome.streamed() ? outcome.ttftMs() : (double) outcome.durationMs();
    }

    private static @Nullable Double tokensPerSecond(UsageRecord usage) {
        Outcome outcome = usage.outcome();
        Double ttft = ttft(usage);
        if (ttft == null || outcome.usage() == null || outcome.usage().output() == 0) {
            return null;
        }
        double span = outcome.streamed() ? outcome.durationMs() - ttft : outcome.durationMs();
        return span > 0 ? outcome.usage().output() / span * 1_000 : null;
    }
}
