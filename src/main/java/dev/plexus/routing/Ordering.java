package dev.plexus.routing;

import dev.plexus.config.Config;
import dev.plexus.config.Selector;
import dev.plexus.config.Target;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.PerformanceView.Figures;
import dev.plexus.model.TargetId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/// Puts the targets of one request in the order in which they are tried (routing.md 6). One instance per request, so that it explores at most once:
/// at its first choice.
final class Ordering {

    /// A target with what it is ranked by: the least comes first, NaN last.
    private record Ranked(Target target, double rank, long lastSampleAt) {

        boolean isUnknown() {
            return Double.isNaN(rank);
        }
    }

    private static final Comparator<Ranked> BY_RANK = Comparator.comparingDouble(Ranked::rank);

    private final Config config;
    private final PerformanceView performance;
    private final ReferenceCosts costs;
    private final RandomGenerator random;
    private final long now;
    private boolean chosen;

    Ordering(Config config, PerformanceView performance, ReferenceCosts costs, RandomGenerator random, long now) {
        this.config = config;
        this.performance = performance;
        this.costs = costs;
        this.random = random;
        this.now = now;
    }

    /// The targets in the order of the selector. They are given in the order of the file, which decides where the selector does not.
    List<Target> order(Selector selector, List<Target> targets) {
        boolean first = !chosen && !targets.isEmpty();
        chosen |= first;
        if (targets.size() < 2) {
            return targets;
        }
        return switch (selector) {
            case IN_ORDER -> targets;
            case RANDOM -> shuffled(targets);
            case COST -> plain(ranked(targets, target -> costs.of(config, target, now)));
            case USAGE -> plain(ranked(targets, target -> of(target).requestsOfTheDay()));
            case PERFORMANCE ->
                fastest(ranked(targets, target -> -of(target).tokensPerSecond()), first && draws(config.performanceExplorationRate()));
            case E2E_PERFORMANCE ->
                fastest(ranked(targets, target -> -of(target).tokensPerSecondInAll()), first && draws(config.e2ePerformanceExplorationRate()));
            case LATENCY -> promptest(ranked(targets, target -> of(target).ttftMs()), first && draws(config.latencyExplorationRate()));
        };
    }

    private Figures of(Target target) {
        return performance.of(new TargetId(target.provider(), target.model()));
    }

    private boolean draws(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private List<Ranked> ranked(List<Target> targets, ToDoubleFunction<Target> rank) {
        List<Ranked> ranked = new ArrayList<>(targets.size());
        for (Target target : targets) {
            ranked.add(new Ranked(target, rank.applyAsDouble(target), of(target).lastSampleAt()));
        }
        ranked.sort(BY_RANK); // Double.compare puts NaN last, and the sort is stable
        return ranked;
    }

    /// Exploring means trying another than the best.
    private List<Target> fastest(List<Ranked> ranked, boolean explores) {
        return explores ? withFirst(ranked, leastKnown(ranked.subList(1, ranked.size()))) : plain(ranked);
    }

    /// Exploring means trying any, the best included.
    private List<Target> promptest(List<Ranked> ranked, boolean explores) {
        return explores ? withFirst(ranked, leastKnown(ranked)) : plain(ranked);
    }

    /// One without figures, else the one whose figures are the oldest; by lot where several are alike.
    private Ranked leastKnown(List<Ranked> ranked) {
        List<Ranked> least = new ArrayList<>();
        for (Ranked one : ranked) {
            int difference = least.isEmpty() ? 0 : compareKnowledge(one, least.getFirst());
            if (difference < 0) {
                least.clear();
            }
            if (difference <= 0) {
                least.add(one);
            }
        }
        return least.get(random.nextInt(least.size()));
    }

    private static int compareKnowledge(Ranked one, Ranked other) {
        return one.isUnknown() == other.isUnknown() ? Long.compare(one.lastSampleAt(), other.lastSampleAt()) : one.isUnknown() ? -1 : 1;
    }

    private static List<Target> withFirst(List<Ranked> ranked, Ranked first) {
        List<Target> ordered = new ArrayList<>(ranked.size());
        ordered.add(first.target());
        for (Ranked one : ranked) {
            if (one != first) {
                ordered.add(one.target());
            }
        }
        return ordered;
    }

    private static List<Target> plain(List<Ranked> ranked) {
        List<Target> ordered = new ArrayList<>(ranked.size());
        for (Ranked one : ranked) {
            ordered.add(one.target());
        }
        return ordered;
    }

    /// A uniformly random permutation.
    private List<Target> shuffled(List<Target> targets) {
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
