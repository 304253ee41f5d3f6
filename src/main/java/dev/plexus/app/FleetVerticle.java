package dev.plexus.app;

import static dev.plexus.message.Addresses.CONFIG_CHANGED;
import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;

import dev.plexus.config.Config;
import dev.plexus.config.Provider;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigChanged;
import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import dev.plexus.provider.ProviderVerticle;
import dev.plexus.simulator.SimulatorVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one provider actor per lane for every provider of the snapshot in force: deploys those that a new snapshot brings before anyone may ask
/// them, and undeploys those that it drops once their running attempts have ended.
final class FleetVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(FleetVerticle.class);

    private final Bus bus;
    private final Lanes lanes;
    private final BiFunction<Integer, Provider, ProviderVerticle> provider;
    private final Map<ProviderId, List<String>> deployed = new HashMap<>();
    private Config config;
    private @Nullable String simulator;
    private Future<Void> working = Future.succeededFuture();

    FleetVerticle(Bus bus, Lanes lanes, BiFunction<Integer, Provider, ProviderVerticle> provider, Config initial) {
        this.bus = bus;
        this.lanes = lanes;
        this.provider = provider;
        this.config = initial;
    }

    @Override
    public Future<?> start() {
        bus.hear(CONFIG_CHANGED, this::changed);
        return adopt(config);
    }

    private void changed(ConfigChanged changed) {
        working = working.otherwiseEmpty().compose(_ -> adopt(changed.config()));
        working.onComplete(
                _ -> {
                    config = changed.config();
                    bus.publish(CONFIG_IN_FORCE, changed);
                    retire(changed.config());
                },
                failure -> LOG.error("a new configuration could not be put in force, the old one stays", failure));
    }

    private Future<Void> adopt(Config next) {
        Future<Void> ready = needsSimulator(next) && simulator == null ? startSimulator() : Future.succeededFuture();
        for (Provider one : next.providers().values()) {
            if (callable(one) && !deployed.containsKey(one.id())) {
                ready = ready.compose(_ -> lanes.deploy(lane -> provider.apply(lane, one)))
                        .map(ids -> {
                            deployed.put(one.id(), ids);
                            return null;
                        });
            }
        }
        return ready;
    }

    private void retire(Config next) {
        for (ProviderId id : new ArrayList<>(deployed.keySet())) {
            Provider kept = next.providers().get(id);
            if (kept == null || !callable(kept)) {
                List<String> ids = deployed.remove(id);
                if (ids != null) {
                    ids.forEach(one -> vertx.undeploy(one).onFailure(why -> LOG.warn("provider {} did not end well", id, why)));
                }
            }
        }
    }

    /// Providers that are reached through a signed-in subscription have no base URL to call.
    private static boolean callable(Provider one) {
        return one.enabled() && one.baseUrls().keySet().stream().anyMatch(dialect -> dialect != DialectId.OAUTH);
    }

    private static boolean needsSimulator(Config config) {
        return config.providers().values().stream()
                .filter(Provider::enabled)
                .flatMap(one -> one.baseUrls().values().stream())
                .anyMatch(url -> url.startsWith("simulator://"));
    }

    private Future<Void> startSimulator() {
        return vertx.deployVerticle(new SimulatorVerticle(bus, "127.0.0.1", 0), new DeploymentOptions()).map(id -> {
            simulator = id;
            return null;
        });
    }
}
