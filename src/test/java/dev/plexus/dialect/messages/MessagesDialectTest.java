package dev.plexus.dialect.messages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.AnswerWatch.Verdict;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.DialectContract;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.Traces;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Usage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesDialectTest extends DialectContract.Streaming {

    @Override
    protected Dialect dialect() {
        return new MessagesDialect();
    }

    @Override
    protected List<Member> required() {
        return List.of(new Member("\"messages\"", "[{\"role\":\"user\",\"content\":\"\\u00e9\"}]", ""), new Member("\"max_tokens\"", "1", " "));
    }

    @Override
    protected Observed expected() {
        return new Observed(new Usage(10, 0, 0, 0, 5, 2, 15), "tool_use", 1, true);
    }

    private @Nullable Usage usage(String start, String... deltas) {
        StreamWatch watch = stream();
        Traces.play(watch, "{\"type\":\"message_start\",\"message\":{\"usage\":" + start + "}}");
        for (String delta : deltas) {
            Traces.play(watch, "{\"type\":\"message_delta\",\"delta\":{},\"usage\":" + delta + "}");
        }
        return watch.observed().usage();
    }

    @Test
    void t9_input_excludes_the_cache_already() {
        String usage = "{\"input_tokens\":12,\"cache_read_input_tokens\":3000,\"cache_creation_input_tokens\":500,\"output_tokens\":77}";

        assertThat(usage(usage)).isEqualTo(new Usage(12, 3000, 500, 0, 77, 0, 3589));
        assertThat(answer("{\"usage\":" + usage + "}").observed().usage()).isEqualTo(usage(usage));
    }

    @Test
    void t10_start_and_delta_are_merged() {
        assertThat(usage("{\"input_tokens\":12,\"cache_read_input_tokens\":5,\"output_tokens\":1}", "{\"output_tokens\":40}")).isEqualTo(new Usage(12, 5, 0, 0, 40, 0, 57));
    }

    @Test
    void t11_a_delta_may_bring_the_true_input() {
        assertThat(usage("{\"input_tokens\":0}", "{\"input_tokens\":900,\"output_tokens\":40}")).isEqualTo(new Usage(900, 0, 0, 0, 40, 0, 940));
    }

    @Test
    void x36_a_zero_in_a_delta_does_not_take_back_the_input() {
        assertThat(usage("{\"input_tokens\":10}", "{\"input_tokens\":0,\"output_tokens\":3}", "{\"input_tokens\":null}")).isEqualTo(new Usage(10, 0, 0, 0, 3, 0, 13));
    }

    @Test
    void t14_no_usage_is_no_count_at_all() {
        assertThat(usage("{}")).isNull();
    }

    @Test
    void cache_writes_are_told_apart_by_lifetime() {
        assertThat(usage("{\"input_tokens\":1,\"cache_creation_input_tokens\":30,\"cache_creation\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20},\"output_tokens\":1}"))
                .isEqualTo(new Usage(1, 0, 30, 20, 1, 0, 32));
        assertThat(usage("{\"cache_creation\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20}}")).isEqualTo(new Usage(0, 0, 30, 20, 0, 0, 30));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "{\"type\":\"ping\"};BOOKKEEPING",
        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1}}};BOOKKEEPING",
        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"text\",\"text\":\"\"}};BOOKKEEPING",
        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"text\",\"text\":\"x\"}};CONTENT",
        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\",\"name\":\"f\",\"input\":{}}};CONTENT",
        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"x\"}};CONTENT",
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"\"}};BOOKKEEPING",
        "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"error\",\"type\":\"text_delta\"}};CONTENT",
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"citations_delta\",\"citation\":{}}};CONTENT",
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"new_delta\",\"new\":1}};CONTENT",
        "{\"type\":\"content_block_stop\",\"index\":0};BOOKKEEPING",
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null}};BOOKKEEPING",
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}};CONTENT",
        "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":1}};CONTENT",
        "{\"type\":\"message_stop\"};TERMINAL",
        "{\"type\":\"something_new\",\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}};BOOKKEEPING",
        "message_stop | {};TERMINAL",
        "error | {\"type\":\"ping\"};BOOKKEEPING",
        "error | {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"},\"error\":{}};CONTENT"})
    void kinds_of_events(String event, FrameKind kind) {
        assertThat(Traces.play(stream(), event).kinds()).containsExactly(kind);
    }

    @Test
    void x22_an_error_after_text_is_seen_with_its_name() {
        StreamWatch watch = stream();

        var played = Traces.play(
                watch, "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Par\"}}",
                "error | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");

        assertThat(played.kinds()).containsExactly(FrameKind.CONTENT, FrameKind.ERROR);
        assertThat(played.complete()).isFalse();
        assertThat(watch.error()).satisfies(error -> {
            assertThat(error.status()).isEqualTo(503);
            assertThat(error.type()).isEqualTo("overloaded_error");
        });
    }

    @Test
    void a_stop_reason_completes_a_stream_without_message_stop() {
        assertThat(Traces.play(stream(), "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}").complete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"end_turn\"}|EMPTY",
        "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"\"}],\"stop_reason\":\"end_turn\"}|EMPTY",
        "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"max_tokens\"}|GOOD",
        "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"refusal\"}|GOOD",
        "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"x\"}]}|GOOD",
        "{\"type\":\"message\",\"content\":[{\"type\":\"server_tool_use\",\"input\":{}}]}|GOOD",
        "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"x\"}}|ERROR",
        "{\"input_tokens\":12}|GOOD"})
    void verdicts(String body, Verdict verdict) {
        assertThat(answer(body).verdict()).isEqualTo(verdict);
    }

    @Test
    void the_head_of_the_recorded_request() {
        RequestHead head = reference();

        assertThat(head.model()).isEqualTo("a");
        assertThat(head.messageCount()).isEqualTo(3);
        assertThat(head.toolsDefined()).isEqualTo(1);
        assertThat(head.parallelToolCalls()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"messages\":[{}],\"max_tokens\":1}|model|model: Field required",
        "{\"model\":\"m\",\"max_tokens\":1}|messages|messages: Field required",
        "{\"model\":\"m\",\"messages\":[],\"max_tokens\":1}|messages|messages: Field required",
        "{\"model\":\"m\",\"messages\":[{}]}|max_tokens|max_tokens: Field required",
        "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":0}|max_tokens|max_tokens: must be an integer of at least 1",
        "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1.5}|max_tokens|max_tokens: must be an integer of at least 1",
        "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1,\"stream\":1}|stream|stream: must be a boolean",
        "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1,\"tools\":1}|tools|tools: must be an array"})
    void what_must_be_there_is_named(String body, String param, String message) {
        assertThat(bad(body).param()).isEqualTo(param);
        assertThat(bad(body).message()).isEqualTo(message);
    }

    @Test
    void errors_and_keep_alives_in_this_format() {
        GatewayError error = GatewayError.of(ErrorKind.AUTHENTICATION, "Invalid API key");

        assertThat(new String(dialect().writeError(error, "req-1"), UTF_8))
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"Invalid API key\"},\"request_id\":\"req-1\"}");
        assertThat(new String(stream().writeError(GatewayError.of(ErrorKind.OVERLOADED, "x"), "req-1"), UTF_8))
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n");
        assertThat(new String(stream().keepAlive(), UTF_8)).isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    }

    @Test
    void url_and_credentials() {
        Map<String, String> headers = new HashMap<>();
        dialect().credentials("k", headers::put);

        assertThat(dialect().upstreamUrl("https://a/v1", "m", true)).isEqualTo("https://a/v1/messages");
        assertThat(headers).isEqualTo(Map.of("x-api-key", "k", "anthropic-version", "2023-06-01"));
    }
}
