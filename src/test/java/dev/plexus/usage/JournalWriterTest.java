package dev.plexus.usage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.JournalState;
import dev.plexus.message.JournalStateAsked;
import dev.plexus.message.UsageLane;
import dev.plexus.message.UsageLaneAsked;
import dev.plexus.message.UsageRecord;
import dev.plexus.pricing.Cost;
import dev.plexus.storage.Database;
import dev.plexus.storage.DatabaseUrl;
import dev.plexus.storage.InferenceErrorRepository;
import dev.plexus.storage.UsageRepository;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way from a lane to the database, on SQLite.
class JournalWriterTest {

    private static final WriterPace EAGER = new WriterPace(500, Duration.ofMillis(5), Duration.ofSeconds(30));
    private static final Cost COST = new Cost(
            new BigDecimal("0.00018"), new BigDecimal("0.00009"), new BigDecimal("0.0000225"), BigDecimal.ZERO, new BigDecimal("0.0002925"), "simple", "{}");

    /// One life of the process.
    private final class Life implements AutoCloseable {
        final Vertx vertx = Vertx.vertx();
        final Bus bus = Bus.on(vertx);
        final Database database = Database.at(vertx, new DatabaseUrl.SqliteFile(file), 2);
        final UsageRepository usages = new UsageRepository(database);
        final Journal journal;
        final List<UsageRecord> observed = new CopyOnWriteArrayList<>();
        final String writer;

        Life(WriterPace pace) throws IOException {
            journal = Journal.open(directory.resolve("journal"), 64 * 1_024, Thread::startVirtualThread, System::nanoTime);
            vertx.deployVerticle(() -> new UsageVerticle(bus, journal, List.of(observed::add)), new DeploymentOptions()).await();
            writer = vertx.deployVerticle(
                            () -> new JournalWriterVerticle(
                                    bus, journal, database, _ -> COST, "node-1", InstantSource.system(), System::nanoTime, pace),
                            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                    .await();
        }

        UsageLane lane(int lane) {
            return bus.ask(Addresses.USAGE_LANE, new UsageLaneAsked(lane)).await();
        }

        JournalState state() {
            return bus.ask(Addresses.JOURNAL_STATE, new JournalStateAsked()).await();
        }

        @Nullable Map<String, @Nullable Object> row(String id) {
            return usages.find(id).await().orElse(null);
        }

        @Nullable Object status(String id) {
            Map<String, @Nullable Object> row = row(id);
            return row == null ? null : row.get("response_status");
        }

        @Override
        public void close() throws IOException {
            vertx.undeploy(writer).await();
            journal.close();
            database.close().await();
            vertx.close().await();
            lives.remove(this);
        }
    }

    private final Path directory;
    private final Path file;
    private final List<Life> lives = new ArrayList<>();

    JournalWriterTest(@TempDir Path directory) {
        this.directory = directory;
        this.file = directory.resolve("data/plexus.db");
    }

    @AfterEach
    void end() throws IOException {
        for (Life life : List.copyOf(lives)) {
            life.close();
        }
    }

    @Test
    void records_of_all_lanes_arrive_with_their_cost() throws IOException {
        Life life = live(EAGER);
        UsageLane first = life.lane(0);
        UsageLane second = life.lane(1);
        for (long i = 0; i < 3_000; i++) {
            first.append(Records.success(i));
            second.append(Records.success(100_000 + i));
        }

        until(() -> life.state().backlogRecords() == 0);

        assertThat(life.usages.count().await()).isEqualTo(6_000);
        assertThat(requireNonNull(life.row(Records.success(17).requestId().value())))
                .containsEntry("cost_total", 0.0002925)
                .containsEntry("node", "node-1")
                .containsEntry("response_status", "success");
        assertThat(life.state()).satisfies(state -> {
            assertThat(state.written()).isEqualTo(6_000);
            assertThat(state.backlogBytes()).isZero();
            assertThat(state.lastError()).isNull();
        });
    }

    @Test
    void the_same_lane_gets_the_same_end_and_observers_hear_of_each_exchange() throws IOException {
        Life life = live(EAGER);

        assertThat(life.lane(3)).isSameAs(life.lane(3)).isNotSameAs(life.lane(4));
        life.bus.tell(Addresses.USAGE_RECORD, Records.success(1));

        until(() -> life.observed.size() == 1);
    }

    @Test
    void a_pending_record_is_replaced_by_its_end_and_never_the_other_way_round() throws IOException {
        Life life = live(EAGER);
        UsageLane lane = life.lane(0);
        lane.append(Records.pending("a"));
        until(() -> "pending".equals(life.status("a")));
        lane.append(Records.success("a"));
        lane.append(Records.pending("a"));

        until(() -> "success".equals(life.status("a")));
        lane.append(Records.pending("a"));
        until(() -> life.state().backlogRecords() == 0);

        assertThat(life.status("a")).isEqualTo("success");
    }

    @Test
    void a_locked_database_delays_records_but_neither_lanes_nor_their_content() throws Exception {
        Life life = live(EAGER);
        UsageLane lane = life.lane(0);
        lane.append(Records.success(0));
        until(() -> life.state().written() == 1);
        long slowest = 0;
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            long began = System.nanoTime();
            long number = 1;
            while (System.nanoTime() - began < 6_500_000_000L) {
                long before = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    lane.append(Records.success(number++));
                }
                slowest = Math.max(slowest, System.nanoTime() - before);
                Thread.sleep(2);
            }
            until(() -> life.state().lastError() != null);
            JournalState stuck = life.state();
            assertThat(stuck.backlogRecords()).isEqualTo(number - 1);
            assertThat(stuck.lastError()).containsIgnoringCase("lock");
            assertThat(life.usages.count().await()).isEqualTo(1);
            statement.execute("rollback");

            long all = number;
            until(() -> life.usages.count().await() == all);
        }
        assertThat(slowest).as("ten appends while the database is locked, ns").isLessThan(200_000_000L);
        until(() -> life.state().lastError() == null);
    }

    @Test
    void what_was_appended_while_nobody_wrote_is_written_by_the_next_process_and_pending_ones_are_aborted() throws IOException {
        try (Journal journal =
                Journal.open(directory.resolve("journal"), 64 * 1_024, Thread::startVirtualThread, System::nanoTime)) {
            UsageLane lane = journal.lane(0);
            lane.append(Records.pending("never-ended"));
            lane.append(Records.pending("ended"));
            for (long i = 0; i < 500; i++) {
                lane.append(Records.success(i));
            }
            lane.append(Records.success("ended"));
        }
        Life life = live(EAGER);
        life.lane(0).append(Records.at("of-this-process", System.currentTimeMillis() + 1_000, ExchangeStatus.PENDING));

        until(() -> "aborted".equals(life.status("never-ended")));

        assertThat(life.status("ended")).isEqualTo("success");
        assertThat(life.status("of-this-process")).isEqualTo("pending");
        assertThat(life.usages.count().await()).isEqualTo(503);
    }

    @Test
    void a_batch_stored_just_before_a_crash_is_not_doubled_nor_are_its_errors() throws IOException {
        try (Journal journal =
                Journal.open(directory.resolve("journal"), 64 * 1_024, Thread::startVirtualThread, System::nanoTime)) {
            for (int i = 0; i < 50; i++) {
                journal.lane(0).append(Records.failure("f" + i));
            }
        }
        copy(directory.resolve("journal"), directory.resolve("kept"));
        try (Life first = live(EAGER)) {
            until(() -> first.usages.count().await() == 50);
        }
        copy(directory.resolve("kept"), directory.resolve("journal"));

        Life second = live(EAGER);
        until(() -> second.state().written() == 50);

        assertThat(second.usages.count().await()).isEqualTo(50);
        assertThat(new InferenceErrorRepository(second.database).of("f7").await()).hasSize(2);
    }

    @Test
    void a_record_that_the_database_refuses_is_set_aside_and_the_others_are_stored() throws Exception {
        Life life = live(EAGER);
        life.database.ready().await();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("create trigger poison before insert on request_usage when new.source_ip = 'poison'"
                    + " begin select raise(abort, 'no such client'); end");
        }
        UsageLane lane = life.lane(0);
        for (long i = 0; i < 400; i++) {
            UsageRecord usage = Records.success(i);
            lane.append(i % 100 == 37 ? Records.withSourceIp(usage, "poison") : usage);
        }

        until(() -> life.state().backlogRecords() == 0);

        assertThat(life.usages.count().await()).isEqualTo(396);
        assertThat(life.state().rejected()).isEqualTo(4);
        assertThat(life.state().lastError()).isNull();
        assertThat(Files.readAllLines(directory.resolve("journal/rejected.tsv")))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).contains("no such client"));
    }

    @Test
    void stopping_writes_what_is_there() throws IOException {
        try (Life life = live(WriterPace.DEFAULT)) {
            UsageLane lane = life.lane(0);
            for (long i = 0; i < 5_000; i++) {
                lane.append(Records.success(i));
            }
        }
        try (Life life = live(EAGER)) {
            life.database.ready().await();
            assertThat(life.usages.count().await()).isEqualTo(5_000);
            assertThat(life.state().backlogRecords()).isZero();
        }
    }

    @Test
    void a_young_backlog_is_written_at_leisure_and_an_older_one_ever_faster() {
        WriterPace pace = WriterPace.DEFAULT;

        assertThat(pace.pauseMs(500, 0, 20)).isEqualTo(80);
        assertThat(pace.pauseMs(500, 30_000, 20)).isEqualTo(30);
        assertThat(pace.pauseMs(500, 90_000, 20)).isEqualTo(5);
        assertThat(pace.pauseMs(500, 3_600_000, 20)).isZero();
        assertThat(pace.pauseMs(3, 40_000, 20)).isEqualTo(80);
        assertThat(pace.pauseMs(500, 1_000, 400)).isZero();
    }

    private Life live(WriterPace pace) throws IOException {
        Life life = new Life(pace);
        lives.add(life);
        life.database.ready().await();
        return life;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".log")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 20 s").isLessThan(deadline);
            try {
                Thread.sleep(10);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
