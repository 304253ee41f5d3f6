package dev.plexus.dialect;

import dev.plexus.model.Part;
import dev.plexus.model.ToolKind;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The arguments of tool calls for the formats that want an object, whatever the model once wrote (spec: translation, section 6.2).
public final class ToolArguments {

    private static final String NONE = "{}";

    private ToolArguments() {}

    /// The arguments of that call; the free text of a custom one is wrapped.
    public static String object(Part.ToolCall call) {
        if (call.kind() == ToolKind.FUNCTION) {
            return object(call.arguments());
        }
        return CustomTools.wrap(call.arguments());
    }

    /// The text as an object: itself, or the one that holds what it says.
    public static String object(String arguments) {
        if (arguments.isBlank()) {
            return NONE;
        }
        String found = read(arguments, true);
        return found != null ? found : wrapped("_raw", arguments);
    }

    /// The object that the text is or holds; null if it is no JSON.
    private static @Nullable String read(String text, boolean outer) {
        var found = new Object() {
            @Nullable String object;
        };
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> {
                if (in.isText() && outer) {
                    String inner = in.text();
                    String object = read(inner, false);
                    found.object = object != null ? object : wrapped("value", inner);
                } else if (in.isNull() && outer) {
                    found.object = NONE;
                } else if (in.isObject() || outer) {
                    found.object = in.isObject() ? in.raw() : "{\"value\":" + in.raw() + "}";
                }
            });
        } catch (JsonIn.Bad e) {
            return null;
        }
        return found.object;
    }

    private static String wrapped(String name, String text) {
        return new String(JsonOut.document(json -> json.object().text(name, text).close()), StandardCharsets.UTF_8);
    }
}
