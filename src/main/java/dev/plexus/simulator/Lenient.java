package dev.plexus.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what may be there from a body that may hold anything: a member of another type counts as absent.
final class Lenient {

    private Lenient() {}

    static @Nullable String text(JsonObject in, String key) {
        return in.getValue(key) instanceof String text ? text : null;
    }

    static boolean flag(JsonObject in, String key) {
        return in.getValue(key) instanceof Boolean flag && flag;
    }

    static int number(JsonObject in, String key) {
        return in.getValue(key) instanceof Number number ? Math.max(0, number.intValue()) : 0;
    }

    static @Nullable JsonObject object(JsonObject in, String... keys) {
        for (String key : keys) {
            if (in.getValue(key) instanceof JsonObject found) {
                return found;
            }
        }
        return null;
    }

    static JsonObject objectOrEmpty(JsonObject in, String... keys) {
        JsonObject found = object(in, keys);
        return found == null ? new JsonObject() : found;
    }

    static @Nullable JsonArray array(JsonObject in, String key) {
        return in.getValue(key) instanceof JsonArray found ? found : null;
    }

    /// The objects among the elements of an array member.
    static List<JsonObject> objects(JsonObject in, String key) {
        List<JsonObject> found = new ArrayList<>();
        if (array(in, key) instanceof JsonArray elements) {
            for (int i = 0; i < elements.size(); i++) {
                if (elements.getValue(i) instanceof JsonObject element) {
                    found.add(element);
                }
            }
        }
        return found;
    }

    /// The text of a content member: a string, or the `text` of its parts.
    static String spoken(JsonObject in, String key) {
        if (in.getValue(key) instanceof String text) {
            return text;
        }
        StringBuilder all = new StringBuilder();
        for (JsonObject part : objects(in, key)) {
            String text = text(part, "text");
            if (text != null && !flag(part, "thought")) {
                all.append(text);
            }
        }
        return all.toString();
    }
}
