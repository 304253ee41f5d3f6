package dev.plexus.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.ConfigReader;
import dev.plexus.config.Provider;
import dev.plexus.model.ProviderId;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every way in which providers are known to say how long to wait (routing.md 9.3).
class GivenWaitTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            gemini     | Your quota will reset after 20s.                                        | 20000
            gemini     | reset after 1 second                                                    | 1000
            gemini     | reset after 30  s                                                       | 30000
            gemini     | RESET AFTER 20 SECONDS                                                  | 20000
            gemini     | reset after 2 minutes                                                   | 120000
            gemini     | reset after 5m                                                          | 300000
            gemini     | reset after 10 min                                                      | 600000
            gemini     | reset after 1440 minutes                                                | 86400000
            gemini     | reset after 2 hours                                                     | 7200000
            gemini     | reset after 1h2m3s                                                      | 3723000
            gemini     | reset after 30s and also 2 minutes                                      | 30000
            gemini     | reset after 2 minutes; then reset after 20s                             | 20000
            gemini     | reset after 0s                                                          | 0
            gemini     | reset after 500 ms                                                      | 500
            gemini     | {"error":{"details":[{"@type":"RetryInfo","retryDelay":"7.5s"}]}}       | 7500
            gemini     | the quota is used up                                                    | 0
            antigrav   | reset after 20s                                                         | 20000
            speech     | reset after 20s                                                         | 0
            codex      | Try again in ~45 min.                                                   | 2700000
            codex      | {"error":{"resets_in_seconds": 90}}                                     | 90000
            codex      | {"error":{"resets_at": 1772366460}}                                     | 60000
            codex      | {"error":{"resets_at": 1772366400}}                                     | 0
            openrouter | {"error":{"metadata":{"retry_after_seconds":12.2}}}                     | 12200
            openrouter | {"error":{"metadata":{"retry_after_seconds_raw":"3"}}}                  | 3000
            openrouter | {"error":{"metadata":{"headers":{"Retry-After":"9"}}}}                  | 9000
            openrouter | please retry after 5 minutes                                            | 300000
            openrouter | Retry-After: 8 sec                                                      | 8000
            openrouter | retry after 4 ms                                                        | 0
            byurl      | retry after 6 s                                                         | 6000
            messages   | {"error":{"metadata":{"retry_after_seconds":2}}}                        | 2000
            messages   | {"is_byok": true, "message": "retry after 3 s"}                         | 3000
            messages   | try again in 5s                                                         | 0
            chat       | Rate limit reached. Please try again in 20s. Visit the site.            | 20000
            chat       | Please try again in 850ms.                                              | 850
            chat       | try again in 1m30.5s                                                    | 90500
            chat       | try again in 6m0s.                                                      | 360000
            chat       | try again in 2h                                                         | 7200000
            chat       | try again in 3 minutes                                                  | 180000
            responses  | try again in 1.2s                                                       | 1200
            chat       | try again in a moment                                                   | 0
            """)
    void a_wait_is_read_from_the_body_as_the_family_of_the_provider_writes_it(String provider, String body, long millis) {
        assertThat(wait(provider, body)).isEqualTo(millis);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            retry-after-ms              | 1500                          | 1500
            retry-after-ms              | 0                             | 20000
            retry-after                 | 7                             | 7000
            retry-after                 | 0.0015                        | 2
            retry-after                 | Sun, 01 Mar 2026 12:01:00 GMT | 60000
            retry-after                 | Sun, 01 Mar 2026 11:59:00 GMT | 20000
            retry-after                 | soon                          | 20000
            """)
    void a_header_goes_before_the_body_where_it_asks_for_a_positive_wait(String name, String value, long millis) {
        assertThat(wait("gemini", "reset after 20s", name, value)).isEqualTo(millis);
    }

    @Test
    void the_larger_of_the_two_reset_headers_of_an_openai_provider_counts() {
        assertThat(wait("chat", "{}", "x-ratelimit-reset-requests", "1s", "x-ratelimit-reset-tokens", "6m0s")).isEqualTo(360_000);
        assertThat(wait("chat", "try again in 2s", "x-ratelimit-reset-tokens", "6m0s")).isEqualTo(2_000);
        assertThat(wait("messages", "{}", "x-ratelimit-reset-tokens", "6m0s")).isZero();
    }

    @Test
    void the_earliest_exhausted_bucket_of_an_anthropic_provider_counts() {
        assertThat(wait(
                        "messages",
                        "{}",
                        "anthropic-ratelimit-requests-reset", "2026-03-01T12:00:05Z",
                        "anthropic-ratelimit-requests-remaining", "12",
                        "anthropic-ratelimit-tokens-reset", "2026-03-01T12:01:00Z",
                        "anthropic-ratelimit-tokens-remaining", "0",
                        "anthropic-ratelimit-output-tokens-reset", "2026-03-01T12:00:30Z",
                        "anthropic-ratelimit-output-tokens-remaining", "0",
                        "anthropic-ratelimit-input-tokens-reset", "2026-03-01T11:00:00Z",
                        "anthropic-ratelimit-input-tokens-remaining", "0"))
                .isEqualTo(30_000);
    }

    @Test
    void a_body_that_repeats_itself_without_end_costs_no_stack() {
        assertThat(wait("gemini", "reset after " + "1s".repeat(100_000))).isEqualTo(1_000);
        assertThat(wait("chat", "try again in " + "1s ".repeat(100_000))).isEqualTo(1_000);
    }

    private static long wait(String provider, String body, String... headers) {
        MultiMap given = MultiMap.caseInsensitiveMultiMap();
        for (int at = 0; at < headers.length; at += 2) {
            given.add(headers[at], headers[at + 1]);
        }
        return GivenWait.millis(given, body, provider(provider), InstantSource.fixed(NOW));
    }

    private static Provider provider(String id) {
        var read = new ConfigReader(_ -> null).read("""
                adminKey: admin
                models: {}
                keys: {}
                providers:
                  gemini: {api_base_url: {gemini: "http://g"}, api_key: k}
                  antigrav: {api_base_url: "oauth://", oauth_provider: google-antigravity, oauth_account: me}
                  codex: {api_base_url: "oauth://", oauth_provider: openai-codex, oauth_account: me}
                  openrouter: {api_base_url: {chat: "http://o/v1"}, api_key: k}
                  byurl: {api_base_url: {chat: "http://openrouter.test/v1"}, api_key: k}
                  messages: {api_base_url: {messages: "http://m/v1"}, api_key: k}
                  chat: {api_base_url: {chat: "http://c/v1"}, api_key: k}
                  responses: {api_base_url: {responses: "http://c/v1"}, api_key: k}
                  speech: {api_base_url: {speech: "http://c/v1"}, api_key: k}
                """);
        assertThat(read.errors()).isEmpty();
        return read.config().providers().get(new ProviderId(id));
    }
}
