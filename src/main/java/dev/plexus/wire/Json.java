package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The one set-up of the JSON tokenizer, with its limits, and the few things that are done with it everywhere.
public final class Json {

    /// Objects and arrays within one another.
    public static final int DEPTH_MAX = 128;

    /// Strings are not limited here: bodies and frames are, and a string that nobody asks for is never held.
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH_MAX)
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    /// Names come from strangers, so they are not interned in the VM's table.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(LIMITS)
            .build();

    /// Writes a document into a generator.
    public interface Writing {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    /// Walks the JSON object, or array, that the bytes `[from, to)` are. False if they are anything else; what was visited until then stays
    /// visited.
    public static boolean walk(byte[] array, int from, int to, Shape shape, Shape.Visitor visitor) {
        try (JsonParser parser = FACTORY.createParser(array, from, to - from)) {
            JsonToken first = parser.nextToken();
            if (first == null || !first.isStructStart()) {
                return false;
            }
            shape.walk(parser, first, visitor);
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /// The bytes of the document that `writing` writes, without line breaks.
    public static byte[] write(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            writing.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
        return bytes.toByteArray();
    }

    /// The text as a JSON string, quotes included.
    public static byte[] quoted(String text) {
        byte[] inner = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        byte[] whole = new byte[inner.length + 2];
        whole[0] = '"';
        System.arraycopy(inner, 0, whole, 1, inner.length);
        whole[whole.length - 1] = '"';
        return whole;
    }

    static JsonParser parser(Pieces body) throws IOException {
        if (body.slices().size() == 1) {
            Pieces.Slice slice = body.slices().getFirst();
            return FACTORY.createParser(slice.array(), slice.offset(), slice.length());
        }
        return FACTORY.createParser(body.stream());
    }

    static JsonParser pushedParser() {
        try {
            return FACTORY.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new UncheckedIOException("a parser without input", e);
        }
    }

    static ByteArrayFeeder feeder(JsonParser pushed) {
        if (pushed.getNonBlockingInputFeeder() instanceof ByteArrayFeeder feeder) {
            return feeder;
        }
        throw new IllegalArgumentException("not a parser that is fed");
    }

    /// What is wrong, and where, in words for the sender of the body.
    static String complaint(JsonProcessingException e) {
        String words = e.getOriginalMessage();
        var where = e.getLocation();
        return where == null ? words : words + " at line " + where.getLineNr() + ", column " + where.getColumnNr();
    }
}
