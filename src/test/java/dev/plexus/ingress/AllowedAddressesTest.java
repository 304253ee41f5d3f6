package dev.plexus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7, true",
        "10.0.0.7, 10.0.0.8, false",
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.2.3/9, 10.127.255.255, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "10.0.0.5-10.0.1.5, 10.0.1.0, true",
        "10.0.0.5-10.0.1.5, 10.0.1.6, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::1, ::1%lo, true",
        "127.0.0.1, ::ffff:127.0.0.1, true",
        "200.0.0.0-250.0.0.0, 210.1.1.1, true",
        "127.0.0.1, ::1, false"
    })
    void an_address_is_allowed_by_address_network_or_range(String allowed, String peer, boolean expected) {
        assertThat(new AllowedAddresses(List.of(allowed)).allow(peer)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9", "::1"})
    void an_empty_list_allows_all(String peer) {
        assertThat(new AllowedAddresses(List.of()).allow(peer)).isTrue();
    }
}
