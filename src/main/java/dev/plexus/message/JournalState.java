package dev.plexus.message;

import org.jspecify.annotations.Nullable;

/// How far the database is behind the usage journal.
///
/// `backlogBytes` and `backlogRecords` count what is in the journal and not yet in the database; `oldestAgeMs` is the age of the first such record
/// the writer has seen, 0 when there is none. `written` counts the records stored since the process started, `rejected` those set aside because the
/// database refuses them, `damaged` those whose bytes are not what was written. `lastError` says why the last write failed, null while all is well.
public record JournalState(
        long backlogBytes,
        long backlogRecords,
        long oldestAgeMs,
        long written,
        long rejected,
        long damaged,
        @Nullable String lastError) {

    public static final JournalState EMPTY = new JournalState(0, 0, 0, 0, 0, 0, null);
}
