package dev.plexus.provider;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Splicer;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.Translation;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.model.StreamEvent;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.SseFramer;
import org.jspecify.annotations.Nullable;

/// Turns frames of the target's dialect into those of the client's, event by event: what one frame says is written before the next is looked at.
final class TranslatingCourse implements Course {

    private static final int NONE = -1;

    private final FrameSink sink;
    private final boolean asArray;
    private final StreamEncoder encoder;
    private final Emitter emitter;
    private final StreamDecoder decoder;
    private final @Nullable Splicer splicer;
    private final Told told;
    private boolean content;
    private int text = NONE;
    private int thinking = NONE;
    private int parts;
    private boolean begun;

    TranslatingCourse(Translation translation, boolean asArray) {
        this.asArray = asArray;
        this.sink = new FrameSink(asArray);
        this.encoder = translation.encoder(sink);
        this.emitter = translation.emitter(this::event);
        this.decoder = translation.decoder(emitter);
        this.splicer = null;
        this.told = new Told();
    }

    /// Goes on with a client's stream: `splicer` stands before its writer, and `told` knows what it has been told.
    TranslatingCourse(
            FrameSink sink, boolean asArray, StreamEncoder encoder, Emitter emitter, StreamDecoder decoder, Splicer splicer, Told told) {
        this.sink = sink;
        this.asArray = asArray;
        this.encoder = encoder;
        this.emitter = emitter;
        this.decoder = decoder;
        this.splicer = splicer;
        this.told = told;
        this.begun = true;
    }

    void event(StreamEvent event) {
        content |= isContent(event);
        if (splicer == null) {
            begun = true;
            note(event);
            encoder.accept(event);
        } else {
            splicer.accept(event);
        }
    }

    /// Thoughts without a secret may be left out of what another target goes on from.
    private void note(StreamEvent event) {
        switch (event) {
            case StreamEvent.PartStart start -> {
                parts = Math.max(parts, start.part() + 1);
                if (start.choice() != 0) {
                    told.spoil();
                }
                switch (start.kind()) {
                    case TEXT -> text = start.part();
                    case THINKING -> thinking = start.part();
                    case TOOL_CALL, REFUSAL, IMAGE -> told.spoil();
                }
            }
            case StreamEvent.Delta(var part, var piece) -> {
                if (part == text) {
                    told.text(piece);
                }
            }
            case StreamEvent.PartEnd(var part) -> {
                text = part == text ? NONE : text;
                thinking = part == thinking ? NONE : thinking;
            }
            case StreamEvent.Sealed _, StreamEvent.Cited _, StreamEvent.ImageData _, StreamEvent.Logprobs _ -> told.spoil();
            case StreamEvent.Start _, StreamEvent.Finish _, StreamEvent.Counted _, StreamEvent.End _, StreamEvent.Failed _ -> {}
        }
    }

    @Override
    public Told told() {
        return told;
    }

    @Override
    public Pen pen() {
        if (splicer != null) {
            return new Pen(sink, encoder, splicer.openText(), splicer.nextPart(), begun);
        }
        if (thinking != NONE) {
            encoder.accept(new StreamEvent.PartEnd(thinking)); // the text that follows needs its turn
            thinking = NONE;
        }
        return new Pen(sink, encoder, text, parts, begun);
    }

    @Override
    public boolean departed() {
        return splicer != null && splicer.departed();
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
        return emitter.isOver() || emitter.isFinished() || emitter.failure() == null && decoder.hasAll();
    }

    @Override
    public boolean endOfInput() {
        if (!emitter.isOver()) {
            decoder.end();
        }
        return emitter.failure() == null && !departed() && complete();
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
        if (!emitter.isOver()) {
            decoder.end(); // a reader may hold the reason back until it knows that nothing follows
        }
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
