package dev.plexus.dialect.chat;

import static dev.plexus.dialect.chat.Fixtures.data;
import static dev.plexus.dialect.chat.Fixtures.hear;
import static dev.plexus.dialect.chat.Fixtures.json;
import static dev.plexus.dialect.chat.Fixtures.plain;
import static dev.plexus.dialect.chat.Fixtures.spoken;
import static dev.plexus.dialect.chat.Fixtures.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.dialect.chat.Fixtures.Heard;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.FinishReason;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Streams keep their rules, whatever they are made of.
class StreamProperties {

    @Provide
    Arbitrary<List<StreamEvent>> events() {
        Arbitrary<Integer> part = Arbitraries.integers().between(0, 4);
        Arbitrary<Integer> choice = Arbitraries.of(0, 0, 0, 1);
        Arbitrary<String> text = Arbitraries.of("", "a", "{\"x\"", ":1}", "\n", "é😀", "\"");
        Arbitrary<PartKind> kind = Arbitraries.of(PartKind.class);
        Arbitrary<StreamEvent> opens = Combinators.combine(choice, part, kind, Arbitraries.of(ToolKind.class)).as((which, number, what, tool) ->
                new StreamEvent.PartStart(which, number, what, what == PartKind.TOOL_CALL ? new StreamEvent.Call("id" + number, "f", tool, null, null) : null));
        Arbitrary<StreamEvent> seals = Combinators.combine(part, Arbitraries.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES),
                Arbitraries.of(Secret.Kind.class)).as((number, dialect, what) -> new StreamEvent.Sealed(number, new Secret(dialect, what, "s")));
        Arbitrary<StreamEvent> finishes = Combinators.combine(choice, Arbitraries.of(FinishReason.class)).as((which, reason) -> new StreamEvent.Finish(which, reason, null, null));
        Arbitrary<StreamEvent> rare = Arbitraries.of(
                new StreamEvent.Start("u", null, 0), new StreamEvent.End(), new StreamEvent.Failed(GatewayError.of(ErrorKind.TIMEOUT, "late")),
                new StreamEvent.Counted(new Usage(1, 2, 3, 0, 4, 0, 10)), new StreamEvent.Logprobs(0, List.of(new TokenLogprob("a", -1, List.of()))));
        return Arbitraries.frequencyOf(
                Tuple.of(4, opens),
                Tuple.of(6, Combinators.combine(part, text).as(StreamEvent.Delta::new)),
                Tuple.of(2, part.map(StreamEvent.PartEnd::new)),
                Tuple.of(1, seals),
                Tuple.of(1, part.map(number -> new StreamEvent.Cited(number, new Citation("u", null, null, -1, -1)))),
                Tuple.of(1, part.map(number -> new StreamEvent.ImageData(number, "image/png", "QUJD"))),
                Tuple.of(1, finishes),
                Tuple.of(1, rare)).list().ofMaxSize(40);
    }

    @Property(tries = 500)
    void whatever_is_told_the_client_gets_a_legal_stream(@ForAll("events") List<StreamEvent> events, @ForAll boolean usageAsked) {
        List<StreamEvent> ended = new ArrayList<>(events);
        ended.add(new StreamEvent.End());

        legal(data(spoken(usageAsked, ended)), usageAsked);
    }

    /// The grammar of a client's stream.
    private static void legal(List<String> frames, boolean usageAsked) {
        assertThat(frames).last().isEqualTo("[DONE]");
        assertThat(frames.stream().filter(frame -> frame.equals("[DONE]"))).hasSize(1);
        Map<Integer, Set<Integer>> calls = new HashMap<>();
        Set<Integer> begun = new HashSet<>();
        Set<Integer> finished = new HashSet<>();
        boolean failed = false;
        boolean counted = false;
        for (String frame : frames.subList(0, frames.size() - 1)) {
            assertThat(failed || counted).as("nothing but the mark comes behind an error or the counts").isFalse();
            JsonNode json = json(frame);
            if (json.has("error")) {
                failed = true;
                continue;
            }
            if (json.get("choices").isEmpty()) {
                counted = true;
                assertThat(json.get("usage").isObject()).isTrue();
                continue;
            }
            assertThat(json.has("usage")).isEqualTo(usageAsked);
            JsonNode choice = json.at("/choices/0");
            int index = choice.get("index").asInt();
            JsonNode delta = choice.get("delta");
            assertThat(finished).as("nothing comes behind the finish of a choice").doesNotContain(index);
            assertThat(delta.has("role")).as("a choice begins with its role").isEqualTo(begun.add(index));
            if (choice.get("finish_reason").isTextual()) {
                finished.add(index);
                assertThat(delta).isEmpty();
            }
            Set<Integer> known = calls.computeIfAbsent(index, _ -> new HashSet<>());
            for (JsonNode call : delta.path("tool_calls")) {
                int number = call.get("index").asInt();
                assertThat(number).as("calls are counted without gaps").isLessThanOrEqualTo(known.size());
                assertThat(call.has("id")).as("the head of a call comes once").isEqualTo(known.add(number));
            }
        }
        assertThat(counted).isEqualTo(usageAsked && !failed);
        if (!failed) {
            assertThat(finished).isEqualTo(begun).contains(0);
        }
    }

    @Provide
    Arbitrary<List<String>> frames() {
        Arbitrary<String> scalar = Arbitraries.of("null", "\"\"", "\"x\"", "0", "-1", "1e99", "true", "[]", "{}", "[null]", "[\"x\"]", "[{}]", "[[{}]]", "{\"x\":{}}");
        Arbitrary<String> member = Arbitraries.of(
                "content", "reasoning_content", "reasoning", "refusal", "role", "reasoning_details", "tool_calls", "function_call", "annotations", "images", "audio");
        Arbitrary<String> call = Combinators.combine(Arbitraries.of("0", "1", "null", "\"a\""), Arbitraries.of("\"\"", "\"a\"", "\"b\"", "null", "7"),
                Arbitraries.of("\"\"", "\"f\"", "null", "{}"), Arbitraries.of("\"\"", "\"{\"", "{\"a\":1}", "null", "[1]"))
                .as((index, id, name, arguments) -> "{\"index\":" + index + ",\"id\":" + id + ",\"function\":{\"name\":" + name + ",\"arguments\":" + arguments + "}}");
        Arbitrary<String> detail = Combinators.combine(Arbitraries.of("reasoning.text", "reasoning.summary", "reasoning.encrypted", "x"), scalar, scalar, Arbitraries.of("0", "1", "null"))
                .as((type, text, secret, index) -> "{\"type\":\"" + type + "\",\"text\":" + text + ",\"signature\":" + secret + ",\"data\":" + secret + ",\"index\":" + index + "}");
        Arbitrary<String> deltaMember = Arbitraries.oneOf(
                Combinators.combine(member, scalar).as((name, value) -> "\"" + name + "\":" + value),
                Arbitraries.of("a", " ", "<think>", "</th").map(text -> "\"content\":\"" + text + "\""),
                call.list().ofMaxSize(3).map(calls -> "\"tool_calls\":[" + String.join(",", calls) + "]"),
                detail.list().ofMaxSize(3).map(details -> "\"reasoning_details\":[" + String.join(",", details) + "]"));
        Arbitrary<String> message = deltaMember.list().ofMaxSize(3).map(members -> "{" + String.join(",", members) + "}");
        Arbitrary<String> chunk = Combinators.combine(Arbitraries.of("0", "1", "-5", "99999999999", "null"), Arbitraries.of("delta", "delta", "message", "text"), message,
                Arbitraries.of("null", "null", "null", "\"stop\"", "\"tool_calls\"", "\"odd\"", "\"error\"", "{}"), scalar)
                .as((index, kind, delta, finish, rest) -> "{\"choices\":[{\"index\":" + index + ",\"" + kind + "\":" + delta + ",\"finish_reason\":" + finish + ",\"logprobs\":" + rest + "}]}");
        Arbitrary<String> odd = Combinators.combine(Arbitraries.of("choices", "usage", "error", "x_groq", "id", "created", "object", "code"), scalar)
                .as((name, value) -> "{\"" + name + "\":" + value + "}");
        return Arbitraries.frequencyOf(Tuple.of(12, chunk), Tuple.of(2, odd), Tuple.of(1, scalar),
                Tuple.of(1, Arbitraries.of("[DONE]", "no json", "{\"choices\":[{\"delta\":{\"content\":\"x\""))).list().ofMaxSize(25);
    }

    @Property(tries = 500)
    void whatever_an_upstream_says_the_events_keep_their_rules(@ForAll("frames") List<String> frames, @ForAll boolean tags, @ForAll boolean snapshots) {
        Heard heard = hear(plain("thinkTags", tags ? "parse" : "keep", "toolArgs", snapshots ? "snapshot" : "delta"), frames.toArray(String[]::new));

        lawful(heard);
        byte[] bytes = stream(frames.toArray(String[]::new)).getBytes(UTF_8);
        assertThat(hear(plain(), bytes, 3).told()).isEqualTo(hear(plain(), bytes, 1000).told());
    }

    /// The rules of events, as far as the stream has come.
    private static void lawful(Heard heard) {
        Set<Integer> open = new HashSet<>();
        Map<Integer, Integer> choiceOf = new HashMap<>();
        Set<Integer> finished = new HashSet<>();
        boolean ended = false;
        for (int at = 0; at < heard.events().size(); at++) {
            StreamEvent event = heard.events().get(at);
            assertThat(ended).isFalse();
            assertThat(event instanceof StreamEvent.Start).isEqualTo(at == 0);
            switch (event) {
                case StreamEvent.PartStart(var choice, var part, _, _) -> {
                    assertThat(part).isEqualTo(choiceOf.size());
                    assertThat(finished).doesNotContain(choice);
                    choiceOf.put(part, choice);
                    open.add(part);
                }
                case StreamEvent.Delta(var part, var text) -> {
                    assertThat(open).contains(part);
                    assertThat(text).isNotEmpty();
                }
                case StreamEvent.Sealed(var part, _) -> assertThat(open).contains(part);
                case StreamEvent.Cited(var part, _) -> assertThat(open).contains(part);
                case StreamEvent.ImageData image -> assertThat(open).contains(image.part());
                case StreamEvent.PartEnd(var part) -> assertThat(open.remove(part)).isTrue();
                case StreamEvent.Finish(var choice, _, _, _) -> {
                    assertThat(finished.add(choice)).isTrue();
                    assertThat(open).noneMatch(part -> choiceOf.getOrDefault(part, -1) == choice);
                }
                case StreamEvent.End() -> ended = true;
                case StreamEvent.Start _, StreamEvent.Logprobs _, StreamEvent.Counted _ -> {}
                case StreamEvent.Failed _ -> throw new AssertionError("a reader does not tell this");
            }
        }
        assertThat(ended).isEqualTo(heard.over() && heard.failure() == null);
    }
}
