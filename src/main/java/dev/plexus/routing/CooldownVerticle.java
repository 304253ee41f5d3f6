package dev.plexus.routing;

import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;
import static dev.plexus.message.Addresses.COOLDOWN_CLEARED;
import static dev.plexus.message.Addresses.COOLDOWN_FAILED;
import static dev.plexus.message.Addresses.COOLDOWN_LATEST;
import static dev.plexus.message.Addresses.COOLDOWN_RECOVERED;
import static dev.plexus.message.Addresses.COOLDOWN_VIEW;

import dev.plexus.config.Config;
import dev.plexus.config.Provider;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigChanged;
import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownsCleared;
import dev.plexus.message.Done;
import dev.plexus.message.TargetFailed;
import dev.plexus.message.TargetRecovered;
import dev.plexus.model.TargetId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one owner of the cooldown ledger: takes what the lanes tell of failures and successes, keeps it in the database, and gives every lane a
/// new view.
public final class CooldownVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(CooldownVerticle.class);
    private static final long SWEEP_MILLIS = 60_000;

    private final Bus bus;
    private final InstantSource clock;
    private final CooldownStore store;
    private final int lanes;
    private Config config;
    private CooldownLedger ledger;
    private Future<?> stored = Future.succeededFuture();

    public CooldownVerticle(Bus bus, InstantSource clock, CooldownStore store, int lanes, Config initial) {
        this.bus = bus;
        this.clock = clock;
        this.store = store;
        this.lanes = lanes;
        this.config = initial;
        this.ledger = new CooldownLedger(clock, Map.of());
    }

    @Override
    public Future<?> start() {
        bus.hear(CONFIG_IN_FORCE, this::configured);
        bus.answer(COOLDOWN_FAILED, this::failed);
        bus.answer(COOLDOWN_RECOVERED, this::recovered);
        bus.answer(COOLDOWN_CLEARED, this::cleared);
        bus.answer(COOLDOWN_LATEST, _ -> Future.succeededFuture(ledger.view()));
        vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
        return store.load().onSuccess(loaded -> {
            ledger = new CooldownLedger(clock, loaded);
            sweep();
        });
    }

    private Future<Done> failed(TargetFailed failure) {
        if (mayNotCool(failure.target())) {
            return Future.succeededFuture(Done.DONE);
        }
        CooldownView.Entry entry = ledger.failed(failure);
        stored(store.save(failure.target(), entry)
                .onFailure(why -> LOG.warn("cooldown of {} not stored: {}", failure.target(), why.getMessage())));
        tellLanes();
        LOG.warn("cooldown: {} until {} after {} failures: {}", failure.target(), entry.expiry(), entry.consecutiveFailures(), failure.reason());
        return Future.succeededFuture(Done.DONE);
    }

    private Future<Done> recovered(TargetRecovered success) {
        if (ledger.recovered(success)) {
            deleteStored(success.target());
            tellLanes();
            LOG.info("cooldown: {} is well again", success.target());
        }
        return Future.succeededFuture(Done.DONE);
    }

    private Future<Done> cleared(CooldownsCleared which) {
        for (TargetId target : ledger.clear(which)) {
            deleteStored(target);
            LOG.info("cooldown: {} was cleared by an administrator", target);
        }
        tellLanes();
        return Future.succeededFuture(Done.DONE);
    }

    private void deleteStored(TargetId target) {
        stored(store.delete(target).onFailure(why -> LOG.warn("cooldown of {} not deleted: {}", target, why.getMessage())));
    }

    /// Remembers that the store is at work, for [#stop].
    private void stored(Future<Void> work) {
        stored = stored.isComplete() ? work : Future.join(stored, work);
    }

    /// What was noted must be in the store before the database is closed.
    @Override
    public Future<?> stop() {
        return stored.otherwiseEmpty();
    }

    private void configured(ConfigChanged changed) {
        config = changed.config();
        sweep();
    }

    private void sweep() {
        List<TargetId> gone = ledger.sweep(config.cooldown(), this::mayNotCool);
        gone.forEach(this::deleteStored);
        if (!gone.isEmpty()) {
            tellLanes();
        }
    }

    private boolean mayNotCool(TargetId target) {
        Provider provider = config.providers().get(target.provider());
        return provider != null && provider.disableCooldown();
    }

    private void tellLanes() {
        CooldownView view = ledger.view();
        for (int lane = 0; lane < lanes; lane++) {
            bus.publish(COOLDOWN_VIEW.on(lane), view);
        }
    }
}
