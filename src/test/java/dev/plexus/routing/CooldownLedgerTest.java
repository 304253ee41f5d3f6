package dev.plexus.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.CooldownPolicy;
import dev.plexus.message.CooldownView.Entry;
import dev.plexus.message.TargetFailed;
import dev.plexus.message.TargetRecovered;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CooldownLedgerTest {

    private static final TargetId TARGET = target("p", "llama-3:free");
    private static final CooldownPolicy DEFAULT = policy(2, 300);
    private static final long MINUTE = 60_000;

    private long now = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private final CooldownLedger ledger = new CooldownLedger(() -> Instant.ofEpochMilli(now), Map.of());

    @ParameterizedTest(name = "{0}/{1}")
    @CsvSource({
        "2, 300, '2 4 8 16 32 64 128 256 300 300'",
        "1, 60, '1 2 4 8 16 32 60 60 60'",
        "2, 10, '2 4 8 10 10 10'",
        "7, 5, '5 5 5'"
    })
    void each_failure_in_a_row_doubles_the_cooldown_up_to_the_longest(int initial, int max, String minutes) {
        List<String> seen = new ArrayList<>();
        for (int failure = 0; failure < minutes.split(" ").length; failure++) {
            Entry entry = ledger.failed(failure(TARGET, now, 0, policy(initial, max)));
            seen.add(Long.toString((entry.expiry() - now) / MINUTE));
            now = entry.expiry();
        }

        assertThat(String.join(" ", seen)).isEqualTo(minutes);
    }

    @Test
    void the_first_cooldown_may_be_a_fraction_of_a_minute() {
        CooldownPolicy seconds = new CooldownPolicy(Duration.ofSeconds(6), Duration.ofSeconds(15));

        Entry first = ledger.failed(failure(TARGET, now, 0, seconds));
        assertThat(first.expiry()).isEqualTo(now + 6_000);
        now = first.expiry();
        Entry second = ledger.failed(failure(TARGET, now, 0, seconds));
        assertThat(second.expiry()).isEqualTo(now + 12_000);
        now = second.expiry();
        assertThat(ledger.failed(failure(TARGET, now, 0, seconds)).expiry()).isEqualTo(now + 15_000);
    }

    @Test
    void a_thousand_failures_in_a_row_do_not_overflow() {
        Entry last = null;
        for (int failure = 0; failure < 1_000; failure++) {
            last = ledger.failed(failure(TARGET, now, 0, policy(1, Integer.MAX_VALUE)));
            now = Math.max(now + 1, last.expiry());
        }

        assertThat(last.consecutiveFailures()).isEqualTo(1_000);
        assertThat(last.expiry()).isGreaterThan(last.lastFailureAt());
    }

    @Test
    void twenty_requests_that_hit_one_outage_count_as_one_failure() {
        long began = now;
        now += 1_000;
        Entry first = ledger.failed(failure(TARGET, began, 0, DEFAULT));
        for (int other = 1; other < 20; other++) {
            now += 10;
            ledger.failed(failure(TARGET, began + other, 0, DEFAULT));
        }

        assertThat(ledger.of(TARGET)).contains(first);
        assertThat(first.expiry()).isEqualTo(began + 1_000 + 2 * MINUTE);
    }

    @Test
    void a_failure_of_the_same_outage_prolongs_the_cooldown_only_when_the_provider_asks_for_longer() {
        long began = now;
        ledger.failed(failure(TARGET, began, 0, DEFAULT));
        now += 1_000;

        Entry shorter = ledger.failed(failure(TARGET, began - 1, 30_000, DEFAULT));
        Entry longer = ledger.failed(failure(TARGET, began - 1, 10 * MINUTE, DEFAULT));

        assertThat(shorter.expiry()).isEqualTo(began + 2 * MINUTE);
        assertThat(longer.expiry()).isEqualTo(now + 10 * MINUTE);
        assertThat(longer.consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void an_attempt_that_began_after_the_last_failure_counts_again() {
        ledger.failed(failure(TARGET, now, 0, DEFAULT));
        now += 1_000;

        Entry second = ledger.failed(failure(TARGET, now, 0, DEFAULT));

        assertThat(second.consecutiveFailures()).isEqualTo(2);
        assertThat(second.expiry()).isEqualTo(now + 4 * MINUTE);
    }

    @Test
    void a_duration_given_by_the_provider_replaces_the_computed_one_even_when_shorter() {
        Entry entry = ledger.failed(failure(TARGET, now, 7_000, DEFAULT));

        assertThat(entry.expiry()).isEqualTo(now + 7_000);
        assertThat(entry.consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void a_given_duration_of_zero_is_none() {
        assertThat(ledger.failed(failure(TARGET, now, 0, DEFAULT)).expiry()).isEqualTo(now + 2 * MINUTE);
    }

    @Test
    void a_given_duration_is_capped_at_a_day() {
        Entry entry = ledger.failed(failure(TARGET, now, Duration.ofDays(3).toMillis(), DEFAULT));

        assertThat(entry.expiry()).isEqualTo(now + Duration.ofHours(24).toMillis());
    }

    @Test
    void a_given_duration_longer_than_the_longest_computed_one_holds() {
        Entry entry = ledger.failed(failure(TARGET, now, 30 * MINUTE, policy(2, 10)));

        assertThat(entry.expiry()).isEqualTo(now + 30 * MINUTE);
    }

    @Test
    void failures_are_kept_after_the_expiry_so_that_the_next_one_escalates() {
        ledger.failed(failure(TARGET, now, 0, DEFAULT));
        now += 3 * MINUTE;
        ledger.sweep(DEFAULT, _ -> false);

        Entry second = ledger.failed(failure(TARGET, now, 0, DEFAULT));

        assertThat(second.expiry()).isEqualTo(now + 4 * MINUTE);
    }

    @Test
    void a_success_forgets_the_failures_so_that_the_next_one_is_the_first() {
        ledger.failed(failure(TARGET, now, 0, DEFAULT));
        now += 3 * MINUTE;

        boolean forgotten = ledger.recovered(new TargetRecovered(TARGET, now));

        assertThat(forgotten).isTrue();
        assertThat(ledger.of(TARGET)).isEmpty();
        assertThat(ledger.failed(failure(TARGET, now, 0, DEFAULT)).expiry()).isEqualTo(now + 2 * MINUTE);
    }

    @Test
    void a_success_that_began_before_the_failure_does_not_erase_it() {
        long began = now;
        now += 5_000;
        ledger.failed(failure(TARGET, now, 0, DEFAULT));

        assertThat(ledger.recovered(new TargetRecovered(TARGET, began))).isFalse();
        assertThat(ledger.of(TARGET)).isPresent();
    }

    @Test
    void nothing_is_forgotten_when_a_target_without_failures_succeeds() {
        assertThat(ledger.recovered(new TargetRecovered(TARGET, now))).isFalse();
    }

    @ParameterizedTest(name = "longest {0} min: kept for {1} min")
    @CsvSource({"300, 600", "10, 60", "30, 60", "45, 90"})
    void an_entry_is_forgotten_twice_the_longest_cooldown_after_its_expiry_and_not_within_an_hour(int max, int kept) {
        CooldownPolicy policy = policy(2, max);
        Entry entry = ledger.failed(failure(TARGET, now, 0, policy));

        now = entry.expiry() + kept * MINUTE;
        assertThat(ledger.sweep(policy, _ -> false)).isEmpty();
        now++;
        assertThat(ledger.sweep(policy, _ -> false)).containsExactly(TARGET);
        assertThat(ledger.of(TARGET)).isEmpty();
    }

    @Test
    void targets_that_may_not_cool_lose_their_entries() {
        ledger.failed(failure(TARGET, now, 0, DEFAULT));

        assertThat(ledger.sweep(DEFAULT, TARGET::equals)).containsExactly(TARGET);
        assertThat(ledger.view().entries()).isEmpty();
    }

    @Test
    void models_whose_names_begin_alike_or_hold_colons_are_kept_apart() {
        ledger.failed(failure(target("p", "gpt-4"), now, 0, DEFAULT));

        assertThat(ledger.of(target("p", "gpt-4o"))).isEmpty();
        assertThat(ledger.of(target("p", "gpt-4:free"))).isEmpty();
        assertThat(ledger.view().entries()).containsOnlyKeys(target("p", "gpt-4"));
    }

    @Test
    void what_was_loaded_escalates_too() {
        CooldownLedger loaded = new CooldownLedger(() -> Instant.ofEpochMilli(now), Map.of(TARGET, new Entry(now - 1, 3, now - MINUTE, "500")));

        assertThat(loaded.failed(failure(TARGET, now, 0, DEFAULT)).expiry()).isEqualTo(now + 16 * MINUTE);
    }

    @Test
    void an_entry_remembers_the_latest_reason() {
        ledger.failed(failure(TARGET, now, 0, DEFAULT));

        assertThat(ledger.of(TARGET)).hasValueSatisfying(entry -> assertThat(entry.lastError()).isEqualTo("mock error"));
    }

    private static TargetId target(String provider, String model) {
        return new TargetId(new ProviderId(provider), model);
    }

    private static CooldownPolicy policy(int initialMinutes, int maxMinutes) {
        return new CooldownPolicy(Duration.ofMinutes(initialMinutes), Duration.ofMinutes(maxMinutes));
    }

    private static TargetFailed failure(TargetId target, long startedAt, long givenMillis, CooldownPolicy policy) {
        return new TargetFailed(target, startedAt, givenMillis, "mock error", policy);
    }
}
