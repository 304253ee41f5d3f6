package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.Completion;
import dev.plexus.model.Source;
import dev.plexus.model.StreamEvent;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import java.util.Map;
import java.util.function.Consumer;

/// One client request carried over into a target's dialect, and the way back for its answer. One per attempt, single-threaded.
///
/// client bytes -> [ChatRequest] -> target bytes; target answer -> [Emitter] -> [StreamEvent] -> client stream, or by a [Collector] -> client answer.
public final class Translation {

    private final ConversationDialect client;
    private final ConversationDialect target;
    private final Traits traits;
    private final ChatRequest request;
    private final Written written;
    private final Reply reply;
    private final Drops drops;

    private Translation(
            ConversationDialect client, ConversationDialect target, Traits traits, ChatRequest request, Written written, Reply reply, Drops drops) {
        this.client = client;
        this.target = target;
        this.traits = traits;
        this.request = request;
        this.written = written;
        this.reply = reply;
        this.drops = drops;
    }

    /// Translates the request. A malformed one is a [JsonIn.Bad], one that this target cannot serve is [Unsupported].
    public static Translation of(
            ConversationDialect client,
            Pieces body,
            RequestHead head,
            ConversationDialect target,
            Traits traits,
            long createdSeconds,
            Ids ids) {
        return of(client, body, head, target, traits, Map.of(), createdSeconds, ids);
    }

    /// The same, with what was fetched from the web in the place of its addresses.
    public static Translation of(
            ConversationDialect client,
            Pieces body,
            RequestHead head,
            ConversationDialect target,
            Traits traits,
            Map<String, Source.Base64> fetched,
            long createdSeconds,
            Ids ids) {
        Drops drops = new Drops();
        ChatRequest request = RemoteMedia.inlined(client.readRequest(body.contiguous(), head, drops), fetched);
        ChatRequest fit = Repairs.apply(request, target.id(), drops);
        Written written = target.writeRequest(fit, traits, drops);
        Reply reply = new Reply(request, body, head.members(), traits.model(), createdSeconds, ids);
        return new Translation(client, target, traits, request, written, reply, drops);
    }

    /// What goes to the target.
    public Written written() {
        return written;
    }

    /// Everything that could not be carried, until now.
    public Drops drops() {
        return drops;
    }

    /// What an upstream answer is told to; events go to `out`.
    public Emitter emitter(Consumer<StreamEvent> out) {
        return new Emitter(written.names(), !Boolean.FALSE.equals(request.reasoning().include()), drops, out);
    }

    /// Reads a whole upstream answer. What is none is a [JsonIn.Bad].
    public void readAnswer(byte[] body, Emitter out) {
        target.readAnswer(body, traits, out);
    }

    /// A reader of the upstream's stream.
    public StreamDecoder decoder(Emitter out) {
        return target.readStream(traits, out);
    }

    /// A whole answer for the client.
    public byte[] writeAnswer(Completion completion) {
        return client.writeAnswer(completion, reply, drops);
    }

    /// A writer that goes on with a client's stream, whose answer was passed through until now.
    public Pen pen(FrameSink sink, Told told) {
        if (told.hasBegun()) {
            return client.resumeStream(sink, reply, drops, told);
        }
        return new Pen(sink, encoder(sink), -1, 0, false);
    }

    /// A writer of the client's stream.
    public StreamEncoder encoder(FrameSink sink) {
        return client.writeStream(sink, reply, drops);
    }
}
