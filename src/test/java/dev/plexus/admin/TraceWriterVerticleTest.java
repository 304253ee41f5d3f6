package dev.plexus.admin;

import static dev.plexus.message.Addresses.TRACE_RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.app.RunningGateway;
import dev.plexus.config.Config;
import dev.plexus.config.ConfigReader;
import dev.plexus.message.Bus;
import dev.plexus.message.Capture;
import dev.plexus.message.CaptureBudget;
import dev.plexus.message.DebugTrace;
import dev.plexus.storage.Database;
import dev.plexus.storage.DatabaseUrl;
import dev.plexus.storage.Removal;
import dev.plexus.storage.TraceRepository;
import dev.plexus.usage.Records;
import dev.plexus.wire.Pieces;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of traces, and of what is old.
class TraceWriterVerticleTest {

    private static final DeploymentOptions ASIDE = new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.on(vertx);
    private final Database database;
    private final TraceRepository traces;
    private final AtomicInteger dropped = new AtomicInteger();

    TraceWriterVerticleTest(@TempDir Path directory) {
        database = Database.at(vertx, DatabaseUrl.parse("sqlite://" + directory.resolve("p.db")), 2);
        traces = new TraceRepository(database);
        database.ready().await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private static Config config(String more) {
        return Objects.requireNonNull(new ConfigReader(_ -> null, _ -> "")
                .read("adminKey: admin-secret\nproviders: {}\nmodels: {}\nkeys: {}\n" + more)
                .config());
    }

    private static DebugTrace trace(String id) {
        Capture capture = new Capture(new CaptureBudget(1_000), 1);
        capture.asked(MultiMap.caseInsensitiveMultiMap(), Pieces.of("hello admin-secret".getBytes(StandardCharsets.UTF_8)));
        return capture.trace(Records.success(id), MultiMap.caseInsensitiveMultiMap(), 200);
    }

    @Test
    void of_more_traces_than_the_database_takes_the_newest_are_kept_and_the_others_counted() {
        vertx.deployVerticle(new TraceWriterVerticle(bus, traces, config(""), dropped::addAndGet), ASIDE).await();
        Promise<Void> release = Promise.promise();
        database.inTransaction(_ -> release.future());

        for (int number = 0; number < 1_000; number++) {
            bus.tell(TRACE_RECORD, trace("t-" + number));
        }
        RunningGateway.eventually("traces pushed out", () -> dropped.get() >= 1_000 - 256 - 8);
        release.complete();

        RunningGateway.eventually("the newest", () -> traces.find("t-999").await().isPresent());
        assertThat(traces.count().await() + dropped.get()).isEqualTo(1_000);
        assertThat(traces.find("t-999").await().orElseThrow().getString("rawRequest")).isEqualTo("hello ***");
    }

    @Test
    void what_is_older_than_its_retention_is_swept_away() {
        vertx.deployVerticle(new TraceWriterVerticle(bus, traces, config(""), dropped::addAndGet), ASIDE).await();
        bus.tell(TRACE_RECORD, trace("old"));
        RunningGateway.eventually("a trace", () -> traces.count().await() == 1);

        vertx.deployVerticle(
                        new RetentionVerticle(
                                bus, new Removal(database), InstantSource.system(), config("retention: {debugDays: 1}\n"), Duration.ofMillis(1),
                                Duration.ofHours(1)),
                        ASIDE)
                .await();

        RunningGateway.eventually("the sweep", () -> traces.count().await() == 0);
    }

    @Test
    void a_capture_keeps_what_its_budget_allows_and_gives_it_back() {
        CaptureBudget budget = new CaptureBudget(10);
        Capture capture = new Capture(budget, 1);
        capture.received(Buffer.buffer("12345678"));
        capture.written(Buffer.buffer("12345678"));

        assertThat(budget.left()).isZero();
        DebugTrace cut = capture.trace(Records.success("a"), MultiMap.caseInsensitiveMultiMap(), 200);
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.bodies().clientResponse().toString()).isEqualTo("12");
        assertThat(budget.left()).isEqualTo(10);
        capture.received(Buffer.buffer("late"));
        assertThat(budget.left()).isEqualTo(10);
    }
}
