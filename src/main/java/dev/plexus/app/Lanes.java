package dev.plexus.app;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Places verticles so that every lane, which is an event loop with a number, has exactly one instance of each role.
///
/// Vert.x hands its loops out in turn, but not to verticles alone, so two instances may land on one loop. Here an instance looks at the loop it
/// landed on: if its lane has that role already, it leaves and the next one tries.
final class Lanes {

    private static final int TRIES_PER_LANE = 64;

    private final Vertx vertx;
    private final int count;
    private final Map<Thread, Integer> numbers = new ConcurrentHashMap<>();
    private final Map<Integer, Context> contexts = new ConcurrentHashMap<>();

    Lanes(Vertx vertx, int count) {
        this.vertx = vertx;
        this.count = count;
    }

    int count() {
        return count;
    }

    /// Deploys one instance of a role on every lane; gives the deployment ids in the order of the lanes.
    Future<List<String>> deploy(IntFunction<VerticleBase> role) {
        Set<Integer> taken = ConcurrentHashMap.newKeySet();
        Map<Integer, String> placed = new ConcurrentHashMap<>();
        return place(role, taken, placed, count * TRIES_PER_LANE).map(_ -> {
            List<String> ids = new ArrayList<>();
            for (int lane = 0; lane < count; lane++) {
                ids.add(new HashMap<>(placed).getOrDefault(lane, ""));
            }
            return ids;
        });
    }

    private Future<Void> place(IntFunction<VerticleBase> role, Set<Integer> taken, Map<Integer, String> placed, int triesLeft) {
        if (placed.size() == count) {
            return Future.succeededFuture();
        }
        if (triesLeft == 0) {
            return Future.failedFuture(new IllegalStateException("Vert.x does not use all of its " + count + " event loops"));
        }
        PlacedVerticle candidate = new PlacedVerticle(role, taken);
        return vertx.deployVerticle(candidate, new DeploymentOptions())
                .compose(
                        id -> {
                            placed.put(candidate.lane, id);
                            return place(role, taken, placed, triesLeft - 1);
                        },
                        failure -> failure instanceof Taken ? place(role, taken, placed, triesLeft - 1) : Future.failedFuture(failure));
    }

    /// A context on the loop of this lane, once something has been placed there.
    @Nullable Context context(int lane) {
        return contexts.get(lane);
    }

    private int laneHere(Context context) {
        int lane = numbers.computeIfAbsent(Thread.currentThread(), _ -> numbers.size());
        contexts.putIfAbsent(lane, context);
        return lane;
    }

    /// The lane has this role already.
    private static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Taken() {
            super("lane taken", null, false, false);
        }
    }

    /// Stands for an instance until it is known where it landed.
    private final class PlacedVerticle extends VerticleBase {

        private final IntFunction<VerticleBase> role;
        private final Set<Integer> taken;
        private volatile int lane = -1;
        private @Nullable VerticleBase instance;

        PlacedVerticle(IntFunction<VerticleBase> role, Set<Integer> taken) {
            this.role = role;
            this.taken = taken;
        }

        @Override
        public Future<?> start() throws Exception {
            lane = laneHere(context);
            if (!taken.add(lane)) {
                return Future.failedFuture(new Taken());
            }
            VerticleBase made = role.apply(lane);
            made.init(vertx, context);
            instance = made;
            return made.start();
        }

        @Override
        public Future<?> stop() throws Exception {
            return instance == null ? Future.succeededFuture() : instance.stop();
        }
    }
}
