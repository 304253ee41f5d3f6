package dev.plexus.app;

import dev.plexus.config.UserQuota.Measure;
import dev.plexus.config.UserQuota.Window;
import dev.plexus.quota.QuotaState;
import dev.plexus.quota.QuotaStore;
import dev.plexus.storage.QuotaRepository;
import dev.plexus.storage.QuotaRepository.StoredCounter;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps the counters of the quota room in the database.
record Quotas(QuotaRepository repository) implements QuotaStore {

    @Override
    public Future<List<QuotaState>> load() {
        return repository.load().map(rows -> rows.stream().flatMap(row -> state(row).stream()).toList());
    }

    @Override
    public Future<Void> save(List<QuotaState> changed) {
        return repository.put(changed.stream().map(Quotas::row).toList());
    }

    private static StoredCounter row(QuotaState state) {
        return new StoredCounter(
                state.keyName(),
                state.quotaName(),
                label(state.measure()),
                label(state.window()),
                state.currentUsage(),
                state.lastUpdated(),
                state.windowStart());
    }

    /// Empty for a row whose words are none of ours: its quota begins anew.
    private static Optional<QuotaState> state(StoredCounter row) {
        return Stream.of(Measure.values())
                .filter(measure -> label(measure).equals(row.limitType()))
                .flatMap(measure -> Stream.of(Window.values())
                        .filter(window -> label(window).equals(row.quotaType()))
                        .map(window -> new QuotaState(
                                row.keyName(), row.quotaName(), window, measure, row.currentUsage(), row.lastUpdated(), row.windowStart())))
                .findFirst();
    }

    private static String label(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
