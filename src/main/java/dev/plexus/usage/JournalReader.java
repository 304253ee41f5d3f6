package dev.plexus.usage;

import dev.plexus.message.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows all segments of the journal: hands out what was appended, in batches, and remembers what has been stored.
///
/// Every record is handed out once in the life of a process. A batch that was not declared [#stored] before the process ended is handed out again
/// by the next one, so whoever stores must do it idempotently. There is one reader, and it is single-threaded.
final class JournalReader implements AutoCloseable {

    /// Some records, how much they are of each segment, and when the oldest of their exchanges ended (epoch milliseconds, 0 for none).
    record Batch(List<UsageRecord> records, List<Mark> marks, long oldestAt) {}

    /// How far a batch reaches in one segment; `finished` when nothing can follow there.
    record Mark(Segment segment, int to, long bytes, int records, boolean finished) {}

    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

    private final Journal journal;
    private final Rejected rejected;
    private final Cursor left;
    private final Map<Integer, Cursor> live = new TreeMap<>();
    private byte[] payload = new byte[4_096];
    private long leftBytes;
    private long leftRecords;
    private long storedBytes;
    private long storedRecords;
    private long damaged;
    private int turn;

    JournalReader(Journal journal, Rejected rejected) {
        this.journal = journal;
        this.rejected = rejected;
        Deque<Path> files = new ArrayDeque<>();
        for (Journal.Leftover leftover : journal.leftovers()) {
            try (Segment segment = Segment.open(leftover.file())) {
                leftBytes += segment.unreadBytes();
                leftRecords += segment.unreadRecords();
                files.add(leftover.file());
            } catch (IOException broken) {
                setAside(leftover.file(), broken.getMessage());
            }
        }
        this.left = new Cursor(new Earlier(files));
    }

    /// Up to `limit` records that were not handed out before: first those of earlier processes, then the lanes by turns.
    Batch read(int limit) {
        var taking = new Taking(limit);
        left.read(taking);
        for (Map.Entry<Integer, LaneJournal> lane : journal.lanes().entrySet()) {
            if (!live.containsKey(lane.getKey())) {
                live.put(lane.getKey(), new Cursor(new Growing(lane.getValue())));
            }
        }
        List<Cursor> cursors = List.copyOf(live.values());
        for (int i = 0; i < cursors.size(); i++) {
            cursors.get((turn + i) % cursors.size()).read(taking);
        }
        turn = cursors.isEmpty() ? 0 : (turn + 1) % cursors.size();
        return new Batch(taking.records, taking.marks, taking.oldestAt);
    }

    /// The records of this batch need never be handed out again. Segments that are done with are deleted.
    void stored(Batch batch) {
        for (Mark mark : batch.marks()) {
            mark.segment().consumed(mark.to(), mark.records());
            storedBytes += mark.bytes();
            storedRecords += mark.records();
            if (mark.finished()) {
                mark.segment().close();
                delete(mark.segment().file());
            }
        }
    }

    /// Has everything that earlier processes left been handed out?
    boolean leftoversRead() {
        return left.atEnd();
    }

    /// Bytes in the journal that are not [#stored].
    long backlogBytes() {
        long appended = leftBytes;
        for (LaneJournal lane : journal.lanes().values()) {
            appended += lane.appendedBytes();
        }
        return Math.max(0, appended - storedBytes);
    }

    /// Records in the journal that are not [#stored].
    long backlogRecords() {
        long appended = leftRecords;
        for (LaneJournal lane : journal.lanes().values()) {
            appended += lane.appendedRecords();
        }
        return Math.max(0, appended - storedRecords);
    }

    /// Records and rests of segments whose bytes were not what had been written.
    long damaged() {
        return damaged;
    }

    /// Lets go of all files.
    @Override
    public void close() {
        left.close();
        live.values().forEach(Cursor::close);
        live.clear();
    }

    private void setAside(Path file, @Nullable String why) {
        damaged++;
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        LOG.error("{}; the file is kept as {}", why, aside);
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException stuck) {
            LOG.error("{} cannot be moved aside: {}", file, stuck.toString());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stuck) {
            LOG.warn("a stored journal segment cannot be deleted: {}", stuck.toString());
        }
    }

    /// A batch in the making.
    private static final class Taking {
        private final int limit;
        private final List<UsageRecord> records = new ArrayList<>();
        private final List<Mark> marks = new ArrayList<>();
        private long oldestAt;

        Taking(int limit) {
            this.limit = limit;
        }

        boolean full() {
            return records.size() >= limit;
        }

        void add(UsageRecord usage) {
            records.add(usage);
            long endedAt = usage.startTime() + Math.max(0, usage.outcome().durationMs());
            oldestAt = oldestAt == 0 ? endedAt : Math.min(oldestAt, endedAt);
        }
    }

    /// Segments in the order in which they are to be read.
    private sealed interface Chain {
        /// The next file to read, null when there is none (yet).
        @Nullable Path next();

        /// The file that [#next] gave has been opened or given up: the one after it is next.
        void advance();

        /// Is the file before [#next] complete, so that nothing will follow what it holds now?
        boolean complete();

        /// Can there be no further files?
        boolean ended();
    }

    /// What earlier processes left.
    private record Earlier(Deque<Path> files) implements Chain {
        @Override
        public @Nullable Path next() {
            return files.peek();
        }

        @Override
        public void advance() {
            files.remove();
        }

        @Override
        public boolean complete() {
            return true;
        }

        @Override
        public boolean ended() {
            return files.isEmpty();
        }
    }

    /// What a lane of this process appends.
    private static final class Growing implements Chain {
        private final LaneJournal lane;
        private long sequence;

        Growing(LaneJournal lane) {
            this.lane = lane;
            this.sequence = lane.first() - 1;
        }

        @Override
        public @Nullable Path next() {
            return sequence < lane.active() ? lane.file(sequence + 1) : null;
        }

        @Override
        public void advance() {
            sequence++;
        }

        @Override
        public boolean complete() {
            return sequence < lane.active();
        }

        @Override
        public boolean ended() {
            return false;
        }
    }

    /// The place reached in one chain.
    private final class Cursor {
        private final Chain chain;
        private @Nullable Segment segment;
        private int at;
        private int markedAt;
        private int records;

        Cursor(Chain chain) {
            this.chain = chain;
        }

        boolean atEnd() {
            return segment == null && chain.ended();
        }

        void read(Taking taking) {
            while (!taking.full()) {
                Segment current = segment == null ? open() : segment;
                if (current == null) {
                    return;
                }
                // Asked before looking: a lane finishes a segment before it says so.
                boolean complete = chain.complete();
                int length = current.lengthAt(at);
                if (length > 0) {
                    take(current, length, taking);
                } else if (length < 0) {
                    damaged++;
                    LOG.error("{} is unreadable from byte {} on; a copy is kept", current.file(), at);
                    keepCopy(current.file());
                    mark(current, true, taking);
                } else if (complete) {
                    mark(current, true, taking);
                } else {
                    break;
                }
            }
            if (segment != null && at > markedAt) {
                mark(segment, false, taking);
            }
        }

        private void take(Segment current, int length, Taking taking) {
            if (payload.length < length) {
                payload = new byte[Math.max(length, payload.length * 2)];
            }
            if (current.read(at, payload, length)) {
                try {
                    taking.add(UsageCodec.decode(payload, length));
                } catch (UsageCodec.Unreadable unreadable) {
                    rejected.add("-", String.valueOf(unreadable.getMessage()), payload, length);
                }
            } else {
                damaged++;
                LOG.error("the record at byte {} of {} is damaged and skipped", at, current.file());
            }
            at += Segment.framed(length);
            records++;
        }

        private void mark(Segment current, boolean finished, Taking taking) {
            taking.marks.add(new Mark(current, at, at - markedAt, records, finished));
            markedAt = at;
            records = 0;
            if (finished) {
                segment = null;
            }
        }

        private @Nullable Segment open() {
            for (Path file = chain.next(); file != null; file = chain.next()) {
                try {
                    Segment opened = Segment.open(file);
                    chain.advance();
                    segment = opened;
                    at = opened.consumed();
                    markedAt = at;
                    records = 0;
                    return opened;
                } catch (IOException broken) {
                    if (!(chain instanceof Earlier)) {
                        throw new UncheckedIOException(broken);
                    }
                    chain.advance();
                    setAside(file, broken.getMessage());
                }
            }
            return null;
        }

        private void keepCopy(Path file) {
            try {
                Files.copy(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException noRoom) {
                LOG.error("no copy of {}: {}", file, noRoom.toString());
            }
        }

        void close() {
            if (segment != null) {
                segment.close();
                segment = null;
            }
        }
    }
}
