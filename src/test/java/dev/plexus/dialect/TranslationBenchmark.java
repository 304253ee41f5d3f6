package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.TranslationOptions;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseFramer;
import dev.plexus.wire.TopLevel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does each reader and each writer of a dialect cost: for a request of 2 KB, for a conversation of 1,000 messages and 1 MB, for a whole answer, and
/// for a stream of some 20 events? How much does it allocate?
///
/// `java -cp target/test-classes:target/classes:$(cat cp.txt) org.openjdk.jmh.Main TranslationBenchmark -prof gc` with the test class path in `cp.txt`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TranslationBenchmark {

    private static final Traits TARGET = new Traits("some-model", "provider.test", TranslationOptions.NONE);

    @Param({"CHAT", "MESSAGES", "GEMINI", "RESPONSES"})
    public String dialect = "CHAT";

    private ConversationDialect speaks = Dialects.conversation(DialectId.CHAT).orElseThrow();
    private ChatRequest small = request(1);
    private ChatRequest large = small;
    private byte[] smallBody = {};
    private byte[] largeBody = {};
    private byte[] answer = {};
    private byte[] stream = {};
    private Completion completion = new Completion(null, null, 0, List.of(), null);
    private List<StreamEvent> events = List.of();
    private Reply reply = reply(speaks, new byte[] {'{', '}'}, small);

    @Setup
    public void read() {
        speaks = Dialects.conversation(DialectId.valueOf(dialect)).orElseThrow();
        small = request(1);
        large = request(500);
        smallBody = write(small);
        largeBody = write(large);
        answer = trace("one_call.response.json");
        stream = trace("thinking.stream.sse");
        Collector collector = new Collector();
        speaks.readAnswer(answer, TARGET, new Emitter(names(), true, collector));
        completion = collector.completion();
        events = new ArrayList<>();
        decode(new Emitter(names(), true, events::add));
        reply = reply(speaks, smallBody, small);
    }

    @Benchmark
    public ChatRequest readRequest2KB() {
        return readRequest(smallBody);
    }

    @Benchmark
    public byte[] writeRequest2KB() {
        return write(small);
    }

    @Benchmark
    public ChatRequest readRequest1MB() {
        return readRequest(largeBody);
    }

    @Benchmark
    public byte[] writeRequest1MB() {
        return write(large);
    }

    @Benchmark
    public Completion readAnswer() {
        Collector collector = new Collector();
        speaks.readAnswer(answer, TARGET, new Emitter(names(), true, collector));
        return collector.completion();
    }

    @Benchmark
    public byte[] writeAnswer() {
        return speaks.writeAnswer(completion, reply, new Drops());
    }

    @Benchmark
    public Emitter readStream() {
        Emitter emitter = new Emitter(names(), true, _ -> {});
        decode(emitter);
        return emitter;
    }

    @Benchmark
    public Pieces.Slice writeStream() {
        FrameSink sink = new FrameSink(false);
        StreamEncoder encoder = speaks.writeStream(sink, reply, new Drops());
        events.forEach(encoder::accept);
        return sink.take();
    }

    private void decode(Emitter emitter) {
        StreamDecoder decoder = speaks.readStream(TARGET, emitter);
        SseFramer framer = new SseFramer();
        SseFramer.Handler handler = frame -> {
            if (frame.hasData()) {
                decoder.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event());
            }
        };
        framer.feed(stream, 0, stream.length, handler);
        framer.end(handler);
        decoder.end();
    }

    private ChatRequest readRequest(byte[] body) {
        return speaks.readRequest(body, head(speaks, body), new Drops());
    }

    private byte[] write(ChatRequest request) {
        return speaks.writeRequest(request, TARGET, new Drops()).body();
    }

    private static RequestHead head(ConversationDialect dialect, byte[] body) {
        return switch (dialect.readHead(Pieces.of(body), new RequestPath("m", false, true))) {
            case HeadRead.Good(var head) -> head;
            case HeadRead.Bad(var error) -> throw new IllegalStateException(error.message());
        };
    }

    private static Reply reply(ConversationDialect dialect, byte[] body, ChatRequest request) {
        RequestHead head = dialect.readHead(Pieces.of(body), new RequestPath("m", false, true)) instanceof HeadRead.Good(var good) ? good : null;
        return new Reply(
                request,
                Pieces.of(body),
                head == null ? new TopLevel(0, 1, List.of()) : head.members(),
                "some-model",
                1_760_000_000,
                new Ids(new Random(1)));
    }

    private static ToolNames names() {
        return new ToolNames(request(1), ToolNames.Rule.plain(64), false);
    }

    /// A conversation of that many turns, each with a question and an answer of about a kilobyte.
    private static ChatRequest request(int turns) {
        return BenchmarkConversations.of(turns);
    }

    private byte[] trace(String name) {
        try (InputStream in = TranslationBenchmark.class.getResourceAsStream("/traces/" + speaks.id().label() + "/" + name)) {
            return in == null ? new byte[] {} : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
