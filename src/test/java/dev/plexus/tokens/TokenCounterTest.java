package dev.plexus.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCounterTest {

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "a, 1",
        "Hello, 1",
        "hello world, 2",
        "'Hello, world!', 4",
        "The quick brown fox jumps over the lazy dog., 10",
        "antidisestablishmentarianism, 6",
        "2 + 2 = 4, 7",
        "お誕生日おめでとう, 8",
        "'<|endoftext|>', 7"
    })
    void ordinary_texts_are_counted_as_the_vocabulary_splits_them(String text, long tokens) {
        assertThat(TokenCounter.text(text)).isEqualTo(tokens);
    }

    @Test
    void a_text_that_is_too_long_is_estimated() {
        String most = "The quick brown fox. ".repeat(13_000).substring(0, TokenCounter.EXACT_CHARACTERS_MAX);

        assertThat(TokenCounter.text(most)).isNotEqualTo(Heuristic.tokens(most));
        assertThat(TokenCounter.text(most + "!")).isEqualTo(Heuristic.tokens(most + "!"));
    }

    @Test
    void a_long_text_of_few_characters_is_estimated() {
        assertThat(TokenCounter.text("abcdefg".repeat(100))).isEqualTo(Heuristic.tokens("abcdefg".repeat(100)));
        assertThat(TokenCounter.text("abcdefgh".repeat(100))).isNotEqualTo(Heuristic.tokens("abcdefgh".repeat(100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "aA", " ", "\n", " \n", "!", "\u3042", "1", "\u0301", "ab ", "'s", "\uD83D"})
    void no_text_makes_it_slow(String bit) {
        String text = "abcdefghij".repeat(60) + bit.repeat(250_000 / bit.length());

        Assertions.assertTimeout(Duration.ofSeconds(60), () -> assertThat(TokenCounter.text(text)).isPositive());
    }
}
