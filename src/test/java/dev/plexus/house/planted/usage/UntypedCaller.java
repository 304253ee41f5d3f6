package dev.plexus.house.planted.usage;

import io.vertx.core.Vertx;

/// Offends: uses the bare event bus.
final class UntypedCaller {
    private UntypedCaller() {}

    static void call(Vertx vertx) {
        vertx.eventBus().send("somewhere", "something");
    }
}
