package dev.plexus.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigReader;
import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownView.Entry;
import dev.plexus.message.PerformanceSample;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.Plan;
import dev.plexus.message.PlanAsked;
import dev.plexus.message.ProbeLeases;
import dev.plexus.message.Slots;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import dev.plexus.pricing.CostRules;
import dev.plexus.pricing.RateCatalogue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// A planner with a clock that tests move, and what it is asked with. The alias is `fast`; a target is written `provider/model`.
final class Planning {

    static final Instant BEGINNING = Instant.parse("2026-03-01T12:00:00Z");

    long now = BEGINNING.toEpochMilli();
    final InstantSource clock = () -> Instant.ofEpochMilli(now);
    final Slots slots = new Slots();
    final ProbeLeases probes = new ProbeLeases();
    final PerformanceLedger ledger = new PerformanceLedger(clock, 100);
    final Planner planner = new Planner(clock, RandomGenerator.of("L64X128MixRandom"), new CostRules(RateCatalogue.EMPTY), slots, probes);
    CooldownView cooldowns = CooldownView.EMPTY;
    final Config config;

    private Planning(Config config) {
        this.config = config;
    }

    /// Providers `a` to `e` speak chat, `m` messages; `exempt` may not cool. `settings` are those of the alias, `more` is put at the top level.
    static Planning of(String settings, String more, String... targets) {
        return models("fast: {" + settings + ", targets: " + targets(targets) + "}", more);
    }

    static Planning models(String models, String more) {
        StringBuilder yaml = new StringBuilder(more).append("\nadminKey: admin\nkeys: {app: {secret: sk-app}}\nproviders:\n");
        for (String id : List.of("a", "b", "c", "d", "e")) {
            yaml.append("  ").append(id).append(": {api_base_url: {chat: \"http://p/v1\"}, api_key: k}\n");
        }
        yaml.append("  m: {api_base_url: {messages: \"http://p/v1\"}, api_key: k}\n");
        yaml.append("  exempt: {api_base_url: {chat: \"http://p/v1\"}, api_key: k, disable_cooldown: true}\n");
        yaml.append("  two: {api_base_url: {chat: \"http://p/v1\"}, api_key: k, maxConcurrency: 2, models: {one: {maxConcurrency: 1}, x: {}}}\n");
        yaml.append("  priced: {api_base_url: {chat: \"http://p/v1\"}, api_key: k, models: {");
        yaml.append("five: {pricing: {source: simple, input: 5, output: 10}}, one: {pricing: {source: simple, input: 1, output: 2}}, ");
        yaml.append("request: {pricing: {source: per_request, amount: 0.0015}}, ");
        yaml.append("discounted: {pricing: {source: simple, input: 3, output: 6, discount: 0.9}}, free: {}, ");
        yaml.append("listed: {pricing: {source: openrouter, slug: unheard/of}}, ");
        yaml.append("small: {pricing: {source: defined, range: [{lower_bound: 0, upper_bound: 999, input_per_m: 900, output_per_m: 900}]}}, ");
        yaml.append("ranged: {pricing: {source: defined, range: [{lower_bound: 0, upper_bound: 999, input_per_m: 900, output_per_m: 900}, ");
        yaml.append("{lower_bound: 1000, input_per_m: 2, output_per_m: 2}]}}}}\n");
        yaml.append("models:\n  ").append(models).append('\n');
        var read = new ConfigReader(_ -> null).read(yaml.toString());
        assertThat(read.errors()).isEmpty();
        Config config = read.config();
        return new Planning(Objects.requireNonNull(config));
    }

    static String targets(String... targets) {
        StringBuilder list = new StringBuilder("[");
        for (String target : targets) {
            TargetId id = target(target);
            list.append("{provider: ").append(id.provider().value()).append(", model: ").append(id.model()).append("}, ");
        }
        return list.append("]").toString();
    }

    static TargetId target(String name) {
        int slash = name.indexOf('/');
        return new TargetId(new ProviderId(name.substring(0, slash)), name.substring(slash + 1));
    }

    /// A sample of this speed; NaN is unknown.
    void sample(String target, double tokensPerSecond, double ttftMs) {
        ledger.sample(new PerformanceSample(target(target), "fast", "r", ttftMs, 100, 1_000, tokensPerSecond, true, now));
    }

    void failed(String target) {
        ledger.sample(new PerformanceSample(target(target), "fast", "r", Double.NaN, 0, 10, Double.NaN, false, now));
    }

    /// Cools targets: milliseconds from now until each is back.
    void cooling(Map<String, Long> millis) {
        Map<TargetId, Entry> entries = new HashMap<>();
        millis.forEach((name, left) -> entries.put(target(name), new Entry(now + left, 1, now - 10_000, "500")));
        cooldowns = new CooldownView(entries);
    }

    Plan plan(String model, DialectId dialect, long beginning) {
        PerformanceView view = ledger.view();
        return planner.plan(new PlanAsked(config, model, dialect, config.keys().get(new KeyName("app")), () -> beginning), cooldowns, view);
    }

    Plan plan() {
        return plan("fast", DialectId.CHAT, 0);
    }

    List<String> order(String model, DialectId dialect, long beginning) {
        return ((Plan.Ready) plan(model, dialect, beginning)).candidates().stream().map(one -> one.id().toString()).toList();
    }

    List<String> order() {
        return order("fast", DialectId.CHAT, 0);
    }
}
