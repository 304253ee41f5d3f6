package dev.plexus.dialect.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Outgoing;
import dev.plexus.wire.Pieces;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveThinkingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"type\":\"adaptive\"}|true|false",
        "{ \"budget\":1, \"type\" : \"adaptive\" }|true|false",
        "{\"type\":\"enabled\",\"budget_tokens\":5}|true|true",
        "{\"type\":\"adaptive\"}|false|true",
        "null|true|true",
        "\"adaptive\"|true|true"})
    void thinking_goes_only_when_it_is_adaptive_and_the_alias_says_so(String thinking, boolean strip, boolean kept) {
        String body = "{\"model\":\"m\",\"max_tokens\":1,\"thinking\":" + thinking + ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

        assertThat(sent(body, Map.of(), strip).contains("thinking")).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{\"type\":\"adaptive\"}|false", "{\"type\":\"disabled\"}|true"})
    void the_configured_thinking_counts_when_there_is_one(String configured, boolean kept) {
        String body = "{\"model\":\"m\",\"max_tokens\":1,\"thinking\":{\"type\":\"adaptive\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

        assertThat(sent(body, Map.of("thinking", configured), true).contains("thinking")).isEqualTo(kept);
    }

    private static String sent(String text, Map<String, String> extra, boolean strip) {
        Pieces body = Pieces.of(text);
        MessagesDialect dialect = new MessagesDialect();
        var head = ((HeadRead.Good) dialect.readHead(body, null)).head();
        return new String(dialect.writeBody(body, head, new Outgoing("m", extra, false, strip)).joined(), StandardCharsets.UTF_8);
    }
}
