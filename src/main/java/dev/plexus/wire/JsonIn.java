package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one JSON document by asking for what is wanted, member after member, without building a tree.
///
/// A member's or an element's handler is called with the cursor at its value; what the handler does not consume is skipped. Every
/// complaint is a [Bad] that names the path of the value, `messages[3].content[0].type`. Single-threaded, one per document.
public final class JsonIn {

    /// The document is not what it must be. `path` is the place, empty for the document as a whole.
    public static final class Bad extends RuntimeException {

        private final String path;
        private final String complaint;

        Bad(String path, String complaint) {
            super(path.isEmpty() ? complaint : path + ": " + complaint, null, false, false);
            this.path = path;
            this.complaint = complaint;
        }

        public String path() {
            return path;
        }

        public String complaint() {
            return complaint;
        }
    }

    private final byte[] array;
    private final int from;
    private final JsonParser parser;

    private JsonIn(byte[] array, int from, JsonParser parser) {
        this.array = array;
        this.from = from;
        this.parser = parser;
    }

    /// Reads the document that the bytes `[from, to)` are, with `reader` called at its one value. Anything before or after it, and whatever is
    /// not JSON, is a [Bad].
    public static void read(byte[] array, int from, int to, Consumer<JsonIn> reader) {
        try (JsonParser parser = Json.parser(array, from, to)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new Bad("", "the body is empty");
            }
            JsonIn in = new JsonIn(array, from, parser);
            reader.accept(in);
            in.skipRest(first, 0);
            if (parser.nextToken() != null) {
                throw new Bad("", "unexpected content after the JSON value");
            }
        } catch (JsonProcessingException e) {
            throw new Bad("", Json.complaint(e));
        } catch (IOException e) {
            throw new Bad("", "not UTF-8");
        }
    }

    /// Calls `member` with the name of each member of the object that the cursor is at. A value that is no object is a [Bad].
    public void object(Consumer<String> member) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw bad("must be an object");
        }
        int depth = depth();
        try {
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken first = parser.nextToken();
                member.accept(name);
                skipRest(first, depth);
            }
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Calls `element` at each element of the array that the cursor is at. A value that is no array is a [Bad].
    public void array(Runnable element) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw bad("must be an array");
        }
        int depth = depth();
        try {
            for (JsonToken first = parser.nextToken(); first != JsonToken.END_ARRAY; first = parser.nextToken()) {
                element.run();
                skipRest(first, depth);
            }
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Whether the value is an object; the others likewise.
    public boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    public boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    public boolean isText() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    public boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    public boolean isNumber() {
        JsonToken token = parser.currentToken();
        return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    }

    /// The string at the cursor. A value that is none is a [Bad].
    public String text() {
        if (!isText()) {
            throw bad("must be a string");
        }
        return rawText();
    }

    /// The string at the cursor, null for null. Any other value is a [Bad].
    public @Nullable String textOrNull() {
        return isNull() ? null : text();
    }

    /// The string at the cursor, else null, whatever is there: for reading liberally.
    public @Nullable String textIfAny() {
        return isText() ? rawText() : null;
    }

    /// A scalar's text (a number's lexeme, `true`), null for null and for what is no scalar: for reading liberally.
    public @Nullable String scalarIfAny() {
        JsonToken token = parser.currentToken();
        return token == null || token == JsonToken.VALUE_NULL || !token.isScalarValue() ? null : rawText();
    }

    /// The boolean at the cursor, null for null. Any other value is a [Bad].
    public @Nullable Boolean flagOrNull() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw bad("must be a boolean");
        };
    }

    /// True if the value is `true`: for reading liberally.
    public boolean isTrue() {
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    /// The whole number at the cursor, null for null; a fraction of zero (`3.0`) is accepted. Any other value is a [Bad].
    public @Nullable Long wholeOrNull() {
        BigDecimal number = numberOrNull();
        if (number == null) {
            return null;
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            throw bad("must be an integer");
        }
    }

    /// The number at the cursor as it was spelled, null for null. Any other value is a [Bad].
    public @Nullable BigDecimal numberOrNull() {
        if (isNull()) {
            return null;
        }
        if (!isNumber()) {
            throw bad("must be a number");
        }
        try {
            return parser.getDecimalValue();
        } catch (IOException e) {
            throw bad("must be a number within bounds");
        }
    }

    /// The number at the cursor, else `otherwise`, whatever is there: for reading liberally.
    public double numberOr(double otherwise) {
        try {
            return isNumber() ? parser.getDoubleValue() : otherwise;
        } catch (IOException e) {
            return otherwise;
        }
    }

    /// The whole number at the cursor within the bounds of an int, else `otherwise`: for reading liberally.
    public int intOr(int otherwise) {
        double number = numberOr(otherwise);
        return number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE ? (int) number : otherwise;
    }

    /// A token count by the rules of [CountText], -1 where none was reported.
    public long count() {
        try {
            return CountText.read(parser);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// The JSON text of the value, whatever it is, exactly as it was spelled but for blanks between tokens.
    public String raw() {
        try {
            int start = position(parser.currentTokenLocation().getByteOffset());
            parser.skipChildren();
            parser.finishToken();
            return Json.compact(array, start, position(parser.currentLocation().getByteOffset()));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Where the value is among the bytes that were handed in.
    public Span span() {
        try {
            int start = position(parser.currentTokenLocation().getByteOffset());
            parser.skipChildren();
            parser.finishToken();
            return new Span(start, position(parser.currentLocation().getByteOffset()));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Where the cursor is: `messages[3].content[0].type`, empty for the document itself.
    public String path() {
        StringBuilder path = new StringBuilder();
        for (JsonPointer at = parser.getParsingContext().pathAsPointer(); at != null && !at.matches(); at = at.tail()) {
            String step = at.getMatchingProperty();
            if (at.mayMatchElement() && !step.isEmpty() && Character.isDigit(step.charAt(0))) {
                path.append('[').append(step).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step);
            }
        }
        return path.toString();
    }

    /// A complaint about the value at the cursor.
    public Bad bad(String complaint) {
        return new Bad(path(), complaint);
    }

    /// A complaint about a member of the object at the cursor.
    public Bad bad(String member, String complaint) {
        String path = path();
        return new Bad(path.isEmpty() ? member : path + "." + member, complaint);
    }

    private String rawText() {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private int position(long offset) {
        return from + Math.toIntExact(offset);
    }

    /// Nesting of the container whose first token is the current one.
    private int depth() {
        return parser.getParsingContext().getNestingDepth();
    }

    /// Passes over what a handler has left of a value: everything, or nothing.
    private void skipRest(JsonToken first, int outer) throws IOException {
        if (first.isStructStart() && parser.currentToken() == first && depth() == outer + 1) {
            parser.skipChildren();
        }
    }

    private static Bad broken(IOException e) {
        return new Bad("", e instanceof JsonProcessingException json ? Json.complaint(json) : "not UTF-8");
    }
}
