package dev.plexus.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.Envelope;
import dev.plexus.model.DialectId;
import dev.plexus.model.Secret;
import dev.plexus.wire.Pieces;
import org.junit.jupiter.api.Test;

/// No vendor ever sees an envelope: its own secrets come back to it, others' are left out.
class ForeignEnvelopesTest {

    private static final String OF_GEMINI = Envelope.wrap(new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, "QUJD", "call_1"));
    private static final String OF_ANTHROPIC = Envelope.wrap(new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG"));

    @Test
    void a_body_without_envelopes_stays_the_very_same() {
        Pieces body = Pieces.of("{\"messages\":[{\"role\":\"user\",\"content\":\"plx is no envelope\"}]}");

        assertThat(ForeignEnvelopes.removed(body, DialectId.MESSAGES)).isSameAs(body);
    }

    @Test
    void a_foreign_thinking_block_is_left_out_and_a_native_one_gets_its_signature_back() {
        String body = "{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"" + OF_GEMINI
                + "\"},{\"type\":\"thinking\",\"thinking\":\"b\",\"signature\":\"" + OF_ANTHROPIC + "\"},{\"type\":\"text\",\"text\":\"c\"}]}]}";

        assertThat(removed(body, DialectId.MESSAGES)).isEqualTo("{\"messages\":[{\"role\":\"assistant\",\"content\":["
                + "{\"type\":\"thinking\",\"thinking\":\"b\",\"signature\":\"EqSIG\"},{\"type\":\"text\",\"text\":\"c\"}]}]}");
    }

    @Test
    void a_message_of_nothing_but_foreign_thoughts_keeps_a_sign_of_itself() {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"redacted_thinking\",\"data\":\""
                + OF_GEMINI + "\"}]}]}";

        assertThat(removed(body, DialectId.MESSAGES)).isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"…\"}]}]}");
    }

    @Test
    void a_foreign_reasoning_item_is_left_out() {
        String body = "{\"input\":[{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"" + OF_ANTHROPIC + "\"},{\"role\":\"user\",\"content\":\"x\"}]}";

        assertThat(removed(body, DialectId.RESPONSES)).isEqualTo("{\"input\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    }

    @Test
    void a_foreign_thought_signature_is_left_out_and_its_part_stays() {
        String signature = Envelope.wrapBase64(new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, "EqSIG"));
        String body = "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"a\",\"thoughtSignature\":\"" + signature + "\"}]},{\"parts\":[{\"text\":\"b\"}]}]}";

        assertThat(removed(body, DialectId.GEMINI)).isEqualTo("{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"a\"}]},{\"parts\":[{\"text\":\"b\"}]}]}");
    }

    @Test
    void a_foreign_reasoning_detail_is_left_out() {
        String body = "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"" + OF_ANTHROPIC
                + "\"}]},{\"role\":\"user\",\"content\":\"b\"}]}";

        assertThat(removed(body, DialectId.CHAT))
                .isEqualTo("{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"reasoning_details\":[]},{\"role\":\"user\",\"content\":\"b\"}]}");
    }

    @Test
    void a_text_that_speaks_of_an_envelope_is_a_text() {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + OF_GEMINI + "\"},{\"role\":\"user\",\"content\":\"b\"}]}";

        assertThat(removed(body, DialectId.CHAT)).isEqualTo(body);
    }

    private static String removed(String body, DialectId dialect) {
        return new String(ForeignEnvelopes.removed(Pieces.of(body), dialect).joined(), UTF_8);
    }
}
