package dev.plexus.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The levels of effort, and how they are brought down to what a target takes (spec: translation, section 5.1).
public final class Efforts {

    private static final List<String> ALL = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    private static final long LOW_MAX = 1024;
    private static final long MEDIUM_MAX = 8192;

    private Efforts() {}

    /// The level for a budget of so many tokens.
    public static String ofBudget(long tokens) {
        return tokens <= 0 ? "none" : tokens <= LOW_MAX ? "low" : tokens <= MEDIUM_MAX ? "medium" : "high";
    }

    /// The level itself, else the nearest lower one that the target takes, else the nearest higher one.
    public static String nearest(String effort, @Nullable List<String> taken) {
        int wanted = ALL.indexOf(effort);
        if (taken == null || wanted < 0) {
            return effort;
        }
        for (int at = wanted; at >= 0; at--) {
            if (taken.contains(ALL.get(at)) && (at > 0 || wanted == 0)) {
                return ALL.get(at);
            }
        }
        return ALL.subList(wanted, ALL.size()).stream().filter(taken::contains).findFirst().orElse(effort);
    }

    /// The word for no reasoning; null where the target has none.
    public static @Nullable String off(Traits target) {
        List<String> taken = target.efforts();
        if (taken == null) {
            return target.takesEffortNone() ? "none" : null;
        }
        return taken.contains("none") ? "none" : taken.contains("minimal") ? "minimal" : null;
    }
}
