package dev.plexus.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// Every metric of ours: its name, what it counts and its labels. The reference `docs/METRICS.md` is made from this list.
enum Metric {
    EXCHANGES(
            "plexus.exchanges",
            Kind.COUNTER,
            "Exchanges that have ended.",
            Label.ALIAS,
            Label.PROVIDER,
            Label.MODEL,
            Label.DIALECT,
            Label.STATUS,
            Label.HTTP),
    ATTEMPTS("plexus.attempts", Kind.COUNTER, "Attempts at targets.", Label.PROVIDER, Label.MODEL, Label.OUTCOME, Label.HTTP),
    TOKENS("plexus.tokens", Kind.COUNTER, "Tokens used.", Label.ALIAS, Label.PROVIDER, Label.MODEL, Label.KIND),
    COST("plexus.cost.usd", Kind.COUNTER, "What exchanges came to, in US dollars.", Label.ALIAS, Label.PROVIDER, Label.MODEL),
    DURATION(
            "plexus.exchange.duration",
            Buckets.EXCHANGE,
            "From the arrival of a request to the last byte of its answer.",
            Label.ALIAS,
            Label.PROVIDER,
            Label.MODEL,
            Label.STATUS),
    TTFT(
            "plexus.exchange.ttft",
            Buckets.FIRST_BYTE,
            "From the arrival of a streamed request to the first byte of its answer; failed exchanges are left out.",
            Label.ALIAS,
            Label.PROVIDER,
            Label.MODEL),
    IN_FLIGHT("plexus.exchanges.in.flight", Kind.GAUGE, "Exchanges that have begun and not yet ended."),
    STREAMS_OPEN("plexus.streams.open", Kind.GAUGE, "Streamed answers that are being written to clients."),
    JOURNAL_RECORDS("plexus.journal.backlog.records", Kind.GAUGE, "Usage records in the journal that the database does not have yet."),
    JOURNAL_BYTES("plexus.journal.backlog.bytes", Kind.GAUGE, "Bytes of the journal that the database does not have yet."),
    LOOP_LAG("plexus.event.loop.lag", Buckets.LAG, "How late a periodic timer ran on an event loop.", Label.LANE),
    AUTHENTICATION_FAILURES("plexus.authentication.failures", Kind.COUNTER, "Requests refused because of their key."),
    MALFORMED_EVENTS(
            "plexus.stream.events.malformed", Kind.COUNTER, "Events of upstream streams that could not be read and were skipped.", Label.PROVIDER),
    TRANSLATION_DROPS(
            "plexus.translation.drops",
            Kind.COUNTER,
            "Members and parts that a translation between dialects left out or changed by rule.",
            Label.DIALECT,
            Label.TARGET_DIALECT,
            Label.FEATURE),
    COOLDOWNS("plexus.cooldowns", Kind.GAUGE, "Cooldown entries held, expired ones that still count failures included."),
    CONFIG_RELOADS("plexus.config.reloads", Kind.COUNTER, "Times that a changed configuration was read.", Label.RESULT),
    QUOTA_CHECK_FAILURES(
            "plexus.quota.check.failures", Kind.COUNTER, "Times that quota states could not be loaded or saved; requests went on unhindered."),
    TRACES_DROPPED("plexus.debug.traces.dropped", Kind.COUNTER, "Debug traces given up because the database did not take them in time."),
    LOG_LINES_DROPPED("plexus.log.lines.dropped", Kind.COUNTER, "Log lines dropped because the log's reader was too slow.");

    enum Kind {
        COUNTER,
        GAUGE,
        TIMER
    }

    /// Upper bounds of a timer's buckets.
    private enum Buckets {
        /// From a small embedding to a long run of thinking.
        EXCHANGE(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000),
        FIRST_BYTE(50, 100, 200, 350, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000),
        /// Above 5 ms clients begin to feel it.
        LAG(1, 2, 5, 10, 25, 50, 100, 500, 1_000);

        private final Duration[] bounds;

        Buckets(long... millis) {
            bounds = LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
        }
    }

    private final String id;
    private final Kind kind;
    private final String meaning;
    private final List<Label> labels;
    private final Duration[] buckets;

    Metric(String id, Kind kind, String meaning, Label... labels) {
        this.id = id;
        this.kind = kind;
        this.meaning = meaning;
        this.labels = List.of(labels);
        this.buckets = new Duration[0];
    }

    Metric(String id, Buckets buckets, String meaning, Label... labels) {
        this.id = id;
        this.kind = Kind.TIMER;
        this.meaning = meaning;
        this.labels = List.of(labels);
        this.buckets = buckets.bounds;
    }

    Kind kind() {
        return kind;
    }

    String meaning() {
        return meaning;
    }

    List<Label> labels() {
        return labels;
    }

    /// The name as Prometheus has it.
    String prometheusName() {
        String name = id.replace('.', '_');
        return switch (kind) {
            case COUNTER -> name + "_total";
            case GAUGE -> name;
            case TIMER -> name + "_seconds";
        };
    }

    /// The counter with these label values, in the order of [#labels].
    Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(id).description(meaning).tags(tags(values)).register(registry);
    }

    /// A counter that reads a number which only grows.
    void counter(MeterRegistry registry, Supplier<Number> count) {
        FunctionCounter.builder(id, count, read -> read.get().doubleValue()).description(meaning).register(registry);
    }

    /// A gauge that reads a number whenever it is asked. It keeps `value` alive.
    void gauge(MeterRegistry registry, Supplier<Number> value) {
        Gauge.builder(id, value).description(meaning).strongReference(true).register(registry);
    }

    /// The timer with these label values, in the order of [#labels].
    Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(id).description(meaning).tags(tags(values)).serviceLevelObjectives(buckets).register(registry);
    }

    private List<Tag> tags(String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(this + ": label values " + values.length + ", wanted " + labels.size());
        }
        List<Tag> tags = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(labels.get(i).key(), values[i]));
        }
        return tags;
    }
}
