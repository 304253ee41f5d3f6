package dev.plexus.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.ConfigReader;
import dev.plexus.config.Provider;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private static final Provider PROVIDER = provider("maxConcurrency: 3, models: {one: {maxConcurrency: 1}, many: {}}");

    private final Slots slots = new Slots();

    @Test
    void r14_a_place_is_given_back_once_however_often_it_is_said() {
        Slots.Held held = slots.take(PROVIDER, "one");
        assertThat(slots.take(PROVIDER, "one")).isNull();

        held.giveBack();
        held.giveBack();

        assertThat(slots.take(PROVIDER, "one")).isNotNull();
        assertThat(slots.take(PROVIDER, "one")).isNull();
        assertThat(running("")).isEqualTo(1);
    }

    @Test
    void a_full_model_takes_no_place_of_its_provider() {
        slots.take(PROVIDER, "one");

        assertThat(slots.take(PROVIDER, "one")).isNull();

        assertThat(running("")).isEqualTo(1);
    }

    @Test
    void the_bound_of_a_provider_holds_for_all_its_models_together() {
        slots.take(PROVIDER, "one");
        slots.take(PROVIDER, "many");
        assertThat(slots.isFull(PROVIDER, "other")).isFalse();
        slots.take(PROVIDER, "other");

        assertThat(slots.isFull(PROVIDER, "many")).isTrue();
        assertThat(slots.take(PROVIDER, "many")).isNull();
    }

    @Test
    void nothing_is_counted_where_there_is_no_bound() {
        Provider boundless = provider("models: {m: {}}");
        for (int attempt = 0; attempt < 1_000; attempt++) {
            assertThat(slots.take(boundless, "made-up-" + attempt)).isNotNull();
        }

        assertThat(slots.running(new TargetId(boundless.id(), "made-up-1"))).isZero();
        assertThat(slots.isFull(boundless, "m")).isFalse();
    }

    @Test
    void many_threads_never_hold_more_places_than_there_are_and_leave_none_behind() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int thread = 0; thread < 8; thread++) {
                threads.execute(() -> {
                    awaitUnchecked(go);
                    for (int round = 0; round < 20_000; round++) {
                        Slots.Held held = slots.take(PROVIDER, "many");
                        if (held != null) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            served.incrementAndGet();
                            inside.decrementAndGet();
                            held.giveBack();
                        }
                    }
                });
            }
            go.countDown();
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(served.get()).isPositive();
        assertThat(running("")).isZero();
    }

    private int running(String model) {
        return slots.running(new TargetId(PROVIDER.id(), model));
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Provider provider(String settings) {
        var read = new ConfigReader(_ -> null)
                .read("adminKey: a\nmodels: {}\nkeys: {}\nproviders:\n  p: {api_base_url: {chat: \"http://p/v1\"}, api_key: k, " + settings + "}\n");
        assertThat(read.errors()).isEmpty();
        return Objects.requireNonNull(Objects.requireNonNull(read.config()).providers().get(new ProviderId("p")));
    }
}
