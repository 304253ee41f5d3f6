package dev.plexus.routing;

import dev.plexus.config.Selector;
import dev.plexus.config.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Puts candidates in the order in which they are tried; one small type per selector.
sealed interface Ordering {

    List<Target> order(List<Target> targets, RandomGenerator random);

    /// The ordering of a selector. Those that need performance windows keep the declared order until there are any; the configuration says so when
    /// it is loaded.
    static Ordering of(Selector selector) {
        return switch (selector) {
            case RANDOM -> new Shuffled();
            case IN_ORDER, COST, LATENCY, USAGE, PERFORMANCE, E2E_PERFORMANCE -> new Declared();
        };
    }

    /// A uniformly random permutation.
    record Shuffled() implements Ordering {
        @Override
        public List<Target> order(List<Target> targets, RandomGenerator random) {
            List<Target> shuffled = new ArrayList<>(targets);
            for (int last = shuffled.size() - 1; last > 0; last--) {
                int other = random.nextInt(last + 1);
                Target swapped = shuffled.get(last);
                shuffled.set(last, shuffled.get(other));
                shuffled.set(other, swapped);
            }
            return shuffled;
        }
    }

    /// The order of the file.
    record Declared() implements Ordering {
        @Override
        public List<Target> order(List<Target> targets, RandomGenerator random) {
            return targets;
        }
    }
}
