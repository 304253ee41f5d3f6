package dev.plexus.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plexus.dialect.chat.ChatDialect;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseFramer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does following a stream cost per event, and reading a request's head, its edits and its answer per exchange?
///
/// `java -cp target/test-classes:target/classes:$(cat cp.txt) org.openjdk.jmh.Main WatchBenchmark` with the test class path in `cp.txt`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class WatchBenchmark {

    private static final String CHUNK =
            """
            {"id":"chatcmpl-BqL2vXoYk3dZ9fW1hTn6sRj8aQeCm","object":"chat.completion.chunk","created":1770000000,"model":"gpt-4o-mini-2024-07-18",\
            "service_tier":"default","system_fingerprint":"fp_560af6e559","choices":[{"index":0,"delta":{"content":" tokens of text"},\
            "logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"Zk3v9aQ1xYp"}""";

    private final ChatDialect dialect = new ChatDialect();
    private final byte[] chunk = CHUNK.getBytes(UTF_8);
    private final byte[] event = ("data: " + CHUNK + "\n\n").getBytes(UTF_8);
    private final Pieces request = Pieces.of(("{\"model\":\"fast\",\"messages\":[{\"role\":\"system\",\"content\":\"" + "You are kind. ".repeat(80)
            + "\"},{\"role\":\"user\",\"content\":\"" + "Tell me more. ".repeat(90) + "\"}],\"temperature\":0.5,\"stream\":true}"));
    private final byte[] answer = ("{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + "Words in an answer. ".repeat(50) + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":500,\"completion_tokens\":200,\"total_tokens\":700}}")
            .getBytes(UTF_8);
    private final Outgoing outgoing = new Outgoing("gpt-4o-mini", Map.of(), false);
    private final RequestHead head = readHead();
    private final StreamWatch watch = dialect.watchStream(head);
    private final SseFramer framer = new SseFramer();
    private int seen;
    private @Nullable FrameKind kind;

    private RequestHead readHead() {
        return switch (dialect.readHead(request, null)) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new IllegalStateException(error.message());
        };
    }

    @Benchmark
    public int frameAnEvent() {
        framer.feed(event, 0, event.length, frame -> seen += frame.dataTo());
        return seen;
    }

    @Benchmark
    public FrameKind watchAChunk() {
        return watch.frame(chunk, 0, chunk.length, null);
    }

    @Benchmark
    public @Nullable FrameKind frameAndWatchAnEvent() {
        framer.feed(event, 0, event.length, frame -> kind = watch.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event()));
        return kind;
    }

    @Benchmark
    public HeadRead readAHead() {
        return dialect.readHead(request, null);
    }

    @Benchmark
    public Pieces writeABody() {
        return dialect.writeBody(request, head, outgoing);
    }

    @Benchmark
    public AnswerWatch.Result watchAnAnswer() {
        AnswerWatch watching = dialect.watchAnswer();
        watching.feed(answer, 0, answer.length);
        return watching.end();
    }
}
