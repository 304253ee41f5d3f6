package dev.plexus.quota;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.message.QuotaAsked;
import dev.plexus.message.QuotaStandings;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.RequestId;
import dev.plexus.model.TargetId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides whether a key may go on, and keeps what it has used. Single-threaded; pure but for its clock.
///
/// Quotas of requests are exact, whatever runs at the same time. Those of tokens and dollars are counted when an exchange ends, so that requests which
/// run when the limit is reached may pass it, by what each of them takes; one that reserves tokens is passed by no more than one request's excess.
///
/// Definitions always are those of the newest configuration; whoever settles an exchange says by which quotas it was admitted.
final class QuotaLedger {

    /// The key name under which a pool that several keys share is counted. No key can be named so.
    static final String POOL = "*";
    /// Counters of keys or quotas that are gone are kept this long, in case they come back.
    static final Duration GONE_KEPT = Duration.ofDays(30);

    private record Id(String keyName, String quotaName) {}

    /// What a running request holds of a counter.
    private record Place(Id at, BigDecimal amount) {}

    private final InstantSource clock;
    private final Map<Id, Counter> counters = new HashMap<>();
    /// What running requests hold: as many entries as there are requests in flight.
    private final Map<RequestId, List<Place>> open = new HashMap<>();
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

    /// May this key make another request, of which nothing is known before it ends?
    QuotaVerdict check(KeyRule key) {
        return check(key, null, BigDecimal.ZERO, List.of(), null);
    }

    /// May this key make this request?
    QuotaVerdict check(QuotaAsked asked) {
        return check(asked.key(), asked.requestId(), BigDecimal.valueOf(asked.tokens()), asked.targets(), asked.alias());
    }

    /// All quotas must allow it. One that counts only some targets bars those alone, and refuses when none is left. Then each that holds places keeps one
    /// until the request is settled.
    private QuotaVerdict check(KeyRule key, @Nullable RequestId request, BigDecimal tokens, List<TargetId> targets, @Nullable String alias) {
        List<UserQuota> limits = quotasOf(key.quotas());
        if (limits.isEmpty()) {
            return QuotaVerdict.Allowed.UNLIMITED;
        }
        long now = clock.millis();
        List<QuotaVerdict.Exceeded> refusals = new ArrayList<>(0);
        Set<TargetId> barred = new LinkedHashSet<>(0);
        boolean closed = false;
        for (UserQuota quota : limits) {
            BigDecimal held = counter(key.name().value(), quota, now).held(quota, now);
            if (held.compareTo(quota.limit()) >= 0 && mayCount(quota, targets, alias)) {
                refusals.add(Standings.exceeded(quota, held, now));
                closed |= quota.scope().isAll();
                targets.stream().filter(target -> counts(quota, target, alias)).forEach(barred::add);
            }
        }
        if (closed || !refusals.isEmpty() && barred.containsAll(targets)) {
            return Standings.longest(refusals);
        }
        List<TargetId> left = targets.stream().filter(target -> !barred.contains(target)).toList();
        List<UserQuota> counting = limits.stream().filter(quota -> mayCount(quota, left, alias)).toList();
        List<Place> places = new ArrayList<>(counting.size());
        for (UserQuota quota : counting) {
            BigDecimal amount = place(quota, tokens);
            if (amount.signum() > 0) {
                counter(key.name().value(), quota, now).reserve(amount);
                places.add(new Place(id(key.name().value(), quota), amount));
            }
        }
        if (request != null && !places.isEmpty()) {
            open.computeIfAbsent(request, _ -> new ArrayList<>(places.size())).addAll(places);
        }
        return allowed(key.name().value(), counting, barred, now);
    }

    /// What a request holds of the quota while it runs.
    private static BigDecimal place(UserQuota quota, BigDecimal tokens) {
        return switch (quota.measures()) {
            case REQUESTS -> BigDecimal.ONE;
            case TOKENS -> quota.reserve() ? tokens : BigDecimal.ZERO;
            case COST -> BigDecimal.ZERO;
        };
    }

    /// Can a request that may go to these targets come to be counted by the quota?
    private static boolean mayCount(UserQuota quota, List<TargetId> targets, @Nullable String alias) {
        return quota.scope().isAll() || targets.stream().anyMatch(target -> counts(quota, target, alias));
    }

    private static boolean counts(UserQuota quota, TargetId target, @Nullable String alias) {
        return quota.scope().holds(target.provider().value(), target.model(), alias);
    }

    private QuotaVerdict allowed(String keyName, List<UserQuota> counting, Set<TargetId> barred, long now) {
        if (counting.isEmpty()) {
            return new QuotaVerdict.Allowed(null, List.of(), barred);
        }
        List<QuotaVerdict.Standing> warnings = new ArrayList<>(0);
        for (UserQuota quota : counting) {
            BigDecimal held = counter(keyName, quota, now).held(quota, now);
            if (quota.warnAt() != null && held.compareTo(quota.limit().multiply(quota.warnAt())) >= 0) {
                warnings.add(Standings.standing(quota, held, now));
            }
        }
        return new QuotaVerdict.Allowed(tightest(keyName, counting, now), warnings, barred);
    }

    /// A request has ended that was admitted for this key by quotas of these names, and that nobody knows by an id.
    void settle(String keyName, List<String> admittedBy, Consumption consumption) {
        long now = clock.millis();
        for (UserQuota quota : quotasOf(admittedBy)) {
            if (quota.measures() == Measure.REQUESTS) {
                counter(keyName, quota, now).release(BigDecimal.ONE);
            }
            count(keyName, quota, consumption, now);
        }
    }

    /// A request has ended that was admitted for this key by quotas of these names, and went where the record says.
    void settle(UsageRecord usage, String keyName, List<String> admittedBy, Consumption consumption) {
        long now = clock.millis();
        List<Place> places = open.remove(usage.requestId());
        if (places != null) {
            for (Place place : places) {
                Counter held = counters.get(place.at());
                if (held != null) {
                    held.release(place.amount());
                }
            }
        }
        String provider = usage.served().provider();
        String model = usage.served().model();
        for (UserQuota quota : quotasOf(admittedBy)) {
            boolean counted = quota.scope().isAll()
                    || provider != null && model != null && quota.scope().holds(provider, model, usage.served().canonicalModel());
            if (counted) {
                count(keyName, quota, consumption, now);
            }
        }
    }

    private void count(String keyName, UserQuota quota, Consumption consumption, long now) {
        if (counter(keyName, quota, now).settle(quota, consumption.of(quota.measures()), now)) {
            changed.add(id(keyName, quota));
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
                    return Standings.line(key.name(), quota, held, now);
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
        return Standings.standing(tightest, held, now);
    }
}
