/// Chooses the targets of an exchange and remembers which of them are unwell.
///
/// Owns: the name index, candidates and their order, the cooldown ledger.
/// Threads: one decider per lane and one owner of the ledger; every class here is single-threaded unless it says otherwise.
/// Speaks: answers `routing.plan` on each lane, `cooldown.failed` and `cooldown.recovered` once; tells `cooldown.view`; hears `config.in-force`.
/// Start reading at: [dev.plexus.routing.Planner].
@NullMarked
package dev.plexus.routing;

import org.jspecify.annotations.NullMarked;
