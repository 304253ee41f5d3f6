package dev.plexus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigRead;
import dev.plexus.config.ConfigReader;
import io.vertx.core.MultiMap;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String HOME = "127.0.0.1";

    private final Authenticator authenticator = new Authenticator(config());

    @ParameterizedTest(name = "{0} | {1} | {2} | {3} -> {4}")
    @CsvSource({
        "Bearer a, b, c, key=d, a",
        ", b, c, key=d, b",
        ", , c, key=d, c",
        ", , , key=d, d",
        ", , , , ",
        "a, b, , , a",
        "'  Bearer   a  ', b, , , a",
        "bearer a, b, , , a",
        "BEARER a, b, , , a",
        "'', b, , , b",
        "'   ', b, , , b",
        "Bearer, b, , , b",
        "'Bearer  ', b, , , b",
        ", '', c, , c",
        ", '  ', c, , c",
        ", '', '', key=d, d",
        ", ' b ', , , b",
        ", , , key=, "
    })
    void the_first_credential_that_is_there_and_not_empty_counts(String authorization, String apiKey, String googKey, String query, String expected) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (authorization != null) {
            headers.add("Authorization", authorization);
        }
        if (apiKey != null) {
            headers.add("X-Api-Key", apiKey);
        }
        if (googKey != null) {
            headers.add("x-goog-api-key", googKey);
        }

        assertThat(Authenticator.presented(headers, query)).isEqualTo(expected);
    }

    @Test
    void of_a_repeated_header_the_first_value_counts() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("x-api-key", "first").add("x-api-key", "second");

        assertThat(Authenticator.presented(headers, null)).isEqualTo("first");
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource({"sk-a, ", "sk-a:, ", "sk-a:Copilot, copilot", "sk-a:mobile:v2.5, mobile:v2.5", "sk-a:ÄRGER, ärger", "'sk-a: x', ' x'"})
    void what_follows_the_first_colon_is_the_label(String credential, String label) {
        Authenticator.Caller caller = authenticator.caller(credential, HOME, NOW);

        assertThat(caller.key().name().value()).isEqualTo("app");
        assertThat(caller.attribution()).isEqualTo(label);
    }

    @Test
    void a_long_label_is_cut() {
        assertThat(authenticator.caller("sk-a:" + "X".repeat(500), HOME, NOW).attribution()).isEqualTo("x".repeat(128));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-b", "SK-A", "sk-", "sk-aa", "Basic c2stYQ==", "Basic sk-a", ":sk-a", "sk-disabled", "sk-expired", "", "app"})
    void nobody_else_is_let_in(String credential) {
        assertThat(authenticator.caller(credential, HOME, NOW)).isNull();
    }

    @Test
    void an_endless_credential_is_refused() {
        assertThat(authenticator.caller("sk-a:" + "x".repeat(100_000), HOME, NOW)).isNull();
    }

    @Test
    void a_key_expires_at_its_time_and_not_before() {
        Instant expiry = Instant.ofEpochMilli(1_900_000_000_000L);

        assertThat(authenticator.caller("sk-later", HOME, expiry.minusMillis(1))).isNotNull();
        assertThat(authenticator.caller("sk-later", HOME, expiry)).isNull();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "127.0.0.1, true",
        "10.1.2.3, true",
        "10.255.255.255, true",
        "11.0.0.0, false",
        "192.168.7.9, false",
        "192.168.7.10, true",
        "192.168.7.20, true",
        "192.168.7.21, false",
        "2001:db8::1, true",
        "2001:db8:0:1::1, true",
        "2001:db9::1, false",
        "::ffff:10.1.2.3, true",
        "not an address, false"
    })
    void a_key_may_be_held_to_addresses(String peer, boolean allowed) {
        assertThat(authenticator.caller("sk-home", peer, NOW) != null).isEqualTo(allowed);
    }

    @Test
    void without_keys_nobody_is_let_in() {
        Config none = read("adminKey: x\nproviders: {}\nmodels: {}\nkeys: {}\n");

        assertThat(new Authenticator(none).caller("x", HOME, NOW)).isNull();
    }

    private static Config config() {
        return read("""
                adminKey: admin
                providers: {}
                models: {}
                keys:
                  app: {secret: sk-a}
                  disabled: {secret: sk-disabled, disabledAt: 1}
                  expired: {secret: sk-expired, expiresAt: 1700000000000}
                  later: {secret: sk-later, expiresAt: 1900000000000}
                  home: {secret: sk-home, allowedIps: ["127.0.0.1", "10.0.0.0/8", "192.168.7.10-192.168.7.20", "2001:db8::/32"]}
                """);
    }

    private static Config read(String yaml) {
        ConfigRead read = new ConfigReader(_ -> null).read(yaml);
        assertThat(read.errors()).isEmpty();
        return read.config();
    }
}
