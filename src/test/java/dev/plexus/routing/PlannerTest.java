package dev.plexus.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigRead;
import dev.plexus.config.ConfigReader;
import dev.plexus.message.Candidate;
import dev.plexus.message.CooldownView;
import dev.plexus.message.CooldownView.Entry;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.Plan;
import dev.plexus.message.PlanAsked;
import dev.plexus.message.ProbeLeases;
import dev.plexus.message.Slots;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.KeyName;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import dev.plexus.pricing.CostRules;
import dev.plexus.pricing.RateCatalogue;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of choosing targets, one after the other: names, direct routes, types, candidates, dialects, order.
class PlannerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Planner planner = new Planner(
            () -> NOW, RandomGenerator.of("L64X128MixRandom"), new CostRules(RateCatalogue.EMPTY), new Slots(), new ProbeLeases());

    @Test
    void an_alias_key_beats_an_additional_name() {
        Config config = config("""
                models:
                  a: {selector: in_order, targets: [{provider: p, model: m1}], additional_aliases: [b]}
                  b: {selector: in_order, targets: [{provider: p, model: m2}]}
                """);

        assertThat(ready(config, "b").canonicalName()).isEqualTo("b");
        assertThat(targets(config, "b")).containsExactly("p/m2");
    }

    @Test
    void of_two_aliases_with_the_same_additional_name_the_first_in_the_file_is_meant_and_its_key_is_the_canonical_name() {
        Config config = config("""
                models:
                  z: {selector: in_order, targets: [{provider: p, model: m1}], additional_aliases: [shared, "vendor/name:free"]}
                  a: {selector: in_order, targets: [{provider: p, model: m2}], additional_aliases: [shared]}
                """);

        assertThat(ready(config, "shared").canonicalName()).isEqualTo("z");
        assertThat(targets(config, "vendor/name:free")).containsExactly("p/m1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAST", "fast ", "p/m1", "Direct/p/m1", "fas"})
    void names_are_compared_exactly_and_a_plain_provider_and_model_is_no_route(String name) {
        Config config = config("models: {fast: {targets: [{provider: p, model: m1}]}}");

        assertThat(refusal(config, name))
                .isEqualTo(error(404, "model_not_found", "Model '" + name + "' not found in configuration"));
    }

    @Test
    void an_alias_that_looks_like_a_direct_route_is_an_alias() {
        Config config = config("models: {direct/p/m1: {selector: in_order, targets: [{provider: p, model: other}]}}");

        assertThat(targets(config, "direct/p/m1")).containsExactly("p/other");
    }

    @Test
    void a_new_snapshot_is_looked_up_afresh() {
        Config before = config("models: {fast: {targets: [{provider: p, model: m1}]}}");
        Config after = config("models: {fast: {targets: [{provider: p, model: m2}]}}");

        assertThat(targets(before, "fast")).containsExactly("p/m1");
        assertThat(targets(after, "fast")).containsExactly("p/m2");
        assertThat(targets(before, "fast")).containsExactly("p/m1");
    }

    @Test
    void a_direct_route_has_one_candidate_whose_model_is_everything_after_the_second_slash() {
        Plan.Ready plan = ready(config(""), "direct/p/org/model-x");

        assertThat(plan.canonicalName()).isEqualTo("direct/p/org/model-x");
        assertThat(plan.alias()).isNull();
        assertThat(names(plan)).containsExactly("p/org/model-x");
    }

    @Test
    void a_direct_route_reaches_models_that_the_provider_does_not_list() {
        assertThat(targets(config(""), "direct/p/unheard-of")).containsExactly("p/unheard-of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct/p", "direct/", "direct/p/", "direct//m"})
    void a_direct_route_without_provider_or_model_is_a_bad_request(String name) {
        GatewayError error = refusal(config(""), name);

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).isEqualTo("Direct routing failed: Invalid format '" + name + "'. Expected 'direct/provider/model'");
    }

    @Test
    void a_direct_route_to_an_unknown_provider_is_not_found() {
        GatewayError error = refusal(config(""), "direct/nobody/m");

        assertThat(error.status()).isEqualTo(404);
        assertThat(error.message()).isEqualTo("Direct routing failed: Provider 'nobody' not found in configuration");
    }

    @Test
    void a_direct_route_to_a_disabled_provider_is_not_found() {
        GatewayError error = refusal(config(""), "direct/off/m");

        assertThat(error.status()).isEqualTo(404);
        assertThat(error.message()).isEqualTo("Direct routing failed: Provider 'off' is disabled");
    }

    @Test
    void a_direct_route_does_not_mind_a_cooldown_but_tells_that_a_success_must_be_told() {
        CooldownView cooling = cooling(Map.of("p/m1", 60_000L));

        Plan.Ready plan = (Plan.Ready) planner.plan(asked(config(""), "direct/p/m1", DialectId.CHAT, "app"), cooling, PerformanceView.EMPTY);

        assertThat(names(plan)).containsExactly("p/m1");
        assertThat(plan.candidates().getFirst().recovering()).isTrue();
    }

    @Test
    void the_model_lists_of_a_key_hold_for_the_whole_direct_name() {
        Config config = config("");

        assertThat(status(config, "direct/p/m1", "only-direct")).isEqualTo(200);
        assertThat(status(config, "direct/p/m2", "only-direct")).isEqualTo(403);
        assertThat(status(config, "direct/p/m2", "only-fast")).isEqualTo(403);
        assertThat(status(config, "direct/q/m2", "not-q")).isEqualTo(403);
        assertThat(status(config, "direct/q/m2", "only-p")).isEqualTo(403);
    }

    @ParameterizedTest(name = "type {0}: {1}")
    @CsvSource({
        "chat, 'CHAT MESSAGES GEMINI RESPONSES'",
        "text, 'CHAT MESSAGES GEMINI RESPONSES'",
        "responses, 'CHAT MESSAGES GEMINI RESPONSES'",
        "embeddings, 'EMBEDDINGS'",
        "speech, ''",
        "image, ''"
    })
    void an_alias_with_a_type_serves_only_the_endpoints_of_that_type(String type, String accepted) {
        Config config = config("models: {fast: {type: %s, targets: [{provider: all, model: m}]}}".formatted(type));

        for (DialectId dialect : List.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES, DialectId.EMBEDDINGS)) {
            Plan plan = planner.plan(asked(config, "fast", dialect, "app"), CooldownView.EMPTY, PerformanceView.EMPTY);

            assertThat(plan instanceof Plan.Ready).as(dialect.label()).isEqualTo(List.of(accepted.split(" ")).contains(dialect.name()));
        }
    }

    @Test
    void a_type_that_does_not_fit_is_named_in_the_error() {
        Config config = config("models: {emb: {type: embeddings, targets: [{provider: all, model: m}]}}");

        assertThat(refusal(config, "emb"))
                .isEqualTo(error(400, "model_type_mismatch", "Model 'emb' is of type 'embeddings' and cannot be used with /v1/chat/completions"));
    }

    @Test
    void an_alias_without_a_type_is_never_refused_for_it() {
        Config config = config("models: {fast: {targets: [{provider: all, model: m}]}}");

        for (DialectId dialect : List.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES, DialectId.EMBEDDINGS)) {
            assertThat(planner.plan(asked(config, "fast", dialect, "app"), CooldownView.EMPTY, PerformanceView.EMPTY)).isInstanceOf(Plan.Ready.class);
        }
    }

    @Test
    void a_target_named_twice_is_one_candidate() {
        Config config = alias("p/m1, p/m2, p/m1, p/m1", "selector: in_order");

        assertThat(targets(config, "fast")).containsExactly("p/m1", "p/m2");
    }

    @Test
    void disabled_targets_and_those_of_unknown_or_disabled_providers_are_left_out() {
        Config config = config("""
                models:
                  fast:
                    selector: in_order
                    targets:
                      - {provider: p, model: m1, enabled: false}
                      - {provider: nobody, model: m}
                      - {provider: off, model: m}
                      - {provider: p, model: m2}
                """);

        assertThat(targets(config, "fast")).containsExactly("p/m2");
    }

    @Test
    void of_a_target_named_twice_the_first_says_whether_it_is_enabled() {
        Config config = config("""
                models:
                  fast: {selector: in_order, targets: [{provider: p, model: m1, enabled: false}, {provider: p, model: m1}, {provider: p, model: m2}]}
                """);

        assertThat(targets(config, "fast")).containsExactly("p/m2");
    }

    @Test
    void an_alias_whose_targets_are_all_disabled_is_unavailable_and_no_wait_helps() {
        Config config = config("models: {fast: {targets: [{provider: off, model: m}]}}");

        Plan.Refused refused = (Plan.Refused) planner.plan(asked(config, "fast", DialectId.CHAT, "app"), CooldownView.EMPTY, PerformanceView.EMPTY);

        assertThat(refused.error().status()).isEqualTo(503);
        assertThat(refused.error().code()).isEqualTo("all_targets_disabled");
        assertThat(refused.error().message()).isEqualTo("All targets for model alias 'fast' are disabled.");
        assertThat(refused.canonicalName()).isEqualTo("fast");
        assertThat(refused.retryAfterMillis()).isZero();
    }

    @Test
    void targets_on_cooldown_are_left_out_until_their_time_is_up() {
        Config config = alias("p/m1, p/m2, p/m3", "selector: in_order");
        CooldownView cooling = cooling(Map.of("p/m1", 1L, "p/m2", 0L, "p/m3", -1L));

        assertThat(targets(config, "fast", DialectId.CHAT, cooling)).containsExactly("p/m2", "p/m3");
    }

    @Test
    void a_cooldown_of_a_whole_provider_blocks_all_its_models() {
        Config config = alias("p/m1, q/m1, p/m2", "selector: in_order");

        assertThat(targets(config, "fast", DialectId.CHAT, cooling(Map.of("p/", 60_000L)))).containsExactly("q/m1");
    }

    @Test
    void a_candidate_whose_failures_are_remembered_is_marked_as_recovering() {
        Config config = alias("p/m1, p/m2", "selector: in_order");

        Plan.Ready plan = (Plan.Ready) planner.plan(asked(config, "fast", DialectId.CHAT, "app"), cooling(Map.of("p/m1", -5_000L)), PerformanceView.EMPTY);

        assertThat(plan.candidates()).extracting(Candidate::recovering).containsExactly(true, false);
    }

    @Test
    void a_target_exempt_from_cooldowns_stays_first_in_order() {
        Config config = alias("exempt/m, p/m1", "selector: in_order");

        assertThat(targets(config, "fast", DialectId.CHAT, cooling(Map.of("exempt/m", 60_000L)))).containsExactly("exempt/m", "p/m1");
    }

    @Test
    void when_all_are_cooling_the_client_learns_when_the_first_is_back() {
        Config config = alias("p/m1, p/m2", "");

        Plan.Refused refused = (Plan.Refused)
                planner.plan(asked(config, "fast", DialectId.CHAT, "app"), cooling(Map.of("p/m1", 90_000L, "p/m2", 30_001L)), PerformanceView.EMPTY);

        assertThat(refused.error().status()).isEqualTo(503);
        assertThat(refused.error().code()).isEqualTo("all_targets_cooling");
        assertThat(refused.error().message()).isEqualTo("All providers for model alias 'fast' are currently on cooldown.");
        assertThat(refused.retryAfterMillis()).isEqualTo(30_001);
    }

    @Test
    void when_the_only_targets_that_speak_the_dialect_are_cooling_the_client_is_told_to_wait_not_that_nobody_speaks_it() {
        Config config = alias("p/m1, anthropic/m", "selector: in_order");

        Plan.Refused refused = (Plan.Refused)
                planner.plan(asked(config, "fast", DialectId.EMBEDDINGS, "app"), cooling(Map.of("p/m1", 90_000L)), PerformanceView.EMPTY);

        assertThat(refused.error().code()).isEqualTo("all_targets_cooling");
        assertThat(refused.retryAfterMillis()).isEqualTo(90_000);
    }

    @Test
    void a_key_may_be_held_to_models_by_alias_or_additional_name() {
        Config config = config("""
                models:
                  fast: {targets: [{provider: p, model: m1}], additional_aliases: [quick]}
                  slow: {targets: [{provider: p, model: m1}]}
                """);

        assertThat(status(config, "fast", "only-fast")).isEqualTo(200);
        assertThat(status(config, "quick", "only-fast")).isEqualTo(200);
        assertThat(status(config, "slow", "only-fast")).isEqualTo(403);
        assertThat(status(config, "fast", "not-fast")).isEqualTo(403);
        assertThat(status(config, "quick", "not-fast")).isEqualTo(403);
        assertThat(status(config, "slow", "not-fast")).isEqualTo(200);
    }

    @Test
    void a_name_both_allowed_and_excluded_is_excluded() {
        Config config = alias("p/m1", "");

        assertThat(status(config, "fast", "both")).isEqualTo(403);
    }

    @Test
    void a_key_may_be_held_to_providers_and_targets_elsewhere_are_left_out() {
        Config config = alias("q/m1, p/m1, q/m2", "selector: in_order");

        assertThat(targetsOf(config, "only-p")).containsExactly("p/m1");
        assertThat(targetsOf(config, "not-q")).containsExactly("p/m1");
        assertThat(targetsOf(config, "app")).containsExactly("q/m1", "p/m1", "q/m2");
    }

    @Test
    void a_key_for_which_every_target_is_excluded_is_forbidden() {
        assertThat(status(alias("q/m1", ""), "fast", "only-p")).isEqualTo(403);
    }

    @Test
    void a_provider_that_the_key_may_not_use_does_not_make_the_alias_look_cooled() {
        Config config = alias("q/m1, p/m1", "selector: in_order");

        Plan plan = planner.plan(asked(config, "fast", DialectId.CHAT, "only-p"), cooling(Map.of("q/m1", 90_000L)), PerformanceView.EMPTY);

        assertThat(names((Plan.Ready) plan)).containsExactly("p/m1");
    }

    @Test
    void embeddings_go_to_targets_that_are_known_to_embed() {
        Config config = alias("p/m1, embedder/e, typed/emb, typed/talk", "selector: in_order");

        assertThat(targets(config, "fast", DialectId.EMBEDDINGS, CooldownView.EMPTY)).containsExactly("embedder/e", "typed/emb");
    }

    @Test
    void the_type_of_a_model_decides_before_the_type_of_the_alias_and_of_the_provider() {
        Config config = alias("p/m1, typed/talk, embedder/talk", "selector: in_order, type: embeddings");

        assertThat(targets(config, "fast", DialectId.EMBEDDINGS, CooldownView.EMPTY)).containsExactly("p/m1");
    }

    @Test
    void when_no_target_is_known_to_embed_all_are_kept() {
        Config config = alias("p/m1, q/m1", "selector: in_order");

        assertThat(targets(config, "fast", DialectId.EMBEDDINGS, CooldownView.EMPTY)).containsExactly("p/m1", "q/m1");
    }

    @Test
    void chat_requests_are_not_narrowed() {
        Config config = alias("typed/emb, p/m1", "selector: in_order");

        assertThat(targets(config, "fast")).containsExactly("typed/emb", "p/m1");
    }

    @ParameterizedTest(name = "{0} asked in {1}: {2}")
    @CsvSource({
        "p/m1, CHAT, CHAT",
        "both/m, CHAT, CHAT",
        "both/m, MESSAGES, MESSAGES",
        "both/unset, MESSAGES, MESSAGES",
        "written/m, MESSAGES, MESSAGES",
        "p/m1, MESSAGES, CHAT",
        "anthropic/m, GEMINI, MESSAGES",
        "both/claude, CHAT, MESSAGES",
        "both/m, RESPONSES, CHAT"
    })
    void a_target_is_called_in_the_dialect_of_the_client_where_it_speaks_it_and_else_in_its_first(String target, DialectId incoming, DialectId chosen) {
        Config config = alias(target, "");

        Plan.Ready plan = (Plan.Ready) planner.plan(asked(config, "fast", incoming, "app"), CooldownView.EMPTY, PerformanceView.EMPTY);

        assertThat(plan.candidates()).singleElement().extracting(Candidate::dialect).isEqualTo(chosen);
    }

    @Test
    void embeddings_are_not_translated_so_a_target_that_speaks_only_another_dialect_is_passed_over() {
        Config config = alias("anthropic/m, p/m1", "selector: in_order");

        Plan.Ready plan = (Plan.Ready) planner.plan(asked(config, "fast", DialectId.EMBEDDINGS, "app"), CooldownView.EMPTY, PerformanceView.EMPTY);

        assertThat(names(plan)).containsExactly("p/m1");
        assertThat(plan.skipped()).singleElement().satisfies(line -> {
            assertThat(line.model()).isEqualTo("m");
            assertThat(line.reason()).isEqualTo("does not speak embeddings");
        });
    }

    @Test
    void an_alias_that_nobody_serves_in_the_dialect_of_the_client_is_a_bad_request() {
        Plan plan = planner.plan(asked(alias("anthropic/m", ""), "fast", DialectId.EMBEDDINGS, "app"), CooldownView.EMPTY, PerformanceView.EMPTY);

        GatewayError error = ((Plan.Refused) plan).error();
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.code()).isEqualTo("dialect_not_supported");
    }

    @Test
    void in_order_keeps_the_order_of_the_file() {
        assertThat(targets(alias("p/m3, p/m1, q/m2", "selector: in_order"), "fast")).containsExactly("p/m3", "p/m1", "q/m2");
    }

    @Test
    void random_is_a_uniformly_random_permutation_and_the_selector_when_none_is_named() {
        Config config = alias("p/m1, p/m2, p/m3", "");
        Map<List<String>, Integer> counts = new HashMap<>();

        for (int draw = 0; draw < 60_000; draw++) {
            counts.merge(targets(config, "fast"), 1, Integer::sum);
        }

        assertThat(counts).hasSize(6).allSatisfy((_, count) -> assertThat(count).isBetween(9_500, 10_500));
    }

    @Test
    void api_match_puts_targets_that_speak_the_dialect_first_and_the_others_after_them() {
        Config config = alias("embeds/m1, p/m1, embeds/m2, embedder/e1", "selector: in_order, priority: api_match, type: embeddings");

        assertThat(targets(config, "fast", DialectId.EMBEDDINGS, CooldownView.EMPTY))
                .containsExactly("embeds/m1", "embeds/m2", "embedder/e1", "p/m1");
    }

    @Test
    void a_strict_api_match_has_no_tail() {
        Config config = alias("p/m1, embeds/m1", "selector: in_order, priority: api_match, api_match_strict: true, type: embeddings");

        assertThat(targets(config, "fast", DialectId.EMBEDDINGS, CooldownView.EMPTY)).containsExactly("embeds/m1");
    }

    @Test
    void api_match_without_any_match_falls_back_to_all_targets_even_when_strict() {
        for (String strict : List.of("", ", api_match_strict: true")) {
            Config config = alias("p/m1, q/m1", "selector: in_order, priority: api_match, type: embeddings" + strict);

            assertThat(targets(config, "fast", DialectId.EMBEDDINGS, CooldownView.EMPTY)).containsExactly("p/m1", "q/m1");
        }
    }

    @Test
    void api_match_shuffles_the_matching_and_the_others_by_themselves() {
        Config config = alias("p/m1, p/m2, embeds/m1, embeds/m2", "priority: api_match, type: embeddings");
        Map<String, Integer> counts = new TreeMap<>();

        for (int draw = 0; draw < 4_000; draw++) {
            List<String> order = targets(config, "fast", DialectId.EMBEDDINGS, CooldownView.EMPTY);
            assertThat(order.subList(0, 2)).allMatch(name -> name.startsWith("embeds/"));
            counts.merge(String.join(" ", order), 1, Integer::sum);
        }

        assertThat(counts).hasSize(4).allSatisfy((_, count) -> assertThat(count).isBetween(850, 1_150));
    }

    /// One alias `fast` with these targets, `provider/model` each.
    private static Config alias(String targets, String settings) {
        StringBuilder list = new StringBuilder();
        for (String target : targets.split(", ")) {
            int slash = target.indexOf('/');
            list.append("{provider: ").append(target, 0, slash).append(", model: ").append(target.substring(slash + 1)).append("}, ");
        }
        return config("models: {fast: {" + settings + (settings.isEmpty() ? "" : ", ") + "targets: [" + list + "]}}");
    }

    private static Config config(String models) {
        ConfigRead read = new ConfigReader(_ -> null).read("""
                adminKey: admin
                providers:
                  p: {api_base_url: {chat: "http://p/v1"}, api_key: k, models: [m1, m2, m3]}
                  q: {api_base_url: {chat: "http://q/v1"}, api_key: k, models: [m1, m2]}
                  off: {api_base_url: {chat: "http://off/v1"}, api_key: k, enabled: false, models: [m]}
                  exempt: {api_base_url: {chat: "http://e/v1"}, api_key: k, disable_cooldown: true, models: [m]}
                  anthropic: {api_base_url: {messages: "http://a/v1"}, api_key: k, models: [m]}
                  written: {api_base_url: {Chat: "http://w/v1", Messages: "http://w/v1"}, api_key: k, models: [m]}
                  both:
                    api_base_url: {chat: "http://b/v1", messages: "http://b/v1"}
                    api_key: k
                    models: {m: {}, claude: {access_via: [messages]}, unset: {access_via: []}}
                  embedder: {api_base_url: {embeddings: "http://m/v1"}, api_key: k, models: {e: {}, e1: {}, talk: {type: chat}}}
                  embeds: {api_base_url: {chat: "http://m/v1", embeddings: "http://m/v1"}, api_key: k, models: [m1, m2]}
                  typed: {api_base_url: {chat: "http://t/v1"}, api_key: k, models: {emb: {type: embeddings}, talk: {type: chat}}}
                  all:
                    api_base_url: {chat: "http://x/v1", messages: "http://x/v1", responses: "http://x/v1", gemini: "http://x", embeddings: "http://x/v1"}
                    api_key: k
                    models: [m]
                %s
                keys:
                  app: {secret: sk-app}
                  only-fast: {secret: sk-1, allowedModels: [fast]}
                  not-fast: {secret: sk-2, excludedModels: [fast]}
                  both: {secret: sk-3, allowedModels: [fast], excludedModels: [fast]}
                  only-p: {secret: sk-4, allowedProviders: [p]}
                  not-q: {secret: sk-5, excludedProviders: [q]}
                  only-direct: {secret: sk-6, allowedModels: [direct/p/m1]}
                """.formatted(models.isEmpty() ? "models: {}" : models));
        assertThat(read.errors()).isEmpty();
        return read.config();
    }

    /// Milliseconds from now until each target is back; `provider/` is the whole provider.
    private static CooldownView cooling(Map<String, Long> millis) {
        Map<TargetId, Entry> entries = new HashMap<>();
        millis.forEach((name, left) -> {
            int slash = name.indexOf('/');
            TargetId target = new TargetId(new ProviderId(name.substring(0, slash)), name.substring(slash + 1));
            entries.put(target, new Entry(NOW.toEpochMilli() + left, 1, NOW.toEpochMilli() - 1_000, "500"));
        });
        return new CooldownView(entries);
    }

    private static PlanAsked asked(Config config, String model, DialectId dialect, String key) {
        return new PlanAsked(config, model, dialect, config.keys().get(new KeyName(key)));
    }

    private Plan.Ready ready(Config config, String model) {
        return (Plan.Ready) planner.plan(asked(config, model, DialectId.CHAT, "app"), CooldownView.EMPTY, PerformanceView.EMPTY);
    }

    private List<String> targets(Config config, String model) {
        return names(ready(config, model));
    }

    private List<String> targets(Config config, String model, DialectId dialect, CooldownView cooldowns) {
        return names((Plan.Ready) planner.plan(asked(config, model, dialect, "app"), cooldowns, PerformanceView.EMPTY));
    }

    private List<String> targetsOf(Config config, String key) {
        return names((Plan.Ready) planner.plan(asked(config, "fast", DialectId.CHAT, key), CooldownView.EMPTY, PerformanceView.EMPTY));
    }

    private GatewayError refusal(Config config, String model) {
        return ((Plan.Refused) planner.plan(asked(config, model, DialectId.CHAT, "app"), CooldownView.EMPTY, PerformanceView.EMPTY)).error();
    }

    /// 200 for a plan, else the status of the refusal.
    private int status(Config config, String model, String key) {
        return switch (planner.plan(asked(config, model, DialectId.CHAT, key), CooldownView.EMPTY, PerformanceView.EMPTY)) {
            case Plan.Ready _ -> 200;
            case Plan.Refused(var error, _, _) -> error.status();
        };
    }

    private static List<String> names(Plan.Ready plan) {
        return plan.candidates().stream().map(candidate -> candidate.id().toString()).toList();
    }

    private static GatewayError error(int status, String code, String message) {
        return new GatewayError(
                status == 404 ? ErrorKind.NOT_FOUND : ErrorKind.INVALID_REQUEST, status, message, code, "model");
    }
}
