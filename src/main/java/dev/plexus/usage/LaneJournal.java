package dev.plexus.usage;

import dev.plexus.message.UsageLane;
import dev.plexus.message.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/// A lane's own end of the journal: appends to one segment and has the next one prepared elsewhere.
///
/// Single-threaded but for the three numbers that the follower reads. Waits only when a segment is full before its successor is ready, which takes
/// a disk that needs longer to write 4 MiB than the lane to fill them.
final class LaneJournal implements UsageLane {

    private static final long RETRY_NANOS = 1_000_000_000L;

    private final LongFunction<Path> files;
    private final int segmentBytes;
    private final Executor preparing;
    private final LongSupplier nanos;
    private final UsageCodec codec = new UsageCodec();
    private final long first;
    private final AtomicLong active;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private Segment segment;
    private CompletableFuture<Segment> upcoming;
    private long preparedAt;

    LaneJournal(long first, LongFunction<Path> files, int segmentBytes, Executor preparing, LongSupplier nanos)
            throws IOException {
        this.first = first;
        this.active = new AtomicLong(first);
        this.files = files;
        this.segmentBytes = segmentBytes;
        this.preparing = preparing;
        this.nanos = nanos;
        this.segment = Segment.create(files.apply(first), segmentBytes);
        this.preparedAt = nanos.getAsLong();
        this.upcoming = successor();
    }

    @Override
    public void append(UsageRecord usage) {
        int length = codec.encode(usage);
        int taken = segment.append(codec.bytes(), length);
        if (taken == 0) {
            roll();
            taken = segment.append(codec.bytes(), length);
            if (taken == 0) {
                throw new IllegalStateException("a record of " + length + " bytes in a segment of " + segmentBytes);
            }
        }
        bytes.setRelease(bytes.getPlain() + taken);
        records.setRelease(records.getPlain() + 1);
    }

    /// The sequence of the first segment.
    long first() {
        return first;
    }

    /// The sequence of the segment being written; all earlier ones are complete.
    long active() {
        return active.getAcquire();
    }

    Path file(long sequence) {
        return files.apply(sequence);
    }

    /// All bytes appended since the process started.
    long appendedBytes() {
        return bytes.getAcquire();
    }

    /// All records appended since the process started.
    long appendedRecords() {
        return records.getAcquire();
    }

    /// Ends the lane, which must not append any more, and removes what holds nothing that the database does not have.
    void close() {
        boolean stored = segment.unreadBytes() == 0;
        segment.close();
        try {
            if (stored) {
                Files.deleteIfExists(segment.file());
            }
            Segment unused = upcoming.join();
            unused.close();
            Files.deleteIfExists(unused.file());
        } catch (CompletionException | IOException notThere) {
            // There is nothing to remove, or the next start finds it empty and removes it.
            return;
        }
    }

    private void roll() {
        Segment full = segment;
        segment = next();
        active.setRelease(active.getPlain() + 1);
        preparing.execute(full::close);
        prepare();
    }

    private Segment next() {
        try {
            return upcoming.join();
        } catch (CompletionException noRoom) {
            if (nanos.getAsLong() - preparedAt >= RETRY_NANOS) {
                prepare();
            }
            throw new UncheckedIOException(
                    "the usage journal cannot grow: " + noRoom.getCause(), new IOException(noRoom.getCause()));
        }
    }

    private void prepare() {
        preparedAt = nanos.getAsLong();
        upcoming = successor();
    }

    private CompletableFuture<Segment> successor() {
        Path file = files.apply(active.getPlain() + 1);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Segment.create(file, segmentBytes);
                    } catch (IOException noRoom) {
                        throw new UncheckedIOException(noRoom);
                    }
                },
                preparing);
    }
}
