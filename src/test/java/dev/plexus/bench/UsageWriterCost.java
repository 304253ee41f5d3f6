package dev.plexus.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.JournalStateAsked;
import dev.plexus.message.UsageLane;
import dev.plexus.pricing.Cost;
import dev.plexus.storage.Database;
import dev.plexus.storage.DatabaseUrl;
import dev.plexus.storage.RealPostgres;
import dev.plexus.usage.Journal;
import dev.plexus.usage.JournalWriterVerticle;
import dev.plexus.usage.Records;
import dev.plexus.usage.WriterPace;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// How much processor does a usage row cost on its way from the journal to the database, all threads together?
///
/// `java -cp target/test-classes:target/classes:<libraries> dev.plexus.bench.UsageWriterCost [postgres]` (the server's own processor time is not counted)
public final class UsageWriterCost {

    private static final int ROWS = 40_000;

    private UsageWriterCost() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("plexus-writer");
        boolean postgres = arguments.length > 0 && arguments[0].equals("postgres");
        String url = postgres ? RealPostgres.freshDatabase() : "sqlite://" + directory.resolve("p.db");
        Vertx vertx = Vertx.vertx();
        Bus bus = Bus.on(vertx);
        var cost = new Cost(
                new BigDecimal("0.00018"),
                new BigDecimal("0.00009"),
                new BigDecimal("0.0000225"),
                BigDecimal.ZERO,
                new BigDecimal("0.0002925"),
                "simple",
                "{}");
        Journal journal = Journal.open(directory.resolve("journal"), Journal.SEGMENT_BYTES, Thread::startVirtualThread, System::nanoTime);
        long began = System.nanoTime();
        Database database = Database.at(vertx, DatabaseUrl.parse(url), 2);
        database.ready().await();
        System.out.printf("first start of the database: %d ms%n", (System.nanoTime() - began) / 1_000_000);
        Database again = Database.at(vertx, DatabaseUrl.parse(url), 2);
        began = System.nanoTime();
        again.ready().await();
        System.out.printf("schema already current: %d ms%n", (System.nanoTime() - began) / 1_000_000);

        UsageLane lane = journal.lane(0);
        vertx.deployVerticle(
                        () -> new JournalWriterVerticle(
                                bus,
                                journal,
                                database,
                                _ -> cost,
                                "node",
                                InstantSource.system(),
                                System::nanoTime,
                                new WriterPace(500, Duration.ofMillis(1), Duration.ZERO)),
                        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                .await();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int round = 0; round < 6; round++) {
            for (long i = 0; i < ROWS; i++) {
                lane.append(Records.success(round * 10_000_000L + i));
            }
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            long target = (round + 1L) * ROWS;
            while (bus.ask(Addresses.JOURNAL_STATE, new JournalStateAsked()).await().written() < target) {
                Thread.sleep(5);
            }
            System.out.printf(
                    "round %d: %.1f us processor per row, %,.0f rows/s%n",
                    round,
                    (system.getProcessCpuTime() - cpu) / 1e3 / ROWS,
                    ROWS / ((System.nanoTime() - start) / 1e9));
        }
        System.exit(0);
    }
}
