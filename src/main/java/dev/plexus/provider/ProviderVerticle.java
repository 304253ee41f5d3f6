package dev.plexus.provider;

import static dev.plexus.message.Addresses.PROVIDER_ATTEMPT;
import static dev.plexus.message.Addresses.SIMULATOR;
import static dev.plexus.message.Addresses.TOKEN_COUNT;

import dev.plexus.config.Provider;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.Bus;
import dev.plexus.message.Fault;
import dev.plexus.message.ProbeLeases;
import dev.plexus.message.SimulatorAsked;
import dev.plexus.message.Slots;
import dev.plexus.message.TokenCountAsked;
import dev.plexus.message.TokenCountEnd;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One provider on one lane: owns its HTTP clients and makes the attempts that it is asked for, each with the settings of the snapshot that its exchange
/// runs under. So a changed provider needs no new instance, and running streams keep the client that they began with. When it is undeployed it takes
/// no new attempts, and stays until those that run have ended.
public final class ProviderVerticle extends VerticleBase {

    private static final long TICK_MILLIS = 50;
    private static final long FULL_RETRY_MILLIS = 1_000;
    private static final String SIMULATOR_SCHEME = "simulator://";

    private final Bus bus;
    private final int lane;
    private final Provider provider;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final GatewayMetrics metrics;
    private final Slots slots;
    private final ProbeLeases probes;
    private final Map<Provider, Upstream> upstreams = new IdentityHashMap<>();
    private @Nullable Attempts attempts;
    private Bus.@Nullable Registration registration;
    private Bus.@Nullable Registration counting;

    public ProviderVerticle(
            Bus bus,
            int lane,
            Provider provider,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            GatewayMetrics metrics,
            Slots slots,
            ProbeLeases probes) {
        this.bus = bus;
        this.lane = lane;
        this.provider = provider;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.metrics = metrics;
        this.slots = slots;
        this.probes = probes;
    }

    @Override
    public Future<?> start() {
        Attempts running = new Attempts(vertx, clock, nanos, random, new Masking(provider), metrics);
        attempts = running;
        vertx.setPeriodic(TICK_MILLIS, _ -> running.tick());
        return upstreamOf(provider).map(_ -> {
            registration = bus.answer(PROVIDER_ATTEMPT.of(provider.id().value()).on(lane), asked -> admitted(asked, running));
            counting = bus.answer(TOKEN_COUNT.of(provider.id().value()).on(lane), asked -> count(asked, running));
            return null;
        });
    }

    private Future<TokenCountEnd> count(TokenCountAsked asked, Attempts running) {
        return upstreamOf(asked.candidate().provider()).compose(upstream -> new TokenCount(asked, running, upstream).start());
    }

    /// Holds a place for the attempt until it has ended, however it ends; without one the target is passed over.
    private Future<AttemptEnd> admitted(AttemptAsked asked, Attempts running) {
        Slots.Held held = slots.take(asked.candidate().provider(), asked.candidate().id().model());
        if (held == null) {
            return Future.succeededFuture(full());
        }
        return Future.<AttemptEnd>future(ended -> attempt(asked, running).onComplete(ended)).onComplete(end -> {
            held.giveBack();
            if (asked.candidate().recovering() && !showsHealth(end.result())) {
                probes.giveBack(asked.candidate().id());
            }
        });
    }

    /// True if the end says how the target is, which its owner then tells the lanes: until they know, nobody else is to try it.
    private static boolean showsHealth(@Nullable AttemptEnd end) {
        return switch (end) {
            case AttemptEnd.Complete _ -> true;
            case AttemptEnd.Refused refused -> refused.fault().cools();
            case AttemptEnd.Broken broken -> broken.fault().cools();
            case AttemptEnd.Cancelled _ -> false;
            case null -> false;
        };
    }

    private AttemptEnd full() {
        GatewayError error =
                GatewayError.of(ErrorKind.RATE_LIMIT, "concurrency_limit", "Provider '" + provider.id() + "' is at its concurrency limit");
        return new AttemptEnd.Refused(Fault.SKIPPED, 0, "concurrency limit reached", FULL_RETRY_MILLIS, error, null, true, 0, clock.millis());
    }

    private Future<AttemptEnd> attempt(AttemptAsked asked, Attempts running) {
        Provider settings = asked.candidate().provider();
        Upstream known = upstreams.get(settings);
        if (known != null) {
            return new Attempt(asked, running, known).start();
        }
        return upstreamOf(settings).compose(upstream -> new Attempt(asked, running, upstream).start());
    }

    /// The client for these settings. A snapshot brings new records even where nothing has changed, so equal settings share one client; when
    /// they did change, the clients of earlier settings stay until their attempts have ended.
    private Future<Upstream> upstreamOf(Provider settings) {
        for (Map.Entry<Provider, Upstream> known : upstreams.entrySet()) {
            if (known.getKey().equals(settings)) {
                Upstream shared = known.getValue();
                upstreams.values().removeIf(upstream -> upstream == shared);
                upstreams.put(settings, shared);
                return Future.succeededFuture(shared);
            }
        }
        return baseUrls(settings).map(urls -> {
            upstreams.values().forEach(Upstream::retire);
            upstreams.values().removeIf(Upstream::isClosed);
            Upstream made = new Upstream(vertx, settings, urls);
            upstreams.put(settings, made);
            return made;
        });
    }

    /// The configured base URLs, with the gateway's own simulator in the place of its scheme.
    private Future<Map<DialectId, String>> baseUrls(Provider settings) {
        if (settings.baseUrls().values().stream().noneMatch(url -> url.startsWith(SIMULATOR_SCHEME))) {
            return Future.succeededFuture(settings.baseUrls());
        }
        return bus.ask(SIMULATOR, new SimulatorAsked()).map(at -> {
            Map<DialectId, String> resolved = new EnumMap<>(DialectId.class);
            settings.baseUrls()
                    .forEach((dialect, url) -> resolved.put(
                            dialect, url.startsWith(SIMULATOR_SCHEME) ? at.baseUrl() + url.substring(SIMULATOR_SCHEME.length()) : url));
            return resolved;
        });
    }

    @Override
    public Future<?> stop() {
        Bus.Registration place = registration;
        Attempts running = attempts;
        if (place == null || running == null) {
            return Future.succeededFuture();
        }
        if (counting != null) {
            counting.unregister();
        }
        return place.unregister()
                .compose(_ -> running.drained())
                .map(_ -> {
                    upstreams.values().forEach(Upstream::retire);
                    return null;
                });
    }
}
