package dev.plexus.house.planted.routing;

import io.vertx.core.VerticleBase;
import java.util.function.Supplier;

/// Offends: builds an actor outside the composition root.
final class VerticleBuilder {
    private VerticleBuilder() {}

    static Supplier<VerticleBase> build() {
        return LooseActor::new;
    }
}
