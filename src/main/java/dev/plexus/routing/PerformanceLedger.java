package dev.plexus.routing;

import dev.plexus.message.PerformanceSample;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.PerformanceView.Figures;
import dev.plexus.model.TargetId;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// The windows of all targets (routing.md 7). Direct routes let clients name models, so the number of targets is bounded: the one that was unused for
/// longest is forgotten first. Pure but for its clock; single-threaded.
final class PerformanceLedger {

    /// Room for a thousand aliases of ten targets, and as many strangers again.
    static final int TARGETS_MAX = 20_000;

    private final InstantSource clock;
    private final int samplesMax;
    private final Map<TargetId, SampleWindow> windows = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<TargetId, Figures> figures = new HashMap<>();

    PerformanceLedger(InstantSource clock, int samplesMax) {
        this.clock = clock;
        this.samplesMax = samplesMax;
    }

    void sample(PerformanceSample sample) {
        SampleWindow window = windowOf(sample.target());
        window.add(sample);
        figures.put(sample.target(), window.figures(clock.millis()));
    }

    void request(TargetId target, long at) {
        requests(target, SampleWindow.hourOf(at), 1);
    }

    void requests(TargetId target, long hour, int number) {
        SampleWindow window = windowOf(target);
        window.requests(hour, number);
        figures.put(target, window.figures(clock.millis()));
    }

    /// Hours pass without anything happening: what fell out of the day is no longer counted.
    void passTime() {
        long now = clock.millis();
        windows.forEach((target, window) -> figures.put(target, window.figures(now)));
    }

    PerformanceView view() {
        return new PerformanceView(figures);
    }

    private SampleWindow windowOf(TargetId target) {
        SampleWindow window = windows.computeIfAbsent(target, _ -> new SampleWindow(samplesMax));
        if (windows.size() > TARGETS_MAX) {
            Iterator<TargetId> oldest = windows.keySet().iterator();
            figures.remove(oldest.next());
            oldest.remove();
        }
        return window;
    }
}
