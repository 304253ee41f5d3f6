package dev.plexus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One value goes, with its comma; every other byte stays.
class PathEditsTest {

    @ParameterizedTest(name = "{1} out of {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":{\"c\":[1,2,3]}} | a | {\"b\":{\"c\":[1,2,3]}}",
                "{\"a\":1,\"b\":{\"c\":[1,2,3]}} | b | {\"a\":1}",
                "{\"a\":1,\"b\":{\"c\":[1,2,3]}} | b.c | {\"a\":1,\"b\":{}}",
                "{\"a\":1,\"b\":{\"c\":[1,2,3]}} | b.c[0] | {\"a\":1,\"b\":{\"c\":[2,3]}}",
                "{\"a\":1,\"b\":{\"c\":[1,2,3]}} | b.c[2] | {\"a\":1,\"b\":{\"c\":[1,2]}}",
                "{ \"a\" : 1.50 , \"é\" : \"x\" , \"z\" : null } | é | { \"a\" : 1.50 , \"z\" : null }",
                "{\"m\":[{\"t\":\"a\",\"x\":{\"y\":[[]]}},{\"t\":\"b\"}]} | m[0].x | {\"m\":[{\"t\":\"a\"},{\"t\":\"b\"}]}",
                "{\"only\":1} | only | {}"
            })
    void a_value_is_removed(String body, String path, String rest) {
        assertThat(new String(PathEdits.remove(body.getBytes(UTF_8), path), UTF_8)).isEqualTo(rest);
    }

    @ParameterizedTest
    @CsvSource({"nothing", "a.b", "a[0]", "c[5]", "c.x", "''", "a..b", "a[", "]"})
    void a_path_that_leads_nowhere_changes_nothing(String path) {
        assertThat(PathEdits.remove("{\"a\":1,\"c\":[1]}".getBytes(UTF_8), path)).isNull();
    }

    @Test
    void what_is_no_json_is_left_alone() {
        assertThat(PathEdits.remove("{\"a\":".getBytes(UTF_8), "a")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":{\"c\":[1],\"d\":2}} | a | x | {\"x\":1,\"b\":{\"c\":[1],\"d\":2}}",
                "{\"a\":1,\"b\":{\"c\":[1],\"d\":2}} | b.c | b.x | {\"a\":1,\"b\":{\"x\":[1],\"d\":2}}",
                "{\"a\":1,\"b\":{\"c\":[1],\"d\":2}} | b.d | x | {\"a\":1,\"b\":{\"c\":[1]},\"x\":2}",
                "{\"a\":1.50,\"b\":{}} | a | b.x | {\"b\":{\"x\":1.50}}",
                "{\"a\":1,\"b\":2,\"c\":3} | a | b | {\"b\":1,\"c\":3}",
                "{\"a\":{\"b\":2}} | a.b | b | {\"a\":{},\"b\":2}"
            })
    void a_value_gets_another_path_and_keeps_its_spelling(String body, String path, String other, String renamed) {
        assertThat(new String(PathEdits.rename(body.getBytes(UTF_8), path, other), UTF_8)).isEqualTo(renamed);
    }

    @ParameterizedTest
    @CsvSource({"nothing, x", "a, c.x", "a, none.x", "a, a", "a, ''", "a, a.b"})
    void a_value_without_a_place_to_go_to_stays(String path, String other) {
        assertThat(PathEdits.rename("{\"a\":1,\"c\":[1]}".getBytes(UTF_8), path, other)).isNull();
    }
}
