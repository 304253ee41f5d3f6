/// A provider that speaks every API and misbehaves on demand.
///
/// Owns: `Simulator`, the HTTP server, and its behaviours.
/// Threads: the event loop of its server.
/// Speaks: HTTP only.
/// Start reading at: [dev.plexus.simulator.Simulator].
@NullMarked
package dev.plexus.simulator;

import org.jspecify.annotations.NullMarked;
