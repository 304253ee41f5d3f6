package dev.plexus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.wire.TopLevelScan.Outcome.Found;
import dev.plexus.wire.TopLevelScan.Outcome.Unreadable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopLevelScanTest {

    /// A member with the exact text of its name and value, and the blanks around them.
    record Text(String name, String value, String blank) {}

    static Pieces cut(byte[] bytes, int size) {
        List<Pieces.Slice> slices = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += size) {
            byte[] wider = new byte[size + 2];
            int length = Math.min(size, bytes.length - at);
            System.arraycopy(bytes, at, wider, 1, length);
            slices.add(new Pieces.Slice(wider, 1, length));
        }
        return new Pieces(slices);
    }

    static Found found(Pieces body) {
        TopLevelScan.Outcome outcome = TopLevelScan.scan(body, (_, _) -> {});
        assertThat(outcome).isInstanceOf(Found.class);
        return (Found) outcome;
    }

    @Property(tries = 400)
    void spans_are_exact_whatever_the_pieces(@ForAll("members") List<Text> members, @ForAll @IntRange(min = 1, max = 50) int size) {
        StringBuilder text = new StringBuilder(" {");
        List<String> names = new ArrayList<>();
        List<String> wholes = new ArrayList<>();
        String separator = "";
        for (Text member : members) {
            String whole = member.name + member.blank + ":" + member.blank + member.value;
            text.append(separator).append(member.blank).append(whole).append(member.blank);
            separator = ",";
            names.add(member.value);
            wholes.add(whole);
        }
        text.append("}\n ");
        byte[] bytes = text.toString().getBytes(UTF_8);

        for (Pieces body : List.of(Pieces.of(bytes), cut(bytes, size), new Pieces(List.of(inTheMiddle(bytes))))) {
            TopLevel level = found(body).members();
            byte[] joined = body.joined();
            assertThat(level.members().stream().map(m -> slice(joined, m.valueFrom(), m.valueTo()))).isEqualTo(names);
            assertThat(level.members().stream().map(m -> slice(joined, m.from(), m.valueTo()))).isEqualTo(wholes);
            assertThat(joined[(int) level.open()]).isEqualTo((byte) '{');
            assertThat(joined[(int) level.close()]).isEqualTo((byte) '}');
            assertThat(level.close()).isEqualTo(bytes.length - 3);
        }
    }

    @Test
    void spans_stay_exact_beyond_the_reader_s_own_buffer() {
        StringBuilder text = new StringBuilder("{");
        for (int count = 0; count < 3000; count++) {
            text.append(count == 0 ? "" : ",").append("\"näme").append(count).append("\" : \"").append("x".repeat(count % 40)).append('"');
        }
        byte[] bytes = text.append("}").toString().getBytes(UTF_8);

        Pieces body = cut(bytes, 8191);

        int count = 0;
        for (TopLevel.Member member : found(body).members().members()) {
            assertThat(slice(bytes, member.from(), member.valueFrom())).isEqualTo("\"näme" + count + "\" : ");
            assertThat(slice(bytes, member.valueFrom(), member.valueTo())).isEqualTo("\"" + "x".repeat(count % 40) + "\"");
            count++;
        }
        assertThat(count).isEqualTo(3000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[]", "1", "\"x\"", "null", "{", "{\"a\":1", "{\"a\":1}}", "{\"a\":1} x", "{\"a\":1}{}", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{\"a\":1,}", "{\"a\":tru}", "{\"a\":'x'}", "{\"a\":01}", "{\"a\":\"\u0001\"}"})
    void what_is_no_json_object_is_told_with_a_reason(String body) {
        for (Pieces pieces : List.of(Pieces.of(body), cut(body.getBytes(UTF_8), 2))) {
            assertThat(TopLevelScan.scan(pieces, (_, _) -> {})).isInstanceOf(Unreadable.class);
        }
    }

    @Test
    void the_complaint_names_the_place_and_shows_nothing_of_the_body() {
        var outcome = TopLevelScan.scan(Pieces.of("{\"a\":1,\n \"secret-word\" 2}"), (_, _) -> {});

        assertThat(outcome).isInstanceOfSatisfying(Unreadable.class, it -> assertThat(it.complaint()).contains("line 2, column").doesNotContain("secret-word"));
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        assertThat(TopLevelScan.scan(Pieces.of(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'}), (_, _) -> {})).isInstanceOf(Unreadable.class);
        assertThat(TopLevelScan.scan(Pieces.of(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc3, '"', '}'}), (_, _) -> {})).isInstanceOf(Unreadable.class);
        assertThat(TopLevelScan.scan(Pieces.of("{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE)), (_, _) -> {})).isInstanceOf(Unreadable.class);
        assertThat(TopLevelScan.scan(Pieces.of("{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_16)), (_, _) -> {})).isInstanceOf(Unreadable.class);
    }

    @Test
    void depth_128_is_the_limit() {
        String good = "{\"a\":" + "[".repeat(127) + "]".repeat(127) + "}";
        String bad = "{\"a\":" + "[".repeat(128) + "]".repeat(128) + "}";

        assertThat(TopLevelScan.scan(Pieces.of(good), (_, _) -> {})).isInstanceOf(Found.class);
        assertThat(TopLevelScan.scan(Pieces.of(bad), (_, _) -> {})).isInstanceOf(Unreadable.class);
    }

    @Test
    void endless_numbers_are_refused() {
        assertThat(TopLevelScan.scan(Pieces.of("9".repeat(1_000_000)), (_, _) -> {})).isInstanceOf(Unreadable.class);
        assertThat(TopLevelScan.scan(Pieces.of("{\"a\":" + "9".repeat(1_000_000) + "}"), (_, _) -> {})).isInstanceOf(Unreadable.class);
    }

    @Test
    void a_string_of_thirty_megabytes_is_no_matter() {
        byte[] bytes = ("{\"a\":\"" + "A".repeat(30_000_000) + "\",\"b\":1}").getBytes(UTF_8);

        assertThat(found(cut(bytes, 65536)).members().members()).hasSize(2);
    }

    private static Pieces.Slice inTheMiddle(byte[] bytes) {
        byte[] wider = new byte[bytes.length + 20];
        Arrays.fill(wider, (byte) '"');
        System.arraycopy(bytes, 0, wider, 9, bytes.length);
        return new Pieces.Slice(wider, 9, bytes.length);
    }

    private static String slice(byte[] bytes, long from, long to) {
        return new String(bytes, (int) from, (int) (to - from), UTF_8);
    }

    @Provide
    Arbitrary<List<Text>> members() {
        return Combinators.combine(JsonTexts.strings(), JsonTexts.values(), JsonTexts.blanks()).as(Text::new).list().ofMaxSize(6);
    }
}
