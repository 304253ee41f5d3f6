package dev.plexus.routing;

import static dev.plexus.message.Addresses.COOLDOWN_LATEST;
import static dev.plexus.message.Addresses.COOLDOWN_VIEW;
import static dev.plexus.message.Addresses.PERFORMANCE_LATEST;
import static dev.plexus.message.Addresses.PERFORMANCE_VIEW;
import static dev.plexus.message.Addresses.ROUTING_PLAN;
import static dev.plexus.message.Addresses.TARGET_SERVED;

import dev.plexus.message.Bus;
import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownsAsked;
import dev.plexus.message.PerformanceAsked;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.ProbeLeases;
import dev.plexus.message.Slots;
import dev.plexus.pricing.CostRules;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// One lane's decider: answers "which targets, in what order?" from the snapshot it is asked with and its latest views of cooldowns and performance.
public final class RoutingVerticle extends VerticleBase {

    private final Bus bus;
    private final int lane;
    private final Planner planner;
    private CooldownView cooldowns = CooldownView.EMPTY;
    private PerformanceView performance = PerformanceView.EMPTY;

    public RoutingVerticle(
            Bus bus, int lane, InstantSource clock, RandomGenerator random, CostRules costs, Slots slots, ProbeLeases probes) {
        this.bus = bus;
        this.lane = lane;
        this.planner = new Planner(clock, random, costs, slots, probes);
    }

    @Override
    public Future<?> start() {
        bus.hear(COOLDOWN_VIEW.on(lane), view -> cooldowns = view);
        bus.hear(PERFORMANCE_VIEW.on(lane), view -> performance = view);
        bus.hear(TARGET_SERVED, planner::served);
        bus.answer(ROUTING_PLAN.on(lane), asked -> Future.succeededFuture(planner.plan(asked, cooldowns, performance)));
        return bus.ask(COOLDOWN_LATEST, new CooldownsAsked())
                .onSuccess(view -> cooldowns = view)
                .compose(_ -> bus.ask(PERFORMANCE_LATEST, new PerformanceAsked()))
                .onSuccess(view -> performance = view);
    }
}
