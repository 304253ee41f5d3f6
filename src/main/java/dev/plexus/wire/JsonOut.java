package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes one JSON document after the other into memory, in one line each and with the members in the order of the calls.
///
/// A member whose value is null is left out; [#nothing] writes a null that is meant. Not for use by several threads.
public final class JsonOut {

    private final JsonGenerator json;

    /// Writes behind what `bytes` holds already.
    public JsonOut(Bytes bytes) {
        try {
            this.json = Json.generator(bytes);
            this.json.setRootValueSeparator(null);
        } catch (IOException e) {
            throw impossible(e);
        }
    }

    /// The bytes of the document that `writing` writes.
    public static byte[] document(Consumer<JsonOut> writing) {
        Bytes bytes = new Bytes();
        JsonOut out = new JsonOut(bytes);
        writing.accept(out);
        out.done();
        return bytes.take();
    }

    /// Opens an object, as an element or a document.
    public JsonOut object() {
        try {
            json.writeStartObject();
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// Opens the object that is the value of `name`.
    public JsonOut object(String name) {
        return name(name).object();
    }

    /// Closes the object.
    public JsonOut close() {
        try {
            json.writeEndObject();
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// Opens an array, as an element or a document.
    public JsonOut array() {
        try {
            json.writeStartArray();
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// Opens the array that is the value of `name`.
    public JsonOut array(String name) {
        return name(name).array();
    }

    /// Closes the array.
    public JsonOut closeArray() {
        try {
            json.writeEndArray();
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// A member that is a string, left out when null.
    public JsonOut text(String name, @Nullable String value) {
        if (value != null) {
            name(name).text(value);
        }
        return this;
    }

    /// An element that is a string.
    public JsonOut text(String value) {
        try {
            json.writeString(value);
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// A member that is an array of strings.
    public JsonOut texts(String name, Collection<String> values) {
        array(name);
        values.forEach(this::text);
        return closeArray();
    }

    /// A member that is a whole number.
    public JsonOut number(String name, long value) {
        try {
            name(name).json.writeNumber(value);
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// A member that is a whole number, left out when null.
    public JsonOut numberIf(String name, @Nullable Long value) {
        return value == null ? this : number(name, value);
    }

    /// A member that is a number in its own spelling, left out when null.
    public JsonOut number(String name, @Nullable BigDecimal value) {
        return value == null ? this : raw(name, value.toString());
    }

    /// A member that is a number.
    public JsonOut fraction(String name, double value) {
        try {
            name(name).json.writeNumber(value);
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// A member that is a boolean, left out when null.
    public JsonOut flag(String name, @Nullable Boolean value) {
        if (value != null) {
            raw(name, value.toString());
        }
        return this;
    }

    /// A member that is null.
    public JsonOut nothing(String name) {
        return raw(name, "null");
    }

    /// A member that is this JSON text, left out when null. The text is taken as it is; it must be JSON without line breaks.
    public JsonOut raw(String name, @Nullable String value) {
        if (value != null) {
            name(name).raw(value);
        }
        return this;
    }

    /// An element that is this JSON text.
    public JsonOut raw(String value) {
        try {
            json.writeRawValue(value);
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// The name of the member whose value comes next.
    public JsonOut name(String name) {
        try {
            json.writeFieldName(name);
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// An element that is a whole number.
    public JsonOut number(long value) {
        try {
            json.writeNumber(value);
        } catch (IOException e) {
            throw impossible(e);
        }
        return this;
    }

    /// The bytes of `text` in UTF-8, as numbers: what vendors call the bytes of a token.
    public JsonOut utf8(String name, String text) {
        array(name);
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            number(one & 0xff);
        }
        return closeArray();
    }

    /// Hands everything written to the bytes.
    public void flush() {
        try {
            json.flush();
        } catch (IOException e) {
            throw impossible(e);
        }
    }


    /// Hands everything written to the bytes, and gives back what is shared; nothing may be written any more.
    public void done() {
        try {
            json.close();
        } catch (IOException e) {
            throw impossible(e);
        }
    }

    private static UncheckedIOException impossible(IOException e) {
        return new UncheckedIOException("writing into memory", e);
    }
}
