package dev.plexus.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.simulator.Caller.Got;
import dev.plexus.simulator.Caller.Tongue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SimulatorTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final AtomicLong NANOS = new AtomicLong();
    private static final Simulator SIMULATOR = started();
    private static final Caller CALLER = new Caller(VERTX, SIMULATOR.port());

    private static Simulator started() {
        return Simulator.start(VERTX, "127.0.0.1", 0, NANOS::get, true).toCompletionStage().toCompletableFuture().join();
    }

    @BeforeAll
    static void listens() {
        assertThat(SIMULATOR.baseUrl()).isEqualTo("http://127.0.0.1:" + SIMULATOR.port());
    }

    @AfterAll
    static void close() throws Exception {
        Caller.await(SIMULATOR.close());
        Caller.await(VERTX.close());
    }

    @BeforeEach
    void clear() {
        SIMULATOR.clear();
    }

    static Stream<Arguments> everyWay() {
        return Arrays.stream(Tongue.values()).flatMap(tongue -> Stream.of(Arguments.of(tongue, false), Arguments.of(tongue, true)));
    }

    private static String terminal(Tongue tongue) {
        return switch (tongue) {
            case CHAT -> "data: [DONE]";
            case MESSAGES -> "\"type\":\"message_stop\"";
            case GEMINI -> "\"finishReason\":\"STOP\"";
            case RESPONSES -> "\"type\":\"response.completed\"";
        };
    }

    private static int words(String text) {
        return text.isEmpty() ? 0 : text.strip().split(" ", -1).length;
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void the_demo_answers_in_a_friendly_way_and_repeats_the_question(Tongue tongue, boolean stream) throws Exception {
        Got got = CALLER.ask(tongue, "simulator", stream);

        assertThat(got.status()).isEqualTo(200);
        assertThat(Caller.text(tongue, got, stream)).startsWith("Hello, this is the Plexus simulator").contains("“hello there”");
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void a_stream_and_a_whole_answer_say_the_same_and_count_the_same(Tongue tongue) throws Exception {
        String model = "simulator-think-tools-say";
        JsonObject body = Caller.body(tongue, model, true, "hello there");
        Got whole = CALLER.ask(Caller.path(tongue, model, false), body.copy().put("stream", false));
        Got stream = CALLER.ask(Caller.path(tongue, model, true), body.copy().put("stream", true));

        assertThat(Caller.text(tongue, stream, true)).isEqualTo(Caller.text(tongue, whole, false)).isNotEmpty();
        JsonObject counted = Caller.usage(tongue, whole, false);
        assertThat(counted.isEmpty()).isFalse();
        assertThat(outputOf(tongue, Caller.usage(tongue, stream, true))).isEqualTo(outputOf(tongue, counted)).isPositive();
    }

    private static int outputOf(Tongue tongue, JsonObject usage) {
        return usage.getInteger(switch (tongue) {
            case CHAT -> "completion_tokens";
            case MESSAGES, RESPONSES -> "output_tokens";
            case GEMINI -> "candidatesTokenCount";
        });
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void the_mock_counts_its_fixed_numbers(Tongue tongue, boolean stream) throws Exception {
        JsonObject usage = Caller.usage(tongue, CALLER.ask(tongue, "mock-think", stream), stream);

        switch (tongue) {
            case CHAT -> {
                assertThat(usage.getInteger("prompt_tokens")).isEqualTo(412);
                assertThat(usage.getJsonObject("prompt_tokens_details").getInteger("cached_tokens")).isEqualTo(256);
                assertThat(usage.getInteger("completion_tokens")).isEqualTo(128);
                assertThat(usage.getJsonObject("completion_tokens_details").getInteger("reasoning_tokens")).isEqualTo(32);
            }
            case MESSAGES -> {
                assertThat(usage.getInteger("input_tokens")).isEqualTo(156);
                assertThat(usage.getInteger("cache_read_input_tokens")).isEqualTo(256);
                assertThat(usage.getInteger("output_tokens")).isEqualTo(128);
            }
            case GEMINI -> {
                assertThat(usage.getInteger("promptTokenCount")).isEqualTo(412);
                assertThat(usage.getInteger("candidatesTokenCount")).isEqualTo(128);
                assertThat(usage.getInteger("thoughtsTokenCount")).isEqualTo(32);
            }
            case RESPONSES -> {
                assertThat(usage.getInteger("input_tokens")).isEqualTo(412);
                assertThat(usage.getInteger("output_tokens")).isEqualTo(128);
            }
        }
    }

    @Test
    void a_chat_stream_tells_usage_only_if_asked() throws Exception {
        JsonObject body = Caller.body(Tongue.CHAT, "mock-c2", true, "hi");
        body.remove("stream_options");

        assertThat(CALLER.ask("/v1/chat/completions", body).text()).doesNotContain("\"usage\"");
        assertThat(CALLER.ask("/v1/chat/completions", body.put("model", "mock-c2-usage")).text()).contains("\"prompt_tokens\":412");
        assertThat(CALLER.ask(Tongue.CHAT, "mock-c2-nousage", true).text()).doesNotContain("\"usage\"");
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void a_stream_is_well_formed_however_it_is_sent(Tongue tongue) throws Exception {
        String plain = Caller.text(tongue, CALLER.ask(tongue, "mock-utf8-c9", true), true);

        for (String how : List.of("crlf", "comment", "split", "split1", "split7-crlf-comment", "d1")) {
            Got got = CALLER.ask(tongue, "mock-utf8-c9-" + how, true);
            assertThat(got.clean()).isTrue();
            assertThat(got.text()).contains(terminal(tongue));
            assertThat(got.events()).noneMatch(event -> event.containsKey("unreadable"));
            assertThat(Caller.text(tongue, got, true)).as(how).isEqualTo(plain);
        }
    }

    @Test
    void the_events_of_responses_are_numbered_without_a_gap() throws Exception {
        List<Integer> numbers = CALLER.ask(Tongue.RESPONSES, "sim-think-tools2-say-c3", true).events().stream()
                .map(event -> event.getInteger("sequence_number")).toList();

        assertThat(numbers).first().isEqualTo(0);
        assertThat(numbers).isSorted().doesNotHaveDuplicates().last().isEqualTo(numbers.size() - 1);
    }

    @Test
    void gemini_streams_an_array_without_alt_sse() throws Exception {
        Got got = CALLER.ask("/v1beta/models/mock-c3:streamGenerateContent", Caller.body(Tongue.GEMINI, "", true, "hi"));

        assertThat(got.headers()).containsEntry("content-type", "application/json");
        assertThat(new io.vertx.core.json.JsonArray(got.text())).hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void every_status_is_answered_in_the_words_of_the_dialect(Tongue tongue, boolean stream) throws Exception {
        for (String status : List.of("307", "400", "401", "404", "413", "429", "500", "503", "529")) {
            Got got = CALLER.ask(tongue, "mock-" + status, stream);
            assertThat(got.status()).isEqualTo(Integer.parseInt(status));
            assertThat(got.json().getJsonObject("error").getString("message")).contains(status);
        }
        assertThat(CALLER.ask(tongue, "mock-429", stream).headers()).containsEntry("retry-after", "7");
        assertThat(CALLER.ask(tongue, "mock-503-ra30", stream).headers()).containsEntry("retry-after", "30");
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void refusals_of_content_are_400_in_the_words_of_the_dialect(Tongue tongue, boolean stream) throws Exception {
        assertThat(CALLER.ask(tongue, "mock-ctx", stream).status()).isEqualTo(400);
        assertThat(CALLER.ask(tongue, "mock-ctx", stream).text()).containsAnyOf("context_length_exceeded", "prompt is too long", "input token count");
        assertThat(CALLER.ask(tongue, "mock-filter", stream).status()).isEqualTo(400);
        Got error = CALLER.ask(tongue, "mock-error200", stream);
        assertThat(error.status()).isEqualTo(200);
        assertThat(error.json().containsKey("error")).isTrue();
        assertThat(CALLER.ask(tongue, "mock-html", stream).text()).startsWith("<html>");
        assertThat(CALLER.ask(tongue, "mock-empty", stream).text()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void a_reset_comes_before_any_byte(Tongue tongue, boolean stream) {
        assertThatThrownBy(() -> CALLER.ask(tongue, "mock-reset", stream)).isNotNull();
        assertThat(SIMULATOR.tally().broken()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void a_stream_breaks_where_it_was_told(Tongue tongue) throws Exception {
        Got cut = CALLER.ask(tongue, "mock-c60-cut40", true);
        assertThat(cut.clean()).isFalse();
        assertThat(words(Caller.text(tongue, cut, true))).isBetween(1, 40);

        Got drop = CALLER.ask(tongue, "mock-c60-drop40", true);
        assertThat(drop.clean()).isFalse();
        assertThat(words(Caller.text(tongue, drop, true))).isEqualTo(40);

        Got end = CALLER.ask(tongue, "mock-c60-end40", true);
        assertThat(end.clean()).isTrue();
        assertThat(words(Caller.text(tongue, end, true))).isEqualTo(40);
        assertThat(end.text()).doesNotContain(terminal(tongue));

        Got bad = CALLER.ask(tongue, "mock-c60-bad40", true);
        assertThat(bad.events()).filteredOn(event -> event.containsKey("unreadable")).hasSize(1);
        assertThat(words(Caller.text(tongue, bad, true))).isEqualTo(60);

        Got error = CALLER.ask(tongue, "mock-c60-err40", true);
        assertThat(words(Caller.text(tongue, error, true))).isEqualTo(40);
        assertThat(error.events().getLast().encode()).containsAnyOf("error");
        assertThat(error.text()).doesNotContain(terminal(tongue));
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void a_whole_answer_breaks_within_its_body(Tongue tongue) throws Exception {
        Got cut = CALLER.ask(tongue, "mock-c60-cut40", false);
        assertThat(cut.clean()).isFalse();
        Got drop = CALLER.ask(tongue, "mock-c60-drop40", false);
        assertThat(drop.clean()).isFalse();
        assertThat(drop.text()).isNotEmpty();
        for (String how : List.of("end40", "bad40")) {
            Got broken = CALLER.ask(tongue, "mock-c60-" + how, false);
            assertThat(broken.clean()).isTrue();
            assertThatThrownBy(broken::json).isNotNull();
        }
        assertThat(CALLER.ask(tongue, "mock-split5-hslow1", false).json().isEmpty()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void terminal_events_can_be_left_out_and_the_connection_left_open(Tongue tongue) throws Exception {
        Got noTerminal = CALLER.ask(tongue, "mock-c5-noterm", true);
        assertThat(noTerminal.clean()).isTrue();
        assertThat(words(Caller.text(tongue, noTerminal, true))).isEqualTo(5);
        if (tongue != Tongue.GEMINI) {
            assertThat(noTerminal.text()).doesNotContain(terminal(tongue));
        }
        Got noFinish = CALLER.ask(tongue, "mock-c5-nofinish", true);
        assertThat(noFinish.text()).doesNotContain(terminal(tongue)).doesNotContain("\"finish_reason\":\"stop\"").doesNotContain("end_turn");
        assertThat(CALLER.ask(tongue, "mock-c5-noend20", true).clean()).isTrue();

        HttpClientResponse open = Caller.await(CALLER.send(Caller.path(tongue, "mock-c5-noend", true), Caller.body(tongue, "mock-c5-noend", true, "hi")));
        Caller.await(SIMULATOR.when(tally -> tally.silenced() == 1));
        assertThat(SIMULATOR.tally().openStreams()).isEqualTo(1);
        open.request().reset();
        Caller.await(SIMULATOR.whenQuiet());
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void silence_and_hanging_last_until_the_client_leaves_and_are_counted(Tongue tongue, boolean stream) throws Exception {
        Caller leaver = new Caller(VERTX, SIMULATOR.port());
        Future<Got> silent = leaver.exchange(
                Caller.path(tongue, "mock-c60-silent20", stream), Caller.body(tongue, "mock-c60-silent20", stream, "hi"));
        Caller.await(SIMULATOR.when(tally -> tally.silenced() == 1));
        Future<HttpClientResponse> hanging =
                leaver.send(Caller.path(tongue, "mock-hang", stream), Caller.body(tongue, "mock-hang", stream, "hi"));
        Caller.await(SIMULATOR.whenRequested(2));
        assertThat(hanging.isComplete()).isFalse();
        assertThat(SIMULATOR.tally().open()).isEqualTo(2);
        assertThat(SIMULATOR.tally().openStreams()).isEqualTo(stream ? 1 : 0);

        Caller.await(leaver.close());
        Caller.await(SIMULATOR.whenCancelled(2));
        assertThat(SIMULATOR.tally().open()).isZero();
        Got got = Caller.await(silent);
        assertThat(got.clean()).isFalse();
        if (stream) {
            assertThat(words(Caller.text(tongue, got, true))).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void a_tool_is_called_if_the_question_is_about_it(Tongue tongue, boolean stream) throws Exception {
        JsonObject schema = new JsonObject("{\"type\":\"object\",\"properties\":{\"place\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}}}");
        JsonObject function = new JsonObject().put("name", "look_outside").put("description", "d");
        JsonObject tool = switch (tongue) {
            case CHAT -> new JsonObject().put("type", "function").put("function", function.put("parameters", schema));
            case MESSAGES -> function.put("input_schema", schema);
            case GEMINI -> new JsonObject().put("functionDeclarations", List.of(function.put("parameters", schema)));
            case RESPONSES -> function.put("type", "function").put("parameters", schema);
        };
        JsonObject asking = Caller.body(tongue, "simulator", stream, "look please").put("tools", List.of(tool));
        JsonObject talking = Caller.body(tongue, "simulator", stream, "good morning").put("tools", List.of(tool));

        assertThat(CALLER.ask(Caller.path(tongue, "simulator", stream), asking).text()).contains("look_outside").contains("Lisbon".substring(0, 2));
        assertThat(CALLER.ask(Caller.path(tongue, "simulator", stream), talking).text()).doesNotContain("look_outside").contains("Plexus");
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void an_answer_is_continued_where_the_client_began_it_unless_prefills_are_refused(Tongue tongue) throws Exception {
        String full = Caller.text(tongue, CALLER.ask(tongue, "mock-c60", true), true);
        String begun = full.substring(0, 100).strip();
        JsonObject turn = new JsonObject().put("role", tongue == Tongue.GEMINI ? "model" : "assistant");
        JsonObject said = tongue == Tongue.GEMINI ? turn.put("parts", List.of(new JsonObject().put("text", begun))) : turn.put("content", begun);
        JsonObject body = Caller.body(tongue, "mock-c60", true, "hello there");
        String turns = tongue == Tongue.GEMINI ? "contents" : tongue == Tongue.RESPONSES ? "input" : "messages";
        List<Object> all = new ArrayList<>();
        all.add(tongue == Tongue.RESPONSES ? new JsonObject().put("role", "user").put("content", "hello there") : body.getJsonArray(turns).getValue(0));
        all.add(said);
        body.put(turns, all);

        assertThat(begun + Caller.text(tongue, CALLER.ask(Caller.path(tongue, "mock-c60", true), body), true)).isEqualTo(full);
        assertThat(CALLER.ask(Caller.path(tongue, "mock-c60", true), body, "x-simulate", "noprefill").status()).isEqualTo(400);
        assertThat(CALLER.ask(tongue, "mock-c60-noprefill", true).status()).isEqualTo(200);
    }

    @Test
    void a_flaky_model_is_well_after_its_failures_for_each_key_apart() throws Exception {
        JsonObject body = Caller.body(Tongue.CHAT, "mock-429-ra2-flaky2", false, "hi");
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            statuses.add(CALLER.ask("/v1/chat/completions", body, "authorization", "Bearer a").status());
        }

        assertThat(statuses).containsExactly(429, 429, 200, 200);
        assertThat(CALLER.ask("/v1/chat/completions", body, "authorization", "Bearer b").status()).isEqualTo(429);
        assertThat(CALLER.ask(Tongue.CHAT, "mock-cut3-once", true).clean()).isFalse();
        assertThat(CALLER.ask(Tongue.CHAT, "mock-cut3-once", true).clean()).isTrue();
    }

    @Test
    void a_model_that_is_down_comes_back_when_its_time_is_over() throws Exception {
        assertThat(CALLER.ask(Tongue.CHAT, "mock-down60000", false).status()).isEqualTo(503);
        NANOS.addAndGet(59_000_000_000L);
        assertThat(CALLER.ask(Tongue.CHAT, "mock-down60000", false).status()).isEqualTo(503);
        NANOS.addAndGet(1_000_000_000L);
        assertThat(CALLER.ask(Tongue.CHAT, "mock-down60000", false).status()).isEqualTo(200);
    }

    @Test
    void a_model_behaves_as_it_is_told_until_told_otherwise() throws Exception {
        SIMULATOR.behave("gpt-9", "503");
        assertThat(CALLER.ask(Tongue.CHAT, "gpt-9", false).status()).isEqualTo(503);
        SIMULATOR.behave("gpt-9", "");
        assertThat(CALLER.ask(Tongue.CHAT, "gpt-9", false).status()).isEqualTo(200);
        assertThatThrownBy(() -> SIMULATOR.behave("gpt-9", "explode")).hasMessageContaining("explode");
        assertThat(CALLER.get("/__behave?model=gpt-9&tokens=404+ra3").status()).isEqualTo(200);
        assertThat(CALLER.ask(Tongue.CHAT, "gpt-9", false).status()).isEqualTo(404);
    }

    @Test
    void the_header_asks_for_behaviour_too_and_must_spell_it_right() throws Exception {
        JsonObject body = Caller.body(Tongue.MESSAGES, "claude-x", false, "hi");

        assertThat(CALLER.ask("/v1/messages", body, "x-simulate", "529 ra3").status()).isEqualTo(529);
        assertThat(CALLER.ask("/v1/messages", body, "x-simulate", "explode").json().getJsonObject("error").getString("message")).contains("explode");
    }

    @Test
    void requests_are_validated_as_the_vendor_does() throws Exception {
        for (String path : List.of("/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1beta/models/m:generateContent", "/v1/embeddings")) {
            Got got = CALLER.ask(path, new JsonObject());
            assertThat(got.status()).as(path).isEqualTo(400);
            assertThat(got.json().getJsonObject("error").getString("message")).isNotEmpty();
        }
        JsonObject messages = Caller.body(Tongue.MESSAGES, "m", false, "hi");
        messages.remove("max_tokens");
        assertThat(CALLER.ask("/v1/messages", messages).text()).contains("max_tokens: Field required");
        assertThat(CALLER.ask("/v1/nowhere", messages).status()).isEqualTo(404);
    }

    @Test
    void paths_are_known_with_any_prefix() throws Exception {
        JsonObject chat = Caller.body(Tongue.CHAT, "mock", false, "hi");
        for (String prefix : List.of("", "/v1", "/v1/v1", "/base/v1")) {
            assertThat(CALLER.ask(prefix + "/chat/completions", chat).status()).isEqualTo(200);
        }
        assertThat(CALLER.get("/v1/models").json().getJsonArray("data")).isNotEmpty();
    }

    @Test
    void embeddings_are_numbers_or_base64_of_the_same() throws Exception {
        JsonObject body = new JsonObject().put("model", "emb").put("input", List.of("a", "b")).put("dimensions", 3);
        JsonObject numbers = CALLER.ask("/v1/embeddings", body).json();
        JsonObject base64 = CALLER.ask("/v1/embeddings", body.copy().put("encoding_format", "base64")).json();

        assertThat(numbers.getJsonArray("data")).hasSize(2);
        var first = numbers.getJsonArray("data").getJsonObject(0).getJsonArray("embedding");
        assertThat(first).hasSize(3);
        var bytes = java.nio.ByteBuffer.wrap(java.util.Base64.getDecoder().decode(base64.getJsonArray("data").getJsonObject(0).getString("embedding")))
                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 3; i++) {
            assertThat(bytes.getFloat()).isEqualTo(first.getFloat(i));
        }
        assertThat(CALLER.ask("/v1/embeddings", body.copy().put("input", List.of(1, 2, 3))).json().getJsonArray("data")).hasSize(1);
        assertThat(CALLER.ask("/v1/embeddings", body.copy().put("model", "emb-429")).status()).isEqualTo(429);

        JsonObject content = new JsonObject("{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"outputDimensionality\":3}");
        assertThat(CALLER.ask("/v1beta/models/emb:embedContent", content).json().getJsonObject("embedding").getJsonArray("values")).isEqualTo(first);
        assertThat(CALLER.ask("/v1beta/models/emb:batchEmbedContents", new JsonObject().put("requests", List.of(content, content)))
                .json().getJsonArray("embeddings")).hasSize(2);
    }

    @Test
    void requests_are_remembered_as_they_came() throws Exception {
        CALLER.ask("/v1beta/models/mock%2Fx:generateContent?key=k", Caller.body(Tongue.GEMINI, "", false, "hi"), "x-test", "1");

        SeenRequest seen = SIMULATOR.requests("mock/x").getFirst();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.path()).isEqualTo("/v1beta/models/mock%2Fx:generateContent?key=k");
        assertThat(seen.headers().get("X-Test")).isEqualTo("1");
        assertThat(seen.json()).isEqualTo(Caller.body(Tongue.GEMINI, "", false, "hi"));
        assertThat(SIMULATOR.hits("mock/x")).isEqualTo(1);
        assertThat(CALLER.get("/__requests").text()).contains("x-test: 1");
        assertThat(CALLER.get("/__stats").json().getJsonObject("byModel").getInteger("mock/x")).isEqualTo(1);
        assertThat(CALLER.get("/__reset").status()).isEqualTo(200);
        assertThat(SIMULATOR.requests()).isEmpty();
    }
}
