package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.Completion;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonIn;

/// A dialect in which conversations are held, and which can therefore be translated into the others by way of [ChatRequest], [Completion] and
/// [dev.plexus.model.StreamEvent].
///
/// Readers are liberal and bounded, writers are strict. Pure: no I/O, no clock; randomness is handed in.
public interface ConversationDialect extends Dialect {

    /// Reads a client's request. What the hub has no word for goes to `drops`. Malformed members are a [JsonIn.Bad] that names the path.
    ChatRequest readRequest(byte[] body, RequestHead head, Drops drops);

    /// Writes a request for this target. What it cannot carry goes to `drops`; where leaving it out would change the meaning, [Unsupported].
    Written writeRequest(ChatRequest request, Traits target, Drops drops);

    /// Reads an upstream's whole answer and tells it to `out`, to its end; an error in it is told by [Emitter#fail]. What is no answer of this dialect is
    /// a [JsonIn.Bad].
    void readAnswer(byte[] body, Traits target, Emitter out);

    /// Writes a whole answer for the client.
    byte[] writeAnswer(Completion completion, Reply reply, Drops drops);

    /// A reader of one upstream stream.
    StreamDecoder readStream(Traits target, Emitter out);

    /// A writer of one client stream.
    StreamEncoder writeStream(FrameSink sink, Reply reply, Drops drops);

    /// A writer that goes on with a client's stream which began without it.
    Pen resumeStream(FrameSink sink, Reply reply, Drops drops, Told told);
}
