package dev.plexus.dialect;

import dev.plexus.wire.JsonIn;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a client has been told of one streamed answer, as far as another target must know it to go on with the answer: the text, and where in the
/// stream it stands. Whatever else was said makes the answer one that only its own target can go on with ([#spoil]). One per stream, single-threaded.
public final class Told {

    private static final int CHARACTERS_MAX = 1024 * 1024;
    private static final int FRAME_BYTES_MAX = 256 * 1024;

    private final StringBuilder text = new StringBuilder();
    private int kept;
    private boolean plain = true;
    private byte @Nullable [] head;
    private byte @Nullable [] part;
    private boolean partOpen;
    private long sequence = -1;

    /// A frame begins; what it says can be taken back.
    public void nextDocument() {
        kept = text.length();
    }

    /// The frame was not passed on.
    public void takeBack() {
        text.setLength(Math.min(kept, text.length()));
    }

    /// A piece of text of the first choice.
    public void text(String piece) {
        if (!plain || piece.isEmpty()) {
            return;
        }
        if (text.length() + piece.length() > CHARACTERS_MAX) {
            spoil();
            return;
        }
        text.append(piece);
    }

    /// Something was said that no other target could go on from.
    public void spoil() {
        plain = false;
        kept = 0;
        text.setLength(0);
        text.trimToSize();
        head = null;
        part = null;
    }

    /// A frame was passed on; the first one says what the stream calls itself.
    public void passed(byte[] array, int from, int to) {
        if (head == null && plain) {
            head = copy(array, from, to);
        }
    }

    /// The frame in which the part of the text began.
    public void part(byte[] array, int from, int to) {
        if (plain) {
            part = copy(array, from, to);
            partOpen = true;
        }
    }

    private byte @Nullable [] copy(byte[] array, int from, int to) {
        if (to - from > FRAME_BYTES_MAX) {
            spoil();
            return null;
        }
        return Arrays.copyOfRange(array, from, to);
    }

    public void partBegins() {
        partOpen = true;
    }

    public void partEnds() {
        partOpen = false;
    }

    /// The number of the last event, where events are numbered.
    public void sequence(long number) {
        sequence = number;
    }

    /// True if another target may go on with this.
    public boolean isPlain() {
        return plain;
    }

    public String text() {
        return text.toString();
    }

    /// True if any frame went to the client.
    public boolean hasBegun() {
        return head != null;
    }

    /// True if a part of text was begun.
    public boolean hasPart() {
        return part != null;
    }

    public boolean partOpen() {
        return partOpen;
    }

    public long sequence() {
        return sequence;
    }

    /// Reads the first frame. One that is no object tells nothing.
    public void readHead(Consumer<JsonIn> reader) {
        read(head, reader);
    }

    /// Reads the frame in which the part began.
    public void readPart(Consumer<JsonIn> reader) {
        read(part, reader);
    }

    private static void read(byte @Nullable [] frame, Consumer<JsonIn> reader) {
        if (frame != null) {
            JsonIn.read(frame, 0, frame.length, in -> {
                if (in.isObject()) {
                    reader.accept(in);
                }
            });
        }
    }
}
