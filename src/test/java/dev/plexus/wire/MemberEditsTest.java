package dev.plexus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberEditsTest {

    private static String edit(String body, UnaryOperator<MemberEdits> edits) {
        for (int size : new int[] {1, 3, 1000}) {
            Pieces pieces = TopLevelScanTest.cut(body.getBytes(UTF_8), size);
            String edited = new String(edits.apply(new MemberEdits(TopLevelScanTest.found(pieces).members())).apply(pieces).joined(), UTF_8);
            if (size == 1000) {
                return edited;
            }
        }
        throw new AssertionError();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"p\":1}|{}",
        "{ \"p\" : 1 }|{  }",
        "{\"p\":1,\"p\":2}|{}",
        "{\"p\":1,\"a\":2}|{\"a\":2}",
        "{\"p\":1 , \"p\":1, \"a\":2}|{\"a\":2}",
        "{\"a\":2,\"p\":1}|{\"a\":2}",
        "{\"a\":2 ,\"p\":1 ,\"b\":3}|{\"a\":2 ,\"b\":3}",
        "{\"p\":0,\"a\":2,\"p\":1,\"p\":1,\"b\":3,\"p\":4}|{\"a\":2,\"b\":3}",
        "{\"a\":{\"p\":1}}|{\"a\":{\"p\":1}}"})
    void members_are_removed_with_their_commas(String before, String after) {
        assertThat(edit(before, edits -> edits.remove("p"))).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|{\"s\":9}", "{ }|{ \"s\":9}", "{\"a\":1}|{\"a\":1,\"s\":9}", "{\"s\": [1] }|{\"s\": 9 }", "{\"s\":1,\"b\":\"s\",\"s\":2}|{\"s\":9,\"b\":\"s\",\"s\":9}",
        "{\"p\":1}|{\"s\":9}", "{\"a\":1,\"p\":1}|{\"a\":1,\"s\":9}"})
    void members_are_replaced_or_added(String before, String after) {
        assertThat(edit(before, edits -> edits.remove("p").set("s", MemberEdits.json("9")))).isEqualTo(after);
    }
}
