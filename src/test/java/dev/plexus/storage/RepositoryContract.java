package dev.plexus.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plexus.message.CooldownView;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.PerformanceSample;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.Outcome;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import dev.plexus.model.Usage;
import dev.plexus.pricing.Cost;
import dev.plexus.storage.InferenceErrorRepository.StoredError;
import dev.plexus.usage.Records;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every repository promises on every database.
abstract class RepositoryContract {

    private static final Cost COST = new Cost(
            new BigDecimal("0.00018"), new BigDecimal("0.00009"), new BigDecimal("0.0000225"), BigDecimal.ZERO, new BigDecimal("0.0002925"), "simple", "{\"a\":1}");
    private static final TargetId TARGET = new TargetId(new ProviderId("openai"), "gpt-4o");

    private final Vertx vertx = Vertx.vertx();
    private final String url;
    private final Database database;
    private final UsageRepository usages;
    private final InferenceErrorRepository errors;
    private final CooldownRepository cooldowns;
    private final PerformanceRepository performance;

    RepositoryContract(String url) {
        this.url = url;
        this.database = Database.at(vertx, DatabaseUrl.parse(url), 4);
        this.usages = new UsageRepository(database);
        this.errors = new InferenceErrorRepository(database);
        this.cooldowns = new CooldownRepository(database);
        this.performance = new PerformanceRepository(database, 5);
    }

    final String url() {
        return url;
    }

    /// The same database for plain JDBC.
    abstract Connection jdbc() throws SQLException;

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    @Test
    void the_schema_is_made_once_and_found_current_afterwards() {
        database.ready().await();

        Database again = Database.at(vertx, DatabaseUrl.parse(url), 2);
        List<Future<?>> together = List.of(again.ready(), again.ready(), database.ready());

        Future.all(together).await();
        again.close().await();
    }

    @Test
    void performance_samples_come_back_as_they_were_and_unknown_stays_unknown() {
        database.ready().await();
        PerformanceSample known = new PerformanceSample(TARGET, "fast", "r-1", 120.5, 100, 2_000, 53.25, true, 1_000);
        PerformanceSample failed = new PerformanceSample(TARGET, null, "r-2", Double.NaN, 0, 12, Double.NaN, false, 2_000);

        performance.add(List.of(known, failed)).await();
        performance.add(List.of()).await();

        assertThat(performance.load().await()).containsExactly(known, failed);
    }

    @Test
    void of_each_target_the_last_performance_samples_are_kept() {
        database.ready().await();
        TargetId other = new TargetId(new ProviderId("openai"), "gpt-4o-mini");
        for (int batch = 0; batch < 4; batch++) {
            List<PerformanceSample> samples = new ArrayList<>();
            for (int sample = 0; sample < 3; sample++) {
                samples.add(new PerformanceSample(TARGET, "fast", "r", 1, 1, 1, 1, true, batch * 3 + sample));
            }
            samples.add(new PerformanceSample(other, "fast", "r", 1, 1, 1, 1, true, batch));
            performance.add(samples).await();
        }

        List<PerformanceSample> kept = performance.load().await();

        assertThat(kept).filteredOn(sample -> sample.target().equals(TARGET)).extracting(PerformanceSample::at).containsExactly(7L, 8L, 9L, 10L, 11L);
        assertThat(kept).filteredOn(sample -> sample.target().equals(other)).hasSize(4);
    }

    @Test
    void requests_of_a_target_are_counted_hour_by_hour() {
        store(Records.success("a"));
        store(Records.success("b"));

        var requests = performance.requestsSince(0).await();

        assertThat(requests).singleElement().satisfies(one -> {
            assertThat(one.target()).isEqualTo(new TargetId(new ProviderId("openai"), "gpt-4o-mini"));
            assertThat(one.number()).isEqualTo(2);
            assertThat(one.hour()).isEqualTo(Records.success("a").startTime() / 3_600_000);
        });
        assertThat(performance.requestsSince(Records.success("a").startTime()).await()).isEmpty();
    }

    @Test
    void a_success_has_every_column_of_its_record() {
        store(Records.success("a"));

        assertThat(row("a"))
                .containsEntry("date", "2026-01-01T00:00:00.123Z")
                .containsEntry("source_ip", "10.1.2.3")
                .containsEntry("api_key", "team-blue")
                .containsEntry("attribution", "ci")
                .containsEntry("incoming_api_type", "chat")
                .containsEntry("outgoing_api_type", "chat")
                .containsEntry("provider", "openai")
                .containsEntry("incoming_model_alias", "fast")
                .containsEntry("canonical_model_name", "fast")
                .containsEntry("selected_model_name", "gpt-4o-mini")
                .containsEntry("final_attempt_provider", "openai")
                .containsEntry("final_attempt_model", "gpt-4o-mini")
                .containsEntry("all_attempted_providers", "[\"openai/gpt-4o-mini\"]")
                .containsEntry("response_status", "success")
                .containsEntry("finish_reason", "stop")
                .containsEntry("node", "node-1")
                .containsEntry("client_request_id", "client-7")
                .containsEntry("cost_source", "simple")
                .containsEntry("cost_metadata", "{\"a\":1}")
                .containsEntry("cost_total", 0.0002925)
                .containsEntry("cost_cache_write", 0.0)
                .containsEntry("ttft_ms", 500.5)
                .containsEntry("provider_reported_cost", null)
                .containsEntry(
                        "retry_history",
                        "[{\"index\":0,\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"apiType\":\"chat\",\"status\":\"success\",\"statusCode\":200,\"reason\":\"\",\"retryable\":false,\"durationMs\":1500}]");
        assertThat(numbers("a"))
                .containsEntry("attempt_count", 1L)
                .containsEntry("tokens_input", 1_200L)
                .containsEntry("tokens_cached", 300L)
                .containsEntry("tokens_cache_write", 0L)
                .containsEntry("tokens_output", 150L)
                .containsEntry("tokens_reasoning", 20L)
                .containsEntry("tokens_estimated", 0L)
                .containsEntry("start_time", Records.BEGAN)
                .containsEntry("created_at", Records.BEGAN)
                .containsEntry("duration_ms", 2_000L)
                .containsEntry("is_streamed", 1L)
                .containsEntry("is_passthrough", 1L)
                .containsEntry("tools_defined", 2L)
                .containsEntry("message_count", 5L)
                .containsEntry("parallel_tool_calls_enabled", 1L)
                .containsEntry("tool_calls_count", 1L);
        assertThat((Double) row("a").get("tokens_per_sec")).isCloseTo(150 / 1_499.5 * 1_000, within(1e-9));
    }

    @Test
    void a_whole_answer_has_its_duration_as_its_first_byte() {
        UsageRecord base = Records.success("whole");
        store(with(base, new Outcome(ExchangeStatus.SUCCESS, 200, 4_000, 3_990, false, new Usage(1, 0, 0, 0, 200, 0, 201), 0, "stop", null)));

        assertThat(row("whole")).containsEntry("ttft_ms", 4_000.0).containsEntry("tokens_per_sec", 50.0).containsEntry("tool_calls_count", null);
        assertThat(numbers("whole")).containsEntry("is_streamed", 0L);
    }

    @Test
    void a_failure_counts_real_attempts_only_and_has_no_tokens() {
        store(Records.failure("f"));

        assertThat(row("f"))
                .containsEntry("all_attempted_providers", "[\"openai/gpt\",\"anthropic/claude\"]")
                .containsEntry("response_status", "error")
                .containsEntry("tokens_input", null)
                .containsEntry("ttft_ms", null)
                .containsEntry("outgoing_api_type", "messages");
        assertThat(numbers("f")).containsEntry("attempt_count", 2L).containsEntry("is_streamed", 1L).containsEntry("is_passthrough", 0L);
    }

    @Test
    void failed_attempts_and_the_final_error_are_kept_once_however_often_they_are_stored() {
        store(Records.failure("f"), Records.success("s"));
        store(Records.failure("f"));

        List<StoredError> kept = errors.of("f").await();
        assertThat(kept).hasSize(2);
        assertThat(kept.getFirst().message()).isEqualTo("overloaded \"now\"");
        assertThat(kept.getFirst().details()).contains("\"provider\":\"openai\"", "\"statusCode\":503", "\"attemptCount\":2");
        assertThat(kept.getLast().message()).isEqualTo("all targets failed");
        assertThat(kept.getLast().details()).contains("\"targetModel\":\"claude\"", "\"targetApiType\":\"messages\"", "\"statusCode\":502");
        assertThat(kept.getLast().apiKey()).isEqualTo("team-blue");
        assertThat(errors.of("s").await()).isEmpty();
    }

    @Test
    void pending_gives_way_to_the_end_and_the_end_to_nothing() {
        store(Records.pending("p"));
        assertThat(row("p")).containsEntry("response_status", "pending").containsEntry("duration_ms", null).containsEntry("ttft_ms", null);

        store(Records.success("p"));
        store(Records.pending("p"));
        store(Records.at("p", Records.BEGAN, ExchangeStatus.CANCELLED));

        assertThat(row("p")).containsEntry("response_status", "success");
        assertThat(usages.count().await()).isEqualTo(1);
    }

    @Test
    void only_old_pending_rows_of_the_node_are_aborted_and_their_end_may_still_come() {
        store(Records.pending("old"), Records.at("new", Records.BEGAN + 10_000, ExchangeStatus.PENDING), Records.success("done"));
        database.inTransaction(transaction -> usages.store(transaction, List.of(new StoredUsage(Records.pending("elsewhere"), null, "node-2"))))
                .await();

        assertThat(usages.abort("node-1", Records.BEGAN + 5_000).await()).isEqualTo(1);

        assertThat(row("old")).containsEntry("response_status", "aborted");
        assertThat(row("new")).containsEntry("response_status", "pending");
        assertThat(row("done")).containsEntry("response_status", "success");
        assertThat(row("elsewhere")).containsEntry("response_status", "pending");
        store(Records.pending("old"));
        assertThat(row("old")).containsEntry("response_status", "aborted");
        store(Records.success("old"));
        assertThat(row("old")).containsEntry("response_status", "success");
    }

    @Test
    void weird_texts_and_counts_cost_no_record() {
        UsageRecord weird = Records.withSourceIp(Records.success("weird"), "a\0b\uD800c😀\u202E");
        store(with(weird, new Outcome(ExchangeStatus.SUCCESS, 200, 1, 1, false, new Usage(Long.MAX_VALUE, 0, 0, 0, 1, 0, 1), 0, "st\0op", null)));

        assertThat(row("weird").get("source_ip")).asString().startsWith("ab").endsWith("c😀\u202E");
        assertThat(row("weird")).containsEntry("finish_reason", "stop");
        assertThat(numbers("weird")).containsEntry("tokens_input", 1L << 53);
    }

    @Test
    void a_refused_row_blames_the_row_and_a_missing_table_does_not() throws SQLException {
        database.ready().await();
        try (Connection connection = jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute("create unique index one_client on request_usage (source_ip)");
        }
        store(Records.success("first"));

        Throwable refused = failure(List.of(new StoredUsage(Records.success("second"), null, "n"), new StoredUsage(Records.withSourceIp(Records.success("third"), "9"), null, "n")));

        assertThat(Database.blamesRow(requireNonNull(refused))).isTrue();
        assertThat(usages.count().await()).as("nothing of a refused batch").isEqualTo(1);
        try (Connection connection = jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table request_usage");
        }
        Throwable broken = failure(List.of(new StoredUsage(Records.success("third"), null, "n")));
        assertThat(Database.blamesRow(requireNonNull(broken))).isFalse();
    }

    @Test
    void cooldowns_of_a_single_owner_are_put_and_deleted_as_they_are() {
        database.ready().await();
        TargetId wide = new TargetId(new ProviderId("openai"), "");
        var entry = new CooldownView.Entry(9_000, 3, 8_000, "why");

        cooldowns.put(TARGET, entry).await();
        cooldowns.put(wide, entry).await();
        cooldowns.put(wide, new CooldownView.Entry(10_000, 4, 9_500, "still")).await();

        assertThat(cooldowns.load(0).await().entries())
                .containsEntry(TARGET, entry)
                .containsEntry(wide, new CooldownView.Entry(10_000, 4, 9_500, "still"));
        cooldowns.delete(TARGET).await();
        assertThat(cooldowns.load(0).await().entries()).containsOnlyKeys(wide);
        assertThat(cooldowns.load(10_000).await().entries()).isEmpty();
    }

    @Test
    void a_database_of_an_earlier_version_is_adopted_with_its_rows() throws SQLException {
        try (Connection connection = jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute("create table request_usage (id integer primary key, request_id text not null unique, date text, provider text,"
                    + " tokens_input integer, cost_total real, start_time bigint not null, response_status text, created_at bigint not null)");
            statement.execute("insert into request_usage (id, request_id, tokens_input, start_time, created_at) values (1, 'old', 7, 5, 5)");
            statement.execute("create table quota_state (key_name text primary key, quota_name text, limit_type text,"
                    + " current_usage real not null default 0, last_updated bigint not null, window_start bigint)");
            statement.execute("insert into quota_state (key_name, quota_name, current_usage, last_updated) values ('blue', 'daily', 12, 3)");
        }

        database.ready().await();

        assertThat(numbers("old")).containsEntry("tokens_input", 7L).containsEntry("is_streamed", 0L).containsEntry("attempt_count", 1L);
        assertThat(row("old")).containsEntry("node", null);
        if (!url.startsWith("postgres")) {
            // An adopted PostgreSQL table numbers its rows by itself; this one was made without that.
            store(Records.success("fresh"));
            assertThat(row("fresh")).containsEntry("cost_total", 0.0002925);
        }
        var quotas = database.reads().query("select key_name, quota_name, current_usage from quota_state").execute().await();
        assertThat(quotas.iterator().next().toJson().encode()).contains("\"blue\"", "\"daily\"", "12");
        database.inTransaction(transaction -> transaction
                        .query("insert into quota_state (key_name, quota_name, last_updated) values ('blue', 'weekly', 4)")
                        .execute())
                .await();
    }

    private @Nullable Throwable failure(List<StoredUsage> records) {
        return database.inTransaction(transaction -> usages.store(transaction, records))
                .<@Nullable Throwable>map(_ -> null)
                .otherwise(failure -> failure)
                .await();
    }

    private void store(UsageRecord... records) {
        List<StoredUsage> stored = new ArrayList<>();
        for (UsageRecord usage : records) {
            stored.add(new StoredUsage(usage, usage.outcome().usage() == null ? null : COST, "node-1"));
        }
        database.ready()
                .compose(_ -> database.inTransaction(
                        transaction -> usages.store(transaction, stored).compose(_ -> errors.store(transaction, stored))))
                .await();
    }

    private Map<String, @Nullable Object> row(String id) {
        return usages.find(id).await().orElseThrow();
    }

    /// Counts as longs: the drivers give `Integer` or `Long` as they like.
    private Map<String, Long> numbers(String id) {
        Map<String, Long> numbers = new java.util.HashMap<>();
        row(id).forEach((name, value) -> {
            if (value instanceof Integer || value instanceof Long) {
                numbers.put(name, ((Number) value).longValue());
            }
        });
        return numbers;
    }

    private static UsageRecord with(UsageRecord usage, Outcome outcome) {
        return new UsageRecord(
                usage.requestId(), usage.startTime(), usage.caller(), usage.asked(), usage.served(), outcome, usage.configHash());
    }

    static Connection connect(String jdbcUrl) throws SQLException {
        return DriverManager.getConnection(jdbcUrl);
    }
}
