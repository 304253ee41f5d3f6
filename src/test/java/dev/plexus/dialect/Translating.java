package dev.plexus.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.TranslationOptions;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseFramer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Translation without a network, for tests: requests one way, answers and streams the other.
public final class Translating {

    /// A target without options at a host that nobody knows.
    public static Traits target(String model) {
        return new Traits(model, "provider.test", TranslationOptions.NONE);
    }

    private static final long CREATED = 1_760_000_000;

    private final ConversationDialect client;
    private final ConversationDialect provider;
    private final Translation translation;

    private Translating(ConversationDialect client, ConversationDialect provider, Translation translation) {
        this.client = client;
        this.provider = provider;
        this.translation = translation;
    }

    /// Translates a client's request. For Gemini clients the model is `a`; `stream` says which action was called.
    public static Translating request(DialectId client, String body, DialectId provider, Traits traits, boolean stream) {
        ConversationDialect from = conversation(client);
        ConversationDialect to = conversation(provider);
        Pieces pieces = Pieces.of(body);
        RequestPath path = client == DialectId.GEMINI ? new RequestPath("a", stream, true) : null;
        RequestHead head = switch (from.readHead(pieces, path)) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
        return new Translating(from, to, Translation.of(from, pieces, head, to, traits, CREATED, new Ids(new Random(7))));
    }

    public static Translating request(DialectId client, String body, DialectId provider, String model) {
        return request(client, body, provider, target(model), false);
    }

    /// The body for the provider.
    public String body() {
        return new String(translation.written().body(), UTF_8);
    }

    public Written written() {
        return translation.written();
    }

    /// What a reader of the provider's answers tells to, and nobody hears.
    public Emitter emitter() {
        return translation.emitter(_ -> {});
    }

    public Drops drops() {
        return translation.drops();
    }

    /// The provider's whole answer as the client gets it.
    public String answer(String providerAnswer) {
        return new String(translation.writeAnswer(completion(providerAnswer)), UTF_8);
    }

    /// What the provider's whole answer says.
    public Completion completion(String providerAnswer) {
        Collector collector = new Collector();
        Emitter emitter = translation.emitter(collector);
        translation.readAnswer(providerAnswer.getBytes(UTF_8), emitter);
        if (emitter.failure() != null) {
            throw new AssertionError("the answer is an error: " + emitter.failure());
        }
        return collector.completion();
    }

    /// The provider's stream as the client gets it, with the bytes arriving `split` at a time.
    public String stream(String providerStream, int split) {
        FrameSink sink = new FrameSink(false);
        StreamEncoder encoder = translation.encoder(sink);
        decode(providerStream, split, encoder::accept);
        Pieces.Slice slice = sink.take();
        return new String(slice.array(), slice.offset(), slice.length(), UTF_8);
    }

    /// The same in one piece, with the end that the gateway would write: a failure for a stream that was cut or that says so itself.
    public String endedStream(String providerStream) {
        FrameSink sink = new FrameSink(false);
        StreamEncoder encoder = translation.encoder(sink);
        Emitter emitter = decode(providerStream, Integer.MAX_VALUE, encoder::accept);
        if (emitter.failure() != null || !emitter.isOver() && !emitter.isFinished()) {
            encoder.accept(new StreamEvent.Failed(GatewayError.of(ErrorKind.UPSTREAM_INVALID, "upstream_stream_cut", "cut")));
        } else {
            emitter.end();
        }
        Pieces.Slice slice = sink.take();
        return new String(slice.array(), slice.offset(), slice.length(), UTF_8);
    }

    /// What happens in the provider's stream.
    public List<StreamEvent> events(String providerStream, int split) {
        List<StreamEvent> events = new ArrayList<>();
        decode(providerStream, split, events::add);
        return events;
    }

    /// What the provider's stream said about its failure; null for one that ended well. A stream that was cut is `cut`.
    public @Nullable String failure(String providerStream) {
        Emitter emitter = decode(providerStream, Integer.MAX_VALUE, _ -> {});
        UpstreamError failure = emitter.failure();
        return failure != null ? failure.message() : emitter.isOver() ? null : "cut";
    }

    private Emitter decode(String providerStream, int split, Consumer<StreamEvent> out) {
        Emitter emitter = translation.emitter(out);
        StreamDecoder decoder = translation.decoder(emitter);
        SseFramer framer = new SseFramer();
        SseFramer.Handler handler = frame -> {
            if (frame.hasData() && !emitter.isOver()) {
                decoder.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event());
            }
        };
        byte[] bytes = providerStream.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += Math.min(split, bytes.length - at)) {
            framer.feed(bytes, at, at + Math.min(split, bytes.length - at), handler);
        }
        framer.end(handler);
        if (!emitter.isOver()) {
            decoder.end();
        }
        return emitter;
    }

    public ConversationDialect client() {
        return client;
    }

    public ConversationDialect provider() {
        return provider;
    }

    private static ConversationDialect conversation(DialectId id) {
        return Dialects.conversation(id).orElseThrow();
    }
}
