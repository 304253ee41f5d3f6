package dev.plexus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.plexus.model.AliasName;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.ProviderId;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the settings come to. The vectors of the specification carry their names; those that end in a fault are files (see [ConfigCasesTest]).
class ConfigReaderTest {

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void vector_a_a_minimal_file_gets_every_default() throws IOException {
        Config config = loaded(caseFile("vector-a-minimal"));

        Provider provider = provider(config, "p1");
        assertThat(provider.dialects()).containsExactly(DialectId.CHAT);
        assertThat(provider.enabled()).isTrue();
        assertThat(provider.models()).containsExactly(entry("m1", ProviderModel.UNPRICED));
        assertThat(provider.timeouts()).isEqualTo(Timeouts.DEFAULT);
        assertThat(provider.retry()).isEqualTo(Retry.DEFAULT);
        assertThat(provider.quotaChecker()).isNull();
        assertThat(provider.injectStreamUsage()).isTrue();
        assertThat(provider.drainOnDisconnect()).isFalse();
        Alias alias = alias(config, "fast");
        assertThat(alias.selector()).isEqualTo(Selector.RANDOM);
        assertThat(alias.apiMatch()).isFalse();
        assertThat(alias.retry()).isSameAs(RetryOverride.NONE);
        assertThat(alias.targets()).containsExactly(new Target(new ProviderId("p1"), "m1", true));
        assertThat(config.cooldown()).isEqualTo(new CooldownPolicy(Duration.ofMinutes(2), Duration.ofMinutes(300)));
        assertThat(config.performanceExplorationRate()).isEqualTo(0.05);
        assertThat(config.latencyExplorationRate()).isEqualTo(0.05);
        assertThat(config.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(config.retention()).isEqualTo(Retention.DEFAULT);
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.exposeRoutingHeaders()).isTrue();
        Failover failover = config.failover();
        assertThat(failover.enabled()).isTrue();
        assertThat(failover.streamProbe()).isEqualTo(Duration.ofSeconds(15));
        assertThat(List.of(100, 199, 300, 401, 402, 404, 429, 500, 599)).allMatch(failover::retries);
        assertThat(List.of(200, 204, 299, 400, 413, 422)).noneMatch(failover::retries);
        assertThat(failover.retryableErrors()).contains("ECONNREFUSED", "ETIMEDOUT", "ENOTFOUND", "ECONNRESET", "EAI_AGAIN").hasSize(8);
    }

    @Test
    void vector_c_a_fuller_file() throws IOException {
        Config config = loaded(caseFile("vector-c-fuller"));

        Provider north = provider(config, "north");
        assertThat(north.dialects()).containsExactly(DialectId.CHAT, DialectId.MESSAGES, DialectId.EMBEDDINGS);
        assertThat(north.dialectsOf("big-1")).containsExactly(DialectId.MESSAGES, DialectId.CHAT);
        assertThat(north.dialectsOf("vec-1")).isEqualTo(north.dialects());
        assertThat(north.apiKey()).isEqualTo("k-north");
        assertThat(north.discount()).isEqualByComparingTo("0.15");
        assertThat(north.headers()).containsExactly(entry("X-Team", "core"));
        assertThat(north.extraBody()).containsExactly(entry("provider_tier", "\"gold\""));
        assertThat(pricing(north, "big-1"))
                .isEqualTo(new Pricing.Simple(
                        new BigDecimal("2.5"), new BigDecimal("10"), new BigDecimal("0.25"), new BigDecimal("3"), null, null));
        assertThat(pricing(north, "paint-1")).isEqualTo(new Pricing.PerRequest(new BigDecimal("0.03")));
        assertThat(config.adminKey()).isEqualTo("dev-only");
        QuotaChecker checker = Objects.requireNonNull(provider(config, "work-codex").quotaChecker());
        assertThat(checker.id()).isEqualTo("work-codex-openai-codex");
        assertThat(config.providers().values().stream().filter(provider -> provider.quotaChecker() != null)).hasSize(1);
        Alias smart = alias(config, "smart");
        assertThat(smart.additionalNames()).containsExactly("smart-latest");
        assertThat(smart.selector()).isEqualTo(Selector.IN_ORDER);
        assertThat(smart.apiMatch()).isTrue();
        assertThat(smart.stripAdaptiveThinking()).isTrue();
        assertThat(smart.targets()).extracting(Target::enabled).containsExactly(true, true, false);
        assertThat(config.aliases().keySet()).extracting(AliasName::value).containsExactly("smart", "vectors");
        assertThat(config.performanceExplorationRate()).isEqualTo(0.1);
        assertThat(config.latencyExplorationRate()).isEqualTo(0.1);
        assertThat(config.cooldown()).isEqualTo(new CooldownPolicy(Duration.ofMinutes(1), Duration.ofMinutes(60)));
        assertThat(config.failover().retryableErrors()).containsExactly("ECONNREFUSED", "ECONNRESET");
        assertThat(key(config, "web").quotas()).containsExactly("hourly");
        assertThat(Objects.requireNonNull(config.mcpServers().get("files")).headers()).containsExactly(entry("Authorization", "Bearer t0"));
    }

    @Test
    void b1_b2_the_dialect_follows_from_a_vendors_host() {
        assertThat(ofUrl("https://API.Anthropic.com/v1").dialects()).containsExactly(DialectId.MESSAGES);
        assertThat(ofUrl("https://generativelanguage.googleapis.com").dialects()).containsExactly(DialectId.GEMINI);
        assertThat(ofUrl("https://elsewhere.test/v1").dialects()).containsExactly(DialectId.CHAT);
    }

    @Test
    void b3_the_dialects_of_a_map_are_its_filled_keys_in_order() {
        Provider provider = ofUrl("{messages: \"https://a.test/v1\", chat: \"\", embeddings: \"https://a.test/v1\"}");

        assertThat(provider.dialects()).containsExactly(DialectId.MESSAGES, DialectId.EMBEDDINGS);
    }

    @Test
    void b4_a_subscription_without_an_account_gets_the_legacy_one() throws IOException {
        Provider provider = provider(loaded(caseFile("b04-oauth-without-account")), "x");

        assertThat(provider.oauthAccount()).isEqualTo("legacy");
        assertThat(provider.dialects()).containsExactly(DialectId.OAUTH);
        assertThat(provider.baseUrls()).containsEntry(DialectId.OAUTH, "oauth://");
    }

    @Test
    void b7_one_trailing_slash_is_dropped() {
        assertThat(ofUrl("{Chat: \"https://a.test/v1/\"}").baseUrls()).containsEntry(DialectId.CHAT, "https://a.test/v1");
        assertThat(ofUrl("https://a.test/v1/  ").baseUrls()).containsEntry(DialectId.CHAT, "https://a.test/v1");
    }

    @Test
    void b8_a_type_without_its_own_url_has_the_default_one() {
        Provider provider = ofUrl("{default: \"https://d.test\", chat: \"https://c.test\"}");

        assertThat(provider.dialects()).containsExactly(DialectId.CHAT);
        assertThat(provider.baseUrls())
                .containsEntry(DialectId.MESSAGES, "https://d.test")
                .containsEntry(DialectId.CHAT, "https://c.test")
                .doesNotContainKey(DialectId.OAUTH);
    }

    @Test
    void without_a_default_url_the_first_one_serves_the_other_types() {
        Provider provider = ofUrl("{image: \"https://i.test\", chat: \"https://c.test\"}");

        assertThat(provider.dialects()).containsExactly(DialectId.IMAGES, DialectId.CHAT);
        assertThat(provider.baseUrls()).containsEntry(DialectId.MESSAGES, "https://i.test");
    }

    @Test
    void b9_an_empty_access_via_means_the_providers_types() {
        Provider provider = provider(
                loaded(providerX("api_base_url: https://x.test/v1\napi_key: k\nmodels: {m: {access_via: []}}")), "x");

        assertThat(provider.dialectsOf("m")).containsExactly(DialectId.CHAT);
    }

    @Test
    void b11_a_subscription_brings_its_own_checker() {
        Config config = loaded("""
                adminKey: a
                providers:
                  cx: {api_base_url: "oauth://", oauth_provider: openai-codex, oauth_account: work, api_key: OAuth}
                  an: {api_base_url: "oauth://", oauth_provider: anthropic, oauth_account: me}
                  gh: {api_base_url: "oauth://", oauth_provider: github-copilot, oauth_account: me, quota_checker: {type: copilot, enabled: false}}
                  go: {api_base_url: "oauth://", oauth_provider: google-gemini-cli, oauth_account: me}
                  no: {api_base_url: "oauth://", oauth_provider: anthropic, oauth_account: me, enabled: false}
                models: {}
                keys: {}
                """);

        assertThat(provider(config, "cx").quotaChecker())
                .isEqualTo(new QuotaChecker(
                        "cx-openai-codex",
                        "openai-codex",
                        Duration.ofMinutes(5),
                        Map.of("oauthProvider", "openai-codex", "oauthAccountId", "work")));
        assertThat(Objects.requireNonNull(provider(config, "an").quotaChecker()).type()).isEqualTo("claude-code");
        assertThat(provider(config, "gh").quotaChecker()).isNull();
        assertThat(provider(config, "go").quotaChecker()).isNull();
        assertThat(provider(config, "no").quotaChecker()).isNull();
    }

    @Test
    void an_explicit_checker_is_given_the_providers_key() {
        Provider provider = provider(
                loaded(providerX("""
                        api_base_url: https://x.test/v1
                        api_key: k1
                        quota_checker: {type: ZAI, intervalMinutes: 1.5, options: {endpoint: "https://q.test", depth: {a: 1}}}""")),
                "x");

        assertThat(provider.quotaChecker())
                .isEqualTo(new QuotaChecker(
                        "x",
                        "zai",
                        Duration.ofSeconds(90),
                        Map.of("apiKey", "k1", "endpoint", "https://q.test", "depth", "{\"a\":1}")));
    }

    @Test
    void b13_a_price_range_is_open_at_both_ends_by_default() throws IOException {
        Provider provider = provider(loaded(caseFile("b13-price-by-range")), "x");

        assertThat(pricing(provider, "m"))
                .isEqualTo(new Pricing.Defined(
                        List.of(new Pricing.Range(BigDecimal.ZERO, null, BigDecimal.ONE, BigDecimal.TWO, null, null)), null));
    }

    @Test
    void b15_b16_variables_have_fallbacks_and_can_be_escaped() throws IOException {
        assertThat(provider(loaded(caseFile("b15-variable-with-fallback")), "x").apiKey()).isEqualTo("dflt");
        assertThat(provider(loaded(caseFile("b16-escaped-variable")), "x").apiKey()).isEqualTo("pa${X}");
        assertThat(provider(loaded(caseFile("other-dollar-text-stays")), "x").apiKey()).isEqualTo("a${b c}$d${}");
        environment.put("NOPE", "");
        assertThat(provider(loaded(caseFile("b15-variable-with-fallback")), "x").apiKey()).isEqualTo("dflt");
        environment.put("NOPE", "real ${HOME}: [");
        assertThat(provider(loaded(caseFile("b15-variable-with-fallback")), "x").apiKey()).isEqualTo("real ${HOME}: [");
    }

    @Test
    void a_secret_file_loses_one_line_break() throws IOException {
        assertThat(provider(loaded(caseFile("secret-file")), "x").apiKey()).isEqualTo("from-the-file");
    }

    @Test
    void b17_durations_are_summed() {
        assertThat(SpanText.parse("2h30m")).contains(Duration.ofMillis(9_000_000));
        assertThat(SpanText.parse("30s")).contains(Duration.ofSeconds(30));
        assertThat(SpanText.parse("5m")).contains(Duration.ofMinutes(5));
        assertThat(SpanText.parse("1h")).contains(Duration.ofHours(1));
        assertThat(SpanText.parse("1d")).contains(Duration.ofDays(1));
        assertThat(SpanText.parse("1.5h")).contains(Duration.ofMinutes(90));
        assertThat(SpanText.parse("1 week 2 days 3 hours")).contains(Duration.ofHours(9 * 24 + 3));
        assertThat(SpanText.parse("1500")).contains(Duration.ofMillis(1500));
        assertThat(SpanText.parse("250ms")).contains(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "soon", "0", "0s", "-5m", "5x", "5m!", "m", "1h foo", "9999999w", "1..5h"})
    void what_is_no_positive_duration_is_refused(String text) {
        assertThat(SpanText.parse(text)).isEmpty();
    }

    @Test
    void time_limits_and_retries_are_merged_key_by_key() throws IOException {
        Config config = loaded(caseFile("timeouts-and-retry"));

        Provider provider = provider(config, "x");
        assertThat(provider.timeouts())
                .isEqualTo(new Timeouts(Duration.ofMillis(500), Duration.ZERO, Duration.ZERO, Duration.ofMinutes(10), Duration.ofMillis(1)));
        assertThat(provider.retry()).isEqualTo(new Retry(3, 0, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void the_older_spellings_of_the_total_limit_are_read() {
        Config config = loaded("""
                adminKey: a
                timeout: {defaultSeconds: 120}
                providers:
                  one: {api_base_url: "https://x.test", api_key: k}
                  two: {api_base_url: "https://x.test", api_key: k, timeoutMs: 500}
                  three: {api_base_url: "https://x.test", api_key: k, timeoutMs: 500, timeouts: {totalMs: 700}}
                models: {fast: {targets: [], retry: {maxAttempts: 2}}}
                keys: {}
                """);

        assertThat(provider(config, "one").timeouts().total()).isEqualTo(Duration.ofMinutes(2));
        assertThat(provider(config, "two").timeouts().total()).isEqualTo(Duration.ofMillis(500));
        assertThat(provider(config, "three").timeouts().total()).isEqualTo(Duration.ofMillis(700));
        assertThat(alias(config, "fast").retry()).isEqualTo(new RetryOverride(2, null, null, null));
    }

    @Test
    void limits_retention_and_the_rest_of_the_top_level() throws IOException {
        Config config = loaded(caseFile("limits-and-retention"));

        assertThat(config.limits()).isEqualTo(new Limits(1_000_000, 16_384, 4_096, Duration.ofSeconds(5), Duration.ZERO));
        assertThat(config.retention()).isEqualTo(new Retention(365, 0, 1, 1, 1));
        assertThat(config.shutdownGrace()).isZero();
        assertThat(config.exposeRoutingHeaders()).isFalse();
    }

    @Test
    void an_empty_list_of_retryable_answers_means_none_but_402() {
        Config config = loaded("""
                adminKey: a
                failover: {retryableStatusCodes: [], retryableErrors: []}
                providers: {}
                models: {}
                keys: {}
                """);

        assertThat(config.failover().retries(500)).isFalse();
        assertThat(config.failover().retries(402)).isTrue();
        assertThat(config.failover().retryableErrors()).isEmpty();
    }

    @Test
    void the_environments_admin_key_wins() {
        environment.put("ADMIN_KEY", "from-outside");

        assertThat(loaded("providers: {}\nmodels: {}\nkeys: {}\n").adminKey()).isEqualTo("from-outside");
        assertThat(loaded("adminKey: inside\nproviders: {}\nmodels: {}\nkeys: {}\n").adminKey()).isEqualTo("from-outside");
    }

    @Test
    void models_of_a_map_cost_nothing_unless_priced_and_those_of_a_list_have_no_price() throws IOException {
        Provider mapped = provider(loaded(caseFile("model-with-nothing")), "x");

        assertThat(pricing(mapped, "m")).isEqualTo(new Pricing.Simple(BigDecimal.ZERO, BigDecimal.ZERO, null, null, null, null));
        assertThat(pricing(mapped, "n")).isEqualTo(pricing(mapped, "m"));
    }

    @Test
    void extra_members_are_kept_as_json() {
        Provider provider = provider(
                loaded(providerX("""
                        api_base_url: https://x.test/v1
                        api_key: k
                        extraBody: {a: {b: [1, 2.50, true, null, "x\\n\\"y\\""]}, hex: 0x10, text: "1"}""")),
                "x");

        assertThat(provider.extraBody())
                .containsExactly(entry("a", "{\"b\":[1,2.50,true,null,\"x\\n\\\"y\\\"\"]}"), entry("hex", "16"), entry("text", "\"1\""));
    }

    @Test
    void merge_keys_fill_in_what_is_not_given() throws IOException {
        Config config = loaded(caseFile("anchors-and-merge-keys"));

        assertThat(provider(config, "q").apiKey()).isEqualTo("k1");
        assertThat(provider(config, "q").displayName()).isEqualTo("Q");
    }

    @Test
    void a_target_stands_once_and_other_aliases_bring_theirs_after_it() throws IOException {
        assertThat(alias(loaded(caseFile("target-twice")), "fast").targets())
                .containsExactly(new Target(new ProviderId("p"), "m", true));
        assertThat(alias(loaded(caseFile("alias-as-target")), "fast").targets()).extracting(Target::model).containsExactly("m", "n");
        assertThat(alias(loaded(caseFile("alias-groups")), "fast").targets()).extracting(Target::model).containsExactly("m", "n");
    }

    @Test
    void of_two_aliases_with_one_name_the_first_has_it() throws IOException {
        Config config = loaded(caseFile("alias-names-clash"));

        assertThat(alias(config, "fast").additionalNames()).containsExactly("quick");
        assertThat(alias(config, "slow").additionalNames()).isEmpty();
    }

    @Test
    void a_key_has_the_quotas_it_names_else_the_default_ones() {
        Config config = loaded("""
                adminKey: a
                default_quotas: [daily]
                user_quotas:
                  hourly: {type: rolling, limitType: tokens, limit: 10, duration: 1h}
                  daily: {type: weekly, limitType: cost, limit: 0.5, week_start: monday, shared: true, duration: 5m}
                providers: {}
                models: {}
                keys:
                  none: {secret: s1}
                  one: {secret: s2, quota: hourly}
                  many: {secret: s3, quota: daily, quotas: [hourly, daily, hourly]}
                  wrong: {secret: s4, quota: gone}
                  times: {secret: s5, expiresAt: 1000, disabledAt: 2000}
                """);

        assertThat(key(config, "none").quotas()).containsExactly("daily");
        assertThat(key(config, "one").quotas()).containsExactly("hourly");
        assertThat(key(config, "many").quotas()).containsExactly("hourly", "daily");
        assertThat(key(config, "wrong").quotas()).isEmpty();
        assertThat(key(config, "times").expiresAt()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(key(config, "times").disabledAt()).isEqualTo(Instant.ofEpochSecond(2));
        UserQuota daily = Objects.requireNonNull(config.userQuotas().get("daily"));
        assertThat(daily.window()).isEqualTo(UserQuota.Window.WEEKLY);
        assertThat(daily.measures()).isEqualTo(UserQuota.Measure.COST);
        assertThat(daily.duration()).isNull();
        assertThat(daily.weekStartsMonday()).isTrue();
        assertThat(daily.shared()).isTrue();
    }

    @Test
    void the_hash_changes_with_every_effective_change_and_with_no_other() {
        String plain = "adminKey: a\nproviders: {x: {api_base_url: \"https://x.test\", api_key: \"${K:-one}\"}}\nmodels: {}\nkeys: {}\n";
        String hash = loaded(plain).hash();

        assertThat(hash).matches("[0-9a-f]{64}");
        assertThat(loaded("# comment\n" + plain.replace("{x:", "{  x:")).hash()).isEqualTo(hash);
        assertThat(loaded(plain.replace("one", "two")).hash()).isNotEqualTo(hash);
        assertThat(loaded(plain.replace("adminKey: a", "adminKey: b")).hash()).isNotEqualTo(hash);
        environment.put("K", "one");
        assertThat(loaded(plain).hash()).isEqualTo(hash);
        environment.put("K", "three");
        assertThat(loaded(plain).hash()).isNotEqualTo(hash);
        environment.remove("K");
        environment.put("ADMIN_KEY", "z");
        assertThat(loaded(plain).hash()).isNotEqualTo(hash);
    }

    @Test
    void no_text_form_of_a_snapshot_holds_a_secret() {
        Config config = loaded("""
                adminKey: hush-admin
                providers:
                  x:
                    api_base_url: https://x.test
                    api_key: hush-key
                    headers: {X-Key: hush-header}
                    quota_checker: {type: minimax, options: {groupid: g, hertzSession: hush-session}}
                models: {}
                keys: {app: {secret: hush-secret}}
                mcp_servers: {files: {upstream_url: "http://127.0.0.1/mcp?key=hush-query", headers: {Authorization: hush-bearer}}}
                """);

        assertThat(config.toString() + config.providers() + config.keys() + config.mcpServers() + provider(config, "x").quotaChecker()
                        + new ConfigRead(config, List.of()))
                .doesNotContain("hush");
    }

    @Test
    @Timeout(60)
    void hostile_files_are_refused_in_bounded_time() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9)).append("*a").append(i - 1).append("]\n");
        }
        assertThat(onlyFault(bomb.toString())).contains("aliases written out");
        assertThat(onlyFault("a: &a x\nb: [" + "*a, ".repeat(1_500) + "*a]\n")).contains("more than 1000 aliases");
        assertThat(onlyFault("a: &a [*a]\n")).contains("no anchor &a");
        assertThat(onlyFault("[".repeat(100_000))).contains("nested deeper than 64");
        assertThat(onlyFault("a: " + "x".repeat(6 * 1024 * 1024))).contains("5 MiB");
        assertThat(onlyFault("- 1\n".repeat(210_000))).contains("more than 200000 values");
        String longText = "a: &a \"" + "x".repeat(1_000_000) + "\"\nb: [" + "*a, ".repeat(900) + "*a]\n";
        assertThat(onlyFault(longText)).contains("aliases written out");
        assertThat(read("adminKey: \"" + "${A:-".repeat(200_000) + "\"\n").errors()).isNotEmpty();
        assertThat(read("keepAliveMs: 1e999999999\n").errors()).extracting(ConfigFault::path).contains("keepAliveMs");
        StringBuilder unknown = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            unknown.append("providrs").append(i).append(": 1\n");
        }
        assertThat(read(unknown.toString()).faults()).hasSizeLessThanOrEqualTo(500);
    }

    @Test
    @Timeout(60)
    void aliases_that_name_one_another_many_times_are_walked_once() {
        StringBuilder yaml = new StringBuilder("adminKey: a\nproviders: {}\nkeys: {}\nmodels:\n");
        for (int i = 0; i < 15; i++) {
            yaml.append("  a").append(i).append(": {targets: [").append(("{alias: a" + (i + 1) + "}, ").repeat(50)).append("]}\n");
        }
        yaml.append("  a15: {targets: [{provider: p, model: m}]}\n");
        assertThat(alias(loaded(yaml.toString()), "a0").targets()).hasSize(1);

        StringBuilder chain = new StringBuilder("adminKey: a\nproviders: {}\nkeys: {}\nmodels:\n");
        for (int i = 0; i < 10_000; i++) {
            chain.append("  a").append(i).append(": {targets: [{alias: a").append(i + 1).append("}]}\n");
        }
        assertThat(read(chain.toString()).errors()).isNotEmpty().allMatch(fault -> fault.message().contains("more than 16"));
    }

    @Test
    @Timeout(120)
    void no_text_makes_the_reader_throw() throws IOException {
        List<String> seeds = List.of(
                caseFile("vector-c-fuller"), caseFile("anchors-and-merge-keys"), caseFile("oauth-block"), caseFile("alias-cycle"), caseFile("json-is-yaml"));
        String spice = "{}[]:,-#&*!|>%@`\"'?~<=\n\t ${}0x1e9.inf\u0000\uFEFF\uD800\u2028";
        Random random = new Random(20260901);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder(seeds.get(i % seeds.size()));
            for (int change = random.nextInt(6); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.insert(at, spice.charAt(random.nextInt(spice.length())));
                    case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
                    case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
                    default -> text.setCharAt(at, spice.charAt(random.nextInt(spice.length())));
                }
            }
            String yaml = text.toString();

            ConfigRead read = assertDoesNotThrow(() -> read(yaml), () -> "reading\n" + yaml);

            assertThat(read.config() == null).isEqualTo(!read.errors().isEmpty());
        }
    }

    private String onlyFault(String yaml) {
        List<ConfigFault> faults = read(yaml).faults();
        assertThat(faults).hasSize(1);
        return faults.getFirst().message();
    }

    private ConfigRead read(String yaml) {
        return new ConfigReader(name -> name == null ? null : environment.get(name), _ -> "from-the-file\n").read(yaml);
    }

    private Config loaded(String yaml) {
        ConfigRead read = read(yaml);
        assertThat(read.errors()).isEmpty();
        return Objects.requireNonNull(read.config());
    }

    private Provider ofUrl(String url) {
        return provider(loaded(providerX("api_base_url: " + url + "\napi_key: k")), "x");
    }

    private static String providerX(String body) {
        return "adminKey: a\nmodels: {}\nkeys: {}\nproviders:\n  x:\n" + body.indent(4);
    }

    private static String caseFile(String name) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/config", name + ".txt"));
        return text.substring(0, text.lastIndexOf("-----\n"));
    }

    private static Provider provider(Config config, String id) {
        return Objects.requireNonNull(config.providers().get(new ProviderId(id)));
    }

    private static Pricing pricing(Provider provider, String model) {
        return Objects.requireNonNull(Objects.requireNonNull(provider.models().get(model)).pricing());
    }

    private static Alias alias(Config config, String name) {
        return Objects.requireNonNull(config.aliases().get(new AliasName(name)));
    }

    private static KeyRule key(Config config, String name) {
        return Objects.requireNonNull(config.keys().get(new KeyName(name)));
    }
}
