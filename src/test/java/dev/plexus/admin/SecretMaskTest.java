package dev.plexus.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigReader;
import dev.plexus.usage.Records;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SecretMaskTest {

    private static final String YAML = """
            adminKey: admin-secret
            providers:
              one: {api_base_url: {chat: "https://one.test"}, api_key: provider-secret, headers: {x-auth: header-secret, x-plain: harmless}}
            models: {}
            keys:
              team-blue: {secret: client-secret}
            """;

    private final SecretMask mask = SecretMask.of(config(), Records.success("a"));

    private static Config config() {
        return Objects.requireNonNull(new ConfigReader(_ -> null, _ -> "").read(YAML).config());
    }

    @Test
    void the_secrets_that_we_know_are_taken_out_of_texts() {
        assertThat(mask.text("admin-secret, provider-secret, header-secret, client-secret, harmless"))
                .isEqualTo("***, ***, ***, ***, harmless");
    }

    @Test
    void headers_that_carry_secrets_show_at_most_their_ends() {
        Map<String, String> masked = mask.headers(Map.of(
                "authorization", "Bearer sk-0123456789abcdefghijklmnop",
                "x-api-key", "short-one",
                "cookie", "session=1",
                "x-ratelimit-remaining-tokens", "500",
                "x-plain", "has provider-secret in it"));

        assertThat(masked)
                .containsEntry("authorization", "Bearer sk-0...mnop")
                .containsEntry("x-api-key", "***")
                .containsEntry("cookie", "***")
                .containsEntry("x-ratelimit-remaining-tokens", "500")
                .containsEntry("x-plain", "has *** in it");
    }

    @Test
    void keys_in_addresses_are_taken_out() {
        assertThat(mask.url("https://x.test/v1?alt=sse&key=AIzaSecret#f")).isEqualTo("https://x.test/v1?alt=sse&key=***#f");
    }
}
