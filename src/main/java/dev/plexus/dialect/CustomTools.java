package dev.plexus.dialect;

import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Tools with free text input, for targets that only know functions: the text is carried in the member `input` of an object.
public final class CustomTools {

    /// The schema of the function that stands for such a tool.
    public static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"]}";

    private static final String PATCH = "*** Begin Patch";

    private CustomTools() {}

    /// The arguments of the function for this free text.
    public static String wrap(String text) {
        return new String(JsonOut.document(json -> json.object().text("input", text).close()), StandardCharsets.UTF_8);
    }

    /// The free text in the arguments that a model gave to the function (spec: streaming, X32). Models do not always keep to the schema: what is no JSON
    /// is the text itself, a string is its value, and in an object the likeliest member is taken.
    public static String unwrap(String arguments) {
        if (arguments.startsWith(PATCH)) {
            return arguments;
        }
        var found = new Object() {
            @Nullable String value;
            @Nullable String input;
            @Nullable String command;
            @Nullable String first;
        };
        byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> {
                found.value = in.textIfAny();
                if (!in.isObject()) {
                    return;
                }
                in.object(name -> {
                    if (name.equals("command") && in.isArray()) {
                        in.array(() -> found.command = in.textIfAny());
                    } else if (in.isText()) {
                        String text = in.text();
                        found.input = name.equals("input") ? text : found.input;
                        found.first = found.first == null ? text : found.first;
                    }
                });
            });
        } catch (JsonIn.Bad e) {
            return arguments;
        }
        if (found.value != null) {
            return found.value;
        }
        if (found.input != null) {
            return found.input;
        }
        if (found.command != null) {
            return found.command;
        }
        return found.first != null ? found.first : arguments;
    }
}
