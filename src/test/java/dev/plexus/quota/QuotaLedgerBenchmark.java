package dev.plexus.quota;

import dev.plexus.config.KeyRule;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.config.UserQuota.Window;
import dev.plexus.message.QuotaVerdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does the quota actor spend on one exchange: a check and its settlement, under a leaky bucket and under a daily window?
///
/// `java -cp <test class path> org.openjdk.jmh.Main QuotaLedgerBenchmark`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class QuotaLedgerBenchmark {

    private final KeyRule leaky = Quotas.key("web", "leaky");
    private final KeyRule daily = Quotas.key("web", "daily");
    private final QuotaLedger ledger = new QuotaLedger(
            InstantSource.system(),
            Quotas.config(
                    "1",
                    List.of(
                            Quotas.rolling("leaky", Measure.TOKENS, "1000000000000", Duration.ofHours(1)),
                            Quotas.calendar("daily", Window.DAILY, Measure.REQUESTS, "1000000000000"))));

    @Benchmark
    public QuotaVerdict leakyBucket() {
        return exchange(leaky);
    }

    @Benchmark
    public QuotaVerdict dailyWindow() {
        return exchange(daily);
    }

    private QuotaVerdict exchange(KeyRule key) {
        QuotaVerdict verdict = ledger.check(key);
        ledger.settle("web", key.quotas(), Quotas.tokens(1_000));
        return verdict;
    }
}
