package dev.plexus.routing;

import dev.plexus.config.CooldownPolicy;
import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownView.Entry;
import dev.plexus.message.CooldownsCleared;
import dev.plexus.message.TargetFailed;
import dev.plexus.message.TargetRecovered;
import dev.plexus.model.TargetId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Remembers which targets failed, how often in a row, and until when they are left out (routing.md 9). Pure but for its clock; single-threaded.
///
/// An entry outlives its expiry so that the next failure escalates; it is forgotten when the target succeeds, or when nothing failed for
/// a long while after the expiry.
final class CooldownLedger {

    private static final long GIVEN_MAX_MILLIS = Duration.ofHours(24).toMillis();
    private static final long FORGET_MIN_MILLIS = Duration.ofMinutes(60).toMillis();
    private static final int DOUBLINGS_MAX = 32;

    private final InstantSource clock;
    private final Map<TargetId, Entry> entries = new HashMap<>();

    CooldownLedger(InstantSource clock, Map<TargetId, Entry> loaded) {
        this.clock = clock;
        entries.putAll(loaded);
    }

    /// Notes a failure. Attempts that began before the last noted failure belong to the same outage: they do not count again, and prolong the
    /// cooldown only when the provider itself asked for longer.
    Entry failed(TargetFailed failure) {
        long now = clock.millis();
        Entry known = entries.get(failure.target());
        Entry next;
        if (known != null && failure.startedAt() < known.lastFailureAt()) {
            long asked = failure.givenMillis() > 0 ? now + Math.min(failure.givenMillis(), GIVEN_MAX_MILLIS) : 0;
            next = new Entry(Math.max(known.expiry(), asked), known.consecutiveFailures(), known.lastFailureAt(), known.lastError());
        } else {
            int before = known == null ? 0 : known.consecutiveFailures();
            next = new Entry(now + duration(failure, before), before + 1, now, failure.reason());
        }
        entries.put(failure.target(), next);
        return next;
    }

    /// Notes a success; true if there was something to forget. A failure that happened after the successful attempt began stays.
    boolean recovered(TargetRecovered success) {
        Entry known = entries.get(success.target());
        if (known == null || known.lastFailureAt() > success.startedAt()) {
            return false;
        }
        entries.remove(success.target());
        return true;
    }

    /// Forgets the targets that are meant, and gives them.
    List<TargetId> clear(CooldownsCleared which) {
        List<TargetId> meant = entries.keySet().stream()
                .filter(target -> which.provider() == null || target.provider().equals(which.provider()))
                .filter(target -> which.model() == null || target.model().equals(which.model()))
                .toList();
        meant.forEach(entries::remove);
        return meant;
    }

    /// Drops entries of targets that may not cool, and those that nothing has renewed for `max(2 x maxMinutes, 60 min)` after their expiry.
    /// Gives the targets whose entries are gone.
    List<TargetId> sweep(CooldownPolicy policy, Predicate<TargetId> mayNotCool) {
        long keep = Math.max(2 * policy.max().toMillis(), FORGET_MIN_MILLIS);
        long now = clock.millis();
        List<TargetId> gone = new ArrayList<>();
        entries.forEach((target, entry) -> {
            if (mayNotCool.test(target) || entry.expiry() + keep < now) {
                gone.add(target);
            }
        });
        gone.forEach(entries::remove);
        return gone;
    }

    Optional<Entry> of(TargetId target) {
        return Optional.ofNullable(entries.get(target));
    }

    CooldownView view() {
        return new CooldownView(entries);
    }

    private static long duration(TargetFailed failure, int failuresBefore) {
        if (failure.givenMillis() > 0) {
            return Math.min(failure.givenMillis(), GIVEN_MAX_MILLIS);
        }
        long max = failure.policy().max().toMillis();
        long initial = Math.min(failure.policy().initial().toMillis(), max);
        int doublings = Math.min(failuresBefore, DOUBLINGS_MAX);
        return initial > max >> doublings ? max : initial << doublings;
    }
}
