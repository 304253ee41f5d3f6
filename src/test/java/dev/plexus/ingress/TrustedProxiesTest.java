package dev.plexus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES = new TrustedProxies(List.of("10.0.0.0/8", "fd00::/8"));

    private static MultiMap forwarded(String value) {
        return MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 192.0.2.1 | 203.0.113.9",
                "10.1.1.1 | 192.0.2.1 | 192.0.2.1",
                "10.1.1.1 | 6.6.6.6, 192.0.2.1 | 192.0.2.1",
                "10.1.1.1 | 192.0.2.1, 10.2.2.2 | 192.0.2.1",
                "10.1.1.1 | 192.0.2.1:4711 | 192.0.2.1",
                "fd00::1 | [2001:db8::7]:4711 | 2001:db8::7",
                "10.1.1.1 | 10.3.3.3, 10.2.2.2 | 10.3.3.3",
                "10.1.1.1 | nonsense | nonsense"
            })
    void the_nearest_address_that_is_not_trusted_is_the_client(String peer, String header, String client) {
        assertThat(PROXIES.client(forwarded(header), peer)).isEqualTo(client);
    }

    @Test
    void without_trusted_proxies_only_the_connection_counts() {
        assertThat(new TrustedProxies(List.of()).client(forwarded("192.0.2.1"), "10.1.1.1")).isEqualTo("10.1.1.1");
    }

    @Test
    void a_trusted_proxy_that_says_nothing_is_the_client() {
        assertThat(PROXIES.client(MultiMap.caseInsensitiveMultiMap(), "10.1.1.1")).isEqualTo("10.1.1.1");
    }
}
