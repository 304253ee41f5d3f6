package dev.plexus.routing;

import dev.plexus.message.PerformanceSample;
import dev.plexus.model.TargetId;
import io.vertx.core.Future;
import java.util.List;

/// Where performance samples outlive the process.
public interface PerformanceStore {

    /// How many requests a target had in an hour, counted from the epoch.
    record Requests(TargetId target, long hour, int number) {}

    /// What was known when the process began, the oldest samples first.
    record Loaded(List<PerformanceSample> samples, List<Requests> requests) {

        public Loaded {
            samples = List.copyOf(samples);
            requests = List.copyOf(requests);
        }
    }

    Future<Loaded> load();

    Future<Void> save(List<PerformanceSample> samples);
}
