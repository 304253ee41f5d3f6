package dev.plexus.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.Feature;
import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private final Telemetry telemetry = new Telemetry();

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void every_metric_is_scraped_under_the_name_of_the_reference() {
        GatewayMetrics gateway = telemetry.gateway();
        telemetry.exchanges().record(UsageRecords.success(), null);
        gateway.watchJournal(() -> 7, () -> 700);
        gateway.watchCooldowns(() -> 3);
        gateway.eventsMalformed(new ProviderId("openai"), 2);
        gateway.translationDropped(DialectId.CHAT, DialectId.MESSAGES, Map.of(Feature.SEED, 1));
        Metric.LOOP_LAG.timer(telemetry.registry(), "0");

        String scraped = telemetry.scrape();
        for (Metric metric : Metric.values()) {
            assertThat(scraped).contains("# TYPE " + metric.prometheusName() + " ");
        }
        assertThat(scraped)
                .contains("plexus_journal_backlog_records 7.0")
                .contains("plexus_journal_backlog_bytes 700.0")
                .contains("plexus_cooldowns 3.0")
                .contains("plexus_stream_events_malformed_total{provider=\"openai\"} 2.0");
    }

    @Test
    void what_is_in_flight_goes_up_and_down() {
        GatewayMetrics gateway = telemetry.gateway();
        gateway.exchangeBegan();
        gateway.exchangeBegan();
        gateway.streamOpened();
        gateway.exchangeEnded();

        assertThat(gateway.inFlight()).isEqualTo(1);
        assertThat(telemetry.scrape()).contains("plexus_exchanges_in_flight 1.0").contains("plexus_streams_open 1.0");
    }

    @Test
    void faults_of_the_gateway_are_counted() {
        GatewayMetrics gateway = telemetry.gateway();
        gateway.authenticationFailed();
        gateway.configReloaded(true);
        gateway.configReloaded(false);
        gateway.configReloaded(false);
        gateway.quotaCheckFailed();

        assertThat(telemetry.scrape())
                .contains("plexus_authentication_failures_total 1.0")
                .contains("plexus_config_reloads_total{result=\"accepted\"} 1.0")
                .contains("plexus_config_reloads_total{result=\"refused\"} 2.0")
                .contains("plexus_quota_check_failures_total 1.0");
    }

    @Test
    void a_blocked_loop_shows_as_lag_once() {
        AtomicLong nanos = new AtomicLong();
        LoopLag lag = new LoopLag(nanos::get, Metric.LOOP_LAG.timer(telemetry.registry(), "0"));

        nanos.set(Duration.ofMillis(250).toNanos());
        lag.ran();
        nanos.set(Duration.ofMillis(500 + 600).toNanos());
        lag.ran();
        lag.ran();
        lag.ran();
        nanos.set(Duration.ofMillis(1_250).toNanos());
        lag.ran();

        assertThat(telemetry.scrape())
                .contains("plexus_event_loop_lag_seconds_bucket{lane=\"0\",le=\"0.001\"} 2")
                .contains("plexus_event_loop_lag_seconds_bucket{lane=\"0\",le=\"0.5\"} 2")
                .contains("plexus_event_loop_lag_seconds_bucket{lane=\"0\",le=\"1.0\"} 3")
                .contains("plexus_event_loop_lag_seconds_count{lane=\"0\"} 3");
    }

    @Test
    void vertx_writes_netty_into_the_same_scrape_and_nothing_per_request() throws Exception {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(telemetry.vertxOptions()))
                .withMetrics(telemetry.vertxMetrics())
                .build();
        try {
            telemetry.watchJvm();
            telemetry.watchLane(vertx, vertx.getOrCreateContext(), 0);

            SocketAddress database = SocketAddress.inetSocketAddress(5432, "localhost");

            assertThat(vertx.isMetricsEnabled()).isTrue();
            assertThat(((VertxInternal) vertx).metrics().createClientMetrics(database, "sql", "")).isNull();
            assertThat(telemetry.scrape()).contains("netty_").contains("jvm_memory_used_bytes").doesNotContain("vertx_");
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }
}
