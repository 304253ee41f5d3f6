package dev.plexus.message;

import dev.plexus.config.Provider;
import dev.plexus.model.TargetId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Counts the attempts that run at providers and models with a bound (`maxConcurrency`), exactly and over all lanes. Thread-safe.
///
/// This and [ProbeLeases] are the only things that lanes change together; decision 7 says why. Only what has a bound is counted, and a count of nothing
/// is not kept, so names that clients make up leave nothing behind.
public final class Slots {

    private final ConcurrentMap<TargetId, Integer> running = new ConcurrentHashMap<>();

    /// A place at a target, to be given back once; giving it back again does nothing.
    public final class Held {
        private final @Nullable TargetId ofProvider;
        private final @Nullable TargetId ofModel;
        private final AtomicBoolean held = new AtomicBoolean(true);

        private Held(@Nullable TargetId ofProvider, @Nullable TargetId ofModel) {
            this.ofProvider = ofProvider;
            this.ofModel = ofModel;
        }

        public void giveBack() {
            if (held.compareAndSet(true, false)) {
                leave(ofProvider);
                leave(ofModel);
            }
        }
    }

    /// A place at this model of the provider, or null when there is none.
    public @Nullable Held take(Provider provider, String model) {
        Integer max = provider.maxConcurrency();
        Integer maxOfModel = provider.maxConcurrencyOf(model);
        TargetId whole = max == null ? null : whole(provider);
        TargetId target = maxOfModel == null ? null : new TargetId(provider.id(), model);
        if (whole != null && max != null && !enter(whole, max)) {
            return null;
        }
        if (target != null && maxOfModel != null && !enter(target, maxOfModel)) {
            leave(whole);
            return null;
        }
        return new Held(whole, target);
    }

    /// True if there is no place at the moment.
    public boolean isFull(Provider provider, String model) {
        Integer max = provider.maxConcurrency();
        Integer maxOfModel = provider.maxConcurrencyOf(model);
        return max != null && running(whole(provider)) >= max
                || maxOfModel != null && running(new TargetId(provider.id(), model)) >= maxOfModel;
    }

    /// How many attempts of a bounded target, or with an empty model of a bounded provider, run now.
    public int running(TargetId target) {
        return running.getOrDefault(target, 0);
    }

    private static TargetId whole(Provider provider) {
        return new TargetId(provider.id(), "");
    }

    private boolean enter(TargetId key, int max) {
        boolean[] entered = {false};
        running.compute(key, (_, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < max;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        return entered[0];
    }

    private void leave(@Nullable TargetId key) {
        if (key != null) {
            running.computeIfPresent(key, (_, count) -> count > 1 ? Integer.valueOf(count - 1) : null);
        }
    }
}
