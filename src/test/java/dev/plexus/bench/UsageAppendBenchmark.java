package dev.plexus.bench;

import dev.plexus.message.UsageLane;
import dev.plexus.message.UsageRecord;
import dev.plexus.usage.Journal;
import dev.plexus.usage.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a lane pay to know that a usage record survives the process? (a success with one attempt, 260 bytes; new segments included)
///
/// `java -cp target/test-classes:target/classes:<libraries> org.openjdk.jmh.Main UsageAppend`
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in its set-up
public class UsageAppendBenchmark {

    private Path directory;
    private Journal journal;
    private UsageLane lane;
    private UsageRecord usage;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = Files.createTempDirectory("plexus-journal");
        journal = Journal.open(directory, Journal.SEGMENT_BYTES, Thread::startVirtualThread, System::nanoTime);
        lane = journal.lane(0);
        usage = Records.success(1);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        journal.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public void append() {
        lane.append(usage);
    }
}
