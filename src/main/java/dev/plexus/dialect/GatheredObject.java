package dev.plexus.dialect;

import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that comes as values by their paths (`$.a.b[0]`), strings piece by piece. One per object, single-threaded.
public final class GatheredObject {

    private static final int DEPTH_MAX = 64;

    private static final class Node {
        final Map<String, Node> inner = new LinkedHashMap<>();
        boolean isArray;
        @Nullable StringBuilder text;
        String json = "null";
    }

    private final Node root = new Node();

    /// Puts JSON text at that path. False if the path names no place.
    public boolean set(String path, String json) {
        Node node = node(path);
        if (node != null) {
            node.json = json;
        }
        return node != null;
    }

    /// Adds to the string at that path. False if the path names no place.
    public boolean append(String path, String text) {
        Node node = node(path);
        if (node != null) {
            node.text = node.text == null ? new StringBuilder() : node.text;
            node.text.append(text);
        }
        return node != null;
    }

    public boolean isEmpty() {
        return root.inner.isEmpty();
    }

    /// The object as it is until now.
    public String json() {
        root.isArray = false;
        return new String(JsonOut.document(json -> write(json, root, true)), StandardCharsets.UTF_8);
    }

    /// The place that a path like `$.a.b[0]` names; null for one that names none.
    private @Nullable Node node(String path) {
        Node node = root;
        int depth = 0;
        int at = path.startsWith("$") ? 1 : 0;
        while (at < path.length() && depth++ < DEPTH_MAX) {
            boolean bracket = path.charAt(at) == '[';
            int from = bracket || path.charAt(at) == '.' ? at + 1 : at;
            int to = from;
            while (to < path.length() && (bracket ? path.charAt(to) != ']' : path.charAt(to) != '.' && path.charAt(to) != '[')) {
                to++;
            }
            String step = path.substring(from, to);
            boolean quoted = bracket && step.length() > 1 && (step.charAt(0) == '\'' || step.charAt(0) == '"');
            node.isArray |= bracket && !quoted;
            node = node.inner.computeIfAbsent(quoted ? step.substring(1, step.length() - 1) : step, _ -> new Node());
            at = bracket ? to + 1 : to;
        }
        return node == root ? null : node;
    }

    private static void write(JsonOut json, Node node, boolean isRoot) {
        if (node.text != null) {
            json.text(node.text.toString());
        } else if (node.inner.isEmpty() && !isRoot) {
            json.raw(node.json);
        } else if (node.isArray) {
            json.array();
            node.inner.values().forEach(element -> write(json, element, false));
            json.closeArray();
        } else {
            json.object();
            node.inner.forEach((name, value) -> {
                json.name(name);
                write(json, value, false);
            });
            json.close();
        }
    }
}
