package dev.plexus.usage;

import dev.plexus.message.UsageLane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The usage records that the database may not have yet, in files that outlive the process.
///
/// Every lane appends to segments of its own (`<lane>-<sequence>.log`, see [Segment] for why that needs neither a lock nor a disk wait); one
/// [JournalReader] follows all of them and remembers in each segment's header how far it got. A segment that is read to its end is deleted. What an
/// earlier process left is read first; nobody appends to it again. `docs/decisions/0002-usage-journal.md` has the reasons and the figures.
///
/// Thread-safe; each lane and the reader it hands out are single-threaded. Does file I/O, so never on an event loop.
public final class Journal implements AutoCloseable {

    /// Large enough that a busy lane changes segments about once a second, small enough to be prepared in a millisecond and to cost little memory.
    public static final int SEGMENT_BYTES = 4 * 1_024 * 1_024;

    private static final Pattern SEGMENT = Pattern.compile("(\\d{1,6})-(\\d{1,12})\\.log");

    /// A segment of an earlier process.
    record Leftover(Path file, int lane, long sequence) {}

    private final Path directory;
    private final int segmentBytes;
    private final Executor preparing;
    private final LongSupplier nanos;
    private final FileChannel lockFile;
    private final List<Leftover> leftovers;
    private final Map<Integer, LaneJournal> lanes = new ConcurrentSkipListMap<>();

    private Journal(
            Path directory, int segmentBytes, Executor preparing, LongSupplier nanos, FileChannel lockFile, List<Leftover> leftovers) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.preparing = preparing;
        this.nanos = nanos;
        this.lockFile = lockFile;
        this.leftovers = leftovers;
    }

    /// Takes the directory for this process alone. `preparing` runs the file work that lanes must not wait for.
    ///
    /// Throws `IOException`, in words for the person who started the process, when another process has it or it cannot be written.
    public static Journal open(Path directory, int segmentBytes, Executor preparing, LongSupplier nanos) throws IOException {
        Files.createDirectories(directory);
        FileChannel lockFile =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(directory, lockFile);
            return new Journal(directory, segmentBytes, preparing, nanos, lockFile, leftovers(directory));
        } catch (IOException | RuntimeException failed) {
            lockFile.close();
            throw failed;
        }
    }

    /// The lane's end of the journal; the same one whenever it asks. The lane alone may append to it.
    public UsageLane lane(int lane) {
        return lanes.computeIfAbsent(lane, this::begin);
    }

    /// Ends all lanes and lets go of the directory. The reader is closed before.
    @Override
    public void close() throws IOException {
        lanes.values().forEach(LaneJournal::close);
        lockFile.close();
    }

    Path directory() {
        return directory;
    }

    /// What earlier processes left, oldest first for each lane.
    List<Leftover> leftovers() {
        return leftovers;
    }

    /// The lanes that have begun, by their number.
    Map<Integer, LaneJournal> lanes() {
        return lanes;
    }

    private LaneJournal begin(int lane) {
        long first = leftovers.stream()
                        .filter(left -> left.lane() == lane)
                        .mapToLong(Leftover::sequence)
                        .max()
                        .orElse(0)
                + 1;
        try {
            return new LaneJournal(
                    first, sequence -> directory.resolve(lane + "-" + sequence + ".log"), segmentBytes, preparing, nanos);
        } catch (IOException noRoom) {
            throw new UncheckedIOException("cannot begin the usage journal in " + directory + ": " + noRoom.getMessage(), noRoom);
        }
    }

    private static void lock(Path directory, FileChannel lockFile) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("the usage journal in " + directory + " belongs to another running process; give this one its own data directory");
        }
    }

    private static List<Leftover> leftovers(Path directory) throws IOException {
        List<Leftover> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Matcher segment = SEGMENT.matcher(name);
                if (segment.matches()) {
                    found.add(new Leftover(file, Integer.parseInt(segment.group(1)), Long.parseLong(segment.group(2))));
                } else if (name.endsWith(".log.tmp")) {
                    Files.delete(file);
                }
            }
        }
        found.sort(Comparator.comparingInt(Leftover::lane).thenComparingLong(Leftover::sequence));
        return List.copyOf(found);
    }
}
