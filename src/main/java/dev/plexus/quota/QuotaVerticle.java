package dev.plexus.quota;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.Done;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.QuotaAsked;
import dev.plexus.message.QuotaCleared;
import dev.plexus.message.QuotaStandings;
import dev.plexus.message.QuotaStandingsAsked;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.KeyName;
import dev.plexus.pricing.Cost;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one owner of quota counters. Answers from memory at once; the store only lets counters outlive the process, and while it is away requests go
/// on and are counted in memory.
///
/// Whoever was answered `Allowed` tells [Addresses#QUOTA_SETTLE] exactly once when the exchange has ended, and nobody else does.
public final class QuotaVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(QuotaVerticle.class);

    /// How long changes are gathered before they are saved: what a killed process may forget.
    private static final Duration SAVE_DELAY = Duration.ofMillis(100);
    /// How long one call of the store may take.
    private static final Duration STORE_CALL_MAX = Duration.ofSeconds(5);
    /// Snapshots remembered, for exchanges that began before the latest reloads.
    private static final int SNAPSHOTS_MAX = 16;

    private final Bus bus;
    private final QuotaStore store;
    private final Function<UsageRecord, @Nullable Cost> costOf;
    private final Runnable onStoreFailure;
    private final Duration saveDelay;
    /// How long a store that has failed is left alone.
    private final Duration retryDelay;
    private final QuotaLedger ledger;
    private final Map<String, Config> snapshots = new LinkedHashMap<>();
    private final List<Bus.Registration> registrations = new ArrayList<>();

    private Config latest;
    private boolean loaded;
    private boolean stopping;
    private boolean saveIsDue;
    private Future<Void> saving = Future.succeededFuture();

    /// `costOf` says what an ended exchange came to, null for nothing; `onStoreFailure` is told each time that the store has failed.
    public QuotaVerticle(
            Bus bus,
            Config initial,
            InstantSource clock,
            QuotaStore store,
            Function<UsageRecord, @Nullable Cost> costOf,
            Runnable onStoreFailure) {
        this(bus, initial, clock, store, costOf, onStoreFailure, SAVE_DELAY);
    }

    QuotaVerticle(
            Bus bus,
            Config initial,
            InstantSource clock,
            QuotaStore store,
            Function<UsageRecord, @Nullable Cost> costOf,
            Runnable onStoreFailure,
            Duration saveDelay) {
        this.bus = bus;
        this.store = store;
        this.costOf = costOf;
        this.onStoreFailure = onStoreFailure;
        this.saveDelay = saveDelay;
        this.retryDelay = saveDelay.multipliedBy(5);
        this.ledger = new QuotaLedger(clock, initial);
        this.latest = initial;
    }

    @Override
    public Future<?> start() {
        remember(latest);
        registrations.add(bus.hear(Addresses.CONFIG_CHANGED, changed -> follow(changed.config())));
        registrations.add(bus.hear(Addresses.QUOTA_SETTLE, this::settle));
        return load().eventually(() -> {
            registrations.add(bus.answer(Addresses.QUOTA_CHECK, asked -> Future.succeededFuture(check(asked))));
            registrations.add(bus.answer(Addresses.QUOTA_STANDINGS, asked -> Future.succeededFuture(standings(asked))));
            registrations.add(bus.answer(Addresses.QUOTA_CLEARED, this::clear));
            return Future.succeededFuture();
        }).otherwiseEmpty();
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        List<Future<Void>> leaving = registrations.stream().map(Bus.Registration::unregister).toList();
        return Future.join(leaving)
                .eventually(() -> saving)
                .eventually(this::saveNow)
                .otherwiseEmpty();
    }

    /// The gateway's own bugs must not lock anybody out, nor leave a question without an answer.
    private QuotaVerdict check(QuotaAsked asked) {
        try {
            remember(asked.config());
            return ledger.check(asked);
        } catch (RuntimeException bug) {
            LOG.error("quota check of key {} failed; the request goes on", asked.key().name(), bug);
            onStoreFailure.run();
            return QuotaVerdict.Allowed.UNLIMITED;
        }
    }

    private QuotaStandings standings(QuotaStandingsAsked asked) {
        return new QuotaStandings(asked.keys().stream().flatMap(key -> ledger.standings(key).stream()).toList());
    }

    private Future<Done> clear(QuotaCleared cleared) {
        ledger.clear(cleared.key());
        saveIn(Duration.ofMillis(1));
        return Future.succeededFuture(Done.DONE);
    }

    private void settle(UsageRecord usage) {
        KeyName keyName = usage.caller().apiKey();
        KeyRule key = keyName == null ? null : snapshots.getOrDefault(usage.configHash(), latest).keys().get(keyName);
        boolean refused = usage.outcome().status() == ExchangeStatus.QUOTA_EXCEEDED;
        if (refused || key == null || key.quotas().isEmpty()) {
            return;
        }
        ledger.settle(usage, key.name().value(), key.quotas(), Consumption.of(usage.outcome(), cost(usage)));
        saveIn(saveDelay);
    }

    /// A price that cannot be computed must not keep a reservation from being given back.
    private @Nullable Cost cost(UsageRecord usage) {
        try {
            return costOf.apply(usage);
        } catch (RuntimeException bug) {
            LOG.error("the cost of exchange {} could not be computed; cost quotas do not count it", usage.requestId(), bug);
            return null;
        }
    }

    private void follow(Config config) {
        latest = config;
        remember(config);
        ledger.follow(config);
    }

    /// Keeps the snapshot, because what an exchange was admitted by is found in the one that it ran under.
    private void remember(Config config) {
        if (snapshots.putIfAbsent(config.hash(), config) == null && snapshots.size() > SNAPSHOTS_MAX) {
            snapshots.remove(snapshots.keySet().iterator().next());
        }
    }

    /// Loads what was saved, and tries again for as long as the store is away. Fails after the first try, when that did.
    private Future<Void> load() {
        return store.load()
                .timeout(STORE_CALL_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .<Void>map(states -> {
                    ledger.restore(states);
                    loaded = true;
                    saveIn(saveDelay);
                    return null;
                })
                .onFailure(fault -> {
                    LOG.warn("quota counters could not be loaded; counting from zero until they are: {}", fault.toString());
                    onStoreFailure.run();
                    vertx.setTimer(retryDelay.toMillis(), _ -> retryLoad());
                });
    }

    private void retryLoad() {
        if (!stopping) {
            Future<Void> unused = load();
        }
    }

    /// Saves after a while, together with whatever else changes until then. Nothing is saved before all is loaded: it would overwrite what is not
    /// known yet.
    private void saveIn(Duration delay) {
        if (!loaded || saveIsDue || stopping || !ledger.hasChanges()) {
            return;
        }
        saveIsDue = true;
        vertx.setTimer(delay.toMillis(), _ -> {
            saveIsDue = false;
            if (saving.isComplete() && !stopping) {
                saving = saveNow();
                saving.onComplete(done -> saveIn(done.succeeded() ? saveDelay : retryDelay));
            }
        });
    }

    private Future<Void> saveNow() {
        if (!loaded || !ledger.hasChanges()) {
            return Future.succeededFuture();
        }
        List<QuotaState> changes = ledger.takeChanges();
        return store.save(changes)
                .timeout(STORE_CALL_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(fault -> {
                    ledger.giveBack(changes);
                    LOG.warn("{} quota counters could not be saved, and will be again: {}", changes.size(), fault.toString());
                    onStoreFailure.run();
                });
    }
}
