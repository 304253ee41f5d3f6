package dev.plexus.dialect;

import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Tools with free text input, for targets that know only functions: the text travels as `{"input":"..."}` (spec: streaming, X32).
public final class CustomTools {

    /// The schema by which a custom tool is declared as a function.
    public static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"]}";

    private static final String PATCH = "*** Begin Patch";

    private CustomTools() {}

    /// The free text as the arguments of a function.
    public static String wrap(String input) {
        return new String(JsonOut.document(json -> json.object().text("input", input).close()), StandardCharsets.UTF_8);
    }

    /// The free text that a model meant by these arguments: its `input`, or what comes nearest to it; a text that is no JSON stands for itself.
    public static String unwrap(String arguments) {
        if (arguments.startsWith(PATCH)) {
            return arguments;
        }
        var found = new Object() {
            @Nullable String whole;
            @Nullable String input;
            @Nullable String command;
            @Nullable String first;
        };
        byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> {
                if (!in.isObject()) {
                    found.whole = in.textIfAny();
                    return;
                }
                in.object(name -> {
                    String text = in.textIfAny();
                    if (name.equals("input")) {
                        found.input = text;
                    } else if (name.equals("command") && in.isArray()) {
                        in.array(() -> found.command = in.textIfAny());
                    }
                    found.first = found.first == null ? text : found.first;
                });
            });
        } catch (JsonIn.Bad e) {
            return arguments;
        }
        if (found.whole != null) {
            return found.whole;
        }
        return found.input != null ? found.input : found.command != null ? found.command : found.first != null ? found.first : arguments;
    }
}
