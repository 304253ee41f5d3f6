package dev.plexus.quota;

import static java.util.Objects.requireNonNull;

import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.config.UserQuota.Window;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// What a key, or a pool of keys, has used of one quota.
///
/// Two amounts: `usage` is what ended exchanges took, and leaks or starts again with its window; `reserved` is what requests hold that were admitted and
/// have not ended: one each of quotas that count requests, what they may take of quotas that reserve tokens. What is held against the limit is their
/// sum, so that requests that run at the same time cannot pass it, and an exchange that takes nothing in the end just gives its reservation back.
/// Reservations are not durable: they end with the process, as do their exchanges.
final class Counter {

    /// Decimals kept of what leaks out of a bucket of requests or tokens: errors of this size never add up to one, and the division stays in longs.
    private static final int SCALE = 6;

    private Window window;
    private Measure measure;
    private BigDecimal usage = BigDecimal.ZERO;
    private long updated;
    private @Nullable Long windowStart;
    private BigDecimal reserved = BigDecimal.ZERO;

    Counter(UserQuota quota, long now) {
        window = quota.window();
        measure = quota.measures();
        restart(quota, now);
    }

    Counter(QuotaState saved) {
        window = saved.window();
        measure = saved.measure();
        usage = saved.currentUsage().max(BigDecimal.ZERO);
        updated = saved.lastUpdated();
        windowStart = saved.windowStart();
    }

    /// What is held against the limit now.
    BigDecimal held(UserQuota quota, long now) {
        return used(quota, now).add(reserved);
    }

    /// An admitted request takes its place.
    void reserve(BigDecimal amount) {
        reserved = reserved.add(amount);
    }

    /// The request that held this place has ended.
    void release(BigDecimal amount) {
        reserved = reserved.subtract(amount).max(BigDecimal.ZERO);
    }

    /// A request has ended and took `amount`. True when the durable part has changed.
    boolean settle(UserQuota quota, BigDecimal amount, long now) {
        BigDecimal used = used(quota, now);
        if (amount.signum() == 0) {
            return false;
        }
        usage = used.add(amount);
        updated = now;
        windowStart = startOf(quota, now);
        return true;
    }

    /// Adds what was saved before this process began, as far as it still counts.
    void merge(Counter saved, UserQuota quota, long now) {
        usage = used(quota, now).add(saved.used(quota, now));
        updated = now;
        windowStart = startOf(quota, now);
    }

    /// Nothing is used any more; requests in flight still count when they end.
    void clear(long now) {
        usage = BigDecimal.ZERO;
        updated = now;
    }

    /// The quota is defined anew. What has been used in the running window stays used when that window now begins at another time.
    void redefine(UserQuota before, UserQuota after, long now) {
        boolean same = before.window() == after.window() && before.measures() == after.measures();
        if (same && windowStart != null && windowStart.equals(startOf(before, now))) {
            windowStart = startOf(after, now);
        }
    }

    /// Is nothing lost when this is forgotten?
    boolean isIdleSince(long time) {
        return reserved.signum() == 0 && updated < time;
    }

    QuotaState state(String keyName, String quotaName) {
        return new QuotaState(keyName, quotaName, window, measure, usage, updated, windowStart);
    }

    /// What ended exchanges have used, at this time. Starts from nothing when the quota has become another kind of quota.
    private BigDecimal used(UserQuota quota, long now) {
        if (window != quota.window() || measure != quota.measures()) {
            window = quota.window();
            measure = quota.measures();
            reserved = BigDecimal.ZERO;
            restart(quota, now);
        }
        if (CountingWindow.has(quota)) {
            return windowStart != null && windowStart.equals(startOf(quota, now)) ? usage : BigDecimal.ZERO;
        }
        if (now <= updated || usage.signum() == 0) {
            return usage;
        }
        BigDecimal elapsed = BigDecimal.valueOf(now - updated);
        BigDecimal duration = BigDecimal.valueOf(requireNonNull(quota.duration()).toMillis());
        BigDecimal leaked = elapsed.multiply(quota.limit()).divide(duration, SCALE, RoundingMode.HALF_UP);
        return usage.subtract(leaked).max(BigDecimal.ZERO);
    }

    private void restart(UserQuota quota, long now) {
        usage = BigDecimal.ZERO;
        updated = now;
        windowStart = startOf(quota, now);
    }

    private static @Nullable Long startOf(UserQuota quota, long now) {
        return CountingWindow.has(quota) ? CountingWindow.at(quota, now).start() : null;
    }
}
