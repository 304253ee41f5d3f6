package dev.plexus.app;

import dev.plexus.message.PerformanceSample;
import dev.plexus.routing.PerformanceStore;
import dev.plexus.storage.PerformanceRepository;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Keeps the performance samples of the routing room in the database.
record Performance(PerformanceRepository repository, InstantSource clock) implements PerformanceStore {

    private static final Duration DAY = Duration.ofHours(24);

    @Override
    public Future<Loaded> load() {
        return repository.load().compose(samples -> repository
                .requestsSince(clock.millis() - DAY.toMillis())
                .map(requests -> new Loaded(
                        samples, requests.stream().map(one -> new Requests(one.target(), one.hour(), one.number())).toList())));
    }

    @Override
    public Future<Void> save(List<PerformanceSample> samples) {
        return repository.add(samples);
    }
}
