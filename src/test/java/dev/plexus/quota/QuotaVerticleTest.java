package dev.plexus.quota;

import static dev.plexus.quota.Quotas.calendar;
import static dev.plexus.quota.Quotas.config;
import static dev.plexus.quota.Quotas.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.config.UserQuota.Window;
import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigChanged;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.QuotaAsked;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.message.QuotaVerdict.Allowed;
import dev.plexus.message.QuotaVerdict.Exceeded;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuotaVerticleTest {

    private static final KeyRule WEB = key("web", "q");
    private static final Config CONFIG = config("1", List.of(calendar("q", Window.DAILY, Measure.REQUESTS, "1")), WEB);
    private static final Instant NOW = Instant.parse("2026-02-18T12:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.on(vertx);
    private final MemoryStore store = new MemoryStore();
    private final AtomicInteger failures = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void a_quota_is_checked_and_settled_over_the_bus() throws Exception {
        deploy();

        assertThat(check()).isInstanceOf(Allowed.class);
        settle(ExchangeStatus.ERROR);
        assertThat(check()).isInstanceOf(Allowed.class);
        settle(ExchangeStatus.SUCCESS);
        assertThat(check()).isInstanceOf(Exceeded.class);
    }

    @Test
    void changes_are_saved_a_while_later() throws Exception {
        deploy();
        check();
        settle(ExchangeStatus.SUCCESS);

        List<QuotaState> saved = store.nextSave();

        assertThat(saved).singleElement().satisfies(state -> {
            assertThat(state.keyName()).isEqualTo("web");
            assertThat(state.quotaName()).isEqualTo("q");
            assertThat(state.currentUsage()).isEqualByComparingTo("1");
        });
    }

    @Test
    void changes_are_saved_at_the_stop_and_hold_after_the_next_start() throws Exception {
        String id = deploy(Duration.ofHours(1));
        check();
        settle(ExchangeStatus.SUCCESS);
        check();
        await(vertx.undeploy(id));
        assertThat(store.states).hasSize(1);

        deploy();
        assertThat(check()).isInstanceOf(Exceeded.class);
    }

    @Test
    void a_store_that_is_away_lets_requests_go_on_and_gets_the_sum_when_it_is_back() throws Exception {
        store.loadFailures.set(1);
        Config roomy = config("1", List.of(calendar("q", Window.DAILY, Measure.REQUESTS, "10")), WEB);
        store.states.put(
                "web/q",
                new QuotaState(
                        "web",
                        "q",
                        Window.DAILY,
                        Measure.REQUESTS,
                        BigDecimal.valueOf(4),
                        NOW.toEpochMilli(),
                        Instant.parse("2026-02-18T00:00:00Z").toEpochMilli()));
        await(vertx.deployVerticle(verticle(roomy, Duration.ofMillis(20))));
        assertThat(failures).hasValue(1);

        assertThat(check()).isInstanceOf(Allowed.class);
        settle(ExchangeStatus.SUCCESS);

        assertThat(store.nextSave()).singleElement().satisfies(state -> assertThat(state.currentUsage()).isEqualByComparingTo("5"));
    }

    @Test
    void a_save_that_failed_is_tried_again() throws Exception {
        store.saveFailures.set(1);
        deploy();
        check();
        settle(ExchangeStatus.SUCCESS);

        assertThat(store.nextSave()).hasSize(1);
        assertThat(failures).hasValue(1);
    }

    @Test
    void a_refused_request_gives_back_nobody_elses_place() throws Exception {
        deploy();
        check();
        assertThat(check()).isInstanceOf(Exceeded.class);

        settle(ExchangeStatus.QUOTA_EXCEEDED);

        assertThat(check()).isInstanceOf(Exceeded.class);
    }

    @Test
    void an_exchange_is_settled_by_the_quotas_it_was_admitted_by() throws Exception {
        deploy();
        check();

        bus.publish(
                Addresses.CONFIG_CHANGED,
                new ConfigChanged(config("2", List.of(calendar("q", Window.DAILY, Measure.REQUESTS, "1")), key("web"))));
        settle(ExchangeStatus.ERROR);

        assertThat(check()).as("the place was given back although the key has no quota now").isInstanceOf(Allowed.class);
    }

    private void deploy() throws Exception {
        String unused = deploy(Duration.ofMillis(20));
    }

    private String deploy(Duration saveDelay) throws Exception {
        return await(vertx.deployVerticle(verticle(CONFIG, saveDelay)));
    }

    private QuotaVerticle verticle(Config config, Duration saveDelay) {
        return new QuotaVerticle(bus, config, () -> NOW, store, _ -> null, failures::incrementAndGet, saveDelay);
    }

    private QuotaVerdict check() throws Exception {
        return await(bus.ask(Addresses.QUOTA_CHECK, new QuotaAsked(CONFIG, WEB, new RequestId("r"), 0, List.of(), null)));
    }

    private void settle(ExchangeStatus status) {
        bus.tell(Addresses.QUOTA_SETTLE, Quotas.usage("web", "1", status, 5, new Usage(1, 0, 0, 0, 1, 0, 2)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }

    /// Keeps counters in memory, and fails as often as it is told to.
    private static final class MemoryStore implements QuotaStore {
        final Map<String, QuotaState> states = new ConcurrentHashMap<>();
        final AtomicInteger loadFailures = new AtomicInteger();
        final AtomicInteger saveFailures = new AtomicInteger();
        private final LinkedBlockingQueue<List<QuotaState>> saves = new LinkedBlockingQueue<>();

        @Override
        public Future<List<QuotaState>> load() {
            return fails(loadFailures) ? Future.failedFuture("away") : Future.succeededFuture(List.copyOf(states.values()));
        }

        @Override
        public Future<Void> save(List<QuotaState> changed) {
            if (fails(saveFailures)) {
                return Future.failedFuture("away");
            }
            changed.forEach(state -> states.put(state.keyName() + "/" + state.quotaName(), state));
            saves.add(changed);
            return Future.succeededFuture();
        }

        List<QuotaState> nextSave() throws InterruptedException {
            List<QuotaState> next = saves.poll(10, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }

        private static boolean fails(AtomicInteger times) {
            return times.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        }
    }
}
