/// Says whether a key may make another request, and counts what its requests used.
///
/// Owns: the usage counters of all quotas, their windows and reservations.
/// Threads: one event loop; every class here is single-threaded unless it says otherwise.
/// Speaks: answers `quota.check`; hears `quota.settle`, `config.changed`; tells nobody.
/// Start reading at: [dev.plexus.quota.QuotaLedger].
@NullMarked
package dev.plexus.quota;

import org.jspecify.annotations.NullMarked;
