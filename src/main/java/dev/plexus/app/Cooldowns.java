package dev.plexus.app;

import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownView.Entry;
import dev.plexus.model.TargetId;
import dev.plexus.routing.CooldownStore;
import dev.plexus.storage.CooldownRepository;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/// Keeps the cooldowns of the routing room in the database.
record Cooldowns(CooldownRepository repository, InstantSource clock) implements CooldownStore {

    /// The longest time for which the failures of an expired entry may still count (routing.md 9, twice the longest cooldown that is likely).
    private static final Duration REMEMBERED = Duration.ofDays(2);

    @Override
    public Future<Map<TargetId, Entry>> load() {
        return repository.load(clock.millis() - REMEMBERED.toMillis()).map(CooldownView::entries);
    }

    @Override
    public Future<Void> save(TargetId target, Entry entry) {
        return repository.put(target, entry);
    }

    @Override
    public Future<Void> delete(TargetId target) {
        return repository.delete(target);
    }
}
