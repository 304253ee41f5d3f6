package dev.plexus.message;

import dev.plexus.model.TargetId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Lets one request at a time try a target whose cooldown has just passed, over all lanes. Thread-safe; times are epoch milliseconds.
///
/// A lease ends when it is given back, when the target fails, and at the latest after half a minute.
public final class ProbeLeases {

    static final long LEASE_MILLIS = Duration.ofSeconds(30).toMillis();

    private final ConcurrentMap<TargetId, Long> since = new ConcurrentHashMap<>();

    /// True if the caller may try the target now, and others may not until it has.
    public boolean take(TargetId target, long now, long lastFailureAt) {
        boolean[] taken = {false};
        since.compute(target, (_, begun) -> {
            taken[0] = !holds(begun, now, lastFailureAt);
            return taken[0] ? Long.valueOf(now) : begun;
        });
        return taken[0];
    }

    public boolean isTaken(TargetId target, long now, long lastFailureAt) {
        return holds(since.get(target), now, lastFailureAt);
    }

    /// The attempt has ended without showing how the target is.
    public void giveBack(TargetId target) {
        since.remove(target);
    }

    private static boolean holds(@Nullable Long begun, long now, long lastFailureAt) {
        return begun != null && begun > lastFailureAt && now - begun < LEASE_MILLIS;
    }
}
