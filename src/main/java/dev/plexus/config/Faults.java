package dev.plexus.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Collects what is wrong while a file is read; one per reading.
final class Faults {

    /// A broken file gets this many lines at most: nobody reads more, and a hostile one must not fill the log.
    private static final int MOST = 500;

    private final List<ConfigFault> found = new ArrayList<>();
    /// Apart from the others, so that neither crowds out the other.
    private final List<ConfigFault> notices = new ArrayList<>();
    private boolean broken;

    void error(Place place, String path, String message) {
        broken = true;
        add(ConfigFault.Severity.ERROR, place, path, message);
    }

    void warning(Place place, String path, String message) {
        add(ConfigFault.Severity.WARNING, place, path, message);
    }

    void notice(Place place, String path, String message) {
        if (notices.size() < MOST) {
            notices.add(new ConfigFault(ConfigFault.Severity.NOTICE, place.line(), place.column(), path, message));
        }
    }

    /// True when nothing more will be collected, so that it need not be worked out either.
    boolean full() {
        return found.size() >= MOST;
    }

    boolean broken() {
        return broken;
    }

    /// All faults, in the order of the file; notices only if it can be taken.
    List<ConfigFault> inOrder() {
        return Stream.concat(found.stream(), broken ? Stream.empty() : notices.stream())
                .sorted(Comparator.comparingInt(ConfigFault::line).thenComparingInt(ConfigFault::column))
                .toList();
    }

    private void add(ConfigFault.Severity severity, Place place, String path, String message) {
        ConfigFault fault = new ConfigFault(severity, place.line(), place.column(), path, message);
        if (!full() && !found.contains(fault)) {
            found.add(fault);
        }
    }
}
