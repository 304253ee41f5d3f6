package dev.plexus.provider;

import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.SseFramer;
import org.jspecify.annotations.Nullable;

/// What the frames of an upstream's stream become on their way to the client: the same bytes ([PassingCourse]), or events of another dialect
/// ([TranslatingCourse]). Everything for the client goes into an [Outbox]. One per stream.
sealed interface Course permits PassingCourse, TranslatingCourse {

    /// Looks at one frame that has data, and puts in what the client is to get of it.
    FrameKind data(SseFramer.Frame frame, Outbox out);

    /// Passes on a frame without data, if such frames are passed on.
    void comment(SseFramer.Frame frame, Outbox out);

    /// True once the answer is complete in substance.
    boolean complete();

    /// The upstream's bytes are at their end. True if the answer is complete, so that this is no truncation.
    boolean endOfInput();

    Observed observed();

    /// What the answer has held until now, measured.
    Generated generated();

    /// What the last frame of kind [FrameKind#ERROR] said.
    @Nullable UpstreamError error();

    /// Puts in what ends a complete stream.
    void end(Outbox out);

    /// Puts in what ends a broken stream.
    void fail(GatewayError error, Outbox out);

    /// Puts in what keeps a silent stream alive; nothing where there is no such thing.
    void keepAlive(Outbox out);

    /// True if the client gets server-sent events, false for a JSON array.
    boolean asEvents();

    /// What lets another target go on with the stream, should it break now; null where none can.
    @Nullable Told told();

    /// The writer in the middle of its work, null where the stream is passed through.
    @Nullable Pen pen();

    /// True if the answer is not the one that the client has read the beginning of.
    boolean departed();

    /// True if the upstream's headers may be forwarded: the answer is its own.
    boolean isUpstreams();
}
