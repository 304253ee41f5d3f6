package dev.plexus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

    private long now = 1_767_225_600_000L;
    private final RequestIds ids = new RequestIds(() -> Instant.ofEpochMilli(now), RandomGenerator.of("L64X128MixRandom"));

    @Test
    void an_id_is_a_uuid_of_version_7_in_lower_case() {
        for (int draw = 0; draw < 1_000; draw++) {
            String id = ids.next().value();

            assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            assertThat(UUID.fromString(id)).hasToString(id).satisfies(uuid -> assertThat(uuid.version()).isEqualTo(7));
        }
    }

    @Test
    void an_id_begins_with_the_time() {
        assertThat(UUID.fromString(ids.next().value()).getMostSignificantBits() >>> 16).isEqualTo(now);
    }

    @Test
    void ids_of_later_milliseconds_sort_after_those_of_earlier_ones() {
        String last = "";
        for (int draw = 0; draw < 1_000; draw++) {
            String id = ids.next().value();
            assertThat(id).isGreaterThan(last);
            last = id;
            now++;
        }
    }

    @Test
    void ids_of_one_millisecond_differ() {
        Set<String> seen = new HashSet<>();
        for (int draw = 0; draw < 200_000; draw++) {
            seen.add(ids.next().value());
        }

        assertThat(seen).hasSize(200_000);
    }
}
