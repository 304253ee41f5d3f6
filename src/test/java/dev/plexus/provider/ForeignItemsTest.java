package dev.plexus.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.wire.Pieces;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Items that another gateway once wrote differently, and that the Responses API refuses.
class ForeignItemsTest {

    private static final String CALL = "call_" + "a".repeat(40);
    private static final String GLUED = CALL + "|fc_" + "b".repeat(40);

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"input\":\"call_|fc_ in a text\"}",
        "{\"input\":[{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"f\",\"arguments\":\"{}\"}]}",
        "{\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"content\":[],\"encrypted_content\":\"E\"}]}",
        "{\"input\":[{\"type\":\"reasoning\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"x\"}]}]}",
        "{\"input\":[{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1|fc_1\"}]}",
        "{\"input\":[{\"type\":\"other\",\"id\":\"call_1\"}]}",
        "{\"input\":[\"id\":\"call_1\"]}"
    })
    void a_body_with_nothing_to_mend_stays_the_very_same(String text) {
        Pieces body = Pieces.of(text);

        assertThat(ForeignItems.mended(body, false)).isSameAs(body);
    }

    @Test
    void a_call_id_glued_together_of_two_keeps_its_first_half_in_the_call_and_in_its_result() {
        String body = "{\"model\" : \"m\",\"input\":[{\"call_id\":\"" + GLUED + "\",\"type\":\"function_call\"},"
                + "{\"type\":\"function_call_output\", \"call_id\" : \"" + GLUED + "\"}], \"x\":1.0}";

        assertThat(mended(body, false)).isEqualTo("{\"model\" : \"m\",\"input\":[{\"call_id\":\"" + CALL + "\",\"type\":\"function_call\"},"
                + "{\"type\":\"function_call_output\", \"call_id\" : \"" + CALL + "\"}], \"x\":1.0}");
    }

    @Test
    void the_id_of_a_call_that_is_shaped_like_a_call_id_is_left_out_wherever_it_stands() {
        String body = "{\"input\":[{\"id\":\"call_1\",\"type\":\"function_call\"},{\"type\":\"function_call\", \"id\" : \"call_2\"},"
                + "{\"type\":\"function_call\",\"id\":\"call_3\", \"name\":\"f\"}]}";

        assertThat(mended(body, false)).isEqualTo("{\"input\":[{\"type\":\"function_call\"},{\"type\":\"function_call\"},"
                + "{\"type\":\"function_call\",\"name\":\"f\"}]}");
    }

    @Test
    void reasoning_that_is_there_encrypted_goes_without_its_text() {
        String body = "{\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_1\",\"content\":[{\"type\":\"reasoning_text\",\"text\":\"t\"}],"
                + "\"summary\":[{\"type\":\"summary_text\",\"text\":\"s\"}],\"encrypted_content\":\"E\"}]}";

        assertThat(mended(body, false)).isEqualTo("{\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_1\",\"content\":[],"
                + "\"summary\":[{\"type\":\"summary_text\",\"text\":\"s\"}],\"encrypted_content\":\"E\"}]}");
    }

    @Test
    void all_reasoning_goes_without_its_text_where_the_operator_says_so() {
        String body = "{\"input\":[{\"type\":\"reasoning\",\"content\":[{\"type\":\"reasoning_text\",\"text\":\"t\"}],\"summary\":[]}]}";

        assertThat(mended(body, true)).isEqualTo("{\"input\":[{\"type\":\"reasoning\",\"content\":[],\"summary\":[]}]}");
    }

    @Test
    void what_lies_across_two_pieces_of_the_body_is_found_too() {
        String body = "{\"input\":[{\"type\":\"function_call\",\"id\":\"call_1\",\"name\":\"f\"}]}";
        byte[] bytes = body.getBytes(UTF_8);

        for (int cut = 1; cut < bytes.length; cut++) {
            List<Pieces.Slice> slices = new ArrayList<>();
            slices.add(new Pieces.Slice(bytes, 0, cut));
            slices.add(new Pieces.Slice(bytes, cut, bytes.length - cut));

            assertThat(new String(ForeignItems.mended(new Pieces(slices), false).joined(), UTF_8))
                    .isEqualTo("{\"input\":[{\"type\":\"function_call\",\"name\":\"f\"}]}");
        }
    }

    private static String mended(String body, boolean strips) {
        return new String(ForeignItems.mended(Pieces.of(body), strips).joined(), UTF_8);
    }
}
