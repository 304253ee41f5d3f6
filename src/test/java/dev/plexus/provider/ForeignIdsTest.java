package dev.plexus.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.Ids;
import dev.plexus.wire.Pieces;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ids of tool calls that Anthropic would refuse, in conversations that began elsewhere.
class ForeignIdsTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"functions.wx:0\"}]}",
        "{\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"id\":\"toolu_01-A\",\"input\":{}}]},{\"content\":[{\"type\":\"tool_result\","
                + "\"tool_use_id\" : \"toolu_01-A\"}]}]}",
        "{\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"input\":{\"id\":\"a.b:c\"}}]}]}",
        "{\"metadata\":{\"user_id\":\"a.b\"},\"messages\":[]}",
        "{\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"id\":\"a.b\"]"
    })
    void a_body_with_nothing_to_mend_stays_the_very_same(String text) {
        Pieces body = Pieces.of(text);

        assertThat(ForeignIds.mended(body)).isSameAs(body);
    }

    @Test
    void a_call_and_its_result_get_the_same_legal_id_and_nothing_else_changes() {
        String legal = Ids.forAnthropic("functions.wx:0");
        String body = "{\"x\":1.0, \"messages\":[{\"content\":[{\"type\":\"tool_use\", \"id\" : \"functions.wx:0\",\"input\":{\"id\":\"a.b\"}}]},"
                + "{\"content\":[{\"tool_use_id\":\"functions.wx:0\",\"type\":\"tool_result\"}]}]}";

        assertThat(mended(Pieces.of(body))).isEqualTo("{\"x\":1.0, \"messages\":[{\"content\":[{\"type\":\"tool_use\", \"id\" : \"" + legal
                + "\",\"input\":{\"id\":\"a.b\"}}]},{\"content\":[{\"tool_use_id\":\"" + legal + "\",\"type\":\"tool_result\"}]}]}");
    }

    @Test
    void an_id_that_lies_across_two_pieces_of_the_body_is_found_too() {
        byte[] bytes = "{\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"id\":\"a.b\"}]}]}".getBytes(UTF_8);

        for (int cut = 1; cut < bytes.length; cut++) {
            Pieces body = new Pieces(List.of(new Pieces.Slice(bytes, 0, cut), new Pieces.Slice(bytes, cut, bytes.length - cut)));

            assertThat(mended(body)).contains(Ids.forAnthropic("a.b"));
        }
    }

    private static String mended(Pieces body) {
        return new String(ForeignIds.mended(body).joined(), UTF_8);
    }
}
