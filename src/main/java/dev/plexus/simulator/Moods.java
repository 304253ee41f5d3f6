package dev.plexus.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How a model behaves right now: what its name, the header or [#set] ask for, and whether it has had its share of misbehaving. Usable from anywhere; bounded.
final class Moods {

    private static final int KEPT_MAX = 10_000;

    private record Ailment(int requests, long sinceNanos) {}

    private final LongSupplier nanos;
    private final Map<String, Behaviour> ofModels = new ConcurrentHashMap<>();
    private final Map<String, Behaviour> told = new ConcurrentHashMap<>();
    private final Map<String, Ailment> ailments = new ConcurrentHashMap<>();

    Moods(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// From now on the model behaves so, whatever its name says.
    void set(String model, String tokens) {
        if (told.size() >= KEPT_MAX && !told.containsKey(model)) {
            throw new IllegalStateException("behaviours: more than " + KEPT_MAX + " models");
        }
        told.put(model, Behaviour.PLAIN.plusHeader(tokens));
    }

    void clear() {
        told.clear();
        ailments.clear();
    }

    /// The behaviour of one request; counts it where the behaviour depends on that.
    Behaviour of(String model, @Nullable String header, String credential) {
        Behaviour asked = asked(model, header);
        int flaky = asked.flaky();
        int downMs = asked.number(Token.DOWN, -1);
        if (flaky < 0 && downMs < 0) {
            return asked;
        }
        if (ailments.size() >= KEPT_MAX) {
            ailments.clear();
        }
        long now = nanos.getAsLong();
        Ailment ailment = ailments.merge(model + "\n" + credential + "\n" + header, new Ailment(1, now),
                (before, _) -> new Ailment(before.requests() + 1, before.sinceNanos()));
        boolean unwell = ailment.requests() <= flaky || (downMs >= 0 && now - ailment.sinceNanos() < downMs * 1_000_000L);
        return unwell ? asked.unwell() : asked.well();
    }

    private Behaviour asked(String model, @Nullable String header) {
        Behaviour behaviour = told.get(model);
        if (behaviour == null) {
            behaviour = ofModels.get(model);
        }
        if (behaviour == null) {
            behaviour = Behaviour.ofModel(model);
            if (ofModels.size() < KEPT_MAX) {
                ofModels.put(model, behaviour);
            }
        }
        return header == null ? behaviour : behaviour.plusHeader(header);
    }
}
