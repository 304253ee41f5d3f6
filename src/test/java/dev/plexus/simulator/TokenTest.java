package dev.plexus.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    @Test
    void the_manual_lists_the_tokens_as_the_code_knows_them() throws Exception {
        assertThat(Files.readString(Path.of("docs/SIMULATOR.md"))).contains(Token.manual());
    }

    @ParameterizedTest
    @EnumSource(Token.class)
    void every_token_is_read_from_its_own_spelling(Token token) {
        String spelled = token == Token.STATUS ? "503" : token.spelling().replace("[N]", "").replace("N", "5");

        assertThat(Token.read(spelled)).hasValueSatisfying(spoken -> assertThat(spoken.token()).isEqualTo(token));
    }

    @Test
    void an_optional_number_may_be_given() {
        assertThat(Token.read("split7")).contains(new Token.Spoken(Token.SPLIT, 7));
        assertThat(Token.read("split")).contains(new Token.Spoken(Token.SPLIT, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o-mini", "claude-sonnet-4-5-20250929", "gemini-2.5-flash", "text-embedding-3-small", "simulator", "o3", "", "-", "c99999999999"})
    void an_ordinary_model_name_asks_for_nothing(String model) {
        assertThat(Behaviour.ofModel(model)).isEqualTo(Behaviour.PLAIN);
    }

    @Test
    void the_header_wins_over_the_name() {
        Behaviour behaviour = Behaviour.ofModel("mock-c3-d20").plusHeader("c5, hang");

        assertThat(behaviour.number(Token.CHUNKS, 0)).isEqualTo(5);
        assertThat(behaviour.number(Token.DELAY, 0)).isEqualTo(20);
        assertThat(behaviour.has(Token.HANG)).isTrue();
    }

    @Test
    void a_flaky_model_fails_with_a_status_if_it_names_no_fault_and_with_its_own_fault_otherwise() {
        assertThat(Behaviour.ofModel("mock-once").unwell().number(Token.STATUS, 0)).isEqualTo(500);
        assertThat(Behaviour.ofModel("mock-down9").unwell().number(Token.STATUS, 0)).isEqualTo(503);
        assertThat(Behaviour.ofModel("mock-ra2-once").unwell().number(Token.STATUS, 0)).isEqualTo(429);
        assertThat(Behaviour.ofModel("mock-cut3-once").unwell()).isEqualTo(Behaviour.ofModel("mock-cut3-once"));
        assertThat(Behaviour.ofModel("mock-c5-cut3-once").well()).isEqualTo(Behaviour.ofModel("mock-c5-once"));
    }
}
