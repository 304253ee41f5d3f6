/// Chooses the targets of an exchange and remembers which of them are unwell, how fast they were, and where conversations are.
///
/// Owns: the name index, candidates and their order, the cooldown ledger, the performance windows.
/// Threads: one decider per lane, one owner of the ledger, one of the windows; every class here is single-threaded unless it says otherwise.
/// Speaks: answers `routing.plan` on each lane, `cooldown.failed` and `cooldown.recovered` once; tells `cooldown.view` and `performance.view`; hears
/// `config.in-force`, `performance.seen` and `target.served`.
/// Start reading at: [dev.plexus.routing.Planner].
@NullMarked
package dev.plexus.routing;

import org.jspecify.annotations.NullMarked;
