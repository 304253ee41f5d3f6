package dev.plexus.provider;

import dev.plexus.dialect.Ids;
import dev.plexus.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The running attempts of one provider on one lane, with what they share: clocks, masking, randomness.
final class Attempts {

    private final Vertx vertx;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final Masking masking;
    private final GatewayMetrics metrics;
    private final Ids ids;
    private final Set<Attempt> running = new HashSet<>();
    private @Nullable Promise<Void> whenEmpty;
    private @Nullable MediaFetch media;

    Attempts(
            Vertx vertx,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            Masking masking,
            GatewayMetrics metrics) {
        this.vertx = vertx;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.ids = new Ids(random);
        this.masking = masking;
        this.metrics = metrics;
    }

    void add(Attempt attempt) {
        running.add(attempt);
    }

    void remove(Attempt attempt) {
        running.remove(attempt);
        if (running.isEmpty() && whenEmpty != null) {
            whenEmpty.tryComplete();
        }
    }

    /// Lets every attempt look at the clock.
    void tick() {
        if (running.isEmpty()) {
            return;
        }
        long now = nanos.getAsLong();
        List<Attempt> looking = new ArrayList<>(running); // an attempt may end, and leave, while it looks
        looking.forEach(attempt -> attempt.tick(now));
    }

    /// Completes when the last attempt has left.
    Future<Void> drained() {
        if (running.isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> empty = Promise.promise();
        whenEmpty = empty;
        return empty.future();
    }

    Vertx vertx() {
        return vertx;
    }

    InstantSource clock() {
        return clock;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    RandomGenerator random() {
        return random;
    }

    Ids ids() {
        return ids;
    }

    Masking masking() {
        return masking;
    }

    /// What fetches media from the web, made when it is first needed. Its clients close with the verticle's context.
    MediaFetch media() {
        MediaFetch known = media;
        if (known == null) {
            known = new MediaFetch(vertx);
            media = known;
        }
        return known;
    }

    GatewayMetrics metrics() {
        return metrics;
    }
}
