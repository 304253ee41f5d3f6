package dev.plexus.dialect.responses;

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
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesDialectTest extends DialectContract.Streaming {

    private static final String CREATED =
            "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"created_at\":7,\"status\":\"in_progress\",\"model\":\"m\",\"output\":[]}}";

    @Override
    protected Dialect dialect() {
        return new ResponsesDialect();
    }

    @Override
    protected List<Member> required() {
        return List.of(new Member("\"input\"", "\"\\u00e9\"", " "));
    }

    @Override
    protected Observed expected() {
        return new Observed(new Usage(10, 0, 0, 0, 5, 2, 15), "stop", 1, true);
    }

    private @Nullable Usage usage(String usage) {
        Usage whole = answer("{\"usage\":" + usage + "}").observed().usage();
        for (String type : List.of("completed", "incomplete", "failed")) {
            assertThat(Traces.play(stream(), "{\"type\":\"response." + type + "\",\"response\":{\"usage\":" + usage + "}}").observed().usage()).isEqualTo(whole);
        }
        return whole;
    }

    @Test
    void t7_cached_tokens_are_taken_out_of_the_input() {
        assertThat(usage("{\"input_tokens\":1000,\"input_tokens_details\":{\"cached_tokens\":600},\"output_tokens\":50,\"output_tokens_details\":{\"reasoning_tokens\":20}}"))
                .isEqualTo(new Usage(400, 600, 0, 0, 50, 20, 1050));
    }

    @Test
    void t8_an_input_smaller_than_its_cache_was_subtracted_already() {
        assertThat(usage("{\"input_tokens\":5233,\"input_tokens_details\":{\"cached_tokens\":54784},\"output_tokens\":2643,\"total_tokens\":62660}"))
                .isEqualTo(new Usage(5233, 54784, 0, 0, 2643, 0, 62660));
    }

    @Test
    void t14_no_usage_is_no_count_at_all() {
        assertThat(usage("null")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"error\":null}}|BOOKKEEPING",
        "{\"type\":\"response.queued\"}|BOOKKEEPING",
        "{\"type\":\"response.in_progress\"}|BOOKKEEPING",
        "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"message\",\"content\":[]}}|BOOKKEEPING",
        "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"reasoning\",\"summary\":[]}}|BOOKKEEPING",
        "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"function_call\",\"name\":\"f\"}}|CONTENT",
        "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"image_generation_call\",\"result\":\"AA\"}}|CONTENT",
        "{\"type\":\"response.content_part.added\",\"part\":{\"type\":\"output_text\",\"text\":\"\"}}|BOOKKEEPING",
        "{\"type\":\"response.output_text.delta\",\"delta\":\"\"}|BOOKKEEPING",
        "{\"type\":\"response.output_text.delta\",\"delta\":\"error 429\"}|CONTENT",
        "{\"type\":\"response.refusal.delta\",\"delta\":\"No.\"}|CONTENT",
        "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}|CONTENT",
        "{\"type\":\"response.output_text.annotation.added\",\"annotation\":{}}|CONTENT",
        "{\"type\":\"response.something.new\"}|BOOKKEEPING",
        "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"error\":null}}|TERMINAL",
        "{\"type\":\"response.incomplete\",\"response\":{}}|TERMINAL",
        "{\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}|ERROR",
        "{\"type\":\"response.cancelled\"}|ERROR",
        "{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"x\",\"param\":null}|ERROR"})
    void kinds_of_events(String event, FrameKind kind) {
        assertThat(Traces.play(stream(), event).kinds()).containsExactly(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}|stop",
        "{\"type\":\"response.completed\",\"response\":{}}|stop",
        "{\"type\":\"response.incomplete\",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}}}|length",
        "{\"type\":\"response.incomplete\",\"response\":{\"incomplete_details\":{\"reason\":\"content_filter\"}}}|content_filter",
        "{\"type\":\"response.incomplete\",\"response\":{}}|length",
        "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\"}}|error"})
    void ends_have_the_names_of_finish_reasons(String event, String finish) {
        assertThat(Traces.play(stream(), event).observed().finishReason()).isEqualTo(finish);
    }

    @Test
    void x8_calls_may_be_only_in_the_final_snapshot() {
        var played = Traces.play(stream(), CREATED, "{\"type\":\"response.completed\",\"response\":{\"output\":[{\"type\":\"function_call\"},{\"type\":\"function_call\"}]}}");

        assertThat(played.observed()).isEqualTo(new Observed(null, "stop", 2, true));
    }

    @Test
    void errors_name_their_status() {
        StreamWatch watch = stream();
        Traces.play(watch, "{\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow down\"}}}");

        assertThat(watch.error()).satisfies(error -> {
            assertThat(error.status()).isEqualTo(429);
            assertThat(error.code()).isEqualTo("rate_limit_exceeded");
            assertThat(error.message()).isEqualTo("slow down");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"status\":\"completed\",\"output\":[]}|EMPTY",
        "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"\"}]}]}|EMPTY",
        "{\"status\":\"incomplete\",\"output\":[]}|GOOD",
        "{\"status\":\"in_progress\",\"output\":[]}|GOOD",
        "{\"status\":\"completed\",\"error\":null,\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"No.\"}]}]}|GOOD",
        "{\"status\":\"completed\",\"output\":[{\"type\":\"function_call\"}]}|GOOD",
        "{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"x\"},\"output\":[]}|ERROR"})
    void verdicts(String body, Verdict verdict) {
        assertThat(answer(body).verdict()).isEqualTo(verdict);
    }

    @Test
    void the_head_of_the_recorded_request() {
        RequestHead head = reference();

        assertThat(head.model()).isEqualTo("a");
        assertThat(head.messageCount()).isEqualTo(5);
        assertThat(head.toolsDefined()).isEqualTo(1);
        assertThat(head.parallelToolCalls()).isTrue();
        assertThat(head("{\"model\":\"m\",\"input\":\"x\"}").messageCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"input\":\"x\"}|model",
        "{\"model\":\"m\"}|input",
        "{\"model\":\"m\",\"previous_response_id\":\"a\",\"conversation\":\"b\"}|conversation",
        "{\"model\":\"m\",\"input\":\"x\",\"stream\":0}|stream"})
    void what_must_be_there_is_named(String body, String param) {
        assertThat(bad(body).param()).isEqualTo(param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"previous_response_id\":\"a\"", "\"conversation\":{\"id\":\"a\"}", "\"prompt\":{}", "\"input\":[]"})
    void any_one_of_four_is_enough(String member) {
        assertThat(head("{\"model\":\"m\"," + member + "}").model()).isEqualTo("m");
    }

    @Test
    void a_broken_stream_fails_the_response_that_was_begun() {
        StreamWatch watch = stream();
        Traces.play(watch, CREATED, "{\"type\":\"response.output_text.delta\",\"sequence_number\":4,\"delta\":\"x\"}");

        assertThat(new String(watch.writeError(GatewayError.of(ErrorKind.OVERLOADED, "Overloaded"), "r"), UTF_8))
                .isEqualTo("event: response.failed\ndata: {\"type\":\"response.failed\",\"sequence_number\":5,\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":7,"
                        + "\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Overloaded\"},\"incomplete_details\":null,\"model\":\"m\",\"output\":[]}}\n\n");
    }

    @Test
    void an_error_before_a_response_was_begun_stands_alone() {
        assertThat(new String(stream().writeError(GatewayError.of(ErrorKind.RATE_LIMIT, "x"), "r"), UTF_8))
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"x\",\"param\":null,\"sequence_number\":0}\n\n");
    }

    @Test
    void server_errors_have_their_own_type() {
        assertThat(new String(dialect().writeError(GatewayError.of(ErrorKind.TIMEOUT, "x"), "r"), UTF_8)).contains("\"type\":\"server_error\"", "\"code\":\"upstream_timeout\"");
        assertThat(new String(dialect().writeError(GatewayError.of(ErrorKind.RATE_LIMIT, "x"), "r"), UTF_8)).contains("\"type\":\"rate_limit_error\"");
    }

    @Test
    void url_and_credentials() {
        Map<String, String> headers = new HashMap<>();
        dialect().credentials("k", headers::put);

        assertThat(dialect().upstreamUrl("https://a/v1", "m", true)).isEqualTo("https://a/v1/responses");
        assertThat(headers).isEqualTo(Map.of("authorization", "Bearer k"));
    }
}
