package dev.plexus.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.model.DialectId;
import dev.plexus.wire.Pieces;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an upstream complains of is left out, if the rest is still the same request.
class ReactiveRepairTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Unsupported parameter: 'seed' | {\"model\":\"m\"}",
                "Unrecognized request argument supplied: seed | {\"model\":\"m\"}",
                "Unknown parameter: 'seed'. | {\"model\":\"m\"}",
                "seed: Extra inputs are not permitted | {\"model\":\"m\"}",
                "Unknown name \"seed\" at 'generation_config': Cannot find field. | {\"model\":\"m\"}",
                "'seed' is not supported with this model. | {\"model\":\"m\"}"
            })
    void a_parameter_that_is_named_is_removed(String words, String rest) {
        assertThat(mended(DialectId.CHAT, "{\"model\":\"m\",\"seed\":1}", words)).isEqualTo(rest);
    }

    @Test
    void a_path_is_followed_into_the_body() {
        assertThat(mended(
                        DialectId.MESSAGES,
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{}}]}]}",
                        "messages[0].content[0].cache_control: Extra inputs are not permitted"))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}");
    }

    @Test
    void what_makes_the_request_is_never_removed() {
        assertThat(mended(DialectId.CHAT, "{\"model\":\"m\",\"messages\":[{}]}", "Unsupported parameter: 'messages'")).isNull();
        assertThat(mended(DialectId.CHAT, "{\"model\":\"m\",\"messages\":[{}]}", "Unknown parameter: 'messages[0]'")).isNull();
        assertThat(mended(DialectId.CHAT, "{\"model\":\"m\",\"messages\":[{}]}", "Unsupported parameter: 'model'")).isNull();
    }

    @Test
    void a_complaint_about_what_is_not_there_mends_nothing() {
        assertThat(mended(DialectId.CHAT, "{\"model\":\"m\"}", "Unsupported parameter: 'seed'")).isNull();
        assertThat(mended(DialectId.CHAT, "{\"model\":\"m\"}", "Your prompt is bad")).isNull();
    }

    @Test
    void no_more_than_three_paths_go() {
        ReactiveRepair repair = new ReactiveRepair(DialectId.CHAT);
        Pieces body = Pieces.of("{\"model\":\"m\",\"a\":1,\"b\":1,\"c\":1,\"d\":1}");
        for (String name : new String[] {"a", "b", "c"}) {
            body = repair.mend(body, "Unknown parameter: '" + name + "'");
        }

        assertThat(new String(body.joined(), UTF_8)).isEqualTo("{\"model\":\"m\",\"d\":1}");
        assertThat(repair.mend(body, "Unknown parameter: 'd'")).isNull();
    }

    @Test
    void the_output_limit_gets_its_other_name_once() {
        ReactiveRepair repair = new ReactiveRepair(DialectId.CHAT);
        String words = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";

        Pieces renamed = repair.mend(Pieces.of("{\"model\":\"m\",\"max_tokens\":9}"), words);

        assertThat(new String(renamed.joined(), UTF_8)).isEqualTo("{\"model\":\"m\",\"max_completion_tokens\":9}");
        assertThat(repair.mend(renamed, words)).isNull();
    }

    @Test
    void thinking_that_another_account_signed_is_left_out() {
        String body = "{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"x\"},"
                + "{\"type\":\"text\",\"text\":\"b\"}]},{\"role\":\"assistant\",\"content\":[{\"type\":\"redacted_thinking\",\"data\":\"y\"}]}]}";

        assertThat(mended(DialectId.MESSAGES, body, "messages.1.content.0: Invalid `signature` in `thinking` block"))
                .isEqualTo("{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"b\"}]},"
                        + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"…\"}]}]}");
    }

    private static @Nullable String mended(DialectId dialect, String body, String words) {
        Pieces mended = new ReactiveRepair(dialect).mend(Pieces.of(body), words);
        return mended == null ? null : new String(mended.joined(), UTF_8);
    }
}
