package dev.plexus.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Provider;
import dev.plexus.message.Candidate;
import dev.plexus.message.Plan;
import dev.plexus.message.Slots;
import dev.plexus.message.TargetServed;
import dev.plexus.model.DialectId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The pitfalls of routing.md 13 that are decided here, each by the number of its rule, and what belongs to them: who is full, who is on trial, and where
/// a conversation stays. The others are the concern of attempts and are tested with the whole gateway.
class RoutingRulesTest {

    @Test
    void r1_a_target_that_may_not_cool_is_a_candidate_whatever_is_remembered_of_it() {
        Planning planning = Planning.of("selector: in_order", "", "exempt/x", "a/x");
        planning.cooling(Map.of("exempt/x", 60_000L));

        assertThat(planning.order()).containsExactly("exempt/x", "a/x");
    }

    @Test
    void r22_the_place_of_a_conversation_is_remembered_for_each_api_type_by_itself() {
        Planning planning = Planning.of("selector: in_order, sticky_session: true", "", "a/x", "b/x");
        served(planning, DialectId.CHAT, 7, "b/x");

        assertThat(planning.order("fast", DialectId.CHAT, 7)).containsExactly("b/x", "a/x");
        assertThat(planning.order("fast", DialectId.MESSAGES, 7)).containsExactly("a/x", "b/x");
        assertThat(planning.order("fast", DialectId.CHAT, 8)).containsExactly("a/x", "b/x");
    }

    @Test
    void r22_a_request_that_cannot_be_told_apart_stays_nowhere() {
        Planning planning = Planning.of("selector: in_order, sticky_session: true", "", "a/x", "b/x");

        assertThat(((Plan.Ready) planning.plan("fast", DialectId.CHAT, 0)).conversation()).isNull();
        assertThat(((Plan.Ready) planning.plan("fast", DialectId.CHAT, 7)).conversation()).isNotNull();
    }

    @Test
    void r22_conversations_stay_only_where_the_alias_says_so() {
        Planning planning = Planning.of("selector: in_order", "", "a/x", "b/x");

        assertThat(((Plan.Ready) planning.plan("fast", DialectId.CHAT, 7)).conversation()).isNull();
    }

    @Test
    void r23_neither_a_conversation_nor_exploring_brings_back_a_cooled_or_removed_target() {
        Planning planning = Planning.of(
                "selector: latency, sticky_session: true", "latencyExplorationRate: 1", "a/x", "b/x", "c/x");
        planning.sample("a/x", 1, 1);
        planning.sample("c/x", 1, 1);
        served(planning, DialectId.CHAT, 7, "b/x");
        served(planning, DialectId.CHAT, 9, "gone/x");
        planning.cooling(Map.of("b/x", 60_000L));

        assertThat(planning.order("fast", DialectId.CHAT, 7)).containsExactlyInAnyOrder("a/x", "c/x");
        assertThat(planning.order("fast", DialectId.CHAT, 9)).containsExactlyInAnyOrder("a/x", "c/x");
    }

    @Test
    void r24_an_api_match_that_nobody_fulfils_falls_back_to_all() {
        Planning planning = Planning.of("selector: in_order, priority: api_match", "", "a/x", "b/x");

        assertThat(planning.order("fast", DialectId.MESSAGES, 0)).containsExactly("a/x", "b/x");
    }

    @Test
    void r25_targets_named_twice_are_ordered_once_by_every_selector() {
        for (String selector : List.of("random", "in_order", "cost", "usage", "performance", "latency", "e2e_performance")) {
            Planning planning = Planning.of("selector: " + selector, "", "a/x", "b/x", "a/x", "b/x", "a/x");

            assertThat(planning.order()).as(selector).containsExactlyInAnyOrder("a/x", "b/x");
        }
    }

    @Test
    void r27_figures_are_looked_up_by_the_upstream_model_and_unknown_is_not_zero() {
        Planning planning = Planning.of("selector: latency", "latencyExplorationRate: 0", "a/upstream-name", "b/x");
        planning.failed("a/upstream-name"); // nothing but failures makes nobody the fastest
        planning.sample("b/x", 10, 400);
        assertThat(planning.order()).containsExactly("b/x", "a/upstream-name");

        planning.sample("a/upstream-name", 10, 100);

        assertThat(planning.order()).containsExactly("a/upstream-name", "b/x");
    }

    @Test
    void r30_a_plan_comes_from_the_snapshot_that_it_is_asked_with() {
        Planning old = Planning.of("selector: in_order", "", "a/x");
        Planning changed = Planning.of("selector: in_order", "", "b/x");

        assertThat(old.order()).containsExactly("a/x");
        assertThat(changed.order()).containsExactly("b/x");
        assertThat(((Plan.Ready) old.plan()).candidates()).extracting(Candidate::provider)
                .allMatch(provider -> old.config.providers().containsValue(provider));
    }

    @Test
    void a_full_model_is_passed_over_before_the_order_is_made() {
        Planning planning = Planning.of("selector: in_order", "", "two/one", "two/x", "a/x");
        Slots.Held held = take(planning, "one");

        assertThat(planning.order()).containsExactly("two/x", "a/x");

        held.giveBack();
        assertThat(planning.order()).containsExactly("two/one", "two/x", "a/x");
    }

    @Test
    void a_full_provider_is_passed_over_with_all_its_models() {
        Planning planning = Planning.of("selector: in_order", "", "two/one", "two/x", "a/x");
        take(planning, "x");
        take(planning, "x");

        assertThat(planning.order()).containsExactly("a/x");
    }

    @Test
    void when_every_well_target_is_full_the_client_is_to_come_back_in_a_second() {
        Planning planning = Planning.of("selector: in_order", "", "two/one", "a/x");
        planning.cooling(Map.of("a/x", 60_000L));
        take(planning, "one");

        Plan.Refused refused = (Plan.Refused) planning.plan();

        assertThat(refused.error().status()).isEqualTo(429);
        assertThat(refused.error().code()).isEqualTo("concurrency_limit");
        assertThat(refused.retryAfterMillis()).isEqualTo(1_000);
    }

    @Test
    void after_a_cooldown_one_request_tries_the_target_and_the_others_treat_it_as_cooling() {
        Planning planning = Planning.of("selector: in_order", "", "a/x", "b/x");
        planning.cooling(Map.of("a/x", -1L));

        assertThat(planning.order()).containsExactly("a/x", "b/x");
        assertThat(planning.order()).containsExactly("b/x");
        assertThat(planning.order()).containsExactly("b/x");
    }

    @Test
    void a_trial_that_nobody_ends_ends_after_half_a_minute() {
        Planning planning = Planning.of("selector: in_order", "", "a/x", "b/x");
        planning.cooling(Map.of("a/x", -1L));
        planning.order();
        planning.now += 29_999;
        assertThat(planning.order()).containsExactly("b/x");

        planning.now += 1;

        assertThat(planning.order()).containsExactly("a/x", "b/x");
        assertThat(planning.order()).containsExactly("b/x");
    }

    @Test
    void a_trial_that_failed_leaves_the_next_one_to_the_next_cooldown() {
        Planning planning = Planning.of("selector: in_order", "", "a/x", "b/x");
        planning.cooling(Map.of("a/x", -1L));
        planning.order();
        planning.now += 15_000; // the trial failed after 5 seconds, and the target cooled for 6
        planning.cooling(Map.of("a/x", -4_000L));

        assertThat(planning.order()).containsExactly("a/x", "b/x");
    }

    @Test
    void a_trial_that_was_given_back_may_be_made_by_the_next_request() {
        Planning planning = Planning.of("selector: in_order", "", "a/x", "b/x");
        planning.cooling(Map.of("a/x", -1L));
        planning.order();

        planning.probes.giveBack(Planning.target("a/x"));

        assertThat(planning.order()).containsExactly("a/x", "b/x");
    }

    @Test
    void where_nobody_else_is_left_all_requests_go_through_to_a_target_on_trial() {
        Planning planning = Planning.of("selector: in_order", "", "a/x", "b/x");
        planning.cooling(Map.of("a/x", -1L, "b/x", 60_000L));

        assertThat(planning.order()).containsExactly("a/x");
        assertThat(planning.order()).containsExactly("a/x");
    }

    @Test
    void a_target_on_trial_at_the_end_of_the_list_stays_there_for_when_the_others_fail() {
        Planning planning = Planning.of("selector: in_order", "", "b/x", "a/x");
        planning.cooling(Map.of("a/x", -1L));

        assertThat(planning.order()).containsExactly("b/x", "a/x");
        assertThat(planning.order()).containsExactly("b/x", "a/x");
    }

    @Test
    void a_conversation_is_forgotten_after_an_hour_and_when_ten_thousand_newer_ones_are_known() {
        Planning planning = Planning.of("selector: in_order, sticky_session: true", "", "a/x", "b/x");
        served(planning, DialectId.CHAT, 7, "b/x");
        planning.now += StickyMemory.KEPT_MILLIS;
        assertThat(planning.order("fast", DialectId.CHAT, 7)).containsExactly("b/x", "a/x");
        planning.now += 1;
        assertThat(planning.order("fast", DialectId.CHAT, 7)).containsExactly("a/x", "b/x");

        served(planning, DialectId.CHAT, 7, "b/x");
        for (int other = 0; other < StickyMemory.CONVERSATIONS_MAX; other++) {
            served(planning, DialectId.CHAT, 100 + other, "b/x");
        }

        assertThat(planning.order("fast", DialectId.CHAT, 7)).containsExactly("a/x", "b/x");
        assertThat(planning.order("fast", DialectId.CHAT, 100)).containsExactly("b/x", "a/x");
    }

    private static void served(Planning planning, DialectId dialect, long beginning, String target) {
        Plan.Ready plan = (Plan.Ready) planning.plan("fast", dialect, beginning);
        planning.planner.served(new TargetServed(plan.conversation(), Planning.target(target)));
    }

    private static Slots.Held take(Planning planning, String model) {
        Provider two = planning.config.providers().get(Planning.target("two/x").provider());
        Slots.Held held = planning.slots.take(two, model);
        assertThat(held).isNotNull();
        return held;
    }
}
