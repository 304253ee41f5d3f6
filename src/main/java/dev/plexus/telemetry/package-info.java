/// What the gateway tells the outside about itself: metrics in Prometheus form, one log line per exchange, and how logs are written.
///
/// Owns: the meter registry, the names of all metrics ([dev.plexus.telemetry.Metric]), the exchange log, the set-up of Logback.
/// Threads: every class here may be used on any thread; nothing blocks.
/// Speaks: to nobody; other rooms are handed `ExchangeMetrics`, `GatewayMetrics` and `ExchangeLog` by whoever wires them.
/// Start reading at: [dev.plexus.telemetry.Telemetry].
@NullMarked
package dev.plexus.telemetry;

import org.jspecify.annotations.NullMarked;
