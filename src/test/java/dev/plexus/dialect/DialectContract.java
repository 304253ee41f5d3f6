package dev.plexus.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.AnswerWatch.Verdict;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.JsonTexts;
import dev.plexus.wire.Pieces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every dialect promises.
public abstract class DialectContract {

    /// A member as text: blanks, name, value.
    public record Member(String name, String value, String blank) {
        String text() {
            return blank + name + blank + ":" + blank + value + blank;
        }
    }

    protected abstract Dialect dialect();

    /// The members that a request must have besides the model.
    protected abstract List<Member> required();

    /// True if the body names the model.
    protected boolean modelInBody() {
        return true;
    }

    protected @Nullable RequestPath path() {
        return null;
    }

    protected RequestHead head(String body) {
        return head(Pieces.of(body));
    }

    protected RequestHead head(Pieces body) {
        return switch (dialect().readHead(body, path())) {
            case HeadRead.Good(var head) -> head;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
    }

    protected GatewayError bad(String body) {
        return switch (dialect().readHead(Pieces.of(body), path())) {
            case HeadRead.Good(var head) -> throw new AssertionError("accepted " + head);
            case HeadRead.Bad(var error) -> error;
        };
    }

    protected String write(String body, Outgoing outgoing) {
        Pieces pieces = Pieces.of(body);
        return new String(dialect().writeBody(pieces, head(pieces), outgoing).joined(), UTF_8);
    }

    protected static Outgoing to(String model) {
        return new Outgoing(model, Map.of(), false);
    }

    protected StreamWatch stream() {
        return dialect().watchStream(reference());
    }

    protected RequestHead reference() {
        return head(Pieces.of(Traces.read(dialect().id(), "reference.request.json")));
    }

    protected AnswerWatch.Result answer(String body) {
        return Traces.answer(dialect().watchAnswer(), body);
    }

    @Test
    void it_is_found_by_its_id() {
        DialectId id = dialect().id();

        assertThat(Dialects.of(id)).hasValueSatisfying(found -> assertThat(found).hasSameClassAs(dialect()));
    }

    @Property(tries = 200)
    void every_byte_but_the_model_stays(@ForAll("strangers") List<Member> strangers, @ForAll("positions") List<Integer> positions) {
        List<Member> members = new ArrayList<>(strangers);
        int at = 0;
        for (Member member : required()) {
            members.add(positions.get(at++ % positions.size()) % (members.size() + 1), member);
        }
        Member model = new Member("\"model\"", "\"a\\u006cias\"", " ");
        if (modelInBody()) {
            members.add(positions.getFirst() % (members.size() + 1), model);
            members.add(positions.getLast() % (members.size() + 1), model);
        }
        StringBuilder body = new StringBuilder("\n{");
        StringBuilder expected = new StringBuilder("\n{");
        String separator = "";
        for (Member member : members) {
            body.append(separator).append(member.text());
            Member sent = member.equals(model) ? new Member(member.name, "\"up/\\\"stream\\\"\"", member.blank) : member;
            expected.append(separator).append(sent.text());
            separator = ",";
        }

        assertThat(write(body + "} ", to("up/\"stream\""))).isEqualTo(expected + "} ");
    }

    @Provide
    Arbitrary<List<Member>> strangers() {
        return Combinators.combine(
                        JsonTexts.strings().map(name -> name.substring(0, name.length() - 1) + "_x\""), JsonTexts.values(), JsonTexts.blanks())
                .as(Member::new)
                .list()
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<List<Integer>> positions() {
        return Arbitraries.integers().between(0, 9).list().ofMinSize(2).ofMaxSize(4);
    }

    @Test
    void extra_members_replace_or_follow_and_private_ones_never_leave() {
        StringBuilder body = new StringBuilder("{\"plexus\":{\"a\":1},\"plexus_metadata\":2,\"kept\":[1, 2],\"old\":{\"x\":1}");
        required().forEach(member -> body.append(",").append(member.text()));
        if (modelInBody()) {
            body.append(",\"model\":\"m\"");
        }
        body.append(",\"plexus\":3}");
        Map<String, String> extra = new LinkedHashMap<>();
        extra.put("old", "true");
        extra.put("new \"one\"", "{\"b\":2}");
        extra.put("plexus", "9");

        String sent = write(body.toString(), new Outgoing("m", extra, false));

        assertThat(sent)
                .startsWith("{\"kept\":[1, 2],\"old\":true,")
                .endsWith(",\"new \\\"one\\\"\":{\"b\":2}}")
                .doesNotContain("plexus");
        assertThat(head(sent).members().members()).hasSize(3 + required().size() + (modelInBody() ? 1 : 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "nope", "{", "{} {}", "\"x\""})
    void what_is_no_json_object_is_a_bad_request(String body) {
        GatewayError error = bad(body);

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(error.param()).isNull();
        assertThat(error.message()).startsWith("Invalid JSON body: ");
    }

    @Test
    void a_null_is_an_absent_member() {
        StringBuilder body = new StringBuilder(modelInBody() ? "{\"model\":null,\"stream\":null,\"tools\":null" : "{\"tools\":null");
        required().forEach(member -> body.append(",").append(member.name).append(":null"));

        assertThat(bad(body + "}").param()).isEqualTo(modelInBody() ? "model" : "contents");
    }

    @Test
    void the_recorded_answer_reads_the_same_however_it_is_cut() {
        byte[] bytes = Traces.read(dialect().id(), "reference.response.json");
        var whole = Traces.answer(dialect().watchAnswer(), bytes);

        assertThat(whole.verdict()).isEqualTo(Verdict.GOOD);
        for (int at = 1; at < bytes.length; at++) {
            assertThat(Traces.answer(dialect().watchAnswer(), bytes, at)).isEqualTo(whole);
        }
        int[] every = new int[bytes.length];
        Arrays.setAll(every, at -> at);
        assertThat(Traces.answer(dialect().watchAnswer(), bytes, every)).isEqualTo(whole);
    }

    @Test
    void a_cut_answer_is_broken() {
        byte[] bytes = new String(Traces.read(dialect().id(), "reference.response.json"), UTF_8).strip().getBytes(UTF_8);

        for (int at = 0; at < bytes.length; at++) {
            assertThat(Traces.answer(dialect().watchAnswer(), Arrays.copyOf(bytes, at)).verdict()).isEqualTo(Verdict.BROKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nope", "1", "\"x\"", "[]", "{}}", "{} x", "<html></html>", "{\"a\":tru}"})
    void what_is_no_json_object_is_a_broken_answer(String body) {
        assertThat(answer(body).verdict()).isEqualTo(Verdict.BROKEN);
    }

    @Test
    void an_empty_object_is_an_empty_answer_without_usage() {
        assertThat(answer("{}")).isEqualTo(new AnswerWatch.Result(Verdict.EMPTY, Observed.NOTHING, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{\"message\":\"boom\"}}", "{\"error\":\"boom\"}", "{\"code\":500,\"message\":\"boom\"}", "{\"status\":500,\"message\":\"boom\"}"})
    void an_error_under_status_200_is_an_error(String body) {
        var result = answer(body);

        assertThat(result.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(result.error()).satisfies(error -> {
            assertThat(error.message()).isEqualTo("boom");
            assertThat(error.status()).isGreaterThanOrEqualTo(400);
        });
    }

    @Test
    void an_answer_of_megabytes_is_read() {
        String reference = new String(Traces.read(dialect().id(), "reference.response.json"), UTF_8).strip();
        String large = reference.substring(0, reference.length() - 1) + ",\"large\":\"" + "\\\\\\\"\\u00e9日x".repeat(500_000) + "\",\"after\":[1]}";

        assertThat(answer(large)).isEqualTo(answer(reference));
    }

    @Property(tries = 300)
    void damaged_answers_are_judged_all_the_same(@ForAll Random random) {
        byte[] bytes = damaged("reference.response.json", random);
        int cut = random.nextInt(bytes.length);

        var whole = Traces.answer(dialect().watchAnswer(), bytes);
        var pieces = Traces.answer(dialect().watchAnswer(), bytes, cut);

        assertThat(pieces.verdict()).isEqualTo(whole.verdict());
        if (whole.verdict() != Verdict.BROKEN) {
            assertThat(pieces).isEqualTo(whole);
        }
    }

    /// The trace with a few bytes changed.
    byte[] damaged(String trace, Random random) {
        byte[] bytes = Traces.read(dialect().id(), trace);
        byte[] marks = "{}[]\",:\\0e- \n\r\u0000é".getBytes(UTF_8);
        for (int count = random.nextInt(4); count >= 0; count--) {
            bytes[random.nextInt(bytes.length)] = random.nextBoolean() ? marks[random.nextInt(marks.length)] : (byte) random.nextInt();
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void every_kind_of_error_has_a_body_that_reads_back(ErrorKind kind) {
        GatewayError error = GatewayError.of(kind, "it's \"broken\"\nat 日").withParam("messages[3].role");

        byte[] body = dialect().writeError(error, "req-1");

        assertThat(dialect().isErrorBody(body)).isTrue();
        assertThat(dialect().readError(body).message()).isEqualTo(error.message());
        assertThat(answer(new String(body, UTF_8)).verdict()).isEqualTo(Verdict.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nope", "{}", "{\"error\":\"boom\"}", "{\"error\":{}}", "[{\"error\":{\"code\":1,\"message\":\"x\"}}]", "<html>"})
    void foreign_errors_are_not_of_this_dialect(String body) {
        assertThat(dialect().isErrorBody(body.getBytes(UTF_8))).isFalse();
    }

    @Property(tries = 200)
    void any_bytes_can_be_read_as_an_error(@ForAll byte[] body) {
        assertThat(dialect().readError(body)).isNotNull();
        assertThat(dialect().isErrorBody(body)).isFalse();
    }

    @Test
    void errors_are_read_in_every_form_that_is_about() {
        assertThat(read("{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\"}}")).isEqualTo(new UpstreamError(0, "t", "c", 0, "m"));
        assertThat(read("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}")).isEqualTo(new UpstreamError(0, "overloaded_error", null, 0, "m"));
        assertThat(read("{\"error\":\"m\"}").message()).isEqualTo("m");
        assertThat(read("{\"message\":\"m\",\"code\":404}")).isEqualTo(new UpstreamError(404, null, "404", 0, "m"));
        assertThat(read("{\"detail\":\"m\"}").message()).isEqualTo("m");
        assertThat(read("{\"detail\":[{\"loc\":[\"body\",0],\"msg\":\"one\"},{\"msg\":\"two\"}]}").message()).isEqualTo("body.0: one; two");
        assertThat(read("[{\"error\":{\"code\":429,\"message\":\"m\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"retryDelay\":\"17s\"}]}}]"))
                .isEqualTo(new UpstreamError(429, "RESOURCE_EXHAUSTED", "429", 17_000, "m"));
        assertThat(read("{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}").code()).isEqualTo("API_KEY_INVALID");
        assertThat(read("{\"error\":{\"message\":\"Provider returned error\",\"code\":429,\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"inner\\\"}}\",\"retry_after_seconds\":12.2}}}"))
                .isEqualTo(new UpstreamError(429, null, "429", 12_200, "inner"));
        assertThat(read("{\"error\":{\"message\":\"m\",\"metadata\":{\"headers\":{\"Retry-After\":\"3\"}}}}").retryAfterMillis()).isEqualTo(3000);
        assertThat(read("{\"reason\":\"odd\"}").message()).isEqualTo("{\"reason\":\"odd\"}");
        assertThat(read("just text").message()).isEqualTo("just text");
        assertThat(read("<!DOCTYPE html><html>secret").message()).doesNotContain("secret");
        assertThat(read("{\"error\":{\"message\":\"" + "x".repeat(9000) + "\"}}").message()).hasSize(4000);
    }

    private UpstreamError read(String body) {
        return dialect().readError(body.getBytes(UTF_8));
    }

    @Test
    void a_stream_is_kept_alive_by_a_block_of_its_own() {
        assertThat(new String(stream().keepAlive(), UTF_8)).endsWith("\n\n").doesNotContain("\r");
    }

    /// What dialects with streams promise on top.
    public abstract static class Streaming extends DialectContract {

        /// What the recorded stream and the recorded answer both say.
        protected abstract Observed expected();

        @Test
        void the_recorded_stream_reads_the_same_however_it_is_cut() {
            byte[] bytes = Traces.read(dialect().id(), "reference.stream.sse");
            var whole = Traces.play(stream(), bytes);

            assertThat(whole.observed()).isEqualTo(expected());
            assertThat(whole.complete()).isTrue();
            assertThat(whole.kinds()).doesNotContain(FrameKind.MALFORMED, FrameKind.ERROR);
            for (int at = 1; at < bytes.length; at++) {
                assertThat(Traces.play(stream(), bytes, at)).isEqualTo(whole);
            }
            int[] every = new int[bytes.length];
            Arrays.setAll(every, at -> at);
            assertThat(Traces.play(stream(), bytes, every)).isEqualTo(whole);
        }

        @Property(tries = 200)
        void damaged_streams_are_followed_all_the_same(@ForAll Random random) {
            byte[] bytes = damaged("reference.stream.sse", random);
            int cut = random.nextInt(bytes.length);

            assertThat(Traces.play(stream(), bytes, cut)).isEqualTo(Traces.play(stream(), bytes));
        }

        @Test
        void line_ends_marks_and_comments_make_no_difference() {
            String text = new String(Traces.read(dialect().id(), "reference.stream.sse"), UTF_8);
            var whole = Traces.play(stream(), text.getBytes(UTF_8));

            assertThat(Traces.play(stream(), text.replace("\n", "\r\n").getBytes(UTF_8))).isEqualTo(whole);
            assertThat(Traces.play(stream(), text.replace("\n", "\r").getBytes(UTF_8))).isEqualTo(whole);
            assertThat(Traces.play(stream(), text.replace("data: ", "data:").getBytes(UTF_8))).isEqualTo(whole);
            assertThat(Traces.play(stream(), ("\ufeff" + text).getBytes(UTF_8))).isEqualTo(whole);
            assertThat(Traces.play(stream(), (": OPENROUTER PROCESSING\n\n" + text.replace("data: ", ": note\ndata: ")).getBytes(UTF_8))).isEqualTo(whole);
            assertThat(Traces.play(stream(), text.replace("data: {", "data: {\ndata: ").getBytes(UTF_8))).isEqualTo(whole);
            assertThat(Traces.play(stream(), text.stripTrailing().getBytes(UTF_8))).isEqualTo(whole);
        }

        @Test
        void names_of_events_are_not_needed() {
            String text = new String(Traces.read(dialect().id(), "reference.stream.sse"), UTF_8);

            assertThat(Traces.play(stream(), text.replaceAll("event: .*\n", "").getBytes(UTF_8)).observed()).isEqualTo(expected());
        }

        @Test
        void the_recorded_answer_says_the_same_as_the_recorded_stream() {
            assertThat(Traces.answer(dialect().watchAnswer(), Traces.read(dialect().id(), "reference.response.json")).observed())
                    .isEqualTo(expected());
        }

        @Test
        void a_stream_without_its_end_is_not_complete() {
            String text = new String(Traces.read(dialect().id(), "reference.stream.sse"), UTF_8);
            String half = text.substring(0, text.indexOf("\n\n", text.length() / 3));

            assertThat(Traces.play(stream(), half.getBytes(UTF_8)).complete()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"nope", "{", "{\"a\":1", "[1", "1", "{} {}", "{\"a\":tru}"})
        void what_is_no_json_is_malformed(String data) {
            assertThat(Traces.play(stream(), data).kinds()).containsExactly(FrameKind.MALFORMED);
        }

        @Test
        void done_ends_every_stream() {
            var played = Traces.play(stream(), " [DONE] ");

            assertThat(played.kinds()).containsExactly(FrameKind.TERMINAL);
            assertThat(played.complete()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {
            "{\"error\":{\"message\":\"boom\"}}", "{\"error\":\"boom\"}", "error | {\"message\":\"boom\"}", "{\"type\":\"error\",\"message\":\"boom\"}",
            "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"boom\"}}", "{\"code\":429,\"message\":\"boom\"}", "{\"status\":503,\"message\":\"boom\"}"})
        void errors_in_a_stream_are_seen(String event) {
            StreamWatch watch = stream();

            assertThat(Traces.play(watch, event).kinds()).containsExactly(FrameKind.ERROR);
            assertThat(watch.error()).satisfies(error -> {
                assertThat(error.message()).isEqualTo("boom");
                assertThat(error.status()).isBetween(400, 599);
            });
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"error\":null}", "{\"unknown\":{\"error\":{\"message\":\"x\"}}}", "{\"code\":200}", "{\"text\":\"error 429 rate limit\"}", "{\"type\":\"something.new\"}"})
        void words_that_only_look_like_errors_are_none(String event) {
            assertThat(Traces.play(stream(), event).kinds()).doesNotContain(FrameKind.ERROR, FrameKind.MALFORMED);
        }

        @Test
        void the_status_of_an_error_comes_from_its_number_then_its_name_then_its_words() {
            assertThat(statusOf("{\"error\":{\"code\":529,\"type\":\"rate_limit_error\",\"message\":\"x\"}}")).isEqualTo(529);
            assertThat(statusOf("{\"error\":{\"code\":\"503\",\"message\":\"x\"}}")).isEqualTo(503);
            assertThat(statusOf("{\"error\":{\"status\":400,\"message\":\"x\"}}")).isEqualTo(400);
            assertThat(statusOf("{\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}")).isEqualTo(503);
            assertThat(statusOf("{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"}}")).isEqualTo(429);
            assertThat(statusOf("{\"error\":{\"message\":\"Rate limit exceeded\"}}")).isEqualTo(429);
            assertThat(statusOf("{\"error\":{\"message\":\"x\"}}")).isEqualTo(502);
        }

        private int statusOf(String event) {
            StreamWatch watch = stream();
            Traces.play(watch, event);
            UpstreamError error = watch.error();
            return error == null ? 0 : error.status();
        }

        @ParameterizedTest
        @EnumSource
        void an_error_of_the_gateway_reads_as_an_error_in_the_stream(ErrorKind kind) {
            byte[] bytes = stream().writeError(GatewayError.of(kind, "cut \"off\"\n"), "req-1");
            StreamWatch watch = stream();

            assertThat(Traces.play(watch, bytes).kinds()).startsWith(FrameKind.ERROR);
            assertThat(new String(bytes, UTF_8)).endsWith("\n\n");
            assertThat(watch.error()).satisfies(error -> assertThat(error.message()).isEqualTo("cut \"off\"\n"));
        }
    }
}
