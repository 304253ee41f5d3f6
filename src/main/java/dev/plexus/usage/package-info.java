/// Sees to it that every exchange leaves exactly one usage record: first in a journal that outlives a killed process, then in the database.
///
/// Owns: the journal's files, the cursor in each, the pace and the retries of the database writer, what was set aside as unstorable.
/// Threads: each lane appends to its own [dev.plexus.usage.Journal] segment on its event loop; one virtual thread follows all of them into the database.
/// Speaks: answers `usage.lane`, `journal.state`; hears `usage.record`.
/// Start reading at: [dev.plexus.usage.Journal].
@NullMarked
package dev.plexus.usage;

import org.jspecify.annotations.NullMarked;
