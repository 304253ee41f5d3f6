package dev.plexus.quota;

import static java.util.Objects.requireNonNull;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.message.QuotaStandings;
import dev.plexus.message.QuotaVerdict;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Decides whether a key may go on, and keeps what it has used. Single-threaded; pure but for its clock.
///
/// Quotas of requests are exact, whatever runs at the same time. Those of tokens and dollars are counted when an exchange ends, so that requests which
/// run when the limit is reached may pass it, by what each of them takes.
///
/// Definitions always are those of the newest configuration; whoever settles an exchange says by which quotas it was admitted.
final class QuotaLedger {

    /// The key name under which a pool that several keys share is counted. No key can be named so.
    static final String POOL = "*";
    /// Counters of keys or quotas that are gone are kept this long, in case they come back.
    static final Duration GONE_KEPT = Duration.ofDays(30);

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1_000);

    private record Id(String keyName, String quotaName) {}

    private final InstantSource clock;
    private final Map<Id, Counter> counters = new HashMap<>();
    private final Set<Id> changed = new LinkedHashSet<>();
    private Map<String, UserQuota> quotas;

    QuotaLedger(InstantSource clock, Config initial) {
        this.clock = clock;
        this.quotas = initial.userQuotas();
    }

    /// Goes by the definitions of this configuration from now on.
    void follow(Config config) {
        long now = clock.millis();
        Map<String, UserQuota> before = quotas;
        quotas = config.userQuotas();
        counters.forEach((id, counter) -> {
            UserQuota old = before.get(id.quotaName());
            UserQuota fresh = quotas.get(id.quotaName());
            if (old != null && fresh != null) {
                counter.redefine(old, fresh, now);
            }
        });
        Set<Id> wanted = new LinkedHashSet<>();
        for (KeyRule key : config.keys().values()) {
            for (UserQuota quota : quotasOf(key.quotas())) {
                wanted.add(id(key.name().value(), quota));
            }
        }
        long goneSince = now - GONE_KEPT.toMillis();
        counters.entrySet().removeIf(entry -> !wanted.contains(entry.getKey()) && entry.getValue().isIdleSince(goneSince));
    }

    /// May this key make another request? All its quotas must allow it; then each that counts requests keeps a place for it until it is settled.
    QuotaVerdict check(KeyRule key) {
        List<UserQuota> limits = quotasOf(key.quotas());
        if (limits.isEmpty()) {
            return QuotaVerdict.Allowed.UNLIMITED;
        }
        long now = clock.millis();
        List<QuotaVerdict.Exceeded> refusals = new ArrayList<>(0);
        for (UserQuota quota : limits) {
            BigDecimal held = counter(key.name().value(), quota, now).held(quota, now);
            if (held.compareTo(quota.limit()) >= 0) {
                refusals.add(exceeded(quota, held, now));
            }
        }
        if (!refusals.isEmpty()) {
            return longest(refusals);
        }
        for (UserQuota quota : limits) {
            counter(key.name().value(), quota, now).reserve(quota);
        }
        return new QuotaVerdict.Allowed(tightest(key.name().value(), limits, now));
    }

    /// An exchange has ended that was admitted for this key by quotas of these names.
    void settle(String keyName, List<String> admittedBy, Consumption consumption) {
        long now = clock.millis();
        for (UserQuota quota : quotasOf(admittedBy)) {
            if (counter(keyName, quota, now).settle(quota, consumption.of(quota.measures()), now)) {
                changed.add(id(keyName, quota));
            }
        }
    }

    /// What this key, or the pool it belongs to, holds of the quota of this name now: nothing when there is no such quota.
    BigDecimal held(String keyName, String quotaName) {
        UserQuota quota = quotas.get(quotaName);
        long now = clock.millis();
        return quota == null ? BigDecimal.ZERO : counter(keyName, quota, now).held(quota, now);
    }

    /// How the key stands with each of its quotas; nothing is taken from them.
    List<QuotaStandings.Line> standings(KeyRule key) {
        long now = clock.millis();
        return quotasOf(key.quotas()).stream()
                .map(quota -> {
                    BigDecimal held = counter(key.name().value(), quota, now).held(quota, now);
                    return new QuotaStandings.Line(
                            key.name(),
                            quota.name(),
                            quota.window().name().toLowerCase(Locale.ROOT),
                            quota.measures().name().toLowerCase(Locale.ROOT),
                            shown(quota, held),
                            plain(quota.limit()),
                            shown(quota, quota.limit().subtract(held).max(BigDecimal.ZERO)),
                            ISO.format(Instant.ofEpochMilli(resetsAt(quota, held, now))));
                })
                .toList();
    }

    /// Forgets what the key has used of its quotas. A pool is emptied for all its keys.
    void clear(KeyRule key) {
        long now = clock.millis();
        for (UserQuota quota : quotasOf(key.quotas())) {
            counter(key.name().value(), quota, now).clear(now);
            changed.add(id(key.name().value(), quota));
        }
    }

    /// Takes over what an earlier process saved, adding to what has been counted since this one began.
    void restore(List<QuotaState> states) {
        long now = clock.millis();
        for (QuotaState state : states) {
            Id id = new Id(state.keyName(), state.quotaName());
            Counter counted = counters.get(id);
            UserQuota quota = quotas.get(state.quotaName());
            if (counted == null) {
                counters.put(id, new Counter(state));
            } else if (quota != null) {
                counted.merge(new Counter(state), quota, now);
                changed.add(id);
            }
        }
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    /// The counters that have changed since the last call, for saving.
    List<QuotaState> takeChanges() {
        List<QuotaState> states = new ArrayList<>(changed.size());
        for (Id id : changed) {
            Counter counter = counters.get(id);
            if (counter != null) {
                states.add(counter.state(id.keyName(), id.quotaName()));
            }
        }
        changed.clear();
        return states;
    }

    /// These could not be saved: their counters, as they are by then, belong to the next changes again.
    void giveBack(List<QuotaState> unsaved) {
        for (QuotaState state : unsaved) {
            changed.add(new Id(state.keyName(), state.quotaName()));
        }
    }

    private List<UserQuota> quotasOf(List<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<UserQuota> found = new ArrayList<>(names.size());
        for (String name : names) {
            UserQuota quota = quotas.get(name);
            if (quota != null) {
                found.add(quota);
            }
        }
        return found;
    }

    private Counter counter(String keyName, UserQuota quota, long now) {
        return counters.computeIfAbsent(id(keyName, quota), _ -> new Counter(quota, now));
    }

    private static Id id(String keyName, UserQuota quota) {
        return new Id(quota.shared() ? POOL : keyName, quota.name());
    }

    private QuotaVerdict.Standing tightest(String keyName, List<UserQuota> limits, long now) {
        UserQuota tightest = limits.getFirst();
        BigDecimal held = counter(keyName, tightest, now).held(tightest, now);
        for (UserQuota quota : limits.subList(1, limits.size())) {
            BigDecimal alsoHeld = counter(keyName, quota, now).held(quota, now);
            // Shares used, compared without dividing.
            if (alsoHeld.multiply(tightest.limit()).compareTo(held.multiply(quota.limit())) > 0) {
                tightest = quota;
                held = alsoHeld;
            }
        }
        return standing(tightest, held, now);
    }

    private static QuotaVerdict.Standing standing(UserQuota quota, BigDecimal held, long now) {
        BigDecimal remaining = quota.limit().subtract(held).max(BigDecimal.ZERO);
        return new QuotaVerdict.Standing(
                quota.name(),
                plain(quota.limit()),
                shown(quota, remaining),
                ISO.format(Instant.ofEpochMilli(resetsAt(quota, held, now))));
    }

    private static QuotaVerdict.Exceeded exceeded(UserQuota quota, BigDecimal held, long now) {
        BigDecimal waitMillis = CountingWindow.has(quota)
                ? BigDecimal.valueOf(CountingWindow.at(quota, now).end() - now)
                : drainMillis(quota, held.subtract(quota.limit()));
        long seconds = waitMillis.divide(MILLIS_PER_SECOND, 0, RoundingMode.CEILING).longValue();
        return new QuotaVerdict.Exceeded(
                quota.name(),
                quota.measures().name().toLowerCase(Locale.ROOT),
                shown(quota, held),
                plain(quota.limit()),
                resetsAt(quota, held, now),
                Math.max(1, seconds));
    }

    /// When nothing is held any more, if nothing more is used: the end of the window, or the time at which the bucket has leaked empty.
    private static long resetsAt(UserQuota quota, BigDecimal held, long now) {
        return CountingWindow.has(quota)
                ? CountingWindow.at(quota, now).end()
                : now + drainMillis(quota, held).setScale(0, RoundingMode.CEILING).longValue();
    }

    /// How long a leaky bucket takes to lose this amount.
    private static BigDecimal drainMillis(UserQuota quota, BigDecimal amount) {
        BigDecimal duration = BigDecimal.valueOf(requireNonNull(quota.duration()).toMillis());
        return amount.multiply(duration).divide(quota.limit(), 3, RoundingMode.HALF_UP);
    }

    /// Of several refusals the one that holds longest is told: when it is over, so are the others.
    private static QuotaVerdict.Exceeded longest(List<QuotaVerdict.Exceeded> refusals) {
        return Collections.max(refusals, Comparator.comparingLong(QuotaVerdict.Exceeded::retryAfterSeconds));
    }

    /// Requests and tokens are shown whole, dollars as they are.
    private static BigDecimal shown(UserQuota quota, BigDecimal amount) {
        return quota.measures() == Measure.COST ? plain(amount) : amount.setScale(0, RoundingMode.HALF_UP);
    }

    /// Without trailing zeros, and never in powers of ten.
    private static BigDecimal plain(BigDecimal amount) {
        BigDecimal stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
