package dev.plexus.dialect;

import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// JSON Schemas for vendors who take less than everything: objects at the root, and closed objects.
///
/// The text of whatever is not changed stays as the client spelled it.
public final class ObjectSchemas {

    private static final String NO_INPUT = "{\"type\":\"object\",\"properties\":{}}";
    private static final String TYPE = "type";
    private static final String TYPE_OBJECT = "\"object\"";
    private static final String PROPERTIES = "properties";
    private static final String REQUIRED = "required";
    private static final String ADDITIONAL = "additionalProperties";
    private static final List<String> BRANCHES = List.of("allOf", "anyOf", "oneOf");
    private static final Set<String> MAPS = Set.of(PROPERTIES, "$defs", "definitions", "patternProperties", "dependentSchemas");
    private static final Set<String> INNER = Set.of(
            "items", "prefixItems", "contains", "not", "if", "then", "else", "allOf", "anyOf", "oneOf", ADDITIONAL, "propertyNames");

    private ObjectSchemas() {}

    /// The schema of a tool's input: its root must be an object, and must not branch.
    public static String ofInput(@Nullable String schema) {
        if (schema == null) {
            return NO_INPUT;
        }
        Map<String, String> root = members(schema);
        boolean branches = BRANCHES.stream().anyMatch(root::containsKey);
        if (!branches && TYPE_OBJECT.equals(root.get(TYPE))) {
            return schema;
        }
        Map<String, String> properties = members(root.getOrDefault(PROPERTIES, "{}"));
        Set<String> required = new LinkedHashSet<>(elements(root.get(REQUIRED)));
        for (String keyword : BRANCHES) {
            merge(elements(root.remove(keyword)), keyword.equals("allOf"), properties, required);
        }
        return text(json -> {
            json.object().raw(TYPE, TYPE_OBJECT).object(PROPERTIES);
            properties.forEach(json::raw);
            json.close();
            if (!required.isEmpty()) {
                json.array(REQUIRED);
                required.forEach(json::raw);
                json.closeArray();
            }
            root.forEach((name, value) -> {
                if (!name.equals(TYPE) && !name.equals(PROPERTIES) && !name.equals(REQUIRED)) {
                    json.raw(name, value);
                }
            });
            json.close();
        });
    }

    /// Adds the properties of all branches, and requires what all of them require, or any of them if all must hold.
    private static void merge(List<String> branches, boolean all, Map<String, String> properties, Set<String> required) {
        Set<String> common = null;
        for (String branch : branches) {
            Map<String, String> inner = members(branch);
            members(inner.getOrDefault(PROPERTIES, "{}")).forEach(properties::putIfAbsent);
            List<String> needs = elements(inner.get(REQUIRED));
            if (common == null) {
                common = new LinkedHashSet<>(needs);
            } else if (all) {
                common.addAll(needs);
            } else {
                common.retainAll(needs);
            }
        }
        if (common != null) {
            required.addAll(common);
        }
    }

    /// The schema with every object closed to properties that it does not name, which structured output demands.
    public static String closed(String schema) {
        byte[] bytes = schema.getBytes(StandardCharsets.UTF_8);
        return text(json -> JsonIn.read(bytes, 0, bytes.length, in -> close(in, json)));
    }

    private static void close(JsonIn in, JsonOut out) {
        if (in.isArray()) {
            out.array();
            in.array(() -> close(in, out));
            out.closeArray();
            return;
        }
        if (!in.isObject()) {
            out.raw(in.raw());
            return;
        }
        var seen = new Object() {
            boolean object;
            boolean additional;
        };
        out.object();
        in.object(name -> {
            out.name(name);
            seen.additional |= name.equals(ADDITIONAL);
            seen.object |= name.equals(PROPERTIES);
            if (MAPS.contains(name) && in.isObject()) {
                out.object();
                in.object(inner -> {
                    out.name(inner);
                    close(in, out);
                });
                out.close();
            } else if (INNER.contains(name)) {
                close(in, out);
            } else {
                String value = in.raw();
                seen.object |= name.equals(TYPE) && value.contains(TYPE_OBJECT);
                out.raw(value);
            }
        });
        if (seen.object && !seen.additional) {
            out.flag(ADDITIONAL, false);
        }
        out.close();
    }

    private static Map<String, String> members(String object) {
        Map<String, String> members = new LinkedHashMap<>();
        byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
        JsonIn.read(bytes, 0, bytes.length, in -> {
            if (in.isObject()) {
                in.object(name -> members.put(name, in.raw()));
            }
        });
        return members;
    }

    private static List<String> elements(@Nullable String array) {
        List<String> elements = new ArrayList<>();
        if (array != null) {
            byte[] bytes = array.getBytes(StandardCharsets.UTF_8);
            JsonIn.read(bytes, 0, bytes.length, in -> {
                if (in.isArray()) {
                    in.array(() -> elements.add(in.raw()));
                }
            });
        }
        return elements;
    }

    private static String text(Consumer<JsonOut> writing) {
        return new String(JsonOut.document(writing), StandardCharsets.UTF_8);
    }
}
