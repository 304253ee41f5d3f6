package dev.plexus.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/// What the simulator has seen. Written by its event loop, read and emptied from anywhere; bounded.
final class Ledger {

    enum Outcome { COMPLETED, BROKEN, CANCELLED }

    private static final int KEPT_MAX = 5_000;
    private static final long KEPT_BYTES_MAX = 64L << 20;
    private static final int MODELS_MAX = 1_000;

    private record Wait(Predicate<Tally> condition, Promise<Tally> promise) {}

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong openStreams = new AtomicLong();
    private final AtomicLong silenced = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final Map<String, LongAdder> hits = new ConcurrentHashMap<>();
    private final Queue<SeenRequest> kept = new ConcurrentLinkedQueue<>();
    private final AtomicLong keptCount = new AtomicLong();
    private final AtomicLong keptBytes = new AtomicLong();
    private final Queue<Wait> waits = new ConcurrentLinkedQueue<>();
    private volatile boolean recording;

    Ledger(boolean recording) {
        this.recording = recording;
    }

    void connected() {
        connections.incrementAndGet();
    }

    void disconnected() {
        connections.decrementAndGet();
        changed();
    }

    void visitBegan() {
        open.incrementAndGet();
    }

    void streamBegan() {
        openStreams.incrementAndGet();
        changed();
    }

    void silenced() {
        silenced.incrementAndGet();
        changed();
    }

    void visitEnded(Outcome outcome, boolean streaming) {
        open.decrementAndGet();
        if (streaming) {
            openStreams.decrementAndGet();
        }
        switch (outcome) {
            case COMPLETED -> completed.incrementAndGet();
            case BROKEN -> broken.incrementAndGet();
            case CANCELLED -> cancelled.incrementAndGet();
        }
        changed();
    }

    void arrived(SeenRequest request) {
        requests.incrementAndGet();
        LongAdder hit = hits.get(request.model());
        if (hit == null && hits.size() < MODELS_MAX) {
            hit = hits.computeIfAbsent(request.model(), _ -> new LongAdder());
        }
        if (hit != null) {
            hit.increment();
        }
        if (recording) {
            keep(request);
        }
        changed();
    }

    private void keep(SeenRequest request) {
        kept.add(request);
        long count = keptCount.incrementAndGet();
        long bytes = keptBytes.addAndGet(request.body().length());
        while ((count > KEPT_MAX || bytes > KEPT_BYTES_MAX) && drop()) {
            count = keptCount.get();
            bytes = keptBytes.get();
        }
    }

    private boolean drop() {
        SeenRequest oldest = kept.poll();
        if (oldest == null) {
            return false;
        }
        keptCount.decrementAndGet();
        keptBytes.addAndGet(-oldest.body().length());
        return true;
    }

    void record(boolean on) {
        recording = on;
    }

    List<SeenRequest> kept() {
        return List.copyOf(kept);
    }

    Map<String, Long> hits() {
        Map<String, Long> all = new TreeMap<>();
        hits.forEach((model, count) -> all.put(model, count.sum()));
        return all;
    }

    Tally tally() {
        return new Tally(requests.get(), completed.get(), broken.get(), cancelled.get(), open.get(), openStreams.get(), silenced.get(), connections.get());
    }

    /// Forgets requests and counts; what is open stays open.
    void clear() {
        requests.set(0);
        completed.set(0);
        broken.set(0);
        cancelled.set(0);
        silenced.set(0);
        hits.clear();
        forgetRequests();
    }

    void forgetRequests() {
        while (drop()) {
            continue;
        }
    }

    Future<Tally> when(Predicate<Tally> condition) {
        Promise<Tally> promise = Promise.promise();
        waits.add(new Wait(condition, promise));
        changed();
        return promise.future();
    }

    private void changed() {
        if (waits.isEmpty()) {
            return;
        }
        Tally now = tally();
        for (Wait wait : waits) {
            if (wait.condition().test(now) && waits.remove(wait)) {
                wait.promise().tryComplete(now);
            }
        }
    }
}
