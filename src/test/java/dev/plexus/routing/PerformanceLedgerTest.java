package dev.plexus.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plexus.message.PerformanceSample;
import dev.plexus.message.PerformanceView.Figures;
import dev.plexus.model.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PerformanceLedgerTest {

    private static final TargetId TARGET = Planning.target("p/m");

    private long now = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private final PerformanceLedger ledger = new PerformanceLedger(() -> Instant.ofEpochMilli(now), 100);

    @Test
    void averages_are_over_the_last_hundred_samples_and_take_no_notice_of_those_that_say_nothing() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        List<Double> speeds = new ArrayList<>();
        for (int sample = 0; sample < 1_000; sample++) {
            double speed = random.nextInt(4) == 0 ? Double.NaN : (float) (random.nextDouble() * 200);
            speeds.add(speed);
            ledger.sample(sample(TARGET, speed, speed * 2));

            double expected = speeds.subList(Math.max(0, speeds.size() - 100), speeds.size()).stream()
                    .filter(one -> !Double.isNaN(one))
                    .mapToDouble(one -> one)
                    .average()
                    .orElse(Double.NaN);
            Figures figures = ledger.view().of(TARGET);
            if (Double.isNaN(expected)) {
                assertThat(figures.tokensPerSecond()).isNaN();
            } else {
                assertThat(figures.tokensPerSecond()).isEqualTo(expected, within(1e-3));
                assertThat(figures.ttftMs()).isEqualTo(2 * expected, within(1e-2));
            }
        }
    }

    @Test
    void nothing_but_failures_is_nothing_known_and_not_zero() {
        ledger.sample(sample(TARGET, Double.NaN, Double.NaN));

        assertThat(ledger.view().of(TARGET).ttftMs()).isNaN();
        assertThat(ledger.view().of(TARGET).tokensPerSecond()).isNaN();
        assertThat(ledger.view().of(TARGET).lastSampleAt()).isEqualTo(now);
    }

    @Test
    void a_view_that_was_handed_out_does_not_change() {
        ledger.sample(sample(TARGET, 10, 1));
        var before = ledger.view();

        ledger.sample(sample(TARGET, 90, 1));

        assertThat(before.of(TARGET).tokensPerSecond()).isEqualTo(10);
        assertThat(ledger.view().of(TARGET).tokensPerSecond()).isEqualTo(50);
    }

    @Test
    void the_number_of_targets_is_bounded_and_the_longest_unused_one_is_forgotten() {
        ledger.sample(sample(TARGET, 10, 1));
        for (int other = 0; other < PerformanceLedger.TARGETS_MAX; other++) {
            ledger.request(Planning.target("p/made-up-" + other), now);
        }

        assertThat(ledger.view().figures()).hasSize(PerformanceLedger.TARGETS_MAX).doesNotContainKey(TARGET);
    }

    @Test
    void requests_are_counted_hour_by_hour_for_a_day() {
        for (int hour = 0; hour < 48; hour++) {
            ledger.request(TARGET, now);
            ledger.request(TARGET, now);
            assertThat(ledger.view().of(TARGET).requestsOfTheDay()).isEqualTo(2L * Math.min(24, hour + 1));
            now += 3_600_000;
        }
        ledger.request(TARGET, now - 30 * 3_600_000L);
        assertThat(ledger.view().of(TARGET).requestsOfTheDay()).isEqualTo(46);
    }

    @Test
    void of_what_waits_for_the_database_the_last_samples_of_each_target_are_kept_in_order() {
        SampleBacklog backlog = new SampleBacklog(3);
        for (int sample = 0; sample < 5; sample++) {
            backlog.add(sample(TARGET, sample, 1));
            backlog.add(sample(Planning.target("p/other-" + sample), sample, 1));
        }

        List<PerformanceSample> taken = backlog.take();

        assertThat(taken).filteredOn(one -> one.target().equals(TARGET)).extracting(PerformanceSample::tokensPerSecond).containsExactly(2.0, 3.0, 4.0);
        assertThat(taken).hasSize(8);
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.take()).isEmpty();
    }

    @Test
    void a_bounded_number_of_samples_waits_however_slow_the_database_is() {
        SampleBacklog backlog = new SampleBacklog(100);
        for (int sample = 0; sample < 10 * SampleBacklog.WAITING_MAX; sample++) {
            backlog.add(sample(Planning.target("p/m" + sample), sample, 1));
        }

        assertThat(backlog.take()).hasSize(SampleBacklog.WAITING_MAX).last().extracting(PerformanceSample::tokensPerSecond)
                .isEqualTo(10.0 * SampleBacklog.WAITING_MAX - 1);
    }

    private PerformanceSample sample(TargetId target, double speed, double ttft) {
        return new PerformanceSample(target, null, "r", ttft, 10, 100, speed, true, now);
    }
}
