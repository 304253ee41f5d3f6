package dev.plexus.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.simulator.Question.Delivery;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlanceTest {

    private static JsonObject chat(String model) {
        return new JsonObject().put("model", model).put("stream", true).put("messages",
                List.of(new JsonObject().put("role", "user").put("content", "\"model\":\"mock-500\" \"stream\":false ".repeat(2_000))));
    }

    @Test
    void a_long_request_to_the_mock_is_understood_as_if_it_were_parsed() {
        JsonObject body = chat("mock-c3").put("stream_options", new JsonObject().put("include_usage", true));
        Buffer bytes = Buffer.buffer(body.encode());

        Question glanced = Glance.at(bytes, Place.CHAT).orElseThrow();
        Question read = new ChatVoice().read(body, Voice.Target.IN_BODY, bytes.length());

        assertThat(glanced.model()).isEqualTo(read.model());
        assertThat(glanced.delivery()).isEqualTo(read.delivery()).isEqualTo(Delivery.EVENTS);
        assertThat(glanced.includeUsage()).isEqualTo(read.includeUsage()).isTrue();
        assertThat(glanced.inputTokens()).isEqualTo(read.inputTokens());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-5", "mockingbird"})
    void other_models_are_parsed(String model) {
        assertThat(Glance.at(Buffer.buffer(chat(model).encode()), Place.CHAT)).isEmpty();
    }

    @Test
    void what_a_look_does_not_settle_is_parsed() {
        JsonObject prefilled = chat("mock").put("messages", List.of(new JsonObject().put("role", "assistant").put("content", "x".repeat(40_000))));
        JsonObject streamIsAProperty = chat("mock").put("tools", new JsonObject().put("stream", new JsonObject()));

        assertThat(Glance.at(Buffer.buffer(prefilled.encode()), Place.CHAT)).isEmpty();
        assertThat(Glance.at(Buffer.buffer(streamIsAProperty.encode()), Place.CHAT)).isEmpty();
        assertThat(Glance.at(Buffer.buffer(chat("mock").encode()), Place.MESSAGES)).as("no max_tokens").isEmpty();
        assertThat(Glance.at(Buffer.buffer("{\"model\":\"mock\"}"), Place.CHAT)).as("short").isEmpty();
    }
}
