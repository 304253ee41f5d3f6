package dev.plexus.telemetry;

import static dev.plexus.telemetry.UsageRecords.attempt;
import static dev.plexus.telemetry.UsageRecords.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord.AttemptLine.Status;
import dev.plexus.pricing.Cost;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeMetricsTest {

    private static final String SERVED = "alias=\"fast\",model=\"gpt-5\",provider=\"openai\"";

    private final Telemetry telemetry = new Telemetry();
    private final ExchangeMetrics metrics = telemetry.exchanges();

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void an_exchange_is_counted_by_alias_target_dialect_status_and_http_class() {
        metrics.record(UsageRecords.success(), null);
        metrics.record(UsageRecords.success(), null);

        assertThat(telemetry.scrape())
                .contains("plexus_exchanges_total{alias=\"fast\",dialect=\"chat\",http=\"2xx\",model=\"gpt-5\",provider=\"openai\",status=\"success\"} 2.0")
                .contains("plexus_exchange_duration_seconds_count{" + SERVED + ",status=\"success\"} 2")
                .contains("plexus_exchange_duration_seconds_bucket{" + SERVED + ",status=\"success\",le=\"2.5\"} 2")
                .contains("plexus_exchange_ttft_seconds_bucket{" + SERVED + ",le=\"0.35\"} 2")
                .contains("plexus_exchange_ttft_seconds_bucket{" + SERVED + ",le=\"0.2\"} 0");
    }

    @Test
    void tokens_are_counted_by_kind_and_costs_in_dollars() {
        BigDecimal none = BigDecimal.ZERO;
        metrics.record(UsageRecords.success(), new Cost(none, none, none, none, new BigDecimal("0.0126"), "simple", "{}"));

        assertThat(telemetry.scrape())
                .contains("plexus_tokens_total{alias=\"fast\",kind=\"input\",model=\"gpt-5\",provider=\"openai\"} 700.0")
                .contains("kind=\"cached\",model=\"gpt-5\",provider=\"openai\"} 300.0")
                .contains("kind=\"cache_write\",model=\"gpt-5\",provider=\"openai\"} 20.0")
                .contains("kind=\"output\",model=\"gpt-5\",provider=\"openai\"} 200.0")
                .contains("kind=\"reasoning\",model=\"gpt-5\",provider=\"openai\"} 50.0")
                .contains("plexus_cost_usd_total{" + SERVED + "} 0.0126");
    }

    @Test
    void every_attempt_is_counted_with_its_outcome() {
        metrics.record(
                UsageRecords.of(
                        "fast",
                        "fast",
                        attempts(
                                attempt("azure", "gpt-5", Status.SKIPPED, 0),
                                attempt("azure", "gpt-5", Status.FAILED, 503),
                                attempt(Status.SUCCESS, 200)),
                        ExchangeStatus.SUCCESS,
                        200),
                null);

        assertThat(telemetry.scrape())
                .contains("plexus_attempts_total{http=\"none\",model=\"gpt-5\",outcome=\"skipped\",provider=\"azure\"} 1.0")
                .contains("plexus_attempts_total{http=\"5xx\",model=\"gpt-5\",outcome=\"failed\",provider=\"azure\"} 1.0")
                .contains("plexus_attempts_total{http=\"2xx\",model=\"gpt-5\",outcome=\"success\",provider=\"openai\"} 1.0");
    }

    @Test
    void a_name_that_a_client_made_up_never_becomes_a_label() {
        metrics.record(UsageRecords.refused("made-up-by-a-client", "Model not found"), null);
        metrics.record(
                UsageRecords.of(
                        "direct/openai/made-up-by-a-client",
                        "direct/openai/made-up-by-a-client",
                        attempts(attempt("openai", "made-up-by-a-client", Status.FAILED, 404)),
                        ExchangeStatus.ERROR,
                        404),
                null);

        assertThat(telemetry.scrape())
                .doesNotContain("made-up-by-a-client")
                .contains("plexus_exchanges_total{alias=\"unknown\",dialect=\"chat\",http=\"4xx\",model=\"none\",provider=\"none\",status=\"error\"} 1.0")
                .contains("plexus_exchanges_total{alias=\"direct\",dialect=\"chat\",http=\"4xx\",model=\"unknown\",provider=\"openai\",status=\"error\"} 1.0");
    }

    @Test
    void beyond_the_bound_further_names_share_one_series() {
        for (int i = 0; i < ExchangeMetrics.SERIES_MAX + 3; i++) {
            metrics.record(
                    UsageRecords.of(
                            "alias-" + i, "alias-" + i, attempts(attempt(Status.SUCCESS, 200)), ExchangeStatus.SUCCESS, 200),
                    null);
        }

        String scraped = telemetry.scrape();
        assertThat(scraped)
                .contains("plexus_exchanges_total{alias=\"other\",dialect=\"chat\",http=\"2xx\",model=\"other\",provider=\"other\",status=\"success\"} 3.0");
        assertThat(scraped.lines().filter(line -> line.startsWith("plexus_exchanges_total")).count())
                .isEqualTo(ExchangeMetrics.SERIES_MAX + 1);
    }

    @Test
    void lanes_may_record_at_the_same_time() throws ExecutionException, InterruptedException {
        try (var lanes = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(_ -> lanes.submit(
                            () -> IntStream.range(0, 10_000).forEach(_ -> metrics.record(UsageRecords.success(), null))))
                    .toList();
            for (Future<?> lane : running) {
                lane.get();
            }
        }

        assertThat(telemetry.scrape()).contains("status=\"success\"} 40000.0");
    }
}
