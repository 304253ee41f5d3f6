package dev.plexus.provider;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Translation;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.model.StreamEvent;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.SseFramer;
import org.jspecify.annotations.Nullable;

/// Turns frames of the target's dialect into those of the client's, event by event: what one frame says is written before the next is looked at.
final class TranslatingCourse implements Course {

    private final FrameSink sink;
    private final boolean asArray;
    private final StreamEncoder encoder;
    private final Emitter emitter;
    private final StreamDecoder decoder;
    private boolean content;

    TranslatingCourse(Translation translation, boolean asArray) {
        this.asArray = asArray;
        this.sink = new FrameSink(asArray);
        this.encoder = translation.encoder(sink);
        this.emitter = translation.emitter(this::event);
        this.decoder = translation.decoder(emitter);
    }

    private void event(StreamEvent event) {
        content |= isContent(event);
        encoder.accept(event);
    }

    /// What makes a stream worth committing to: anything that a client could not be told again by another target.
    private static boolean isContent(StreamEvent event) {
        return switch (event) {
            case StreamEvent.Delta _, StreamEvent.Sealed _, StreamEvent.Cited _, StreamEvent.ImageData _, StreamEvent.Finish _ -> true;
            case StreamEvent.PartStart start -> start.kind() == StreamEvent.PartKind.TOOL_CALL;
            case StreamEvent.Start _, StreamEvent.PartEnd _, StreamEvent.Counted _, StreamEvent.Logprobs _, StreamEvent.End _, StreamEvent.Failed _ ->
                false;
        };
    }

    @Override
    public FrameKind data(SseFramer.Frame frame, Outbox out) {
        content = false;
        boolean read = decoder.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event());
        out.add(sink.take());
        if (emitter.failure() != null) {
            return FrameKind.ERROR;
        }
        if (emitter.isOver()) {
            return FrameKind.TERMINAL;
        }
        return !read ? FrameKind.MALFORMED : content ? FrameKind.CONTENT : FrameKind.BOOKKEEPING;
    }

    /// Comments are the upstream's own affair.
    @Override
    public void comment(SseFramer.Frame frame, Outbox out) {}

    @Override
    public boolean complete() {
        return emitter.isOver() || emitter.isFinished();
    }

    @Override
    public boolean endOfInput() {
        if (!emitter.isOver()) {
            decoder.end();
        }
        return emitter.failure() == null && complete();
    }

    @Override
    public Generated generated() {
        return emitter.generated();
    }

    @Override
    public Observed observed() {
        return emitter.observed();
    }

    @Override
    public @Nullable UpstreamError error() {
        return emitter.failure();
    }

    @Override
    public void end(Outbox out) {
        emitter.end();
        sink.close();
        out.add(sink.take());
    }

    @Override
    public void fail(GatewayError error, Outbox out) {
        encoder.accept(new StreamEvent.Failed(error));
        sink.close();
        out.add(sink.take());
    }

    @Override
    public void keepAlive(Outbox out) {
        if (!asArray) {
            encoder.keepAlive();
            out.add(sink.take());
        }
    }

    @Override
    public boolean asEvents() {
        return !asArray;
    }

    @Override
    public boolean isUpstreams() {
        return false;
    }
}
