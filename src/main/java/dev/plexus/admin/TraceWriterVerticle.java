package dev.plexus.admin;

import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;
import static dev.plexus.message.Addresses.TRACE_RECORD;

import dev.plexus.config.Config;
import dev.plexus.message.Bus;
import dev.plexus.message.DebugTrace;
import dev.plexus.storage.TraceRepository;
import dev.plexus.storage.TraceRepository.StoredTrace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes debug traces into the database, a few at a time. What comes faster than the database takes it pushes out the oldest: a trace is a help, and
/// must never become a burden. Runs on a virtual thread.
public final class TraceWriterVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(TraceWriterVerticle.class);
    private static final int WAITING_MAX = 256;
    private static final long WAITING_BYTES_MAX = 64L * 1024 * 1024;
    private static final int AT_ONCE_MAX = 8;
    private static final int TRIES_MAX = 3;
    private static final long AGAIN_MILLIS = 1_000;

    private final Bus bus;
    private final TraceRepository traces;
    private final IntConsumer onDropped;
    private final ArrayDeque<DebugTrace> waiting = new ArrayDeque<>();
    private Config config;
    private long waitingBytes;
    private boolean writing;
    private boolean stopping;
    private Promise<Void> idle = Promise.promise();

    /// `onDropped` is told how many traces were given up.
    public TraceWriterVerticle(Bus bus, TraceRepository traces, Config initial, IntConsumer onDropped) {
        this.bus = bus;
        this.traces = traces;
        this.config = initial;
        this.onDropped = onDropped;
    }

    @Override
    public Future<?> start() {
        bus.hear(CONFIG_IN_FORCE, changed -> config = changed.config());
        bus.hear(TRACE_RECORD, this::take);
        return Future.succeededFuture();
    }

    /// What waits is still written, if the database takes it.
    @Override
    public Future<?> stop() {
        stopping = true;
        return writing ? idle.future() : Future.succeededFuture();
    }

    private void take(DebugTrace trace) {
        waiting.add(trace);
        waitingBytes += trace.bodies().bytes();
        int dropped = 0;
        while (waiting.size() > WAITING_MAX || waitingBytes > WAITING_BYTES_MAX) {
            waitingBytes -= waiting.removeFirst().bodies().bytes();
            dropped++;
        }
        if (dropped > 0) {
            onDropped.accept(dropped);
        }
        if (!writing) {
            writing = true;
            context.runOnContext(_ -> write());
        }
    }

    private void write() {
        try {
            while (!waiting.isEmpty()) {
                List<StoredTrace> batch = new ArrayList<>(AT_ONCE_MAX);
                while (batch.size() < AT_ONCE_MAX && !waiting.isEmpty()) {
                    DebugTrace next = waiting.removeFirst();
                    waitingBytes -= next.bodies().bytes();
                    batch.add(TraceText.of(next, config));
                }
                store(batch);
            }
        } finally {
            writing = false;
            idle.complete();
            idle = Promise.promise();
        }
    }

    private void store(List<StoredTrace> batch) {
        for (int tries = 1; ; tries++) {
            Throwable failure = traces.store(batch).<Throwable>mapEmpty().otherwise(why -> why).await();
            if (failure == null) {
                return;
            }
            if (tries == TRIES_MAX || stopping) {
                LOG.warn("{} debug traces could not be stored: {}", batch.size(), failure.getMessage());
                onDropped.accept(batch.size());
                return;
            }
            vertx.timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS).await();
        }
    }
}
