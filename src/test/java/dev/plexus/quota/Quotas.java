package dev.plexus.quota;

import dev.plexus.config.Config;
import dev.plexus.config.CooldownPolicy;
import dev.plexus.config.Failover;
import dev.plexus.config.KeyRule;
import dev.plexus.config.Limits;
import dev.plexus.config.Retention;
import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.config.UserQuota.Window;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Quotas, keys and usage records for tests.
final class Quotas {

    private Quotas() {}

    static UserQuota rolling(String name, Measure measure, String limit, Duration duration) {
        return new UserQuota(name, Window.ROLLING, measure, new BigDecimal(limit), duration, false, false, false);
    }

    static UserQuota calendar(String name, Window window, Measure measure, String limit) {
        return new UserQuota(name, window, measure, new BigDecimal(limit), null, false, false, false);
    }

    static UserQuota shared(UserQuota quota) {
        return new UserQuota(
                quota.name(), quota.window(), quota.measures(), quota.limit(), quota.duration(), quota.weekStartsMonday(), false, true);
    }

    static KeyRule key(String name, String... quotas) {
        return new KeyRule(
                new KeyName(name), "sk-" + name, null, List.of(quotas), List.of(), List.of(), List.of(), List.of(), List.of(), null, null);
    }

    static Config config(String hash, List<UserQuota> quotas, KeyRule... keys) {
        Map<String, UserQuota> byName = new LinkedHashMap<>();
        quotas.forEach(quota -> byName.put(quota.name(), quota));
        Map<KeyName, KeyRule> byKey = new LinkedHashMap<>();
        Arrays.stream(keys).forEach(key -> byKey.put(key.name(), key));
        return new Config(
                hash,
                "admin",
                Map.of(),
                Map.of(),
                byKey,
                new Failover(true, new BitSet(), List.of(), Duration.ZERO),
                new CooldownPolicy(Duration.ofMinutes(2), Duration.ofMinutes(300)),
                0,
                0,
                0,
                byName,
                Map.of(),
                Limits.DEFAULT,
                Retention.DEFAULT,
                Duration.ofSeconds(30),
                true,
                List.of());
    }

    /// A request that took this many tokens.
    static Consumption tokens(long tokens) {
        return new Consumption(true, BigDecimal.valueOf(tokens), BigDecimal.ZERO);
    }

    /// A request that counts, whatever it took.
    static Consumption counted() {
        return tokens(1);
    }

    /// A request that came to this much.
    static Consumption dollars(String amount) {
        return new Consumption(true, BigDecimal.ONE, new BigDecimal(amount));
    }

    /// A request that failed.
    static Consumption uncounted() {
        return new Consumption(false, BigDecimal.TEN, BigDecimal.TEN);
    }

    static UsageRecord usage(String key, String configHash, ExchangeStatus status, double ttftMs, @Nullable Usage usage) {
        return new UsageRecord(
                new RequestId("r"),
                0,
                new UsageRecord.Caller("127.0.0.1", new KeyName(key), null, null),
                new UsageRecord.Asked(DialectId.CHAT, "fast", true, 0, 1, null),
                new UsageRecord.Served("fast", "openai", "gpt-5", DialectId.CHAT, true, List.of()),
                new UsageRecord.Outcome(status, 200, 10, ttftMs, true, usage, 0, null, null),
                configHash);
    }
}
