package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

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
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
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

    /// The JSON text `[from, to)` without the blanks between its tokens; every token stays as it is spelled.
    static String compact(byte[] array, int from, int to) {
        int at = from;
        while (at < to && !isBlank(array[at])) {
            at = array[at] == '"' ? afterString(array, at, to) : at + 1;
        }
        if (at >= to) {
            return new String(array, from, to - from, StandardCharsets.UTF_8);
        }
        byte[] kept = new byte[to - from];
        int length = at - from;
        System.arraycopy(array, from, kept, 0, length);
        while (at < to) {
            int end = array[at] == '"' ? afterString(array, at, to) : at + 1;
            if (!isBlank(array[at])) {
                System.arraycopy(array, at, kept, length, end - at);
                length += end - at;
            }
            at = end;
        }
        return new String(kept, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\n' || one == '\r' || one == '\t';
    }

    private static int afterString(byte[] array, int quote, int to) {
        int at = quote + 1;
        while (at < to && array[at] != '"') {
            at += array[at] == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, to);
    }

    static JsonParser parser(byte[] array, int from, int to) throws IOException {
        return FACTORY.createParser(array, from, to - from);
    }

    static JsonGenerator generator(OutputStream to) throws IOException {
        return FACTORY.createGenerator(to);
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
