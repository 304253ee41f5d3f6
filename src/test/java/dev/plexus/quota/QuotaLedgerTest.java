package dev.plexus.quota;

import static dev.plexus.quota.Quotas.calendar;
import static dev.plexus.quota.Quotas.config;
import static dev.plexus.quota.Quotas.counted;
import static dev.plexus.quota.Quotas.dollars;
import static dev.plexus.quota.Quotas.key;
import static dev.plexus.quota.Quotas.rolling;
import static dev.plexus.quota.Quotas.shared;
import static dev.plexus.quota.Quotas.tokens;
import static dev.plexus.quota.Quotas.uncounted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.KeyRule;
import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.config.UserQuota.Window;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.message.QuotaVerdict.Allowed;
import dev.plexus.message.QuotaVerdict.Exceeded;
import dev.plexus.model.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The worked examples of accounting.md 7, by section.
class QuotaLedgerTest {

    private static final KeyRule WEB = key("web", "q");
    private static final String DAY = "2026-02-18T";

    private Instant now = at("12:00:00");

    @Test
    void s7_a_key_without_quotas_or_with_unknown_ones_is_not_limited() {
        QuotaLedger ledger = ledger();

        assertThat(ledger.check(key("free"))).isEqualTo(Allowed.UNLIMITED);
        assertThat(ledger.check(key("lost", "nowhere"))).isEqualTo(Allowed.UNLIMITED);
    }

    @Test
    void s7_1_ten_requests_fill_a_rolling_bucket_of_ten() {
        QuotaLedger ledger = withTenRequests();

        assertThat(ledger.check(WEB))
                .isEqualTo(new Exceeded("q", "requests", number("10"), number("10"), at("13:00:00").toEpochMilli(), 1));
    }

    @Test
    void s7_1_one_leaks_out_every_six_minutes() {
        QuotaLedger ledger = withTenRequests();

        now = at("12:06:00");
        assertThat(admit(ledger)).isInstanceOf(Allowed.class);
        assertThat(used(ledger)).isEqualByComparingTo("10");
        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
    }

    @Test
    void s7_1_half_the_bucket_is_free_after_half_the_time() {
        QuotaLedger ledger = withTenRequests();

        now = at("12:30:00");
        assertThat(admit(ledger)).isInstanceOf(Allowed.class);
        assertThat(used(ledger)).isEqualByComparingTo("6");
    }

    @Test
    void s7_1_a_bucket_never_holds_less_than_nothing() {
        QuotaLedger ledger = withTenRequests();

        now = at("14:00:00");
        assertThat(admit(ledger)).isInstanceOf(Allowed.class);
        assertThat(used(ledger)).isEqualByComparingTo("1");
    }

    @Test
    void s7_1_tokens_are_counted_afterwards_and_may_pass_the_limit() {
        QuotaLedger ledger = ledger(rolling("q", Measure.TOKENS, "100000", Duration.ofHours(1)));
        admit(ledger, tokens(99_999));

        assertThat(admit(ledger, tokens(50_001))).isInstanceOf(Allowed.class);
        assertThat(ledger.check(WEB))
                .isEqualTo(new Exceeded("q", "tokens", number("150000"), number("100000"), at("13:30:00").toEpochMilli(), 1_800));
        now = at("12:30:00");
        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
        now = at("12:30:01");
        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);
    }

    @Test
    void s7_1_a_clock_that_goes_back_leaks_nothing() {
        QuotaLedger ledger = withTenRequests();

        now = at("11:00:00");
        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-18T15:00:00Z, 2026-02-18, 2026-02-19, 2026-02-15, 2026-02-22, 2026-02-16",
        "2026-02-22T00:00:00Z, 2026-02-22, 2026-02-23, 2026-02-22, 2026-03-01, 2026-02-16",
        "2026-02-21T23:59:59.999Z, 2026-02-21, 2026-02-22, 2026-02-15, 2026-02-22, 2026-02-16",
    })
    void s7_2_days_and_weeks_begin_at_midnight_utc(
            String time, String dayStart, String dayEnd, String weekStart, String weekEnd, String mondayStart) {
        long millis = Instant.parse(time).toEpochMilli();

        assertThat(CountingWindow.at(calendar("q", Window.DAILY, Measure.REQUESTS, "1"), millis))
                .isEqualTo(new CountingWindow(midnight(dayStart), midnight(dayEnd)));
        assertThat(CountingWindow.at(calendar("q", Window.WEEKLY, Measure.REQUESTS, "1"), millis))
                .isEqualTo(new CountingWindow(midnight(weekStart), midnight(weekEnd)));
        UserQuota fromMonday = new UserQuota("q", Window.WEEKLY, Measure.REQUESTS, BigDecimal.ONE, null, true, false, false);
        assertThat(CountingWindow.at(fromMonday, millis).start()).isEqualTo(midnight(mondayStart));
    }

    @Test
    void s7_2_months_begin_on_the_first() {
        long millis = Instant.parse("2026-02-18T15:00:00Z").toEpochMilli();

        assertThat(CountingWindow.at(calendar("q", Window.MONTHLY, Measure.COST, "1"), millis))
                .isEqualTo(new CountingWindow(midnight("2026-02-01"), midnight("2026-03-01")));
    }

    @Test
    void s7_2_a_daily_quota_holds_on_the_second_day_too() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "2"));
        admit(ledger);
        admit(ledger);
        assertThat(ledger.check(WEB))
                .isEqualTo(new Exceeded("q", "requests", number("2"), number("2"), midnight("2026-02-19"), 12 * 3_600));

        now = Instant.parse("2026-02-19T08:00:00Z");
        assertThat(admit(ledger)).isInstanceOf(Allowed.class);
        assertThat(admit(ledger)).isInstanceOf(Allowed.class);
        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
    }

    @Test
    void s7_2_recording_alone_opens_the_new_window() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.TOKENS, "100"));
        ledger.settle("web", WEB.quotas(), tokens(90));

        now = Instant.parse("2026-02-19T08:00:00Z");
        ledger.settle("web", WEB.quotas(), tokens(7));

        QuotaState saved = saved(ledger);
        assertThat(saved.currentUsage()).isEqualByComparingTo("7");
        assertThat(saved.windowStart()).isEqualTo(midnight("2026-02-19"));
    }

    @Test
    void s7_2_a_request_that_runs_past_midnight_counts_when_it_ends() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "1"));
        now = Instant.parse("2026-02-18T23:59:59Z");
        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);

        now = Instant.parse("2026-02-19T00:00:01Z");
        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
        ledger.settle("web", WEB.quotas(), counted());
        assertThat(used(ledger)).isEqualByComparingTo("1");
        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
    }

    @Test
    void s7_3_another_kind_of_quota_starts_from_nothing() {
        QuotaLedger ledger = withTenRequests();

        ledger.follow(config("2", List.of(calendar("q", Window.DAILY, Measure.REQUESTS, "10")), WEB));
        assertThat(used(ledger)).isEqualByComparingTo("0");

        QuotaLedger other = withTenRequests();
        other.follow(config("2", List.of(rolling("q", Measure.TOKENS, "10", Duration.ofHours(1))), WEB));
        assertThat(used(other)).isEqualByComparingTo("0");
    }

    @Test
    void s7_3_another_limit_or_duration_keeps_what_was_used() {
        QuotaLedger ledger = withTenRequests();

        ledger.follow(config("2", List.of(rolling("q", Measure.REQUESTS, "20", Duration.ofHours(2))), WEB));
        assertThat(used(ledger)).isEqualByComparingTo("10");

        now = at("12:30:00");
        assertThat(used(ledger)).isEqualByComparingTo("5");
    }

    @Test
    void s7_3_another_first_day_of_the_week_keeps_what_was_used() {
        QuotaLedger ledger = ledger(calendar("q", Window.WEEKLY, Measure.REQUESTS, "10"));
        admit(ledger);

        UserQuota fromMonday = new UserQuota("q", Window.WEEKLY, Measure.REQUESTS, number("10"), null, true, false, false);
        ledger.follow(config("2", List.of(fromMonday), WEB));

        assertThat(used(ledger)).isEqualByComparingTo("1");
    }

    @Test
    void s7_3_another_quota_of_the_key_is_counted_apart() {
        QuotaLedger ledger = ledger(rolling("q", Measure.REQUESTS, "1", Duration.ofHours(1)), rolling("r", Measure.REQUESTS, "1", Duration.ofHours(1)));
        admit(ledger);

        assertThat(ledger.check(key("web", "r"))).isInstanceOf(Allowed.class);
    }

    @Test
    void s7_3_clearing_forgets_what_was_used() {
        QuotaLedger ledger = withTenRequests();

        ledger.clear(WEB);

        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);
        assertThat(saved(ledger).currentUsage()).isEqualByComparingTo("0");
    }

    @Test
    void s7_3_the_counter_of_a_removed_key_is_kept_for_thirty_days() {
        QuotaLedger ledger = ledger(calendar("q", Window.MONTHLY, Measure.REQUESTS, "10"));
        now = Instant.parse("2026-03-01T00:00:00Z");
        admit(ledger);

        now = Instant.parse("2026-03-30T00:00:00Z");
        ledger.follow(config("2", List.of()));
        ledger.follow(config("1", List.of(calendar("q", Window.MONTHLY, Measure.REQUESTS, "10")), WEB));
        assertThat(used(ledger)).isEqualByComparingTo("1");

        now = Instant.parse("2026-03-31T23:00:00Z");
        ledger.follow(config("2", List.of()));
        ledger.follow(config("1", List.of(calendar("q", Window.MONTHLY, Measure.REQUESTS, "10")), WEB));
        assertThat(used(ledger)).isEqualByComparingTo("0");
    }

    @Test
    void s7_4_amounts_are_shown_rounded_half_up() {
        QuotaLedger ledger = ledger(rolling("q", Measure.TOKENS, "1000", Duration.ofHours(1)));
        admit(ledger, tokens(500));

        now = now.plusMillis(1_800);
        Allowed allowed = (Allowed) ledger.check(WEB);

        assertThat(allowed.tightest()).isEqualTo(new QuotaVerdict.Standing("q", number("1000"), number("501"), DAY + "12:30:00.000Z"));
    }

    @Test
    void s7_5_success_headers_tell_the_quota_the_limit_and_what_is_left_after_this_request() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "1000"));

        Allowed allowed = (Allowed) ledger.check(WEB);

        assertThat(allowed.tightest())
                .isEqualTo(new QuotaVerdict.Standing("q", number("1000"), number("999"), "2026-02-19T00:00:00.000Z"));
    }

    @Test
    void s7_6_parallel_requests_cannot_pass_a_limit_of_requests() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "3"));

        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);
        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);
        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);
        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
    }

    @Test
    void s7_6_a_request_that_does_not_count_gives_its_place_back() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "1"));
        ledger.check(WEB);

        ledger.settle("web", WEB.quotas(), uncounted());

        assertThat(ledger.hasChanges()).isFalse();
        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);
    }

    @Test
    void s7_6_a_refusal_by_one_quota_takes_no_place_in_the_other() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "5"), calendar("r", Window.DAILY, Measure.TOKENS, "10"));
        KeyRule both = key("web", "q", "r");
        ledger.check(both);
        ledger.settle("web", both.quotas(), tokens(10));

        assertThat(ledger.check(both)).isInstanceOf(Exceeded.class);
        Allowed allowed = (Allowed) ledger.check(WEB);
        assertThat(Objects.requireNonNull(allowed.tightest()).remaining()).isEqualByComparingTo("3");
    }

    @Test
    void s16_of_several_quotas_the_one_with_the_smallest_share_left_is_shown() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "100"), calendar("r", Window.DAILY, Measure.REQUESTS, "10"));

        Allowed allowed = (Allowed) ledger.check(key("web", "q", "r"));

        assertThat(Objects.requireNonNull(allowed.tightest()).quota()).isEqualTo("r");
    }

    @Test
    void s16_of_several_refusals_the_one_that_holds_longest_is_told() {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, "1"), calendar("r", Window.MONTHLY, Measure.REQUESTS, "1"));
        ledger.check(key("web", "q", "r"));

        assertThat(ledger.check(key("web", "q", "r"))).isInstanceOfSatisfying(Exceeded.class, told -> assertThat(told.quota()).isEqualTo("r"));
    }

    @Test
    void s16_a_shared_quota_is_one_pool_for_all_its_keys() {
        QuotaLedger ledger = ledger(shared(calendar("q", Window.DAILY, Measure.REQUESTS, "2")));
        ledger.check(WEB);
        ledger.settle("web", WEB.quotas(), counted());
        ledger.check(key("batch", "q"));

        assertThat(ledger.check(WEB)).isInstanceOf(Exceeded.class);
        assertThat(saved(ledger).keyName()).isEqualTo("*");
    }

    @Test
    void s16_a_rolling_cost_quota_starts_again_at_aligned_times_and_is_not_rounded() {
        QuotaLedger ledger = ledger(rolling("q", Measure.COST, "1.50", Duration.ofHours(6)));
        now = at("13:00:00");
        admit(ledger, dollars("0.75"));
        admit(ledger, dollars("0.80000001"));

        assertThat(ledger.check(WEB))
                .isEqualTo(new Exceeded("q", "cost", number("1.55000001"), number("1.5"), at("18:00:00").toEpochMilli(), 5 * 3_600));
        now = at("18:00:00");
        assertThat(ledger.check(WEB)).isInstanceOf(Allowed.class);
    }

    @Test
    void saved_counters_are_taken_over_and_what_was_counted_meanwhile_is_added() {
        QuotaLedger before = withTenRequests();
        List<QuotaState> states = before.takeChanges();

        QuotaLedger after = ledger(rolling("q", Measure.REQUESTS, "20", Duration.ofHours(2)));
        admit(after);
        after.restore(states);

        assertThat(used(after)).isEqualByComparingTo("11");
    }

    @Test
    void counters_that_could_not_be_saved_are_changes_again() {
        QuotaLedger ledger = withTenRequests();
        List<QuotaState> states = ledger.takeChanges();
        assertThat(ledger.hasChanges()).isFalse();

        ledger.giveBack(states);

        assertThat(ledger.takeChanges()).isEqualTo(states);
    }

    @ParameterizedTest
    @EnumSource(ExchangeStatus.class)
    void s7_outcomes_count_when_something_was_delivered(ExchangeStatus status) {
        Usage counts = new Usage(10, 20, 30, 0, 40, 15, 100);
        Consumption begun = Consumption.of(Quotas.usage("web", "1", status, 5, counts).outcome(), null);
        Consumption silent = Consumption.of(Quotas.usage("web", "1", status, -1, counts).outcome(), null);

        boolean delivered = status == ExchangeStatus.SUCCESS || status == ExchangeStatus.EMPTY;
        boolean cut = status == ExchangeStatus.CANCELLED
                || status == ExchangeStatus.TIMEOUT
                || status == ExchangeStatus.STALL
                || status == ExchangeStatus.ABORTED;
        assertThat(begun.of(Measure.TOKENS)).isEqualByComparingTo(delivered || cut ? "100" : "0");
        assertThat(begun.of(Measure.REQUESTS)).isEqualByComparingTo(delivered || cut ? "1" : "0");
        assertThat(silent.of(Measure.REQUESTS)).isEqualByComparingTo(delivered ? "1" : "0");
    }

    @Property(tries = 200)
    void whatever_the_order_no_more_requests_count_than_the_limit_allows(
            @ForAll @IntRange(min = 1, max = 8) int limit, @ForAll @Size(max = 60) List<@IntRange(max = 2) Integer> steps) {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.REQUESTS, Integer.toString(limit)));
        int running = 0;
        int counted = 0;

        for (int step : steps) {
            if (step == 0) {
                boolean allowed = ledger.check(WEB) instanceof Allowed;
                assertThat(allowed).isEqualTo(running + counted < limit);
                running += allowed ? 1 : 0;
            } else if (running > 0) {
                running--;
                counted += step == 1 ? 1 : 0;
                ledger.settle("web", WEB.quotas(), step == 1 ? counted() : uncounted());
            }
        }

        assertThat(counted).isLessThanOrEqualTo(limit);
    }

    @Property(tries = 200)
    void records_never_lose_one_another(@ForAll @Size(max = 50) List<@IntRange(min = 0, max = 100_000) Integer> amounts) {
        QuotaLedger ledger = ledger(calendar("q", Window.DAILY, Measure.TOKENS, "1"));

        amounts.forEach(amount -> ledger.settle("web", WEB.quotas(), tokens(amount)));

        long sum = amounts.stream().mapToLong(Integer::longValue).sum();
        assertThat(used(ledger)).isEqualByComparingTo(BigDecimal.valueOf(sum));
    }

    private QuotaLedger withTenRequests() {
        QuotaLedger ledger = ledger(rolling("q", Measure.REQUESTS, "10", Duration.ofHours(1)));
        for (int i = 0; i < 10; i++) {
            assertThat(admit(ledger)).isInstanceOf(Allowed.class);
        }
        return ledger;
    }

    private QuotaLedger ledger(UserQuota... quotas) {
        return new QuotaLedger(() -> now, config("1", List.of(quotas), WEB));
    }

    private static QuotaVerdict admit(QuotaLedger ledger) {
        return admit(ledger, counted());
    }

    /// Checks, and if allowed lets the request end at once.
    private static QuotaVerdict admit(QuotaLedger ledger, Consumption consumption) {
        QuotaVerdict verdict = ledger.check(WEB);
        if (verdict instanceof Allowed) {
            ledger.settle("web", WEB.quotas(), consumption);
        }
        return verdict;
    }

    private static BigDecimal used(QuotaLedger ledger) {
        return ledger.held("web", "q");
    }

    private static QuotaState saved(QuotaLedger ledger) {
        return ledger.takeChanges().getFirst();
    }

    private static Instant at(String time) {
        return Instant.parse(DAY + time + "Z");
    }

    private static long midnight(String day) {
        return Instant.parse(day + "T00:00:00Z").toEpochMilli();
    }

    private static BigDecimal number(String value) {
        return new BigDecimal(value);
    }
}
