package dev.plexus.telemetry;

import dev.plexus.dialect.Feature;
import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// What the rooms report about the gateway at large. Safe on any thread, a few nanoseconds each.
public final class GatewayMetrics {

    private final MeterRegistry registry;
    private final LongAdder inFlight = new LongAdder();
    private final LongAdder streams = new LongAdder();
    private final Counter authenticationFailures;
    private final Counter reloadsAccepted;
    private final Counter reloadsRefused;
    private final Counter quotaCheckFailures;
    private final Counter tracesDropped;
    private final Map<ProviderId, Counter> malformedEvents = new ConcurrentHashMap<>();

    GatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
        authenticationFailures = Metric.AUTHENTICATION_FAILURES.counter(registry);
        reloadsAccepted = Metric.CONFIG_RELOADS.counter(registry, "accepted");
        reloadsRefused = Metric.CONFIG_RELOADS.counter(registry, "refused");
        quotaCheckFailures = Metric.QUOTA_CHECK_FAILURES.counter(registry);
        tracesDropped = Metric.TRACES_DROPPED.counter(registry);
        Metric.IN_FLIGHT.gauge(registry, inFlight::sum);
        Metric.STREAMS_OPEN.gauge(registry, streams::sum);
    }

    /// An exchange has begun; [#exchangeEnded] follows exactly once.
    public void exchangeBegan() {
        inFlight.increment();
    }

    public void exchangeEnded() {
        inFlight.decrement();
    }

    /// A streamed answer has begun; [#streamClosed] follows exactly once.
    public void streamOpened() {
        streams.increment();
    }

    public void streamClosed() {
        streams.decrement();
    }

    /// How many exchanges are in flight now.
    public long inFlight() {
        return inFlight.sum();
    }

    /// A request was refused because of its key.
    public void authenticationFailed() {
        authenticationFailures.increment();
    }

    /// A stream of this configured provider had events that could not be read.
    public void eventsMalformed(ProviderId provider, int count) {
        malformedEvents
                .computeIfAbsent(provider, fresh -> Metric.MALFORMED_EVENTS.counter(registry, fresh.value()))
                .increment(count);
    }

    /// A translation between these dialects had to leave something out.
    public void translationDropped(DialectId client, DialectId target, Map<Feature, Integer> counts) {
        counts.forEach((feature, count) ->
                Metric.TRANSLATION_DROPS.counter(registry, client.label(), target.label(), feature.label()).increment(count));
    }

    /// A changed configuration was read, and either holds now or was refused.
    public void configReloaded(boolean accepted) {
        (accepted ? reloadsAccepted : reloadsRefused).increment();
    }

    /// So many debug traces were given up.
    public void tracesDropped(int count) {
        tracesDropped.increment(count);
    }

    /// Quota states could not be loaded or saved.
    public void quotaCheckFailed() {
        quotaCheckFailures.increment();
    }

    /// Shows the journal's backlog; both suppliers are asked at each scrape, on the scraping thread.
    public void watchJournal(LongSupplier records, LongSupplier bytes) {
        Metric.JOURNAL_RECORDS.gauge(registry, records::getAsLong);
        Metric.JOURNAL_BYTES.gauge(registry, bytes::getAsLong);
    }

    /// Shows the number of cooldown entries; asked at each scrape, on the scraping thread.
    public void watchCooldowns(LongSupplier entries) {
        Metric.COOLDOWNS.gauge(registry, entries::getAsLong);
    }
}
