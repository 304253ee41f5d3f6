package dev.plexus.telemetry;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.model.DialectId;
import dev.plexus.model.Usage;
import dev.plexus.pricing.Cost;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Counts ended exchanges. Safe on any thread.
///
/// The meters of a combination of labels are looked up in the registry once and then kept under a key, because that look-up costs more than the
/// counting. Label values are bounded: what a client spells freely becomes `unknown`, and once there are [#SERIES_MAX] combinations the names of
/// further ones become `other`.
public final class ExchangeMetrics {

    static final int SERIES_MAX = 5_000;

    private static final String UNKNOWN = "unknown";
    private static final String NONE = "none";
    private static final String OTHER = "other";
    private static final String DIRECT = "direct";

    private final MeterRegistry registry;
    private final Map<Series, Meters> exchanges = new ConcurrentHashMap<>();
    private final Map<Attempt, Counter> attempts = new ConcurrentHashMap<>();

    ExchangeMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Counts one ended exchange; `cost` is null when it had none.
    public void record(UsageRecord usage, @Nullable Cost cost) {
        UsageRecord.Outcome outcome = usage.outcome();
        meters(usage).count(outcome, cost);
        for (AttemptLine attempt : usage.served().attempts()) {
            attempts(usage, attempt).increment();
        }
    }

    private Meters meters(UsageRecord usage) {
        UsageRecord.Served served = usage.served();
        UsageRecord.Outcome outcome = usage.outcome();
        String provider = served.provider();
        Series series = new Series(
                alias(served.canonicalModel()),
                provider == null ? NONE : provider,
                model(usage, served.model()),
                usage.asked().dialect(),
                outcome.status(),
                httpClass(outcome.httpStatus()));
        Meters known = exchanges.get(series);
        if (known != null) {
            return known;
        }
        Series bounded = exchanges.size() < SERIES_MAX ? series : series.withoutNames();
        return exchanges.computeIfAbsent(bounded, fresh -> new Meters(registry, fresh));
    }

    private Counter attempts(UsageRecord usage, AttemptLine line) {
        String model = model(usage, line.model());
        Attempt attempt = new Attempt(line.provider(), model, line.status(), httpClass(line.statusCode()));
        Counter known = attempts.get(attempt);
        if (known != null) {
            return known;
        }
        Attempt bounded = attempts.size() < SERIES_MAX ? attempt : new Attempt(OTHER, OTHER, attempt.outcome(), attempt.http());
        return attempts.computeIfAbsent(
                bounded,
                fresh -> Metric.ATTEMPTS.counter(
                        registry,
                        fresh.provider(),
                        fresh.model(),
                        fresh.outcome().name().toLowerCase(Locale.ROOT),
                        httpLabel(fresh.http())));
    }

    private static String alias(@Nullable String canonicalName) {
        if (canonicalName == null) {
            return UNKNOWN;
        }
        return isDirect(canonicalName) ? DIRECT : canonicalName;
    }

    /// On a direct route the client spells the upstream model, so only one that has answered becomes a label.
    private static String model(UsageRecord usage, @Nullable String model) {
        if (model == null) {
            return NONE;
        }
        String canonicalName = usage.served().canonicalModel();
        boolean clientsWord = canonicalName != null && isDirect(canonicalName);
        return clientsWord && usage.outcome().status() != ExchangeStatus.SUCCESS ? UNKNOWN : model;
    }

    private static boolean isDirect(String canonicalName) {
        return canonicalName.startsWith("direct/");
    }

    private static int httpClass(int status) {
        return status < 100 || status > 599 ? 0 : status / 100;
    }

    private static String httpLabel(int httpClass) {
        return httpClass == 0 ? NONE : httpClass + "xx";
    }

    /// A combination of label values of exchanges.
    private record Series(String alias, String provider, String model, DialectId dialect, ExchangeStatus status, int http) {

        Series withoutNames() {
            return new Series(OTHER, OTHER, OTHER, dialect, status, http);
        }
    }

    /// A combination of label values of attempts.
    private record Attempt(String provider, String model, AttemptLine.Status outcome, int http) {}

    /// The meters of one combination, found once.
    private static final class Meters {
        private final Counter exchanges;
        private final Timer duration;
        private final @Nullable Served served;

        Meters(MeterRegistry registry, Series series) {
            String status = series.status().label();
            exchanges = Metric.EXCHANGES.counter(
                    registry,
                    series.alias(),
                    series.provider(),
                    series.model(),
                    series.dialect().label(),
                    status,
                    httpLabel(series.http()));
            duration = Metric.DURATION.timer(registry, series.alias(), series.provider(), series.model(), status);
            served = series.provider().equals(NONE) ? null : new Served(registry, series);
        }

        void count(UsageRecord.Outcome outcome, @Nullable Cost cost) {
            exchanges.increment();
            duration.record(outcome.durationMs(), TimeUnit.MILLISECONDS);
            if (served != null) {
                served.count(outcome, cost);
            }
        }
    }

    /// The meters that only an attempted exchange has. Combinations that differ in status alone share them.
    private static final class Served {
        private final Timer ttft;
        private final Counter input;
        private final Counter cached;
        private final Counter cacheWrite;
        private final Counter output;
        private final Counter reasoning;
        private final Counter cost;

        Served(MeterRegistry registry, Series series) {
            ttft = Metric.TTFT.timer(registry, series.alias(), series.provider(), series.model());
            input = tokens(registry, series, "input");
            cached = tokens(registry, series, "cached");
            cacheWrite = tokens(registry, series, "cache_write");
            output = tokens(registry, series, "output");
            reasoning = tokens(registry, series, "reasoning");
            cost = Metric.COST.counter(registry, series.alias(), series.provider(), series.model());
        }

        void count(UsageRecord.Outcome outcome, @Nullable Cost charged) {
            if (outcome.streamed() && outcome.ttftMs() >= 0 && outcome.status() != ExchangeStatus.ERROR) {
                ttft.record((long) (outcome.ttftMs() * 1_000_000), TimeUnit.NANOSECONDS);
            }
            Usage usage = outcome.usage();
            if (usage != null) {
                add(input, usage.input());
                add(cached, usage.cached());
                add(cacheWrite, usage.cacheWrite());
                add(output, usage.output());
                add(reasoning, usage.reasoning());
            }
            if (charged != null && charged.total() != null) {
                cost.increment(charged.total().doubleValue());
            }
        }

        private static void add(Counter counter, long count) {
            if (count > 0) {
                counter.increment(count);
            }
        }

        private static Counter tokens(MeterRegistry registry, Series series, String kind) {
            return Metric.TOKENS.counter(registry, series.alias(), series.provider(), series.model(), kind);
        }
    }
}
