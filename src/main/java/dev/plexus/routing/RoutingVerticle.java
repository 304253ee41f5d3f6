package dev.plexus.routing;

import static dev.plexus.message.Addresses.COOLDOWN_LATEST;
import static dev.plexus.message.Addresses.COOLDOWN_VIEW;
import static dev.plexus.message.Addresses.ROUTING_PLAN;

import dev.plexus.message.Bus;
import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownsAsked;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// One lane's decider: answers "which targets, in what order?" from the snapshot it is asked with and its latest view of the cooldowns.
public final class RoutingVerticle extends VerticleBase {

    private final Bus bus;
    private final int lane;
    private final Planner planner;
    private CooldownView cooldowns = CooldownView.EMPTY;

    public RoutingVerticle(Bus bus, int lane, InstantSource clock, RandomGenerator random) {
        this.bus = bus;
        this.lane = lane;
        this.planner = new Planner(clock, random);
    }

    @Override
    public Future<?> start() {
        bus.hear(COOLDOWN_VIEW.on(lane), view -> cooldowns = view);
        bus.answer(ROUTING_PLAN.on(lane), asked -> Future.succeededFuture(planner.plan(asked, cooldowns)));
        return bus.ask(COOLDOWN_LATEST, new CooldownsAsked()).onSuccess(view -> cooldowns = view);
    }
}
