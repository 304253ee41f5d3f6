package dev.plexus.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeuristicTest {

    private static final String FOX = "The quick brown fox jumps over the lazy dog.";

    static Stream<Arguments> table() {
        return Stream.of(
                arguments("", 0, 0.0, 0),
                arguments("a", 1, 0.275, 0),
                arguments("Hello", 5, 1.375, 1),
                arguments("abcdefghij", 10, 2.75, 3),
                arguments("ab cd efgh", 10, 2.375, 2),
                arguments("Hello, how are you today?", 25, 6.5375, 7),
                arguments(FOX, 44, 10.75, 11),
                arguments((FOX + " ").repeat(20), 900, 197.775, 198),
                arguments("test ".repeat(100), 500, 106.875, 107),
                arguments("a".repeat(1000), 1000, 247.5, 248),
                arguments("function test() { return { key: \"value\" }; }", 44, 14.094, 14),
                arguments("{\"a\":1,\"b\":[2,3]}", 17, 8.475, 8),
                arguments("Visit https://example.com/path/to/resource for more info", 56, 18.0, 18),
                arguments("[{\"role\":\"user\",\"content\":\"Hello, how are you?\"}]", 49, 16.975, 17),
                arguments("if (a == b) {\n  call(x);\n}", 26, 8.873, 9),
                arguments("日本語のテキスト", 8, 5.4, 5),
                arguments("🙂🙂", 4, 2.7, 3));
    }

    @ParameterizedTest
    @MethodSource("table")
    void the_rule_of_thumb_gives_what_its_table_says(String text, int length, double raw, long tokens) {
        assertThat(text).hasSize(length);
        assertThat(Heuristic.raw(text)).isCloseTo(raw, within(0.0005));
        assertThat(Heuristic.tokens(text)).isEqualTo(tokens);
    }

    @Test
    void no_text_makes_it_slow() {
        Assertions.assertTimeout(Duration.ofSeconds(60), () -> {
            for (String bit : new String[] {"(", "a", "1(", "h", "http://", "=", "\n  ", " "}) {
                assertThat(Heuristic.tokens(bit.repeat(8_000_000 / bit.length()))).isPositive();
            }
        });
    }
}
