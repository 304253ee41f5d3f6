package dev.plexus.admin;

import static dev.plexus.message.Addresses.ADMIN_LIVE;
import static dev.plexus.message.Addresses.ADMIN_REQUEST;
import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;
import static dev.plexus.message.Addresses.COOLDOWN_VIEW;
import static dev.plexus.message.Addresses.TRACE_RULES;
import static dev.plexus.message.Addresses.TRACE_RULES_LATEST;
import static dev.plexus.message.Addresses.USAGE_RECORDED;

import dev.plexus.config.Config;
import dev.plexus.message.AdminAnswer;
import dev.plexus.message.AdminAsked;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigChanged;
import dev.plexus.message.TraceRules;
import dev.plexus.message.UsageRecorded;
import dev.plexus.storage.Database;
import dev.plexus.storage.ErrorQueries;
import dev.plexus.storage.PerformanceFigures;
import dev.plexus.storage.Removal;
import dev.plexus.storage.StoredUsage;
import dev.plexus.storage.TraceRepository;
import dev.plexus.storage.UsageQueries;
import dev.plexus.storage.UsageRepository;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the management API. Runs on virtual threads, beside the event loops: what it takes long over, no lane waits for. Only a few questions are
/// worked on at a time, so that those who ask much take little from those who infer.
public final class AdminVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(AdminVerticle.class);
    private static final int WAITING_MAX = 64;
    private static final long TICK_MILLIS = 1_000;
    private static final long DELAY_MILLIS = 1_000;

    private final Bus bus;
    private final String node;
    private final int workingMax;
    private final AdminDoor door;
    private final LiveHub live;
    private final CooldownPages cooldowns;
    private final TracePages traces;
    private final Routes routes = new Routes();
    private final ArrayDeque<Promise<Void>> waiting = new ArrayDeque<>();
    private Config config;
    private int working;

    /// `node` names this node in live records; `workingMax` questions are worked on at a time; `initialTraces` are the debug traces that are wanted
    /// from the start.
    public AdminVerticle(Bus bus, Database database, Config initial, InstantSource clock, String node, int workingMax, TraceRules initialTraces) {
        this.bus = bus;
        this.node = node;
        this.workingMax = workingMax;
        this.config = initial;
        this.door = new AdminDoor(clock, initial.adminKey());
        this.live = new LiveHub(clock);
        this.cooldowns = new CooldownPages(bus, clock, () -> config);
        UsageQueries usages = new UsageQueries(database);
        ErrorQueries errors = new ErrorQueries(database);
        Removal removal = new Removal(database);
        this.traces = new TracePages(
                new TraceRepository(database), usages, removal, clock, initialTraces, rules -> bus.publish(TRACE_RULES, rules));
        routes.on("GET", "/v0/management/auth/verify", _ -> Reply.json(new JsonObject().put("ok", true).put("role", "admin")));
        new UsageSums(usages, clock).register(routes);
        new UsagePages(usages, errors, removal, clock).register(routes);
        live.register(routes);
        cooldowns.register(routes);
        new QuotaPages(bus, () -> config).register(routes);
        new ErrorPages(errors, new PerformanceFigures(database), removal).register(routes);
        traces.register(routes);
    }

    @Override
    public Future<?> start() {
        bus.hear(CONFIG_IN_FORCE, this::configured);
        bus.hear(USAGE_RECORDED, this::recorded);
        bus.hear(COOLDOWN_VIEW.on(0), view -> live.tell("cooldown", () -> new JsonObject().put("cooldowns", cooldowns.shown(view))));
        bus.answer(TRACE_RULES_LATEST, _ -> Future.succeededFuture(traces.rules()));
        bus.answer(ADMIN_LIVE, live::fetch);
        bus.answer(ADMIN_REQUEST, asked -> Future.succeededFuture(answer(asked)));
        vertx.setPeriodic(TICK_MILLIS, _ -> {
            live.tick();
            traces.tick();
        });
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        live.end();
        return Future.succeededFuture();
    }

    private void configured(ConfigChanged changed) {
        config = changed.config();
        door.follow(config.adminKey());
        live.tell("config", () -> new JsonObject().put("hash", changed.config().hash()));
    }

    /// Each under its old name and its new one.
    private void recorded(UsageRecorded recorded) {
        for (UsageRecorded.One one : recorded.ended()) {
            StoredUsage stored = new StoredUsage(one.usage(), one.cost(), node);
            live.tell("log", () -> UsageRepository.shown(stored));
            live.tell("completed", () -> UsageRepository.shown(stored));
        }
    }

    private AdminAnswer answer(AdminAsked asked) {
        return switch (door.knock(asked.credential(), asked.peer())) {
            case AdminDoor.Verdict.Locked(long seconds) -> Reply.tooManyGuesses(seconds);
            case AdminDoor.Verdict.Closed(boolean delayed) -> {
                if (delayed) {
                    vertx.timer(DELAY_MILLIS, TimeUnit.MILLISECONDS).await();
                }
                yield Reply.unauthorized();
            }
            case AdminDoor.Verdict.Open _ -> admitted(asked);
        };
    }

    private AdminAnswer admitted(AdminAsked asked) {
        if (working >= workingMax) {
            if (waiting.size() >= WAITING_MAX) {
                return Reply.with(Reply.error(503, "Too many management requests at once"), "retry-after", "1");
            }
            Promise<Void> turn = Promise.promise();
            waiting.add(turn);
            turn.future().await();
        } else {
            working++;
        }
        try {
            return worked(asked);
        } finally {
            Promise<Void> next = waiting.poll();
            if (next == null) {
                working--;
            } else {
                next.complete(); // the place is handed on
            }
        }
    }

    private AdminAnswer worked(AdminAsked asked) {
        boolean reads = asked.method().equals("GET") || asked.method().equals("HEAD");
        try {
            AdminAnswer answer = routes.answer(asked);
            if (!reads && answer instanceof AdminAnswer.Whole whole) {
                LOG.info("admin at {}: {} {} -> {}", asked.peer(), asked.method(), asked.path(), whole.status());
            }
            return answer;
        } catch (Refusal refusal) {
            return refusal.answer();
        } catch (RuntimeException failure) {
            LOG.error("admin request {} {} failed", asked.method(), asked.path(), failure);
            JsonObject body = new JsonObject().put("error", "Internal error").put("requestId", asked.requestId().value());
            return new AdminAnswer.Whole(500, Reply.error(500, "").headers(), body.toBuffer());
        }
    }
}
