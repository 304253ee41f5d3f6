package dev.plexus.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.message.UsageLane;
import dev.plexus.message.UsageRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final int SMALL = 64 * 1_024;
    private static final Executor ELSEWHERE = Thread::startVirtualThread;

    private final Path directory;

    JournalTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void every_record_is_handed_out_once_in_the_order_of_its_lane() throws IOException {
        try (Journal journal = open(directory);
                JournalReader reader = reader(journal)) {
            UsageLane first = journal.lane(0);
            UsageLane second = journal.lane(1);
            for (long i = 0; i < 1_000; i++) {
                first.append(Records.success(i));
                second.append(Records.success(10_000 + i));
            }

            List<Long> read = drain(reader, 77);

            assertThat(read).hasSize(2_000).doesNotHaveDuplicates();
            assertThat(read.stream().filter(number -> number < 10_000)).isSorted();
            assertThat(read.stream().filter(number -> number >= 10_000)).isSorted();
            assertThat(reader.backlogRecords()).isZero();
            assertThat(reader.backlogBytes()).isZero();
        }
        assertThat(segments()).isEmpty();
    }

    @Test
    void a_full_segment_is_followed_by_another_and_deleted_when_it_is_stored() throws IOException {
        try (Journal journal = open(directory);
                JournalReader reader = reader(journal)) {
            UsageLane lane = journal.lane(0);
            for (long i = 0; i < 2_000; i++) {
                lane.append(Records.success(i));
            }
            long before = segments().size();

            List<Long> read = drain(reader, 500);

            assertThat(read).hasSize(2_000).isSorted().doesNotHaveDuplicates();
            assertThat(before).isGreaterThan(5);
            assertThat(segments().size()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void what_was_read_but_not_stored_is_read_again_after_a_restart_and_nothing_else() throws IOException {
        try (Journal journal = open(directory);
                JournalReader reader = reader(journal)) {
            UsageLane lane = journal.lane(0);
            for (long i = 0; i < 700; i++) {
                lane.append(Records.success(i));
            }
            reader.stored(reader.read(300));
            reader.read(100);
        }
        try (Journal journal = open(directory);
                JournalReader reader = reader(journal)) {
            assertThat(reader.backlogRecords()).isEqualTo(400);
            assertThat(reader.leftoversRead()).isFalse();
            journal.lane(0).append(Records.success(9_999));

            List<Long> read = drain(reader, 1_000);

            assertThat(read).hasSize(401).startsWith(300L).endsWith(699L, 9_999L).doesNotHaveDuplicates();
            assertThat(reader.leftoversRead()).isTrue();
        }
    }

    @Test
    void a_copy_of_the_files_taken_at_any_moment_has_all_that_was_appended_before() throws Exception {
        AtomicLong appended = new AtomicLong(-1);
        try (Journal journal = open(directory.resolve("live"))) {
            UsageLane lane = journal.lane(0);
            Thread writer = Thread.ofPlatform().start(() -> {
                for (long i = 0; i < 40_000; i++) {
                    lane.append(Records.success(i));
                    appended.setRelease(i);
                }
            });
            for (int copy = 0; copy < 10; copy++) {
                long acknowledged = appended.getAcquire();
                Path frozen = copyOf(directory.resolve("live"), directory.resolve("copy" + copy));
                try (Journal replayed = open(frozen);
                        JournalReader reader = reader(replayed)) {
                    List<Long> read = drain(reader, 1_000);
                    assertThat(read).doesNotHaveDuplicates().isSorted();
                    assertThat((long) read.size()).isGreaterThan(acknowledged);
                    assertThat(reader.damaged()).isZero();
                }
            }
            writer.join();
        }
    }

    @Test
    void a_damaged_record_is_skipped_and_those_behind_it_are_read() throws IOException {
        append(3);
        Path segment = segments().getFirst();
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(Segment.HEADER_BYTES + 30);
            file.write(0x55);
        }
        try (Journal journal = open(directory);
                JournalReader reader = reader(journal)) {
            assertThat(drain(reader, 10)).containsExactly(1L, 2L);
            assertThat(reader.damaged()).isEqualTo(1);
        }
    }

    @Test
    void a_file_that_is_no_segment_is_kept_aside_and_stops_nothing() throws IOException {
        append(3);
        Files.writeString(directory.resolve("0-99.log"), "x".repeat(10_000));
        Files.writeString(directory.resolve("0-100.log"), "short");
        Files.writeString(directory.resolve("0-7.log.tmp"), "unfinished");
        try (Journal journal = open(directory);
                JournalReader reader = reader(journal)) {
            journal.lane(0).append(Records.success(3));

            assertThat(drain(reader, 10)).containsExactly(0L, 1L, 2L, 3L);
        }
        assertThat(directory.resolve("0-99.log.damaged")).exists();
        assertThat(directory.resolve("0-7.log.tmp")).doesNotExist();
    }

    @Test
    void a_second_process_is_told_that_the_journal_is_taken() throws IOException {
        try (Journal _ = open(directory)) {
            assertThatThrownBy(() -> open(directory)).isInstanceOf(IOException.class).hasMessageContaining("another running process");
        }
        open(directory).close();
    }

    @Test
    void a_lane_that_finds_no_room_says_so_and_goes_on_when_there_is() throws IOException {
        AtomicLong time = new AtomicLong();
        try (Journal journal = Journal.open(directory, SMALL, Runnable::run, time::get);
                JournalReader reader = reader(journal)) {
            UsageLane lane = journal.lane(0);
            // A directory in the way of the third segment, as a full disk would be.
            Path inTheWay = Files.createDirectories(directory.resolve("0-3.log").resolve("x"));
            long appended = 0;
            try {
                while (appended < 10_000) {
                    lane.append(Records.success(appended));
                    appended++;
                }
            } catch (UncheckedIOException full) {
                assertThat(full).hasMessageContaining("cannot grow");
            }
            long refusedAt = appended;
            assertThatThrownBy(() -> lane.append(Records.success(refusedAt))).isInstanceOf(UncheckedIOException.class);
            Files.delete(inTheWay);
            Files.delete(directory.resolve("0-3.log"));
            time.addAndGet(2_000_000_000L);
            assertThatThrownBy(() -> lane.append(Records.success(refusedAt))).isInstanceOf(UncheckedIOException.class);

            lane.append(Records.success(refusedAt));

            assertThat(drain(reader, 100)).hasSize((int) refusedAt + 1).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_million_records_wait_on_disk_and_not_in_memory() throws IOException {
        try (Journal journal = Journal.open(directory, Journal.SEGMENT_BYTES, ELSEWHERE, System::nanoTime);
                JournalReader reader = reader(journal)) {
            UsageLane lane = journal.lane(0);
            UsageRecord usage = Records.success(1);
            long before = usedHeap();
            long began = System.nanoTime();
            for (int i = 0; i < 1_000_000; i++) {
                lane.append(usage);
            }
            double perRecord = (System.nanoTime() - began) / 1e9;

            assertThat(usedHeap() - before).isLessThan(8_000_000);
            assertThat(reader.backlogRecords()).isEqualTo(1_000_000);
            assertThat(perRecord).as("microseconds for one record").isLessThan(20);
            int read = 0;
            for (JournalReader.Batch batch = reader.read(500); !batch.records().isEmpty(); batch = reader.read(500)) {
                read += batch.records().size();
                reader.stored(batch);
            }
            assertThat(read).isEqualTo(1_000_000);
            assertThat(usedHeap() - before).isLessThan(8_000_000);
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private void append(int count) throws IOException {
        try (Journal journal = open(directory)) {
            for (long i = 0; i < count; i++) {
                journal.lane(0).append(Records.success(i));
            }
        }
    }

    private static Journal open(Path directory) throws IOException {
        return Journal.open(directory, SMALL, ELSEWHERE, System::nanoTime);
    }

    private static JournalReader reader(Journal journal) {
        return new JournalReader(journal, new Rejected(journal.directory().resolve("rejected.tsv"), InstantSource.system()));
    }

    private static List<Long> drain(JournalReader reader, int limit) {
        List<Long> numbers = new ArrayList<>();
        while (true) {
            JournalReader.Batch batch = reader.read(limit);
            assertThat(batch.records().size()).isLessThanOrEqualTo(limit);
            batch.records().forEach(usage -> numbers.add(number(usage)));
            reader.stored(batch);
            if (batch.records().isEmpty()) {
                return numbers;
            }
        }
    }

    static long number(UsageRecord usage) {
        return java.util.UUID.fromString(usage.requestId().value()).getLeastSignificantBits() & Long.MAX_VALUE;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }

    /// Copies oldest segments first, as a crash leaves them; a segment that vanishes meanwhile was finished.
    private static Path copyOf(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        Set<Path> copied = new HashSet<>();
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted(java.util.Comparator.comparingLong(JournalTest::sequence))
                    .toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                copied.add(file);
            }
        }
        assertThat(copied).isNotEmpty();
        return to;
    }

    private static long sequence(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(name.indexOf('-') + 1, name.indexOf('.')));
    }
}
