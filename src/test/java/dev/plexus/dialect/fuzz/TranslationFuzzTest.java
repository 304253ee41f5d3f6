package dev.plexus.dialect.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.dialect.Collector;
import dev.plexus.dialect.ConversationDialect;
import dev.plexus.dialect.Dialects;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Repairs;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.RequestPath;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Translating;
import dev.plexus.dialect.Translation;
import dev.plexus.dialect.Unsupported;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Source;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseFramer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds for every conversation, every answer and every kind of damage, in every pair of dialects.
class TranslationFuzzTest {

    private static final List<DialectId> DIALECTS = List.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES);

    /// A pair of dialects and the seed of what is generated.
    record Case(DialectId client, DialectId provider, long seed) {}

    @Provide
    Arbitrary<Case> cases() {
        return Arbitraries.longs()
                .map(seed -> new Case(DIALECTS.get((int) Math.floorMod(seed, 4L)), DIALECTS.get((int) Math.floorMod(seed >> 2, 4L)), seed));
    }

    @Property
    void a_conversation_says_the_same_in_every_dialect(@ForAll("cases") Case one) {
        Generated generated = new Generated(one.seed());
        ChatRequest conversation = generated.conversation(1 + generated.below(5));
        String body = body(one.client(), conversation);

        ChatRequest asked = read(one.client(), body);
        String carried = Translating.request(one.client(), body, one.provider(), Translating.target("claude-sonnet-4-5"), false).body();
        ChatRequest arrived = read(one.provider(), carried);

        assertThat(facts(asked)).isEqualTo(facts(conversation));
        assertThat(facts(arrived)).isEqualTo(facts(conversation));
    }

    @Property
    void a_longer_conversation_begins_with_the_bytes_of_the_shorter_one(@ForAll("cases") Case one) {
        Generated generated = new Generated(one.seed());
        ChatRequest whole = generated.conversation(4);
        int shorter = whole.messages().size() - 2;
        ChatRequest start = whole.withMessages(whole.messages().subList(0, shorter));

        String before = Translating.request(one.client(), body(one.client(), start), one.provider(), Translating.target("m"), false).body();
        String after = Translating.request(one.client(), body(one.client(), whole), one.provider(), Translating.target("m"), false).body();

        assertThat(after).startsWith(before.replaceAll("[\\]}]+$", ""));
    }

    @Property
    void a_streamed_answer_says_the_same_in_every_dialect_however_it_is_cut(@ForAll("cases") Case one) {
        Generated generated = new Generated(one.seed());
        String sent = providerStream(one.provider(), generated);
        Completion said = completion(one.provider(), sent, Integer.MAX_VALUE);

        String got = Translating.request(one.client(), question(one.client()), one.provider(), Translating.target("m"), true)
                .stream(sent, 1 + generated.below(64));

        assertThat(StreamGrammar.offences(one.client(), got)).isEmpty();
        Completion arrived = completion(one.client(), got, 1 + generated.below(64));
        assertThat(facts(arrived)).isEqualTo(facts(said));
        assertThat(arrived.usage()).isEqualTo(said.usage());
        assertThat(arrived.choices().getFirst().finish()).isEqualTo(said.choices().getFirst().finish());
    }

    @Property
    void a_damaged_request_is_a_clear_complaint_or_still_a_request(@ForAll("cases") Case one) {
        Generated generated = new Generated(one.seed());
        String damaged = body(one.client(), generated.conversation(2));
        for (int blow = 1 + generated.below(3); blow > 0; blow--) {
            damaged = generated.damaged(damaged);
        }
        ConversationDialect client = dialect(one.client());
        Pieces pieces = Pieces.of(damaged);
        if (client.readHead(pieces, path(one.client())) instanceof HeadRead.Good(var head)) {
            try {
                Translation.of(client, pieces, head, dialect(one.provider()), Translating.target("m"), 0, new Ids(new Random(1)));
            } catch (JsonIn.Bad bad) {
                assertThat(bad.complaint()).isNotBlank();
            } catch (Unsupported unsupported) {
                assertThat(unsupported.path()).isNotBlank();
            }
        }
    }

    @Property
    void a_damaged_stream_never_becomes_an_illegal_one(@ForAll("cases") Case one) {
        Generated generated = new Generated(one.seed());
        StringBuilder damaged = new StringBuilder();
        for (String frame : providerStream(one.provider(), generated).split("\n\n")) {
            int data = frame.indexOf("data: ") + 6;
            if (generated.chance(15) || !frame.substring(data).startsWith("{")) {
                damaged.append(generated.chance(50) ? "" : frame + "\n\n");
            } else if (generated.chance(15)) {
                damaged.append(frame, 0, data).append(generated.damaged(frame.substring(data))).append("\n\n");
            } else {
                damaged.append(frame).append("\n\n").append(generated.chance(5) ? frame + "\n\n" : "");
            }
        }

        String got = Translating.request(one.client(), question(one.client()), one.provider(), Translating.target("m"), true)
                .endedStream(damaged.toString());

        assertThat(StreamGrammar.offences(one.client(), got)).isEmpty();
    }

    /// The conversation as a client of that dialect would send it.
    private static String body(DialectId dialect, ChatRequest conversation) {
        Drops drops = new Drops();
        ChatRequest fit = Repairs.apply(conversation, dialect, drops);
        return new String(dialect(dialect).writeRequest(fit, Translating.target("m"), drops).body(), UTF_8);
    }

    private static ChatRequest read(DialectId dialect, String body) {
        return dialect(dialect).readRequest(body.getBytes(UTF_8), head(dialect, body), new Drops());
    }

    private static RequestHead head(DialectId dialect, String body) {
        return switch (dialect(dialect).readHead(Pieces.of(body), path(dialect))) {
            case HeadRead.Good(var head) -> head;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message() + " in " + body);
        };
    }

    private static RequestPath path(DialectId dialect) {
        return new RequestPath("m", false, true);
    }

    static String question(DialectId dialect) {
        return switch (dialect) {
            case CHAT -> "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
            case MESSAGES -> "{\"model\":\"m\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
            case GEMINI -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}";
            default -> "{\"model\":\"m\",\"stream\":true,\"input\":\"Hi\"}";
        };
    }

    /// A stream as a provider of that dialect would send it: our own writer's, whose rules are the vendor's.
    private static String providerStream(DialectId dialect, Generated generated) {
        FrameSink sink = new FrameSink(false);
        StreamEncoder encoder = dialect(dialect).writeStream(sink, Answers.reply(dialect, question(dialect)), new Drops());
        Emitter emitter = new Emitter(Answers.names(), true, encoder::accept);
        emitter.start("id-1", "model-1", 1_760_000_000);
        if (generated.chance(40)) {
            generated.cut(generated.text(6)).forEach(piece -> emitter.thinking(0, piece));
        }
        boolean spoken = generated.chance(70);
        if (spoken) {
            generated.cut(generated.text(10)).forEach(piece -> emitter.text(0, piece));
        }
        int calls = spoken ? generated.below(4) : 1 + generated.below(3);
        for (int call = 0; call < calls; call++) {
            int part = emitter.openCall(0, "call_" + call, "tool_" + generated.below(2), null);
            generated.cut(generated.object(2)).forEach(piece -> emitter.delta(part, piece));
            emitter.close(part);
        }
        boolean cut = calls == 0 && generated.chance(30);
        emitter.finish(0, cut ? FinishReason.LENGTH : FinishReason.STOP, null, null);
        int input = generated.below(1_000);
        int output = 10 + generated.below(1_000);
        emitter.usage(new Usage(input, generated.below(50), 0, 0, output, generated.chance(50) ? 5 : 0, 0));
        emitter.end();
        var slice = sink.take();
        return new String(slice.array(), slice.offset(), slice.length(), UTF_8);
    }

    private static Completion completion(DialectId dialect, String stream, int split) {
        Collector collector = new Collector();
        Emitter emitter = new Emitter(Answers.names(), true, collector);
        StreamDecoder decoder = dialect(dialect).readStream(new Traits("m", "provider.test", Translating.target("m").options()), emitter);
        SseFramer framer = new SseFramer();
        byte[] bytes = stream.getBytes(UTF_8);
        SseFramer.Handler handler = frame -> {
            if (frame.hasData() && !emitter.isOver()) {
                decoder.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event());
            }
        };
        for (int at = 0; at < bytes.length; at += Math.min(split, bytes.length - at)) {
            framer.feed(bytes, at, at + Math.min(split, bytes.length - at), handler);
        }
        framer.end(handler);
        if (!emitter.isOver()) {
            decoder.end();
        }
        return collector.completion();
    }

    /// What a conversation says, whoever says it: texts, calls with their very arguments, results under the names of their tools, images.
    private static List<String> facts(ChatRequest request) {
        List<String> facts = new ArrayList<>();
        for (Message message : request.messages()) {
            String who = message.role().isSystem() ? "system" : message.role().name();
            for (Part part : message.parts()) {
                switch (part) {
                    case Part.Text text -> facts.add(who + ": " + text.text());
                    case Part.ToolCall call -> facts.add("call " + call.name() + call.arguments());
                    case Part.ToolResult result -> facts.add("result " + words(result.parts()));
                    case Part.Image(Source.Base64(var mime, var data), _, _) -> facts.add("image " + mime + data);
                    default -> facts.add(part.toString());
                }
            }
        }
        return facts;
    }

    private static List<String> facts(Completion completion) {
        List<String> facts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        for (Part part : completion.choices().getFirst().parts()) {
            switch (part) {
                case Part.Text said -> text.append(said.text());
                case Part.Thinking thought -> thinking.append(thought.text());
                case Part.ToolCall call -> facts.add(call.name() + call.arguments());
                default -> facts.add(part.toString());
            }
        }
        facts.add("text " + text);
        facts.add("thinking " + thinking);
        return facts;
    }

    private static String words(List<Part> parts) {
        StringBuilder words = new StringBuilder();
        parts.forEach(part -> words.append(part instanceof Part.Text text ? text.text() : part));
        return words.toString();
    }

    private static ConversationDialect dialect(DialectId id) {
        return Dialects.conversation(id).orElseThrow();
    }
}
