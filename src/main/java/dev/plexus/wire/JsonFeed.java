package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks a JSON document along a [Shape] while its bytes arrive. One instance per document, single-threaded.
///
/// Memory is bounded whatever the document: the tokenizer keeps at most the string it is in, and the inside of a string that has gone on for
/// more than [#STRING_BYTES_SEEN] bytes is dropped before it gets there. That shows from outside: pieces that complete no token at all are
/// pieces of one string, since names and numbers have shorter limits of their own.
public final class JsonFeed {

    /// Bytes of one string that are sure to be seen; of longer ones some more.
    static final int STRING_BYTES_SEEN = 128 * 1024;

    private static final int PIECE_BYTES = 64 * 1024;

    /// Longer than the longest escape, a surrogate pair in hexadecimal.
    private static final int ESCAPE_BYTES_MAX = 12;

    private final Shape shape;
    private final Shape.Visitor visitor;

    /// The first piece, for as long as it is the only one: most answers come in one, and pulling is faster than pushing.
    private byte @Nullable [] only;

    private int onlyFrom;
    private int onlyTo;
    private @Nullable Pushed pushed;

    private Shape[] shapes;
    private boolean[] inArray;
    private int depth;
    private int skipping;
    private @Nullable Shape next;
    private boolean closed;
    private boolean broken;
    private boolean array;

    private int tokenless;
    private boolean dropping;
    private boolean escaped;

    /// The tokenizer that bytes are pushed into.
    private record Pushed(JsonParser parser, ByteArrayFeeder feeder) {
        static Pushed begin() {
            JsonParser parser = Json.pushedParser();
            return new Pushed(parser, Json.feeder(parser));
        }
    }

    public JsonFeed(Shape shape, Shape.Visitor visitor) {
        this.shape = shape;
        this.visitor = visitor;
        this.next = shape;
        this.shapes = new Shape[16];
        this.inArray = new boolean[16];
    }

    /// The next bytes `[from, to)`. The first array is read when the second comes, or at the end; it must not be written to.
    public void feed(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        if (pushed == null) {
            byte[] first = only;
            if (first == null) {
                only = bytes;
                onlyFrom = from;
                onlyTo = to;
                return;
            }
            pushed = Pushed.begin();
            only = null;
            pieces(first, onlyFrom, onlyTo);
        }
        pieces(bytes, from, to);
    }

    private void pieces(byte[] bytes, int from, int to) {
        for (int at = from; at < to && !broken; at += PIECE_BYTES) {
            int end = Math.min(to, at + PIECE_BYTES);
            if (dropping) {
                drop(bytes, at, end);
            } else if (tokenless >= STRING_BYTES_SEEN) {
                leaveOrDrop(bytes, at, end);
            } else {
                push(bytes, at, end);
            }
        }
    }

    /// True if the bytes were one whole JSON object or array and nothing else. To be called once, last.
    public boolean end() {
        Pushed running = pushed;
        if (running == null) {
            return pull();
        }
        if (!broken) {
            running.feeder().endOfInput();
            tokens(running.parser());
        }
        try {
            running.parser().close();
        } catch (IOException e) {
            broken = true;
        }
        return !broken && closed && depth == 0;
    }

    private boolean pull() {
        byte[] all = only;
        if (all == null) {
            return false;
        }
        int at = onlyFrom;
        while (at < onlyTo && all[at] >= 0 && all[at] <= ' ') {
            at++;
        }
        array = at < onlyTo && all[at] == '[';
        return Json.walk(all, onlyFrom, onlyTo, shape, visitor);
    }

    /// True if the document is an array.
    public boolean isArray() {
        return array;
    }

    private void push(byte[] bytes, int from, int to) {
        Pushed running = pushed;
        if (running == null || from == to) {
            return;
        }
        try {
            running.feeder().feedInput(bytes, from, to);
        } catch (IOException e) {
            broken = true;
            return;
        }
        if (tokens(running.parser()) || blank(bytes, from, to)) {
            tokenless = 0;
        } else {
            tokenless += to - from;
            escaped = endsInEscape(bytes, from, to);
        }
    }

    /// In a string that has lasted too long: passes on what may belong to an escape or a character begun, and drops from there.
    private void leaveOrDrop(byte[] bytes, int from, int to) {
        int plain = 0;
        for (int at = from; at < to; at++) {
            byte one = bytes[at];
            if (plain >= ESCAPE_BYTES_MAX && (one & 0xc0) != 0x80) {
                push(bytes, from, at);
                dropping = true;
                escaped = false;
                drop(bytes, at, to);
                return;
            }
            if (escaped) {
                escaped = false;
                plain = 0;
            } else if (one == '\\') {
                escaped = true;
                plain = 0;
            } else if (one == '"') {
                break;
            } else {
                plain++;
            }
        }
        push(bytes, from, to);
    }

    private void drop(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (escaped) {
                escaped = false;
            } else if (bytes[at] == '\\') {
                escaped = true;
            } else if (bytes[at] == '"') {
                dropping = false;
                tokenless = 0;
                push(bytes, at, to);
                return;
            }
        }
    }

    /// Takes all tokens there are; true if there was one.
    private boolean tokens(JsonParser parser) {
        boolean some = false;
        try {
            for (JsonToken token = parser.nextToken(); token != null && token != JsonToken.NOT_AVAILABLE; token = parser.nextToken()) {
                some = true;
                if (closed) {
                    broken = true;
                    return true;
                }
                token(token, parser);
            }
        } catch (IOException e) {
            broken = true;
        }
        return some;
    }

    private void token(JsonToken token, JsonParser parser) throws IOException {
        if (skipping > 0) {
            if (token.isStructStart()) {
                skipping++;
            } else if (token.isStructEnd()) {
                skipping--;
                closed = skipping == 0 && depth == 0;
            }
            return;
        }
        switch (token) {
            case START_OBJECT, START_ARRAY -> open(token == JsonToken.START_ARRAY);
            case END_OBJECT, END_ARRAY -> close();
            case FIELD_NAME -> next = shapes[depth - 1].member(parser.currentName());
            default -> scalar(parser);
        }
    }

    private void open(boolean isArray) {
        if (depth == 0) {
            array = isArray;
        }
        Shape shape = shapeOfValue();
        if (shape == null) {
            skipping = 1;
            return;
        }
        Shape.Place place = shape.place();
        if (place != null) {
            visitor.begin(place, isArray);
        }
        if (depth == shapes.length) {
            shapes = Arrays.copyOf(shapes, 2 * depth);
            inArray = Arrays.copyOf(inArray, 2 * depth);
        }
        shapes[depth] = shape;
        inArray[depth] = isArray;
        depth++;
        next = null;
    }

    private void close() {
        depth--;
        Shape.Place place = shapes[depth].place();
        if (place != null) {
            visitor.end(place);
        }
        closed = depth == 0;
        next = null;
    }

    private void scalar(JsonParser parser) throws IOException {
        if (depth == 0) {
            broken = true;
            return;
        }
        Shape shape = shapeOfValue();
        Shape.Place place = shape == null ? null : shape.place();
        if (place != null) {
            visitor.value(place, parser);
        }
    }

    private @Nullable Shape shapeOfValue() {
        return depth > 0 && inArray[depth - 1] ? shapes[depth - 1].elements() : next;
    }

    private static boolean blank(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] < 0 || bytes[at] > ' ') {
                return false;
            }
        }
        return true;
    }

    private static boolean endsInEscape(byte[] bytes, int from, int to) {
        int slashes = 0;
        while (slashes < to - from && bytes[to - 1 - slashes] == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }
}
