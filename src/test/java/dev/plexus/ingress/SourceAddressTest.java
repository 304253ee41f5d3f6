package dev.plexus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceAddressTest {

    private static final List<String> IN_ORDER = List.of(
            "cf-connecting-ip", "true-client-ip", "x-real-ip", "x-forwarded-for", "x-client-ip", "fastly-client-ip", "x-cluster-client-ip");

    @Test
    void the_first_header_that_is_there_counts_in_a_fixed_order() {
        for (int first = 0; first < IN_ORDER.size(); first++) {
            MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("forwarded", "for=10.0.0.99");
            for (int index = IN_ORDER.size() - 1; index >= first; index--) {
                headers.add(IN_ORDER.get(index), "10.0.0." + index);
            }

            assertThat(SourceAddress.of(headers, "peer")).isEqualTo("10.0.0." + first);
        }
    }

    @Test
    void without_any_header_it_is_the_peer() {
        assertThat(SourceAddress.of(MultiMap.caseInsensitiveMultiMap(), "192.0.2.1")).isEqualTo("192.0.2.1");
    }

    @Test
    void a_blank_header_is_not_there() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("cf-connecting-ip", "  ").add("x-real-ip", "10.0.0.1");

        assertThat(SourceAddress.of(headers, "peer")).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource({"'10.0.0.1, 10.0.0.2, 10.0.0.3', 10.0.0.1", "' 10.0.0.1 ', 10.0.0.1", "2001:db8::1, 2001:db8::1", "', 10.0.0.2', peer"})
    void of_a_list_the_first_entry_counts(String value, String address) {
        assertThat(SourceAddress.of(MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", value), "peer")).isEqualTo(address);
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource({
        "for=192.0.2.60;proto=http;by=203.0.113.43, 192.0.2.60",
        "'For=192.0.2.43, for=198.51.100.17', 192.0.2.43",
        "by=203.0.113.43;for=192.0.2.60, 192.0.2.60",
        "'for=\"192.0.2.60\"', 192.0.2.60",
        "'for=\"[2001:db8:cafe::17]\"', [2001:db8:cafe::17]",
        "proto=http, peer",
        "for=, peer"
    })
    void the_standard_header_is_read_for_its_first_for(String value, String address) {
        assertThat(SourceAddress.of(MultiMap.caseInsensitiveMultiMap().add("Forwarded", value), "peer")).isEqualTo(address);
    }

    @Test
    void nobody_fills_the_records_by_a_long_header() {
        assertThat(SourceAddress.of(MultiMap.caseInsensitiveMultiMap().add("x-real-ip", "9".repeat(10_000)), "peer")).hasSize(64);
    }
}
