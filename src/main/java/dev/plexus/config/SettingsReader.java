package dev.plexus.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the small groups of settings: failover, cooldown, time limits, retries, limits, retention.
final class SettingsReader {

    private static final List<String> RETRYABLE_ERRORS = List.of(
            "ECONNREFUSED", "ETIMEDOUT", "ENOTFOUND", "ECONNRESET", "EPIPE", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN");
    private static final BigDecimal MINUTE_MILLIS = BigDecimal.valueOf(60_000);
    private static final BigDecimal MINUTES_MAX = BigDecimal.valueOf(Integer.MAX_VALUE);

    private SettingsReader() {}

    static Failover failover(Cursor at) {
        BitSet statuses = new BitSet(600);
        if (at.value("retryableStatusCodes") instanceof Tree.Sequence(var items, _)) {
            for (Tree item : items) {
                BigDecimal status = item instanceof Tree.Scalar scalar ? Numbers.parse(scalar) : null;
                if (status != null && status.signum() >= 0 && status.compareTo(BigDecimal.valueOf(599)) <= 0) {
                    statuses.set(status.intValue());
                }
            }
        } else {
            statuses.set(100, 200);
            statuses.set(300, 600);
            statuses.clear(400);
            statuses.clear(413);
            statuses.clear(422);
        }
        List<String> errors = at.has("retryableErrors") ? at.texts("retryableErrors") : RETRYABLE_ERRORS;
        return new Failover(at.flag("enabled", true), statuses, errors, millis(at, "streamProbeMs", Duration.ofSeconds(15)));
    }

    static CooldownPolicy cooldown(Cursor at) {
        Duration initial = minutes(at, "initialMinutes", Duration.ofMinutes(2));
        Duration max = minutes(at, "maxMinutes", Duration.ofHours(5));
        if (max.isPositive() && max.compareTo(initial) < 0) {
            at.warning("maxMinutes", "is less than initialMinutes, so every cooldown lasts maxMinutes");
        }
        return new CooldownPolicy(initial, max);
    }

    /// `olderTotal` is what an older spelling of `totalMs` says, null if nothing.
    static Timeouts timeouts(Cursor at, @Nullable Duration olderTotal, Timeouts base) {
        return new Timeouts(
                millis(at, "connectMs", base.connect()),
                millis(at, "firstByteMs", base.firstByte()),
                millis(at, "idleMs", base.idle()),
                millis(at, "totalMs", olderTotal == null ? base.total() : olderTotal),
                millis(at, "clientIdleMs", base.clientIdle()));
    }

    /// The `retry` and the `resume` of the top level, a provider or an alias.
    static RetryOverride retry(Cursor owner) {
        Cursor at = owner.object("retry");
        RetryOverride given = new RetryOverride(
                integer(at, "maxAttempts"),
                integer(at, "sameTargetRetries"),
                at.has("backoffMs") ? millis(at, "backoffMs", Duration.ZERO) : null,
                at.has("respectRetryAfterMs") ? millis(at, "respectRetryAfterMs", Duration.ZERO) : null,
                owner.has("resume") ? Boolean.valueOf(owner.word("resume", "splice").equals("splice")) : null);
        return given.equals(RetryOverride.NONE) ? RetryOverride.NONE : given;
    }

    static Limits limits(Cursor at, Cursor top) {
        Limits base = Limits.DEFAULT;
        return new Limits(
                at.whole("bodyBytesMax", base.bodyBytesMax()),
                (int) at.whole("headerBytesMax", base.headerBytesMax()),
                (int) at.whole("urlBytesMax", base.urlBytesMax()),
                millis(at, "headerTimeoutMs", base.headerTimeout()),
                millis(top, "keepAliveMs", base.keepAlive()));
    }

    static Retention retention(Cursor at) {
        Retention base = Retention.DEFAULT;
        return new Retention(
                (int) at.whole("usageDays", base.usageDays()),
                (int) at.whole("errorDays", base.errorDays()),
                (int) at.whole("debugDays", base.debugDays()),
                (int) at.whole("mcpDays", base.mcpDays()),
                (int) at.whole("snapshotDays", base.snapshotDays()));
    }

    static Duration millis(Cursor at, String key, Duration fallback) {
        Long millis = at.whole(key);
        return millis == null ? fallback : Duration.ofMillis(millis);
    }

    /// Minutes may have a fraction.
    static Duration minutes(Cursor at, String key, Duration fallback) {
        BigDecimal minutes = at.number(key);
        return minutes == null ? fallback : Duration.ofMillis(minutes.min(MINUTES_MAX).multiply(MINUTE_MILLIS).longValue());
    }

    static @Nullable Integer integer(Cursor at, String key) {
        Long whole = at.whole(key);
        return whole == null ? null : Math.clamp(whole, 0, Integer.MAX_VALUE);
    }
}
