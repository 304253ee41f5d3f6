package dev.plexus.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.UsageLane;
import dev.plexus.message.UsageRecord;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9`, twenty times, at any moment.
class JournalKillTest {

    private static final int LIVES = 20;
    private static final long NUMBERS_OF_A_LIFE = 100_000_000L;
    private static final int SEGMENT_BYTES = 256 * 1_024;

    private final Path directory;

    JournalKillTest(@TempDir Path directory) {
        this.directory = directory;
    }

    /// The process that is killed: two lanes append numbered records and say each number once `append` has returned.
    static final class Child {

        public static void main(String[] arguments) throws Exception {
            Journal journal = Journal.open(Path.of(arguments[0]), SEGMENT_BYTES, Thread::startVirtualThread, System::nanoTime);
            long first = Long.parseLong(arguments[1]);
            var said = new DataOutputStream(new BufferedOutputStream(System.out, 8));
            for (int lane = 0; lane < 2; lane++) {
                UsageLane end = journal.lane(lane);
                long from = first + lane * (NUMBERS_OF_A_LIFE / 2);
                Thread.ofPlatform().start(() -> {
                    try {
                        for (long number = from; ; number++) {
                            end.append(Records.success(number));
                            synchronized (said) {
                                said.writeLong(number);
                                said.flush();
                            }
                        }
                    } catch (IOException parentIsGone) {
                        Runtime.getRuntime().halt(1);
                    }
                });
            }
        }
    }

    @Test
    void a_killed_process_loses_no_record_that_it_had_acknowledged_and_doubles_none() throws Exception {
        Random random = new Random(7);
        Set<Long> acknowledged = new HashSet<>();
        Set<Long> stored = new HashSet<>();
        for (int life = 0; life < LIVES; life++) {
            acknowledged.addAll(liveAndDie(life * NUMBERS_OF_A_LIFE, 5 + random.nextInt(150)));
            if (life % 3 == 2 || life == LIVES - 1) {
                replay(stored, life == LIVES - 1 ? Integer.MAX_VALUE : 1 + random.nextInt(20));
            }
        }

        assertThat(acknowledged).hasSizeGreaterThan(LIVES * 10);
        // Not AssertJ's own: it compares each with each.
        assertThat(stored.containsAll(acknowledged)).as("everything acknowledged was stored").isTrue();
        // Each lane may have appended one record more in each life than it could tell of.
        assertThat(stored.size() - acknowledged.size()).isLessThanOrEqualTo(2 * LIVES);
    }

    private Set<Long> liveAndDie(long first, int millis) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Child.class.getName(),
                        directory.toString(),
                        Long.toString(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<Long> acknowledged = new HashSet<>();
        try (DataInputStream said = new DataInputStream(child.getInputStream())) {
            acknowledged.add(said.readLong());
            Thread killer = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(millis);
                } catch (InterruptedException early) {
                    throw new IllegalStateException(early);
                } finally {
                    // SIGKILL through the handle: the process object would also close the pipe that still holds its last words.
                    child.toHandle().destroyForcibly();
                }
            });
            try {
                while (true) {
                    acknowledged.add(said.readLong());
                }
            } catch (EOFException dead) {
                killer.join();
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }

    /// Stores some batches and leaves in the middle of one, as a process does that is killed while it replays.
    private void replay(Set<Long> stored, int batches) throws IOException {
        try (Journal journal = Journal.open(directory, SEGMENT_BYTES, Thread::startVirtualThread, System::nanoTime);
                JournalReader reader = new JournalReader(journal, new Rejected(directory.resolve("rejected.tsv"), InstantSource.system()))) {
            for (int i = 0; i < batches; i++) {
                JournalReader.Batch batch = reader.read(500);
                if (batch.records().isEmpty()) {
                    break;
                }
                for (UsageRecord usage : batch.records()) {
                    long number = JournalTest.number(usage);
                    if (!stored.add(number)) {
                        throw new AssertionError(number + " is stored twice");
                    }
                }
                reader.stored(batch);
            }
            reader.read(500);
            assertThat(reader.damaged()).isZero();
            assertThat(reader.backlogRecords()).isGreaterThanOrEqualTo(0);
        }
    }
}
