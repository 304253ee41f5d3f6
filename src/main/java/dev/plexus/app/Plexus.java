package dev.plexus.app;

import static dev.plexus.message.Addresses.CONFIG_STATE;
import static dev.plexus.message.Addresses.INGRESS_DRAIN;
import static dev.plexus.message.Addresses.JOURNAL_STATE;
import static dev.plexus.message.Addresses.PERFORMANCE_SEEN;

import dev.plexus.admin.AdminVerticle;
import dev.plexus.admin.RetentionVerticle;
import dev.plexus.admin.TraceWriterVerticle;
import dev.plexus.config.Config;
import dev.plexus.config.ConfigFault;
import dev.plexus.config.ConfigRead;
import dev.plexus.config.ConfigReader;
import dev.plexus.config.ConfigSummary;
import dev.plexus.ingress.HealthSource;
import dev.plexus.ingress.IngressVerticle;
import dev.plexus.live.ConfigVerticle;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigState;
import dev.plexus.message.ConfigStateAsked;
import dev.plexus.message.DrainAsked;
import dev.plexus.message.JournalState;
import dev.plexus.message.JournalStateAsked;
import dev.plexus.message.ProbeLeases;
import dev.plexus.message.Slots;
import dev.plexus.message.TraceRules;
import dev.plexus.message.UsageRecorded;
import dev.plexus.prices.PricesVerticle;
import dev.plexus.provider.ProviderVerticle;
import dev.plexus.quota.QuotaVerticle;
import dev.plexus.routing.CooldownVerticle;
import dev.plexus.routing.PerformanceVerticle;
import dev.plexus.routing.RoutingVerticle;
import dev.plexus.storage.CooldownRepository;
import dev.plexus.storage.Database;
import dev.plexus.storage.DatabaseUrl;
import dev.plexus.storage.PerformanceRepository;
import dev.plexus.storage.QuotaRepository;
import dev.plexus.storage.Removal;
import dev.plexus.storage.TraceRepository;
import dev.plexus.telemetry.ExchangeLog;
import dev.plexus.telemetry.Telemetry;
import dev.plexus.usage.Journal;
import dev.plexus.usage.JournalWriterVerticle;
import dev.plexus.usage.UsageVerticle;
import dev.plexus.usage.WriterPace;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running gateway, and the plan by which it is wired: every actor is made here, and nowhere else.
public final class Plexus {

    private static final Logger LOG = LoggerFactory.getLogger(Plexus.class);
    private static final int POSTGRES_CONNECTIONS = 10;
    private static final Duration FIRST_SWEEP = Duration.ofMinutes(1);
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final Settings settings;
    private final Vertx vertx;
    private final Bus bus;
    private final Lanes lanes;
    private final Telemetry telemetry;
    private final Database database;
    private final Journal journal;
    private final ExecutorService filing;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final SplittableRandom seeds;
    private final Snapshots snapshots;
    private final Slots slots = new Slots();
    private final ProbeLeases probes = new ProbeLeases();
    private final List<String> upkeep = new ArrayList<>();
    private volatile int port;

    private Plexus(Settings settings, Config initial, Telemetry telemetry, Vertx vertx, Database database, Journal journal, ExecutorService filing) {
        this.settings = settings;
        this.telemetry = telemetry;
        this.vertx = vertx;
        this.database = database;
        this.journal = journal;
        this.filing = filing;
        this.bus = Bus.on(vertx);
        this.lanes = new Lanes(vertx, loops());
        this.clock = Clock.systemUTC();
        this.nanos = System::nanoTime;
        this.seeds = new SplittableRandom();
        this.snapshots = new Snapshots(initial);
    }

    /// Starts everything, and succeeds when the gateway can serve. Fails, with a message for the operator, when it cannot; never half-started.
    public static Future<Plexus> start(Settings settings) {
        ConfigReader reader = new ConfigReader(settings.environment(), file -> Files.readString(Path.of(file)));
        Config initial;
        try {
            ConfigRead read = reader.read(Files.readString(settings.configFile()));
            report(settings, read);
            if (read.config() == null) {
                return Future.failedFuture(read.errors().stream()
                        .map(fault -> fault.describe(settings.configFile().toString()))
                        .reduce("The configuration has errors:", (all, one) -> all + "\n  " + one));
            }
            initial = read.config();
        } catch (IOException unreadable) {
            return Future.failedFuture("Configuration file not readable at " + settings.configFile() + ": " + unreadable.getMessage());
        }
        Telemetry telemetry = new Telemetry();
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(loops())
                        .setPreferNativeTransport(true)
                        .setMetricsOptions(telemetry.vertxOptions()))
                .withMetrics(telemetry.vertxMetrics())
                .build();
        ExecutorService filing = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("plexus-journal").daemon().factory());
        try {
            Files.createDirectories(settings.dataDir());
            Journal journal = Journal.open(settings.dataDir().resolve("journal"), Journal.SEGMENT_BYTES, filing, System::nanoTime);
            Database database = Database.at(vertx, DatabaseUrl.parse(settings.databaseUrl()), POSTGRES_CONNECTIONS);
            Plexus plexus = new Plexus(settings, initial, telemetry, vertx, database, journal, filing);
            return plexus.deploy(reader).recover(failure -> plexus.close().transform(_ -> Future.failedFuture(failure)));
        } catch (IOException | IllegalArgumentException failure) {
            return vertx.close().transform(_ -> Future.failedFuture(failure));
        }
    }

    private static int loops() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static void report(Settings settings, ConfigRead read) {
        for (ConfigFault fault : read.faults()) {
            String line = fault.describe(settings.configFile().toString());
            switch (fault.severity()) {
                case ERROR -> LOG.error("{}", line);
                case WARNING -> LOG.warn("{}", line);
                case NOTICE -> {} // all of them in one line, below
            }
        }
        ConfigSummary.withoutEffect(read.faults()).ifPresent(line -> LOG.warn("{}: {}", settings.configFile(), line));
    }

    /// The actors, in the order in which they need one another.
    private Future<Plexus> deploy(ConfigReader reader) {
        Config initial = snapshots.latest();
        ExchangeLog log = new ExchangeLog();
        snapshots.follow(bus);
        LiveFeed live = new LiveFeed(vertx, bus);
        return database.ready()
                .compose(_ -> one(new CooldownVerticle(bus, clock, new Cooldowns(new CooldownRepository(database), clock), lanes.count(), initial)))
                .onSuccess(upkeep::add)
                .compose(_ -> one(performance()))
                .onSuccess(upkeep::add)
                .compose(_ -> one(new PricesVerticle(bus, initial, settings.priceList(), settings.dataDir())))
                .compose(_ -> one(new UsageVerticle(bus, journal, List.of(usage -> {
                    var cost = snapshots.cost(usage);
                    telemetry.exchanges().record(usage, cost);
                    log.write(usage, cost);
                    live.add(new UsageRecorded.One(usage, cost));
                    bus.tell(PERFORMANCE_SEEN, usage);
                }))))
                .compose(_ -> one(new QuotaVerticle(bus, initial, clock, new Quotas(new QuotaRepository(database)), snapshots::cost,
                        telemetry.gateway()::quotaCheckFailed)))
                .onSuccess(upkeep::add)
                .compose(_ -> vertx.deployVerticle(
                        new JournalWriterVerticle(bus, journal, database, snapshots::cost, settings.node(), clock, nanos, WriterPace.DEFAULT),
                        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)))
                .onSuccess(upkeep::add)
                .compose(_ -> lanes.deploy(lane -> new RoutingVerticle(bus, lane, clock, seeds.split(), snapshots.rules(), slots, probes)))
                .compose(_ -> one(new FleetVerticle(bus, lanes, (lane, provider) -> new ProviderVerticle(
                        bus, lane, provider, clock, nanos, seeds.split(), telemetry.gateway(), slots, probes), initial)))
                .compose(_ -> one(new ConfigVerticle(bus, settings.configFile(), reader, initial, telemetry.gateway()::configReloaded)))
                .compose(_ -> administer(initial))
                .compose(_ -> listen(initial))
                .map(_ -> {
                    watch();
                    ConfigSummary.lines(initial).forEach(line -> LOG.info("{}", line));
                    LOG.info("listening on {}:{}", settings.host(), port);
                    return this;
                });
    }

    /// The management API and what it looks after, on threads of their own.
    private Future<?> administer(Config initial) {
        DeploymentOptions aside = new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
        TraceRules traces = settings.debugCapture() ? TraceRules.ALL : TraceRules.OFF;
        return vertx.deployVerticle(new AdminVerticle(bus, database, initial, clock, settings.node(), Math.max(1, loops() / 2), traces), aside)
                .compose(_ -> vertx.deployVerticle(
                        new TraceWriterVerticle(bus, new TraceRepository(database), initial, telemetry.gateway()::tracesDropped), aside))
                .onSuccess(upkeep::add)
                .compose(_ -> vertx.deployVerticle(
                        new RetentionVerticle(bus, new Removal(database), clock, initial, FIRST_SWEEP, SWEEP_EVERY), aside))
                .onSuccess(upkeep::add);
    }

    private PerformanceVerticle performance() {
        int samplesMax = settings.performanceSamplesMax();
        Performance store = new Performance(new PerformanceRepository(database, samplesMax), clock);
        return new PerformanceVerticle(bus, clock, store, lanes.count(), samplesMax);
    }

    private Future<Void> listen(Config initial) {
        Dashboard dashboard = new Dashboard(vertx, settings.webroot());
        Instant started = clock.instant();
        int wanted = settings.port() == 0 ? FreePort.on(settings.host()) : settings.port();
        return lanes.deploy(lane -> new IngressVerticle(new IngressVerticle.Wiring(
                        bus, lane, settings.host(), wanted, clock, started, nanos, seeds.split(), telemetry.gateway(), new ProcessHealth(),
                        dashboard, initial)))
                .map(_ -> {
                    port = wanted;
                    return null;
                });
    }

    private Future<String> one(VerticleBase verticle) {
        return vertx.deployVerticle(verticle, new DeploymentOptions());
    }

    private void watch() {
        telemetry.watchJvm();
        Gauges gauges = new Gauges();
        gauges.follow(vertx, bus);
        telemetry.gateway().watchJournal(gauges::journalRecords, gauges::journalBytes);
        telemetry.gateway().watchCooldowns(gauges::cooldowns);
        for (int lane = 0; lane < lanes.count(); lane++) {
            var context = lanes.context(lane);
            if (context != null) {
                telemetry.watchLane(vertx, context, lane);
            }
        }
    }

    /// The port it listens on.
    public int port() {
        return port;
    }

    /// The configuration that holds.
    public Config config() {
        return snapshots.latest();
    }

    /// Takes no new requests, lets the running ones finish within the grace period, writes what is journalled, and closes everything.
    public Future<Void> stop() {
        Duration grace = config().shutdownGrace();
        List<Future<?>> drained = new ArrayList<>();
        for (int lane = 0; lane < lanes.count(); lane++) {
            drained.add(bus.ask(INGRESS_DRAIN.on(lane), new DrainAsked(grace)));
        }
        return Future.join(new ArrayList<>(drained)).otherwiseEmpty().compose(_ -> close());
    }

    private Future<Void> close() {
        List<Future<Void>> flushed = upkeep.stream().map(vertx::undeploy).toList();
        return Future.join(new ArrayList<>(flushed))
                .otherwiseEmpty()
                .compose(_ -> database.close().otherwiseEmpty())
                .compose(_ -> vertx.close())
                .eventually(() -> {
                    filing.shutdown();
                    telemetry.close();
                    try {
                        journal.close();
                    } catch (IOException failure) {
                        LOG.warn("the journal did not close well", failure);
                    }
                    return Future.succeededFuture();
                });
    }

    /// What `/health/ready` and `/metrics` show of this process.
    private final class ProcessHealth implements HealthSource {

        @Override
        public Future<Health> health() {
            Future<ConfigState> configured = bus.ask(CONFIG_STATE, new ConfigStateAsked());
            Future<JournalState> journalled = bus.ask(JOURNAL_STATE, new JournalStateAsked());
            return Future.all(configured, journalled)
                    .map(_ -> HealthJson.of(configured.result(), journalled.result(), settings.configFile().toString()));
        }

        @Override
        public String version() {
            return Version.current();
        }

        @Override
        public String scrape() {
            return telemetry.scrape();
        }
    }
}
