package dev.plexus.dialect.chat;

import static dev.plexus.dialect.FrameKind.BOOKKEEPING;
import static dev.plexus.dialect.FrameKind.CONTENT;
import static dev.plexus.dialect.FrameKind.ERROR;
import static dev.plexus.dialect.FrameKind.TERMINAL;
import static dev.plexus.dialect.FrameKind.UNASKED_USAGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.AnswerWatch.Verdict;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.DialectContract;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.Traces;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Usage;
import dev.plexus.wire.CountText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatDialectTest extends DialectContract.Streaming {

    private static final String START = "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}";
    private static final String TEXT = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}";
    private static final String STOP = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    private static final String USAGE = "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";

    @Override
    protected Dialect dialect() {
        return new ChatDialect();
    }

    @Override
    protected List<Member> required() {
        return List.of(new Member("\"messages\"", "[{\"role\":\"user\",\"content\":\"\\u00e9\"}]", ""));
    }

    @Override
    protected Observed expected() {
        return new Observed(new Usage(10, 0, 0, 0, 5, 2, 15), "tool_calls", 1, true);
    }

    private @Nullable Usage usage(String usage) {
        Usage whole = answer("{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":" + usage + "}").observed().usage();
        assertThat(Traces.play(stream(), "{\"choices\":[],\"usage\":" + usage + "}").observed().usage()).isEqualTo(whole);
        return whole;
    }

    private static Usage counts(long input, long cached, long write, long output, long reasoning, long total) {
        return new Usage(input, cached, write, 0, output, reasoning, total);
    }

    @Test
    void t1_cached_tokens_are_taken_out_of_the_prompt() {
        assertThat(usage("{\"prompt_tokens\":1000,\"prompt_tokens_details\":{\"cached_tokens\":300},\"completion_tokens\":200,\"completion_tokens_details\":{\"reasoning_tokens\":50},\"total_tokens\":1200}"))
                .isEqualTo(counts(700, 300, 0, 200, 50, 1200));
    }

    @Test
    void t2_cached_tokens_may_be_at_the_top() {
        assertThat(usage("{\"prompt_tokens\":100,\"cached_tokens\":40,\"completion_tokens\":10}")).isEqualTo(counts(60, 40, 0, 10, 0, 110));
    }

    @Test
    void t3_details_go_before_the_top() {
        assertThat(usage("{\"cached_tokens\":40,\"prompt_tokens\":100,\"prompt_tokens_details\":{\"cached_tokens\":30},\"completion_tokens\":1}")).isEqualTo(counts(70, 30, 0, 1, 0, 101));
    }

    @Test
    void t4_a_prompt_smaller_than_its_cache_was_subtracted_already() {
        assertThat(usage("{\"prompt_tokens\":50,\"cached_tokens\":80,\"completion_tokens\":5}")).isEqualTo(counts(50, 80, 0, 5, 0, 135));
    }

    @Test
    void t5_reasoning_counted_apart_is_added_to_the_output() {
        assertThat(usage("{\"prompt_tokens\":20,\"completion_tokens\":30,\"completion_tokens_details\":{\"reasoning_tokens\":100},\"total_tokens\":150}")).isEqualTo(counts(20, 0, 0, 130, 100, 150));
    }

    @Test
    void t6_cache_hits_of_deepseek_are_cached_tokens() {
        assertThat(usage("{\"prompt_tokens\":100,\"prompt_cache_hit_tokens\":64,\"completion_tokens\":8}")).isEqualTo(counts(36, 64, 0, 8, 0, 108));
    }

    @Test
    void t13_strings_are_read_and_negatives_are_zero() {
        assertThat(usage("{\"prompt_tokens\":\"7\",\"completion_tokens\":-3}")).isEqualTo(counts(7, 0, 0, 0, 0, 7));
    }

    @Test
    void t14_no_usage_is_no_count_at_all() {
        assertThat(usage("null")).isNull();
        assertThat(usage("{}")).isNull();
    }

    @Test
    void odd_numbers_are_rounded_down_or_clamped() {
        assertThat(usage("{\"prompt_tokens\":7.9,\"completion_tokens\":\"1e1\",\"cached_tokens\":null}")).isEqualTo(counts(7, 0, 0, 10, 0, 17));
        assertThat(usage("{\"prompt_tokens\":\"many\",\"completion_tokens\":[1]}")).isEqualTo(counts(0, 0, 0, 0, 0, 0));
        assertThat(usage("{\"prompt_tokens\":99999999999999999999,\"completion_tokens\":1e300,\"total_tokens\":-99999999999999999999}"))
                .isEqualTo(counts(CountText.MAX, 0, 0, CountText.MAX, 0, 2 * CountText.MAX));
        assertThat(usage("{\"prompt_tokens\":10,\"completion_tokens\":5,\"reasoning_tokens\":9}")).isEqualTo(counts(10, 0, 0, 5, 5, 15));
        assertThat(usage("{\"prompt_tokens\":10,\"prompt_tokens_details\":{\"cache_write_tokens\":4},\"completion_tokens\":5}")).isEqualTo(counts(6, 0, 4, 5, 0, 15));
    }

    @Test
    void usage_is_found_wherever_vendors_put_it() {
        Usage expected = counts(3, 0, 0, 1, 0, 4);
        String usage = "{\"prompt_tokens\":3,\"completion_tokens\":1}";

        assertThat(Traces.play(stream(), TEXT, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":" + usage + "}").observed().usage()).isEqualTo(expected);
        assertThat(Traces.play(stream(), TEXT, "{\"x_groq\":{\"usage\":" + usage + "},\"choices\":[]}").observed().usage()).isEqualTo(expected);
        assertThat(Traces.play(stream(), TEXT, "{\"choices\":[{\"delta\":{},\"usage\":" + usage + "}]}").observed().usage()).isEqualTo(expected);
        assertThat(Traces.play(stream(), "{\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":3}}", "{\"choices\":[],\"usage\":" + usage + "}", "{\"choices\":[],\"usage\":null}").observed().usage()).isEqualTo(expected);
    }

    @Test
    void usage_that_nobody_asked_for_is_set_apart() {
        RequestHead asked = head("{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stream\":true,\"stream_options\":{\"include_usage\":true}}");

        assertThat(Traces.play(stream(), START, TEXT, STOP, USAGE, "[DONE]").kinds()).containsExactly(BOOKKEEPING, CONTENT, CONTENT, UNASKED_USAGE, TERMINAL);
        assertThat(Traces.play(dialect().watchStream(asked), START, TEXT, STOP, USAGE, "[DONE]").kinds()).containsExactly(BOOKKEEPING, CONTENT, CONTENT, CONTENT, TERMINAL);
        assertThat(Traces.play(stream(), "{\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":3}}").kinds()).containsExactly(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"choices\":[{\"delta\":{}}]}", "{\"choices\":[{\"delta\":{\"content\":null}}]}", "{\"choices\":[{\"delta\":{\"content\":\"\"}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[]}}]}", "{\"choices\":[]}", "{\"choices\":[{\"delta\":{\"reasoning_content\":\"\"},\"finish_reason\":\"\"}]}"})
    void empty_chunks_say_nothing(String chunk) {
        var played = Traces.play(stream(), chunk);

        assertThat(played.kinds()).containsExactly(BOOKKEEPING);
        assertThat(played.observed()).isEqualTo(Observed.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"content\":\"x\"}", "{\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}", "{\"reasoning_content\":\"x\"}", "{\"reasoning\":\"x\"}", "{\"refusal\":\"x\"}",
        "{\"reasoning_details\":[{\"type\":\"reasoning.text\"}]}", "{\"annotations\":[{}]}", "{\"images\":[{}]}", "{\"audio\":{}}",
        "{\"function_call\":{\"name\":\"f\"}}", "{\"content\":\"{\\\"error\\\":{\\\"code\\\":429}}\"}"})
    void anything_that_can_be_used_is_content(String delta) {
        var played = Traces.play(stream(), "{\"choices\":[{\"delta\":" + delta + "}]}");

        assertThat(played.kinds()).containsExactly(CONTENT);
        assertThat(played.observed().visible()).isTrue();
    }

    private int calls(String... lists) {
        return Traces.play(stream(), Arrays.stream(lists).map(list -> "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":" + list + "}}]}").toArray(String[]::new)).observed().toolCalls();
    }

    @Test
    void x1_parallel_calls_are_counted_by_index() {
        assertThat(calls(
                        "[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]", "[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]",
                        "[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"))
                .isEqualTo(2);
    }

    @Test
    void x3_empty_ids_and_names_continue_a_call() {
        assertThat(calls(
                        "[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]",
                        "[{\"index\":0,\"id\":\"\",\"function\":{\"name\":\"\",\"arguments\":\"{}\"}}]", "[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"f\"}}]"))
                .isEqualTo(1);
    }

    @Test
    void x4_calls_that_are_all_numbered_0_are_told_apart_by_id_and_name() {
        assertThat(calls("[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]", "[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\"}}]")).isEqualTo(2);
    }

    @Test
    void calls_without_index_are_told_apart_by_id_or_by_a_name_after_arguments() {
        assertThat(calls("[{\"id\":\"a\",\"function\":{\"name\":\"f\"}}]", "[{\"id\":\"a\",\"function\":{\"arguments\":\"{}\"}}]", "[{\"id\":\"b\",\"function\":{\"name\":\"f\"}}]")).isEqualTo(2);
        assertThat(calls("[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]", "[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]")).isEqualTo(2);
    }

    @Test
    void a_call_counts_once_it_has_a_name() {
        assertThat(calls("[{\"index\":0,\"id\":\"a\"}]")).isZero();
        assertThat(calls("[{\"index\":0,\"id\":\"a\"}]", "[{\"index\":0,\"function\":{\"name\":\"f\"}}]")).isEqualTo(1);
    }

    @Test
    void only_the_first_choice_is_counted_and_all_must_finish() {
        String call = "\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]}";
        StreamWatch watch = stream();

        Traces.play(watch, "{\"choices\":[{" + call + ",\"index\":1}]}", "{\"choices\":[{\"index\":0," + call + "}]}", "{\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"length\"}]}");
        assertThat(watch.complete()).isFalse();
        Traces.play(watch, STOP, "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}");

        assertThat(watch.complete()).isTrue();
        assertThat(watch.observed()).isEqualTo(new Observed(null, "stop", 1, true));
    }

    @Test
    void a_finish_reason_completes_a_stream_without_done() {
        assertThat(Traces.play(stream(), START, TEXT).complete()).isFalse();
        assertThat(Traces.play(stream(), START, TEXT, STOP).complete()).isTrue();
        assertThat(Traces.play(stream(), "{\"choices\":[],\"finish_reason\":\"stop\"}").observed().finishReason()).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"error\":{\"message\":\"Rate\",\"code\":429}}|429|Rate",
        "{\"error\":\"boom\"}|502|boom",
        "{\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"message\":\"x\",\"code\":502}}]}|502|x",
        "{\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"message\":\"y\",\"code\":503}}|503|y",
        "{\"choices\":[{\"delta\":{\"content\":\"\"}}],\"error\":{\"message\":\"z\"}}|502|z",
        "{\"object\":\"error\",\"message\":\"o\",\"code\":400}|400|o",
        "{\"x_groq\":{\"error\":\"g\"}}|502|g"})
    void x24_errors_in_all_their_forms(String event, int status, String message) {
        StreamWatch watch = stream();

        assertThat(Traces.play(watch, event).kinds()).containsExactly(ERROR);
        assertThat(watch.error()).satisfies(error -> {
            assertThat(error.status()).isEqualTo(status);
            assertThat(error.message()).isEqualTo(message);
        });
    }

    @Test
    void a_chunk_with_content_is_never_an_error() {
        assertThat(Traces.play(stream(), "error | " + TEXT).kinds()).containsExactly(CONTENT);
        assertThat(Traces.play(stream(), "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"error\":{\"message\":\"odd\"}}").kinds()).containsExactly(CONTENT);
        assertThat(Traces.play(stream(), "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"error\":null,\"code\":500}").kinds()).containsExactly(CONTENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}|EMPTY",
        "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[]}}]}|EMPTY",
        "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"length\"}]}|GOOD",
        "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"content_filter\"}]}|GOOD",
        "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}|GOOD",
        "{\"choices\":[{\"message\":{\"reasoning_content\":\"x\"}}]}|GOOD",
        "{\"choices\":[{\"message\":{\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}]}|GOOD",
        "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"error\":null}|GOOD"})
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
        assertThat(head.stream()).isFalse();
        assertThat(head.asksForUsage()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|model",
        "{\"model\":\"\",\"messages\":[{\"role\":\"user\"}]}|model",
        "{\"model\":1,\"messages\":[{\"role\":\"user\"}]}|model",
        "{\"model\":\"m\"}|messages",
        "{\"model\":\"m\",\"messages\":[]}|messages",
        "{\"model\":\"m\",\"messages\":{}}|messages",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"},\"x\"]}|messages[1]",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"},{\"role\":\"user\"},{\"role\":\"user\"},{\"content\":{\"role\":\"x\"}}]}|messages[3].role",
        "{\"model\":\"m\",\"messages\":[{\"role\":1}]}|messages[0].role",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stream\":\"yes\"}|stream",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"tools\":{}}|tools",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"tools\":[{},1]}|tools[1]"})
    void what_must_be_there_is_named(String body, String param) {
        GatewayError error = bad(body);

        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).startsWith(param + ": ");
    }

    @Test
    void unknown_and_unusual_members_are_none_of_our_business() {
        assertThat(head("{\"model\":\"m\",\"messages\":[{\"role\":\"robot\"}],\"n\":\"x\",\"stream_options\":7,\"parallel_tool_calls\":3}").model()).isEqualTo("m");
    }

    @Test
    void the_worked_example_of_bytes_mode() {
        assertThat(write("{ \"temperature\":1.0,\"model\" : \"fast\" ,\"x_new\":{\"a\":[1,2.50]}, \"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\"}]}", to("gpt-4o-mini")))
                .isEqualTo("{ \"temperature\":1.0,\"model\" : \"gpt-4o-mini\" ,\"x_new\":{\"a\":[1,2.50]}, \"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\"}]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "|,\"stream_options\":{\"include_usage\":true}",
        ",\"stream_options\":null|,\"stream_options\":{\"include_usage\":true}",
        ",\"stream_options\":{}|,\"stream_options\":{\"include_usage\":true}",
        ",\"stream_options\": {\"a\" : 1.0}|,\"stream_options\": {\"a\" : 1.0,\"include_usage\":true}",
        ",\"stream_options\":{\"include_usage\":false,\"b\":2}|,\"stream_options\":{\"include_usage\":true,\"b\":2}",
        ",\"stream_options\":7|,\"stream_options\":7"})
    void usage_is_asked_for_without_touching_other_options(@Nullable String before, String after) {
        String start = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stream\":true";

        assertThat(write(start + (before == null ? "" : before) + "}", new Outgoing("m", Map.of(), true))).isEqualTo(start + after + "}");
    }

    @Test
    void usage_is_asked_for_in_configured_options_too() {
        assertThat(write("{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}", new Outgoing("m", Map.of("stream_options", "{\"x\":1}"), true)))
                .endsWith(",\"stream_options\":{\"x\":1,\"include_usage\":true}}");
    }

    @Test
    void error_bodies_have_their_types_and_codes() {
        assertThat(error(GatewayError.of(ErrorKind.AUTHENTICATION, "Invalid API key")))
                .isEqualTo("{\"error\":{\"message\":\"Invalid API key\",\"type\":\"auth_error\",\"param\":null,\"code\":401}}");
        assertThat(error(GatewayError.of(ErrorKind.NOT_FOUND, "model_not_found", "Model 'x' not found in configuration").withParam("model")))
                .isEqualTo("{\"error\":{\"message\":\"Model 'x' not found in configuration\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}");
        assertThat(error(GatewayError.of(ErrorKind.OVERLOADED, "x"))).contains("\"type\":\"api_error\"", "\"code\":\"overloaded\"");
        assertThat(error(GatewayError.of(ErrorKind.QUOTA, "x"))).contains("\"type\":\"quota_exceeded\"", "\"code\":\"quota_exceeded\"");
    }

    private String error(GatewayError error) {
        return new String(dialect().writeError(error, "r"), UTF_8);
    }

    @Test
    void a_broken_stream_ends_with_an_error_and_done() {
        assertThat(new String(stream().writeError(GatewayError.of(ErrorKind.UPSTREAM_INVALID, "upstream_stream_truncated", "cut"), "r"), UTF_8))
                .isEqualTo("data: {\"error\":{\"message\":\"cut\",\"type\":\"api_error\",\"param\":null,\"code\":\"upstream_stream_truncated\"}}\n\ndata: [DONE]\n\n");
        assertThat(new String(stream().keepAlive(), UTF_8)).isEqualTo(": keep-alive\n\n");
    }

    @Test
    void url_and_credentials() {
        Map<String, String> headers = new HashMap<>();
        dialect().credentials("k", headers::put);

        assertThat(dialect().upstreamUrl("https://a/v1", "m", true)).isEqualTo("https://a/v1/chat/completions");
        assertThat(headers).containsExactly(Map.entry("authorization", "Bearer k"));
    }
}
