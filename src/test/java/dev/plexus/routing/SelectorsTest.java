package dev.plexus.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.PerformanceSample;
import dev.plexus.model.DialectId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The selectors, with the worked examples of their rules (routing.md 6).
class SelectorsTest {

    private static final String NEVER = "performanceExplorationRate: 0";
    private static final String ALWAYS = "performanceExplorationRate: 1";

    @Test
    void cost_puts_the_cheapest_for_a_small_request_first_discounts_taken_off() {
        Planning planning = Planning.of("selector: cost", "", "priced/five", "priced/one", "priced/request", "priced/discounted");

        assertThat(planning.order()).containsExactly("priced/discounted", "priced/request", "priced/one", "priced/five");
    }

    @Test
    void cost_takes_targets_without_a_price_or_a_fitting_range_for_free_and_those_of_an_unknown_live_price_for_the_dearest() {
        Planning planning = Planning.of(
                "selector: cost", "", "priced/listed", "priced/five", "priced/ranged", "priced/free", "a/unlisted", "priced/small");

        assertThat(planning.order())
                .containsExactly("priced/free", "a/unlisted", "priced/small", "priced/ranged", "priced/five", "priced/listed");
    }

    @Test
    void performance_ranks_by_speed_and_puts_what_is_unknown_last() {
        Planning planning = Planning.of("selector: performance", NEVER, "a/m", "b/m", "c/m");
        planning.sample("a/m", 10, 5);
        planning.sample("b/m", 50, 900);

        assertThat(planning.order()).containsExactly("b/m", "a/m", "c/m");
    }

    @Test
    void performance_explores_another_than_the_best_and_first_what_is_unknown() {
        Planning planning = Planning.of("selector: performance", ALWAYS, "a/m", "b/m", "c/m");
        planning.sample("a/m", 10, 5);
        planning.sample("b/m", 50, 900);

        assertThat(planning.order()).containsExactly("c/m", "b/m", "a/m");
    }

    @Test
    void performance_explores_the_target_whose_last_sample_is_the_oldest_when_all_are_known() {
        Planning planning = Planning.of("selector: performance", ALWAYS, "a/m", "b/m", "c/m");
        planning.sample("b/m", 20, 1);
        planning.now += 1_000;
        planning.sample("a/m", 50, 1);
        planning.sample("c/m", 10, 1);

        assertThat(planning.order()).containsExactly("b/m", "a/m", "c/m");
    }

    @Test
    void without_any_samples_the_declared_order_holds() {
        for (String selector : List.of("performance", "latency", "e2e_performance", "usage")) {
            assertThat(Planning.of("selector: " + selector, NEVER, "c/m", "a/m", "b/m").order()).containsExactly("c/m", "a/m", "b/m");
        }
    }

    @Test
    void latency_ranks_by_the_time_to_the_first_token() {
        Planning planning = Planning.of("selector: latency", NEVER, "a/m", "b/m", "c/m");
        planning.sample("a/m", 900, 100);
        planning.sample("b/m", 1, 50);

        assertThat(planning.order()).containsExactly("b/m", "a/m", "c/m");
    }

    @Test
    void latency_explores_all_targets_and_first_what_is_unknown() {
        Planning planning = Planning.of("selector: latency", "latencyExplorationRate: 1", "a/m", "b/m", "c/m");
        planning.sample("a/m", 1, 100);
        planning.sample("b/m", 1, 50);

        assertThat(planning.order()).containsExactly("c/m", "b/m", "a/m");
    }

    @Test
    void the_rate_of_latency_is_that_of_performance_where_it_has_none_of_its_own() {
        Planning planning = Planning.of("selector: latency", ALWAYS, "a/m", "b/m");
        planning.sample("a/m", 1, 100);

        assertThat(planning.order()).containsExactly("b/m", "a/m");
    }

    @Test
    void e2e_performance_counts_the_wait_for_the_first_token_too() {
        Planning planning = Planning.of("selector: e2e_performance", NEVER, "a/m", "b/m");
        planning.ledger.sample(sampleOf("a/m", 900, 100, 10_000));
        planning.ledger.sample(sampleOf("b/m", 20, 100, 5_000));

        assertThat(planning.order()).containsExactly("b/m", "a/m");
    }

    @Test
    void usage_puts_the_target_with_the_fewest_requests_of_a_day_first() {
        Planning planning = Planning.of("selector: usage", "", "a/m", "a/mm", "b/m");
        for (int request = 0; request < 3; request++) {
            planning.ledger.request(Planning.target("a/m"), planning.now);
        }
        planning.ledger.request(Planning.target("b/m"), planning.now);

        assertThat(planning.order()).containsExactly("a/mm", "b/m", "a/m");
    }

    @Test
    void requests_older_than_a_day_no_longer_count() {
        Planning planning = Planning.of("selector: usage", "", "a/m", "b/m");
        planning.ledger.request(Planning.target("a/m"), planning.now);
        planning.now += 23 * 3_600_000L;
        planning.ledger.passTime();
        assertThat(planning.order()).containsExactly("b/m", "a/m");

        planning.now += 3_600_000L;
        planning.ledger.passTime();

        assertThat(planning.order()).containsExactly("a/m", "b/m");
    }

    @Test
    void the_draw_is_made_once_for_a_request_and_the_rest_goes_by_rank() {
        Planning planning = Planning.of("selector: performance", "performanceExplorationRate: 0.5", "a/m", "b/m", "c/m", "d/m");
        planning.sample("a/m", 40, 1);
        planning.sample("b/m", 30, 1);
        planning.sample("c/m", 20, 1);
        planning.sample("d/m", 10, 1);
        Map<String, Integer> orders = new TreeMap<>();

        for (int draw = 0; draw < 6_000; draw++) {
            orders.merge(String.join(" ", planning.order()), 1, Integer::sum);
        }

        assertThat(orders).containsOnlyKeys("a/m b/m c/m d/m", "b/m a/m c/m d/m", "c/m a/m b/m d/m", "d/m a/m b/m c/m");
        assertThat(orders.get("a/m b/m c/m d/m")).isBetween(2_800, 3_200);
        assertThat(orders.get("d/m a/m b/m c/m")).isBetween(850, 1_150);
    }

    @Test
    void the_share_of_requests_that_explore_is_the_configured_one() {
        Planning planning = Planning.of("selector: latency", "latencyExplorationRate: 0.05", "a/m", "b/m");
        planning.sample("a/m", 1, 10);
        Map<String, Integer> firsts = new HashMap<>();

        for (int draw = 0; draw < 20_000; draw++) {
            firsts.merge(planning.order().getFirst(), 1, Integer::sum);
        }

        assertThat(firsts.get("b/m")).isBetween(850, 1_150);
    }

    @Test
    void groups_are_tried_one_after_the_other_each_in_the_order_of_its_own_selector() {
        Planning planning = Planning.models(
                """
                fast:
                    selector: in_order
                    target_groups:
                      - {name: cheap, selector: cost, targets: [{provider: priced, model: five}, {provider: priced, model: one}]}
                      - {name: spare, targets: [{provider: b, model: x}, {provider: a, model: x}]}
                """,
                "");

        assertThat(planning.order()).containsExactly("priced/one", "priced/five", "b/x", "a/x");
    }

    @Test
    void the_flat_list_of_targets_is_the_first_group_and_a_target_belongs_to_the_first_group_that_names_it() {
        Planning planning = Planning.models(
                """
                fast:
                    selector: in_order
                    targets: [{provider: c, model: x}]
                    target_groups:
                      - {name: one, targets: [{provider: b, model: x}, {provider: c, model: x}]}
                      - {name: two, targets: [{provider: a, model: x}]}
                """,
                "");

        assertThat(planning.order()).containsExactly("c/x", "b/x", "a/x");
    }

    @Test
    void a_group_whose_targets_all_cool_gives_way_to_the_next() {
        Planning planning = Planning.models(
                "fast: {selector: in_order, target_groups: [{name: one, targets: " + Planning.targets("a/x", "b/x")
                        + "}, {name: two, targets: " + Planning.targets("c/x") + "}]}",
                "");
        planning.cooling(Map.of("a/x", 60_000L, "b/x", 60_000L));

        assertThat(planning.order()).containsExactly("c/x");
    }

    @Test
    void api_match_comes_before_the_groups() {
        Planning planning = Planning.models(
                "fast: {selector: in_order, priority: api_match, target_groups: [{name: one, targets: " + Planning.targets("a/x", "m/x")
                        + "}, {name: two, targets: " + Planning.targets("b/x") + "}]}",
                "");

        assertThat(planning.order()).containsExactly("a/x", "b/x", "m/x");
        assertThat(planning.order("fast", DialectId.MESSAGES, 0)).containsExactly("m/x", "a/x", "b/x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct/fast/two", "direct/spaced/name/two"})
    void a_direct_route_leads_to_one_group_of_an_alias(String name) {
        String groups = "{selector: in_order, target_groups: [{name: one, targets: " + Planning.targets("a/x") + "}, {name: two, targets: "
                + Planning.targets("b/x", "c/x") + "}]}";
        Planning planning = Planning.models("{fast: " + groups + ", spaced/name: " + groups + "}", "");

        assertThat(planning.order(name, DialectId.CHAT, 0)).containsExactly("b/x", "c/x");
    }

    @Test
    void only_the_first_group_is_explored() {
        Planning planning = Planning.models(
                "fast: {selector: performance, target_groups: [{name: one, targets: " + Planning.targets("a/x", "b/x")
                        + "}, {name: two, targets: " + Planning.targets("c/x", "d/x") + "}]}",
                ALWAYS);
        planning.sample("a/x", 50, 1);
        planning.sample("c/x", 50, 1);

        assertThat(planning.order()).containsExactly("b/x", "a/x", "c/x", "d/x");
    }

    private static PerformanceSample sampleOf(String target, double rate, long tokens, double durationMs) {
        return new PerformanceSample(Planning.target(target), "fast", "r", 1, tokens, durationMs, rate, true, 0);
    }
}
