package dev.plexus.usage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// One mapped file of the journal, as one side sees it: the lane that fills it and the follower that empties it each have their own mapping.
///
/// A record is a length word, a CRC32C and the payload, padded to eight bytes. The length word is stored last and with release semantics, so
/// whoever reads a length that is not zero reads a whole record: a process killed half-way leaves the zero that was there before. The kernel owns
/// the pages from the first store on, which is why nothing is forced to disk: a killed process loses nothing, a machine without power the last
/// seconds; what that leaves behind is recognized by its CRC.
///
/// Three cache lines of header: what it is; what the lane has written (for display); up to where the database has it (the follower's cursor).
/// Single-threaded, on each side.
final class Segment implements AutoCloseable {

    static final int HEADER_BYTES = 192;

    private static final long MAGIC = 0x31304c4e4a58_4c50L; // "PLXJNL01" read as a little-endian number
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WORD = INT.varHandle();
    private static final VarHandle WIDE = LONG.varHandle();

    private static final long MAGIC_AT = 0;
    private static final long WRITTEN_AT = 64;
    private static final long WRITTEN_RECORDS_AT = 72;
    private static final long CONSUMED_AT = 128;
    private static final long CONSUMED_RECORDS_AT = 136;
    private static final int FRAME_BYTES = 8;
    private static final int PAGE_BYTES = 4_096;
    private static final int ZEROS_BYTES = 256 * 1_024;

    private final Path file;
    private final Arena arena;
    private final MemorySegment map;
    private final int capacity;
    private final CRC32C crc = new CRC32C();
    private int end = HEADER_BYTES;
    private long records;

    private Segment(Path file, Arena arena, MemorySegment map) {
        this.file = file;
        this.arena = arena;
        this.map = map;
        this.capacity = Math.toIntExact(map.byteSize());
    }

    /// Makes the file with all its blocks, so that a full disk is found here and not by a store into the map, and touches every page. Takes
    /// milliseconds; the file gets its name when it is complete.
    static Segment create(Path file, int bytes) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Segment segment = prepare(unfinished, file, bytes);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return segment;
        } catch (IOException noRoom) {
            Files.deleteIfExists(unfinished);
            throw noRoom;
        }
    }

    private static Segment prepare(Path unfinished, Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
            for (int left = bytes; left > 0; ) {
                zeros.clear().limit(Math.min(left, ZEROS_BYTES));
                left -= channel.write(zeros);
            }
            Segment segment = map(file, channel);
            for (long at = 0; at < bytes; at += PAGE_BYTES) {
                segment.map.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
            }
            WIDE.set(segment.map, CONSUMED_AT, (long) HEADER_BYTES);
            WIDE.set(segment.map, WRITTEN_AT, (long) HEADER_BYTES);
            WIDE.setRelease(segment.map, MAGIC_AT, MAGIC);
            return segment;
        }
    }

    /// Maps a file that is there, to read it from its cursor on.
    static Segment open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < HEADER_BYTES || channel.size() > Integer.MAX_VALUE) {
                throw new IOException(file + " is not a journal segment: " + channel.size() + " bytes");
            }
            Segment segment = map(file, channel);
            long consumed = (long) WIDE.getAcquire(segment.map, CONSUMED_AT);
            if ((long) WIDE.getAcquire(segment.map, MAGIC_AT) != MAGIC
                    || consumed < HEADER_BYTES
                    || consumed > segment.capacity
                    || consumed % FRAME_BYTES != 0) {
                segment.close();
                throw new IOException(file + " is not a journal segment of this version");
            }
            return segment;
        }
    }

    /// Shared, because the thread that closes a segment is not the one that made it; neither ever closes it under the other.
    @SuppressWarnings("MustBeClosedChecker")
    private static Segment map(Path file, FileChannel channel) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new Segment(file, arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena));
        } catch (IOException | RuntimeException failed) {
            arena.close();
            throw failed;
        }
    }

    Path file() {
        return file;
    }

    /// Lane side: puts the record at the end and returns the bytes it takes, or 0 when there is no room left.
    int append(byte[] payload, int length) {
        int after = end + framed(length);
        if (after > capacity) {
            return 0;
        }
        MemorySegment.copy(payload, 0, map, ValueLayout.JAVA_BYTE, end + (long) FRAME_BYTES, length);
        WORD.set(map, end + 4L, checksum(payload, length));
        WORD.setRelease(map, (long) end, length);
        int taken = after - end;
        end = after;
        WIDE.setOpaque(map, WRITTEN_AT, (long) after);
        WIDE.setOpaque(map, WRITTEN_RECORDS_AT, ++records);
        return taken;
    }

    /// Follower side: the length of the record at this place; 0 when there is none (yet), negative when the bytes there are no record.
    int lengthAt(int at) {
        if (at + FRAME_BYTES > capacity) {
            return 0;
        }
        int length = (int) WORD.getAcquire(map, (long) at);
        return length < 0 || length > capacity - FRAME_BYTES - at ? -1 : length;
    }

    /// Follower side: copies the payload out; false when it is not what was written.
    boolean read(int at, byte[] payload, int length) {
        MemorySegment.copy(map, ValueLayout.JAVA_BYTE, at + (long) FRAME_BYTES, payload, 0, length);
        return (int) WORD.get(map, at + 4L) == checksum(payload, length);
    }

    /// The bytes that a record of this length takes in a segment.
    static int framed(int length) {
        return (FRAME_BYTES + length + 7) & ~7;
    }

    /// Follower side: where the first record is that the database may not have.
    int consumed() {
        return (int) (long) WIDE.getAcquire(map, CONSUMED_AT);
    }

    /// Follower side: remembers, beyond the death of the process, that the database has everything before this place.
    void consumed(int to, int moreRecords) {
        WIDE.setOpaque(map, CONSUMED_RECORDS_AT, (long) WIDE.getOpaque(map, CONSUMED_RECORDS_AT) + moreRecords);
        WIDE.setRelease(map, CONSUMED_AT, (long) to);
    }

    /// Bytes from the cursor to the end of what the lane has written.
    long unreadBytes() {
        return Math.max(0, (long) WIDE.getOpaque(map, WRITTEN_AT) - consumed());
    }

    /// Records from the cursor to the end of what the lane has written.
    long unreadRecords() {
        return Math.max(0, (long) WIDE.getOpaque(map, WRITTEN_RECORDS_AT) - (long) WIDE.getOpaque(map, CONSUMED_RECORDS_AT));
    }

    /// Gives up the mapping; the file stays.
    @Override
    public void close() {
        arena.close();
    }

    private int checksum(byte[] payload, int length) {
        crc.reset();
        crc.update(payload, 0, length);
        return (int) crc.getValue();
    }
}
