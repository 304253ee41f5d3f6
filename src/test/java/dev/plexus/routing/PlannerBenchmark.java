package dev.plexus.routing;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigReader;
import dev.plexus.config.KeyRule;
import dev.plexus.message.CooldownView;
import dev.plexus.message.PerformanceSample;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.Plan;
import dev.plexus.message.PlanAsked;
import dev.plexus.message.ProbeLeases;
import dev.plexus.message.Slots;
import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import dev.plexus.pricing.CostRules;
import dev.plexus.pricing.RateCatalogue;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How long does one routing decision take among 1,000 aliases of 10 targets each, with full windows and a tenth of the targets having a cooldown?
/// And what does the owner of the windows spend on a new view of all of them?
///
/// `java -cp <test class path> org.openjdk.jmh.Main PlannerBenchmark`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PlannerBenchmark {

    private static final int ALIASES = 1_000;
    private static final int TARGETS = 10;

    @Param({"random", "in_order", "cost", "latency", "usage", "performance", "e2e_performance"})
    private String selector = "latency";

    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private final Planner planner = new Planner(clock, random, new CostRules(RateCatalogue.EMPTY), new Slots(), new ProbeLeases());
    private final PerformanceLedger ledger = new PerformanceLedger(clock, 100);
    private PlanAsked[] questions = {};
    private CooldownView cooldowns = CooldownView.EMPTY;
    private PerformanceView performance = PerformanceView.EMPTY;
    private int next;

    @Setup
    public void fill() {
        StringBuilder yaml = new StringBuilder("adminKey: a\nkeys: {app: {secret: sk}}\nproviders:\n");
        for (int provider = 0; provider < TARGETS; provider++) {
            yaml.append("  p").append(provider).append(": {api_base_url: {chat: \"http://p/v1\"}, api_key: k, maxConcurrency: 1000, models: {");
            for (int alias = 0; alias < ALIASES; alias++) {
                yaml.append("m").append(alias).append(": {pricing: {source: simple, input: ").append(random.nextInt(1, 99)).append(", output: 1}}, ");
            }
            yaml.append("}}\n");
        }
        yaml.append("models:\n");
        for (int alias = 0; alias < ALIASES; alias++) {
            yaml.append("  a").append(alias).append(": {selector: ").append(selector).append(", targets: [");
            for (int provider = 0; provider < TARGETS; provider++) {
                yaml.append("{provider: p").append(provider).append(", model: m").append(alias).append("}, ");
            }
            yaml.append("]}\n");
        }
        Config config = Objects.requireNonNull(new ConfigReader(_ -> null).read(yaml.toString()).config());
        KeyRule key = config.keys().values().iterator().next();
        questions = new PlanAsked[ALIASES];
        Map<TargetId, CooldownView.Entry> entries = new HashMap<>();
        long now = clock.millis();
        for (int alias = 0; alias < ALIASES; alias++) {
            questions[alias] = new PlanAsked(config, "a" + alias, DialectId.CHAT, key);
            entries.put(new TargetId(new ProviderId("p" + alias % TARGETS), "m" + alias), new CooldownView.Entry(now + 3_600_000, 1, now, "500"));
            for (int provider = 0; provider < TARGETS; provider++) {
                TargetId target = new TargetId(new ProviderId("p" + provider), "m" + alias);
                for (int sample = 0; sample < 100; sample++) {
                    ledger.sample(new PerformanceSample(target, "a", "r", random.nextDouble(500), 100, 1_000, random.nextDouble(90), true, now));
                }
            }
        }
        cooldowns = new CooldownView(entries);
        performance = ledger.view();
    }

    @Benchmark
    public Plan decision() {
        next = (next + 7) % ALIASES;
        return planner.plan(questions[next], cooldowns, performance);
    }

    @Benchmark
    public PerformanceView newView() {
        return ledger.view();
    }
}
