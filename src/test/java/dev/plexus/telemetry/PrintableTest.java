package dev.plexus.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void plain_text_is_returned_as_it_is() {
        String plain = "claude-sonnet-4-5@20250929";

        assertThat(Printable.label(plain)).isSameAs(plain);
        assertThat(Printable.word(plain)).isSameAs(plain);
    }

    @Test
    void words_with_spaces_or_signs_are_quoted() {
        assertThat(Printable.word("a b")).isEqualTo("\"a b\"");
        assertThat(Printable.word("status=success")).isEqualTo("\"status=success\"");
        assertThat(Printable.word("a\"b")).isEqualTo("\"a'b\"");
        assertThat(Printable.word("")).isEqualTo("\"\"");
    }

    @Test
    void a_cut_never_splits_a_character() {
        String label = Printable.label("a".repeat(255) + "🙂");

        assertThat(label).isEqualTo("a".repeat(255));
    }

    @Property
    void nothing_of_any_text_can_break_a_line(@ForAll String text) {
        assertThat(Printable.word(text)).hasSizeLessThanOrEqualTo(Printable.LABEL_MAX + 2).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    }
}
