package dev.plexus.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomToolsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "*** Begin Patch {\"input\":\"x\"}|*** Begin Patch {\"input\":\"x\"}", "no JSON|no JSON", "{\"input\":|{\"input\":", "\"words\"|words",
        "{\"other\":\"o\",\"input\":\"i\"}|i", "{\"input\":7,\"command\":[\"apply\",\"patch\"]}|patch", "{\"command\":[\"a\",7],\"x\":\"first\",\"y\":\"z\"}|first",
        "{\"a\":1}|{\"a\":1}", "[1]|[1]", "{\"input\":\"\"}|~~", "~~|~~"
    })
    void x32_the_text_is_found_however_the_model_wrapped_it(String arguments, String text) {
        assertThat(CustomTools.unwrap(arguments)).isEqualTo(text);
    }

    @Test
    void what_was_wrapped_is_unwrapped() {
        assertThat(CustomTools.unwrap(CustomTools.wrap("a \"b\"\n\u00e9"))).isEqualTo("a \"b\"\n\u00e9");
    }
}
