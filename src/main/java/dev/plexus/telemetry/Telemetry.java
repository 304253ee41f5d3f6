package dev.plexus.telemetry;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import org.jspecify.annotations.Nullable;

/// The one registry of a process and everything that writes into it. Made once, before Vert.x:
///
/// ```java
/// var telemetry = new Telemetry();
/// Vertx vertx = Vertx.builder()
///         .with(new VertxOptions().setMetricsOptions(telemetry.vertxOptions()))
///         .withMetrics(telemetry.vertxMetrics())
///         .build();
/// telemetry.watchJvm();     // after the gateway serves: it takes some milliseconds
/// ```
public final class Telemetry implements AutoCloseable {

    private static final String SQL_CLIENTS = "sql";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ExchangeMetrics exchanges = new ExchangeMetrics(registry);
    private final GatewayMetrics gateway = new GatewayMetrics(registry);
    private @Nullable JvmGcMetrics collector;

    public Telemetry() {
        Metric.LOG_LINES_DROPPED.counter(registry, Logs::linesDropped);
    }

    /// For meters of a room's own.
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    public ExchangeMetrics exchanges() {
        return exchanges;
    }

    public GatewayMetrics gateway() {
        return gateway;
    }

    /// All metrics in the text format of Prometheus, version 0.0.4.
    public String scrape() {
        return registry.scrape();
    }

    /// What Vert.x is told to measure: Netty's buffers and queues, which cost nothing until they are read. Everything that is counted per request,
    /// per bus message or per pooled task stays off: our own metrics say more, and the hot path pays for each.
    public MicrometerMetricsOptions vertxOptions() {
        MicrometerMetricsOptions options = new MicrometerMetricsOptions().setEnabled(true).setNettyMetricsEnabled(true);
        for (MetricsDomain domain : MetricsDomain.values()) {
            options.addDisabledMetricsCategory(domain);
        }
        // Clients that Vert.x only lends its metrics to have a category by their own name, and no domain.
        return options.addDisabledMetricsCategory(SQL_CLIENTS);
    }

    /// What lets Vert.x write into this registry.
    public VertxMetricsFactory vertxMetrics() {
        return new MicrometerMetricsFactory(registry);
    }

    /// Shows memory, collector, threads, processor, file descriptors and uptime of the JVM. At most once.
    public void watchJvm() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        JvmGcMetrics gc = new JvmGcMetrics();
        gc.bindTo(registry);
        collector = gc;
    }

    /// Measures how late the event loop of this lane is, until Vert.x closes. Once for each lane, with a context of its loop.
    public void watchLane(Vertx vertx, Context context, int lane) {
        new LoopLag(System::nanoTime, Metric.LOOP_LAG.timer(registry, Integer.toString(lane))).start(vertx, context);
    }

    @Override
    public void close() {
        if (collector != null) {
            collector.close();
        }
        registry.close();
    }
}
