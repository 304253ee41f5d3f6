/// A provider that needs no key and no network: it speaks every dialect, and breaks on demand in every way a provider can.
///
/// Owns: the simulator's HTTP server, its answers, the behaviours that model names and `x-simulate` headers ask for, what it has seen.
/// Threads: one event loop per simulator; only [Simulator] and [Token] may be used from anywhere.
/// Speaks: answers `simulator`; hears nothing.
/// Start reading at: [dev.plexus.simulator.Simulator].
@NullMarked
package dev.plexus.simulator;

import org.jspecify.annotations.NullMarked;
