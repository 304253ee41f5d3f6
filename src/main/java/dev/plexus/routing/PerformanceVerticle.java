package dev.plexus.routing;

import static dev.plexus.message.Addresses.PERFORMANCE_LATEST;
import static dev.plexus.message.Addresses.PERFORMANCE_SEEN;
import static dev.plexus.message.Addresses.PERFORMANCE_VIEW;

import dev.plexus.message.Bus;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.PerformanceSample;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one owner of the performance windows: learns from the record of every exchange, gives the lanes a new view a few times a second while
/// something changes, and keeps the samples in the database, in batches and off the way of any request.
public final class PerformanceVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(PerformanceVerticle.class);
    private static final long TELL_MILLIS = 100;
    private static final long SAVE_MILLIS = 1_000;
    private static final long HOURLY_MILLIS = 60_000;

    private final Bus bus;
    private final InstantSource clock;
    private final PerformanceStore store;
    private final int lanes;
    private final PerformanceLedger ledger;
    private final SampleBacklog waiting;
    private boolean telling;
    private boolean saving;
    private long hour;

    public PerformanceVerticle(Bus bus, InstantSource clock, PerformanceStore store, int lanes, int samplesMax) {
        this.bus = bus;
        this.clock = clock;
        this.store = store;
        this.lanes = lanes;
        this.ledger = new PerformanceLedger(clock, samplesMax);
        this.waiting = new SampleBacklog(samplesMax);
    }

    @Override
    public Future<?> start() {
        hour = SampleWindow.hourOf(clock.millis());
        bus.answer(PERFORMANCE_LATEST, _ -> Future.succeededFuture(ledger.view()));
        vertx.setPeriodic(HOURLY_MILLIS, _ -> passTime());
        return store.load()
                .onSuccess(loaded -> {
                    loaded.samples().forEach(ledger::sample);
                    loaded.requests().forEach(one -> ledger.requests(one.target(), one.hour(), one.number()));
                })
                .otherwise(why -> {
                    LOG.warn("performance samples not loaded, so targets begin without any: {}", why.getMessage());
                    return new PerformanceStore.Loaded(List.of(), List.of());
                })
                .onSuccess(_ -> bus.hear(PERFORMANCE_SEEN, this::seen));
    }

    private void seen(UsageRecord usage) {
        String provider = usage.served().provider();
        String model = usage.served().model();
        if (usage.outcome().status() == ExchangeStatus.PENDING || provider == null || model == null) {
            return;
        }
        ledger.request(new TargetId(new ProviderId(provider), model), usage.startTime());
        for (PerformanceSample sample : Samples.of(usage)) {
            ledger.sample(sample);
            waiting.add(sample);
        }
        if (!telling) {
            telling = true;
            vertx.setTimer(TELL_MILLIS, _ -> tellLanes());
        }
        saveLater();
    }

    private void saveLater() {
        if (!saving && !waiting.isEmpty()) {
            saving = true;
            vertx.setTimer(SAVE_MILLIS, _ -> save().onComplete(_ -> {
                saving = false;
                saveLater();
            }));
        }
    }

    private Future<Void> save() {
        List<PerformanceSample> batch = waiting.take();
        return batch.isEmpty() ? Future.succeededFuture() : store.save(batch)
                .onFailure(why -> LOG.warn("{} performance samples not stored: {}", batch.size(), why.getMessage()));
    }

    /// What was seen must be in the store before the database is closed.
    @Override
    public Future<?> stop() {
        return save().otherwiseEmpty();
    }

    private void passTime() {
        long now = SampleWindow.hourOf(clock.millis());
        if (now != hour) {
            hour = now;
            ledger.passTime();
            tellLanes();
        }
    }

    private void tellLanes() {
        telling = false;
        PerformanceView view = ledger.view();
        for (int lane = 0; lane < lanes; lane++) {
            bus.publish(PERFORMANCE_VIEW.on(lane), view);
        }
    }
}
