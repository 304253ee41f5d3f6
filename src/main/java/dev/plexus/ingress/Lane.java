package dev.plexus.ingress;

import dev.plexus.config.Config;
import dev.plexus.message.Address;
import dev.plexus.message.Addresses;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.Bus;
import dev.plexus.message.Plan;
import dev.plexus.message.PlanAsked;
import dev.plexus.message.TokenCountAsked;
import dev.plexus.message.TokenCountEnd;
import dev.plexus.message.UsageLane;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.ProviderId;
import dev.plexus.telemetry.GatewayMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the exchanges of one lane share: the snapshot in force, the clocks, the addresses of this lane, the lane's end of the usage journal, and
/// the set of exchanges that are running.
final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /// Counting takes time and holds whole bodies as text, so all lanes together do no more of it at once than this.
    private static final int COUNTING_THREADS = 2;

    private final Vertx vertx;
    private final Bus bus;
    private final int number;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RequestIds ids;
    private final UsageLane usage;
    private final GatewayMetrics meters;
    private final Address<PlanAsked, Plan> routing;
    private final WorkerExecutor counting;
    private final Tracing tracing;
    private final Map<ProviderId, Address<AttemptAsked, AttemptEnd>> providers = new HashMap<>();
    private final Set<Running> running = new HashSet<>();
    private Config config;
    private Authenticator authenticator;
    private boolean draining;

    Lane(
            Vertx vertx,
            Bus bus,
            int number,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            UsageLane usage,
            GatewayMetrics meters,
            Config config) {
        this.vertx = vertx;
        this.bus = bus;
        this.number = number;
        this.clock = clock;
        this.nanos = nanos;
        this.ids = new RequestIds(clock, random);
        this.usage = usage;
        this.meters = meters;
        this.routing = Addresses.ROUTING_PLAN.on(number);
        this.counting = vertx.createSharedWorkerExecutor("token-count", COUNTING_THREADS);
        this.tracing = new Tracing(bus, clock);
        this.config = config;
        this.authenticator = new Authenticator(config);
    }

    /// Which exchanges leave debug traces.
    Tracing tracing() {
        return tracing;
    }

    /// A new snapshot holds for exchanges that begin from now on.
    void configure(Config next) {
        config = next;
        authenticator = new Authenticator(next);
        providers.keySet().retainAll(next.providers().keySet());
    }

    Address<AttemptAsked, AttemptEnd> provider(ProviderId id) {
        return providers.computeIfAbsent(id, one -> Addresses.PROVIDER_ATTEMPT.of(one.value()).on(number));
    }

    Address<TokenCountAsked, TokenCountEnd> tokenCount(ProviderId id) {
        return Addresses.TOKEN_COUNT.of(id.value()).on(number);
    }

    /// Runs what counts tokens, off the event loop.
    WorkerExecutor counting() {
        return counting;
    }

    /// Makes the record outlive the process. A full disk costs the record, never the answer.
    void journal(UsageRecord record) {
        try {
            usage.append(record);
        } catch (UncheckedIOException full) {
            LOG.error("usage record of {} could not be journalled", record.requestId(), full);
        }
    }

    void add(Running exchange) {
        running.add(exchange);
    }

    void remove(Running exchange) {
        running.remove(exchange);
    }

    Set<Running> running() {
        return running;
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    Vertx vertx() {
        return vertx;
    }

    Bus bus() {
        return bus;
    }

    InstantSource clock() {
        return clock;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    RequestIds ids() {
        return ids;
    }

    GatewayMetrics meters() {
        return meters;
    }

    Address<PlanAsked, Plan> routing() {
        return routing;
    }

    Config config() {
        return config;
    }

    Authenticator authenticator() {
        return authenticator;
    }
}
