package dev.plexus.routing;

import dev.plexus.message.PerformanceSample;
import dev.plexus.model.TargetId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The samples that wait for the database. Of each target only the last are worth a row, so a busy gateway writes no more of them than a calm one; and
/// however slow the database is, no more than a bounded number waits, of which the newest say most.
final class SampleBacklog {

    static final int WAITING_MAX = 10_000;

    private final int samplesMax;
    private List<PerformanceSample> waiting = new ArrayList<>();

    SampleBacklog(int samplesMax) {
        this.samplesMax = samplesMax;
    }

    void add(PerformanceSample sample) {
        waiting.add(sample);
        if (waiting.size() >= 2 * WAITING_MAX) {
            waiting = new ArrayList<>(worthKeeping());
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Everything worth keeping, the oldest first; nothing waits afterwards.
    List<PerformanceSample> take() {
        List<PerformanceSample> taken = worthKeeping();
        waiting = new ArrayList<>();
        return taken;
    }

    private List<PerformanceSample> worthKeeping() {
        Map<TargetId, Integer> seen = new HashMap<>();
        List<PerformanceSample> newestFirst = new ArrayList<>();
        for (int at = waiting.size() - 1; at >= 0 && newestFirst.size() < WAITING_MAX; at--) {
            PerformanceSample sample = waiting.get(at);
            if (seen.merge(sample.target(), 1, Integer::sum) <= samplesMax) {
                newestFirst.add(sample);
            }
        }
        return newestFirst.reversed();
    }
}
