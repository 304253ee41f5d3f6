package dev.plexus.dialect.embeddings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.AnswerWatch.Verdict;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.DialectContract;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Traces;
import dev.plexus.model.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingsDialectTest extends DialectContract {

    @Override
    protected Dialect dialect() {
        return new EmbeddingsDialect();
    }

    @Override
    protected List<Member> required() {
        return List.of(new Member("\"input\"", "[[1,2],[3]]", " "));
    }

    @Test
    void prompt_tokens_are_input_and_a_lone_total_stands_for_them() {
        assertThat(answer("{\"data\":[{}],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}").observed().usage()).isEqualTo(new Usage(8, 0, 0, 0, 0, 0, 8));
        assertThat(answer("{\"data\":[{}],\"usage\":{\"total_tokens\":5}}").observed().usage()).isEqualTo(new Usage(5, 0, 0, 0, 0, 0, 5));
        assertThat(answer("{\"data\":[{}]}").observed().usage()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"data\":[]}|EMPTY", "{\"data\":[{\"embedding\":[]}]}|GOOD", "{\"object\":\"error\",\"message\":\"x\"}|ERROR", "{\"data\":[{}],\"error\":{}}|GOOD"})
    void verdicts(String body, Verdict verdict) {
        assertThat(answer(body).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"input\":\"x\"}|model", "{\"model\":\"m\"}|input", "{\"model\":\"m\",\"input\":[]}|input", "{\"model\":\"m\",\"input\":7}|input"})
    void what_must_be_there_is_named(String body, String param) {
        assertThat(bad(body).param()).isEqualTo(param);
    }

    @Test
    void an_empty_text_is_for_the_provider_to_judge() {
        assertThat(head("{\"model\":\"m\",\"input\":\"\"}").messageCount()).isZero();
    }

    @Test
    void there_are_no_streams() {
        var played = Traces.play(stream(), "{\"data\":[{}]}", "[DONE]");

        assertThat(played.kinds()).containsExactly(FrameKind.MALFORMED, FrameKind.MALFORMED);
        assertThat(played.complete()).isFalse();
    }
}
