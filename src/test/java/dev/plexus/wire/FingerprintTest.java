package dev.plexus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

    private static final String FIRST = "{\"role\":\"system\",\"content\":\"Be brief.\"}";
    private static final String SECOND = "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Grüße\"}]}";

    @Test
    void later_elements_do_not_matter() {
        assertThat(of("[" + FIRST + "," + SECOND + "]")).isEqualTo(of("[" + FIRST + "," + SECOND + ",{\"role\":\"assistant\"}, broken")).isNotZero();
    }

    @Test
    void spaces_escapes_and_ignored_members_do_not_matter() {
        String marked = SECOND.replace("\"type\"", "\"cache_control\":{\"type\":\"ephemeral\",\"of\":[1,{}]},\"type\"").replace("ü", "\\u00fc").replace(":", " : ");

        assertThat(of("[" + FIRST + "," + marked + "]")).isEqualTo(of("[" + FIRST + "," + SECOND + "]"));
    }

    @Test
    void other_texts_other_roles_and_other_structures_are_told_apart() {
        long one = of("[" + FIRST + "," + SECOND + "]");

        assertThat(of("[" + SECOND + "," + FIRST + "]")).isNotEqualTo(one);
        assertThat(of("[" + FIRST + "," + SECOND.replace("Gr", "gr") + "]")).isNotEqualTo(one);
        assertThat(of("[[\"a\"],[]]")).isNotEqualTo(of("[[],[\"a\"]]"));
        assertThat(of("[{\"a\":1},{}]")).isNotEqualTo(of("[{\"a\":\"1\"},{}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]", "\"hi\"", "{}", "", "[{}, {\"a\":"})
    void what_is_no_array_of_two_has_none(String text) {
        assertThat(of(text)).isZero();
    }

    @Test
    void a_body_in_pieces_has_the_same() {
        byte[] bytes = ("[" + FIRST + "," + SECOND + "]").getBytes(StandardCharsets.UTF_8);
        Pieces two = new Pieces(List.of(new Pieces.Slice(bytes, 0, 30), new Pieces.Slice(bytes, 30, bytes.length - 30)));

        assertThat(Fingerprint.ofFirst(two, 2, "cache_control")).isEqualTo(of("[" + FIRST + "," + SECOND + "]"));
        assertThat(Fingerprint.ofText(two)).isEqualTo(Fingerprint.ofText(Pieces.of(bytes))).isNotZero();
    }

    private static long of(String text) {
        return Fingerprint.ofFirst(Pieces.of(text), 2, "cache_control");
    }
}
