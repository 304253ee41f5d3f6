package dev.plexus.quota;

import static dev.plexus.quota.Quotas.config;
import static dev.plexus.quota.Quotas.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.KeyRule;
import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.config.UserQuota.Scope;
import dev.plexus.config.UserQuota.Window;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.QuotaAsked;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.message.QuotaVerdict.Allowed;
import dev.plexus.message.QuotaVerdict.Exceeded;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.ProviderId;
import dev.plexus.model.RequestId;
import dev.plexus.model.TargetId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Quotas that count some targets only, that reserve tokens, and that warn.
class ScopedQuotaTest {

    private static final TargetId DEAR = new TargetId(new ProviderId("openai"), "gpt-5");
    private static final TargetId CHEAP = new TargetId(new ProviderId("home"), "llama");

    private final UserQuota dear = quota("dear", Measure.REQUESTS, "1", false, null, new Scope(List.of(), List.of(), List.of("openai"), List.of()));
    private final UserQuota held = quota("held", Measure.TOKENS, "1000", true, null, Scope.ALL);
    private final UserQuota warns = quota("warns", Measure.REQUESTS, "10", false, "0.3", Scope.ALL);
    private final UserQuota one = quota("one", Measure.REQUESTS, "1", false, null, Scope.ALL);
    private final QuotaLedger ledger = new QuotaLedger(
            () -> Instant.parse("2026-02-18T15:00:00Z"), config("1", List.of(dear, held, warns, one), key("web", "dear")));
    private int asked;

    private static UserQuota quota(String name, Measure measure, String limit, boolean reserve, String warnAt, Scope scope) {
        return new UserQuota(
                name, Window.DAILY, measure, new BigDecimal(limit), null, false, reserve, false, warnAt == null ? null : new BigDecimal(warnAt), scope);
    }

    private QuotaVerdict ask(KeyRule key, long tokens, TargetId... targets) {
        asked++;
        return ledger.check(new QuotaAsked(config("1", List.of()), key, new RequestId("r" + asked), tokens, List.of(targets), "fast"));
    }

    private void end(KeyRule key, String id, TargetId target, Consumption took) {
        var record = new UsageRecord(
                new RequestId(id),
                0,
                new UsageRecord.Caller("127.0.0.1", new KeyName("web"), null, null),
                new UsageRecord.Asked(DialectId.CHAT, "fast", true, 0, 1, null),
                new UsageRecord.Served("fast", target.provider().value(), target.model(), DialectId.CHAT, true, List.of()),
                new UsageRecord.Outcome(ExchangeStatus.SUCCESS, 200, 10, 1, true, null, 0, null, null),
                "1");
        ledger.settle(record, "web", key.quotas(), took);
    }

    @Test
    void a_quota_at_its_end_bars_the_targets_that_it_counts_and_leaves_the_others() {
        KeyRule web = key("web", "dear");
        assertThat(((Allowed) ask(web, 0, DEAR, CHEAP)).barred()).isEmpty();
        end(web, "r1", DEAR, Quotas.counted());

        assertThat(((Allowed) ask(web, 0, DEAR, CHEAP)).barred()).containsExactly(DEAR);
        assertThat(ask(web, 0, DEAR)).isInstanceOfSatisfying(Exceeded.class, told -> assertThat(told.quota()).isEqualTo("dear"));
    }

    @Test
    void a_request_that_went_to_another_target_takes_nothing_and_gives_its_place_back() {
        KeyRule web = key("web", "dear");
        ask(web, 0, DEAR, CHEAP);
        end(web, "r1", CHEAP, Quotas.counted());

        assertThat(ledger.held("web", "dear")).isZero();
    }

    @Test
    void a_request_that_can_only_go_elsewhere_holds_no_place() {
        KeyRule web = key("web", "dear");
        ask(web, 0, CHEAP);

        assertThat(((Allowed) ask(web, 0, DEAR)).barred()).isEmpty();
    }

    @Test
    void the_name_of_the_alias_is_a_model_too() {
        Scope fast = new Scope(List.of("fast"), List.of(), List.of(), List.of("home"));

        assertThat(fast.holds("openai", "gpt-5", "fast")).isTrue();
        assertThat(fast.holds("openai", "gpt-5", "slow")).isFalse();
        assertThat(fast.holds("home", "llama", "fast")).isFalse();
    }

    @Test
    void a_quota_that_reserves_is_passed_by_one_request_at_most() {
        KeyRule web = key("web", "held");
        assertThat(ask(web, 600)).isInstanceOf(Allowed.class);
        assertThat(ask(web, 600)).isInstanceOf(Allowed.class);

        assertThat(ask(web, 600)).isInstanceOf(Exceeded.class);
        end(web, "r1", CHEAP, Quotas.tokens(100));
        assertThat(ledger.held("web", "held")).isEqualByComparingTo("700");
        assertThat(ask(web, 600)).isInstanceOf(Allowed.class);
    }

    @Test
    void what_was_reserved_is_given_back_once_whatever_is_told_twice() {
        KeyRule web = key("web", "held");
        ask(web, 600);
        end(web, "r1", CHEAP, Quotas.uncounted());
        end(web, "r1", CHEAP, Quotas.uncounted());

        assertThat(ledger.held("web", "held")).isZero();
    }

    @Test
    void from_its_share_on_a_quota_warns() {
        KeyRule web = key("web", "warns");
        assertThat(((Allowed) ask(web, 0)).warnings()).isEmpty();
        assertThat(((Allowed) ask(web, 0)).warnings()).isEmpty();

        assertThat(((Allowed) ask(web, 0)).warnings()).singleElement().satisfies(told -> {
            assertThat(told.quota()).isEqualTo("warns");
            assertThat(told.remaining()).isEqualByComparingTo("7");
        });
    }

    @Test
    void all_quotas_that_are_at_their_end_are_told() {
        KeyRule web = key("web", "one", "dear");
        ask(web, 0, DEAR);
        end(web, "r1", DEAR, Quotas.counted());

        assertThat(ask(web, 0, DEAR)).isInstanceOfSatisfying(Exceeded.class, told -> assertThat(told.others()).hasSize(1));
    }
}
