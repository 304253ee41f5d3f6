package dev.plexus.dialect;

import dev.plexus.model.StreamEvent;
import dev.plexus.wire.FrameSink;

/// The writer of a client's stream in the middle of its work, so that another target's answer can go on where one broke off. `part` is the text that
/// is open, negative if none is; `nextPart` a number that no part has had; `begun` is true once the client has heard anything.
public record Pen(FrameSink sink, StreamEncoder encoder, int part, int nextPart, boolean begun) {

    /// Brings a fresh writer to where a stream stands that began without it: it writes what was written, and that is thrown away.
    public static Pen primed(FrameSink sink, StreamEncoder encoder, StreamEvent.Start start, String text) {
        encoder.accept(start);
        boolean open = !text.isEmpty();
        if (open) {
            encoder.accept(new StreamEvent.PartStart(0, 0, StreamEvent.PartKind.TEXT, null));
            encoder.accept(new StreamEvent.Delta(0, text));
        }
        sink.take();
        return new Pen(sink, encoder, open ? 0 : -1, 1, true);
    }
}
