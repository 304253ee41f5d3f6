package dev.plexus.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.UsageRecord;
import dev.plexus.pricing.Cost;
import dev.plexus.storage.TraceRepository.StoredTrace;
import dev.plexus.storage.UsageQueries.Group;
import dev.plexus.storage.UsageQueries.Page;
import dev.plexus.storage.UsageQueries.Sort;
import dev.plexus.usage.Records;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the queries of the management API promise on every database.
abstract class AdminQueriesContract {

    private static final Cost COST = new Cost(
            new BigDecimal("0.1"), new BigDecimal("0.2"), BigDecimal.ZERO, BigDecimal.ZERO, new BigDecimal("0.3"), "simple", "{}");
    private static final Page NEWEST = new Page(Sort.DATE, false, 50, 0);

    private final Vertx vertx = Vertx.vertx();
    private final Database database;
    private final UsageQueries usages;
    private final ErrorQueries errors;
    private final TraceRepository traces;
    private final Removal removal;

    AdminQueriesContract(String url) {
        this.database = Database.at(vertx, DatabaseUrl.parse(url), 4);
        this.usages = new UsageQueries(database);
        this.errors = new ErrorQueries(database);
        this.traces = new TraceRepository(database);
        this.removal = new Removal(database);
    }

    @BeforeEach
    void open() {
        database.ready().await();
    }

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    private void store(UsageRecord... records) {
        List<StoredUsage> stored = new ArrayList<>();
        for (UsageRecord record : records) {
            stored.add(new StoredUsage(record, COST, "node-1"));
        }
        database.inTransaction(transaction -> new UsageRepository(database)
                        .store(transaction, stored)
                        .compose(_ -> new InferenceErrorRepository(database).store(transaction, stored)))
                .await();
    }

    private static UsageRecord at(String id, long millis) {
        UsageRecord like = Records.success(id);
        return new UsageRecord(like.requestId(), millis, like.caller(), like.asked(), like.served(), like.outcome(), like.configHash());
    }

    private List<String> ids(UsageFilter filter, Page page) {
        return usages.list(filter, page).await().stream().map(row -> ((JsonObject) row).getString("requestId")).toList();
    }

    @Test
    void records_are_listed_newest_first_with_flags_as_flags() {
        store(at("a", 1_000), at("b", 3_000), at("c", 2_000));
        traces.store(List.of(trace("b"))).await();

        JsonArray rows = usages.list(new UsageFilter(), NEWEST).await();

        assertThat(ids(new UsageFilter(), NEWEST)).containsExactly("b", "c", "a");
        JsonObject newest = rows.getJsonObject(0);
        assertThat(newest.getValue("isStreamed")).isEqualTo(true);
        assertThat(newest.getValue("hasDebug")).isEqualTo(true);
        assertThat(newest.getValue("hasError")).isEqualTo(false);
        assertThat(rows.getJsonObject(1).getValue("hasDebug")).isEqualTo(false);
        assertThat(newest.getDouble("costTotal")).isEqualTo(0.3);
        assertThat(usages.count(new UsageFilter()).await()).isEqualTo(3);
        assertThat(usages.find("c").await().orElseThrow().getLong("startTime")).isEqualTo(2_000);
        assertThat(usages.find("d").await()).isEmpty();
    }

    @Test
    void every_filter_and_every_order_is_understood() {
        store(at("a", 1_000), at("b", 2_000));

        assertThat(ids(new UsageFilter().from(1_500), NEWEST)).containsExactly("b");
        assertThat(ids(new UsageFilter().to(1_500), NEWEST)).containsExactly("a");
        for (UsageFilter.Exact column : UsageFilter.Exact.values()) {
            assertThat(ids(new UsageFilter().exactly(column, "nobody"), NEWEST)).isEmpty();
        }
        for (UsageFilter.Part column : UsageFilter.Part.values()) {
            assertThat(ids(new UsageFilter().containing(column, "%"), NEWEST)).isEmpty();
        }
        assertThat(ids(new UsageFilter().containing(UsageFilter.Part.PROVIDER, "OPEN"), NEWEST)).hasSize(2);
        assertThat(ids(new UsageFilter().exactly(UsageFilter.Exact.API_KEY, "team-blue").streamed(true).withError(false), NEWEST)).hasSize(2);
        assertThat(ids(new UsageFilter().anywhere("GPT-4o-mini openai"), NEWEST)).hasSize(2);
        assertThat(ids(new UsageFilter().lastingAtLeast(1).lastingAtMost(1_000_000).costingAtLeast(0.29), NEWEST)).hasSize(2);
        assertThat(ids(new UsageFilter().withError(true), NEWEST)).isEmpty();
        long second = usages.find("b").await().orElseThrow().getLong("id");
        assertThat(ids(new UsageFilter().before(2_000, second), NEWEST)).containsExactly("a");
        for (Sort sort : Sort.values()) {
            assertThat(ids(new UsageFilter(), new Page(sort, true, 50, 0))).containsExactly("a", "b");
            assertThat(ids(new UsageFilter(), new Page(sort, false, 1, 1))).containsExactly("a");
        }
    }

    @Test
    void sums_are_numbers_whatever_the_database_calls_them() {
        store(at("a", 60_000), at("b", 61_000), at("c", 130_000));

        for (Group group : Group.values()) {
            JsonArray series = usages.series(new UsageFilter(), group, 60_000, 0, 100).await();
            assertThat(series).hasSize(2);
            JsonObject first = series.getJsonObject(0);
            assertThat(first.getLong("bucket")).isEqualTo(60_000);
            assertThat(first.getValue("requests")).isIn(2, 2L);
            assertThat(first.getLong("outputTokens")).isEqualTo(300);
            assertThat(first.getDouble("cost")).isEqualTo(0.6);
            assertThat(first.getDouble("avgDurationMs")).isEqualTo(2_000);
            assertThat(usages.breakdown(new UsageFilter(), group, 10).await().getJsonObject(0).getLong("requests")).isEqualTo(3);
        }
        assertThat(usages.series(new UsageFilter(), Group.NONE, 86_400_000, 32_400_000, 10).await().getJsonObject(0).getLong("bucket"))
                .isEqualTo(-32_400_000);
        JsonObject nothing = usages.total(new UsageFilter().from(1_000_000)).await();
        assertThat(nothing.getLong("requests")).isZero();
        assertThat(nothing.getLong("errors")).isZero();
        assertThat(nothing.getDouble("cost")).isZero();
    }

    @Test
    void errors_are_found_by_provider_status_and_words() {
        store(Records.failure("f"));

        JsonObject error = errors.of("f").await().getJsonObject(0);
        JsonObject details = new JsonObject(error.getString("details"));
        String message = error.getString("errorMessage");
        assertThat(errors.list(ErrorQueries.Filter.ALL, 10, 0).await()).isNotEmpty();
        assertThat(errors.list(new ErrorQueries.Filter(details.getString("provider"), details.getInteger("statusCode"), message), 10, 0).await())
                .isNotEmpty();
        assertThat(errors.list(new ErrorQueries.Filter("nobody", null, null), 10, 0).await()).isEmpty();
        assertThat(errors.count(new ErrorQueries.Filter(null, 999, null)).await()).isZero();
        assertThat(removal.of(Removal.Table.ERRORS, "f").await()).isPositive();
        assertThat(errors.count(ErrorQueries.Filter.ALL).await()).isZero();
    }

    @Test
    void traces_come_back_as_they_were_stored() {
        store(at("a", 1_000));
        traces.store(List.of(trace("a"), trace("b"))).await();

        assertThat(traces.count().await()).isEqualTo(2);
        assertThat(traces.list(1, 0).await().getJsonObject(0).getString("requestId")).isEqualTo("b");
        assertThat(traces.detailed(10, 0).await().getJsonObject(1).getString("provider")).isEqualTo("openai");
        JsonObject found = traces.find("a").await().orElseThrow();
        assertThat(found.getString("rawRequest")).isEqualTo("zero");
        assertThat(found.getValue("truncated")).isEqualTo(true);
        assertThat(found.getString("translationDrops")).isEqualTo("[]");
        assertThat(traces.find("c").await()).isEmpty();
    }

    @Test
    void targets_are_compared_by_their_samples() {
        database.inTransaction(transaction -> transaction
                        .query("insert into provider_performance (provider, model, canonical_model_name, time_to_first_token_ms, tokens_per_sec,"
                                + " success_count, failure_count, created_at) values ('p', 'm', 'fast', 100, 50, 1, 0, 1),"
                                + " ('p', 'm', 'fast', 300, null, 0, 1, 2), ('q', 'm', null, null, 80, 1, 0, 3)")
                        .execute())
                .await();
        PerformanceFigures figures = new PerformanceFigures(database);

        JsonArray lines = figures.list(null, null, 10).await();
        assertThat(lines.getJsonObject(0).getString("provider")).isEqualTo("q");
        JsonObject second = figures.list("p", "fast", 10).await().getJsonObject(0);
        assertThat(second.getString("model")).isEqualTo("fast");
        assertThat(second.getDouble("avg_ttft_ms")).isEqualTo(200);
        assertThat(second.getLong("sample_count")).isEqualTo(2);
        assertThat(second.getDouble("success_rate")).isEqualTo(0.5);
        assertThat(removal.samplesOf("fast").await()).isEqualTo(2);
    }

    @Test
    void old_rows_go_in_steps_and_young_ones_stay() {
        store(IntStream.range(0, 1_203).mapToObj(number -> at("old-" + number, 1_000 + number)).toArray(UsageRecord[]::new));
        store(at("young", 5_000_000));
        store(Records.failure("failed"));

        assertThat(removal.sweep(Removal.Table.USAGE, 1_000_000).await()).isEqualTo(1_203);
        assertThat(ids(new UsageFilter().to(5_000_000), NEWEST)).containsExactly("young");
        for (Removal.Table table : Removal.Table.values()) {
            assertThat(removal.olderThan(table, 0).await()).isZero();
        }
        assertThat(removal.sweep(Removal.Table.ERRORS, Records.BEGAN + 1).await()).isPositive();
        assertThat(removal.all(Removal.Table.USAGE).await()).isEqualTo(2);
    }

    private static StoredTrace trace(String id) {
        return new StoredTrace(
                id, "app", 5, "ze\0ro", "b", "c", "d", "{}", "{}", 200, "http://up", 200, "{}", "{}", "[]", true);
    }
}
