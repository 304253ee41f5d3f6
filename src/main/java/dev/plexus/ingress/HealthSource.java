package dev.plexus.ingress;

import io.vertx.core.Future;

/// Where the ingress learns how the whole process is.
public interface HealthSource {

    /// Whether the process can serve, and the details as JSON text.
    record Health(boolean ready, String json) {}

    Future<Health> health();

    /// Which Plexus this is.
    String version();

    /// All metrics in the Prometheus text format; takes milliseconds, and is called off the event loop.
    String scrape();
}
