package dev.plexus.simulator;

import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.SimulatorAt;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs a simulator and answers where it listens. Owns nothing else.
public final class SimulatorVerticle extends VerticleBase {

    private final Bus bus;
    private final String host;
    private final int port;
    private final LongSupplier nanos;
    private @Nullable Simulator simulator;

    /// A simulator whose time stamps are wall time.
    public SimulatorVerticle(Bus bus, String host, int port) {
        this(bus, host, port, Simulator.wallNanos());
    }

    /// A simulator whose time stamps are of this clock.
    public SimulatorVerticle(Bus bus, String host, int port, LongSupplier nanos) {
        this.bus = bus;
        this.host = host;
        this.port = port;
        this.nanos = nanos;
    }

    @Override
    public Future<?> start() {
        return Simulator.start(vertx, host, port, nanos, false).onSuccess(started -> {
            simulator = started;
            bus.answer(Addresses.SIMULATOR, _ -> Future.succeededFuture(new SimulatorAt(started.baseUrl())));
        });
    }

    @Override
    public Future<?> stop() {
        return simulator == null ? Future.succeededFuture() : simulator.close();
    }
}
