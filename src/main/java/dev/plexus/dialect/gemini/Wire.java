package dev.plexus.dialect.gemini;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.Ids;
import dev.plexus.model.FinishReason;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import dev.plexus.wire.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The words of this format.
final class Wire {

    /// What is read of an answer or a chunk.
    enum Place implements Shape.Place {
        TYPE,
        CANDIDATES,
        CANDIDATE,
        INDEX,
        FINISH_REASON,
        BLOCK_REASON,
        PART,
        TEXT,
        THOUGHT,
        ITEM,
        CALL,
        CALL_ARGUMENTS,
        CALL_NAME,
        USAGE,
        PROMPT,
        TOOL_PROMPT,
        CACHED,
        CANDIDATES_COUNT,
        THOUGHTS,
        TOTAL
    }

    static final String CONTENTS = "contents";
    static final String TOOLS = "tools";
    static final String FUNCTION_DECLARATIONS = "functionDeclarations";
    static final String FUNCTION_DECLARATIONS_SNAKE = "function_declarations";

    static final String STOP = "STOP";
    static final String UNSPECIFIED = "FINISH_REASON_UNSPECIFIED";
    static final String MALFORMED_CALL = "MALFORMED_FUNCTION_CALL";
    static final String ERROR = "error";

    /// What Google's documents tell clients to put where a vendor's own signature is missing from history.
    static final String SIGNATURE_BYPASS = "skip_thought_signature_validator";

    static final String ROLE_USER = "user";
    static final String ROLE_MODEL = "model";

    /// The one table of what each count of a usage object is.
    static final Map<String, Place> COUNTS = Map.of(
            "promptTokenCount", Place.PROMPT,
            "toolUsePromptTokenCount", Place.TOOL_PROMPT,
            "cachedContentTokenCount", Place.CACHED,
            "candidatesTokenCount", Place.CANDIDATES_COUNT,
            "thoughtsTokenCount", Place.THOUGHTS,
            "totalTokenCount", Place.TOTAL);

    private static final Shape USAGE = usage();

    private static final Shape PART = Shape.at(Place.PART)
            .with("text", Place.TEXT)
            .with("thought", Place.THOUGHT)
            .with(
                    "functionCall",
                    Shape.at(Place.CALL).with("name", Place.CALL_NAME).with("args", Shape.deep(Place.CALL_ARGUMENTS)))
            .with("functionResponse", Place.ITEM)
            .with("inlineData", Place.ITEM)
            .with("fileData", Place.ITEM)
            .with("executableCode", Place.ITEM)
            .with("codeExecutionResult", Place.ITEM);

    private static final Shape CHUNK = ErrorFields.topLevel(Shape.way())
            .with("type", Place.TYPE)
            .with("message", ErrorFields.At.TOP_MESSAGE)
            .with("candidates", Shape.at(Place.CANDIDATES).of(Shape.at(Place.CANDIDATE)
                    .with("index", Place.INDEX)
                    .with("finishReason", Place.FINISH_REASON)
                    .with("content", Shape.way().with("parts", Shape.way().of(PART)))
                    .with("groundingMetadata", Shape.way().with("groundingChunks", Shape.way().of(Shape.at(Place.ITEM))))))
            .with("promptFeedback", Shape.way().with("blockReason", Place.BLOCK_REASON))
            .with("usageMetadata", USAGE)
            .with("totalTokens", Place.ITEM)
            .with("embedding", Place.ITEM)
            .with("embeddings", Place.ITEM);

    /// Also within an array, where errors are found now and then.
    static final Shape ANSWER = CHUNK.of(CHUNK);

    private Wire() {}

    private static Shape usage() {
        Shape shape = Shape.at(Place.USAGE);
        for (var count : COUNTS.entrySet()) {
            shape = shape.with(count.getKey(), count.getValue());
        }
        return shape;
    }

    /// Calls `member` with the name, in camelCase, of each member of the object at the cursor that is not null. The vendor's Python SDK and its JSON
    /// for protocol buffers spell names in snake_case.
    static void members(JsonIn in, Consumer<String> member) {
        in.object(name -> {
            if (!in.isNull()) {
                member.accept(camelCase(name));
            }
        });
    }

    static String camelCase(String name) {
        int at = name.indexOf('_', 1);
        if (at < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length()).append(name, 0, at);
        boolean upper = false;
        for (; at < name.length(); at++) {
            char one = name.charAt(at);
            if (one == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(one) : one);
                upper = false;
            }
        }
        return camel.toString();
    }

    /// An id for a call that the vendor gave none.
    static String freshCallId() {
        return new Ids(ThreadLocalRandom.current()).fresh("call_");
    }

    /// True for a call that the model spelled wrong, so that there is nothing to run.
    static boolean isMalformedCall(String finishWord) {
        return finishWord.equals(MALFORMED_CALL) || finishWord.equals("UNEXPECTED_TOOL_CALL");
    }

    static FinishReason finishReason(String word) {
        return switch (word) {
            case STOP -> FinishReason.STOP;
            case "MAX_TOKENS" -> FinishReason.LENGTH;
            case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION" ->
                FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /// `hasText` tells a refusal in words, which is an answer, from one without.
    static String finishWord(FinishReason reason, boolean hasText) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSE -> STOP;
            case LENGTH, CONTEXT_WINDOW -> "MAX_TOKENS";
            case CONTENT_FILTER -> "SAFETY";
            case REFUSAL -> hasText ? STOP : "SAFETY";
            case OTHER -> "OTHER";
        };
    }

    static boolean isYouTube(String url) {
        return url.startsWith("https://www.youtube.com/") || url.startsWith("https://youtube.com/") || url.startsWith("https://youtu.be/");
    }

    /// The media type that the end of the URL's path tells, null for one that is not known.
    static @Nullable String mimeOf(String url) {
        String path = url.split("[?#]", 2)[0].toLowerCase(Locale.ROOT);
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            case "gif" -> "image/gif";
            case "webp" -> "image/webp";
            case "heic" -> "image/heic";
            case "heif" -> "image/heif";
            case "pdf" -> "application/pdf";
            case "mp3" -> "audio/mp3";
            case "wav" -> "audio/wav";
            case "mp4" -> "video/mp4";
            default -> null;
        };
    }

    /// The text without blanks between its tokens if it is a JSON object, else null.
    static @Nullable String objectOrNull(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var value = new Object() {
            String json = "";
        };
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> value.json = in.raw());
        } catch (JsonIn.Bad e) {
            return null;
        }
        return value.json;
    }

    /// The text as a JSON string.
    static String quoted(String text) {
        return new String(Json.quoted(text), StandardCharsets.UTF_8);
    }

    /// Schemas of tools and answers, which this format has in two forms: JSON Schema, and an older one of OpenAPI's (spec: translation, 6.5). They are
    /// the one thing here that is held as a tree: to turn one form into the other, members must be seen together. Depth is bounded by the reader.
    static final class Schemas {

        private static final String OBJECT = "OBJECT";
        private static final String TYPE = "type";
        private static final String PROPERTIES = "properties";
        private static final String REQUIRED = "required";
        private static final String NULLABLE = "nullable";
        private static final String ITEMS = "items";
        private static final String ANY_OF = "anyOf";
        private static final String ENUM = "enum";
        private static final String NULL = "null";
        private static final Node TRUE = new Scalar("true");

        private static final Set<String> WHOLE_NUMBERS =
                Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");
        private static final Set<String> FORMATS = Set.of(ENUM, "date-time", "int32", "int64", "float", "double");

        /// Members of the OpenAPI form that are the same in JSON Schema.
        private static final Set<String> ALIKE = Set.of(
                "title", "description", NULLABLE, "minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength", "pattern",
                "minimum", "maximum", "default", "propertyOrdering");

        /// References that are written out in full make a schema grow; beyond this many objects each is only `OBJECT`.
        private static final int OBJECTS_MAX = 10_000;

        /// References within one another.
        private static final int REFERENCES_MAX = 16;

        private sealed interface Node {}

        private record Members(Map<String, Node> all) implements Node {

            Members() {
                this(new LinkedHashMap<>());
            }

            @Nullable Node get(String name) {
                return all.get(name);
            }

            void put(String name, Node value) {
                all.put(name, value);
            }
        }

        private record Elements(List<Node> all) implements Node {}

        private record Text(String value) implements Node {}

        /// A number, a boolean or null, by its JSON text.
        private record Scalar(String json) implements Node {}

        private final Members root;
        private int objects;

        private Schemas(Members root) {
            this.root = root;
        }

        /// The JSON Schema that the OpenAPI form at the cursor means.
        static String fromOpenApi(JsonIn in) {
            if (!in.isObject()) {
                throw in.bad("must be an object");
            }
            return write(fromOpenApi(read(in)));
        }

        /// The OpenAPI form of a JSON Schema.
        static String toOpenApi(String schema) {
            Node root = read(schema);
            return write(root instanceof Members members ? new Schemas(members).openApi(members, Set.of()) : new Members());
        }

        /// The schema without the members that this format refuses.
        static String withoutIdentity(String schema) {
            if (!schema.contains("\"$schema\"") && !schema.contains("\"$id\"")) {
                return schema;
            }
            Node root = read(schema);
            if (root instanceof Members members) {
                members.all.remove("$schema");
                members.all.remove("$id");
            }
            return write(root);
        }

        /// True for the schema of a function without parameters.
        static boolean isEmpty(String schema) {
            return schema.length() < 1000 && read(schema) instanceof Members root
                    && (root.get(TYPE) == null || new Text("object").equals(root.get(TYPE)))
                    && (root.get(PROPERTIES) == null || root.get(PROPERTIES) instanceof Members properties && properties.all.isEmpty())
                    && Set.of(TYPE, PROPERTIES, REQUIRED, "additionalProperties", "$schema", "$id").containsAll(root.all.keySet());
        }

        private static Node fromOpenApi(Node schema) {
            if (!(schema instanceof Members members)) {
                return schema;
            }
            Members made = new Members();
            boolean nullable = false;
            for (var member : members.all.entrySet()) {
                String name = camelCase(member.getKey());
                Node value = member.getValue();
                switch (name) {
                    case "propertyOrdering", "example" -> {}
                    case NULLABLE -> nullable = value.equals(TRUE);
                    case TYPE -> {
                        if (!value.equals(new Text("TYPE_UNSPECIFIED"))) {
                            made.put(TYPE, inLowerCase(value));
                        }
                    }
                    case PROPERTIES, "$defs", "definitions", "patternProperties" -> made.put(name, eachMember(value));
                    case ITEMS, "additionalProperties", "not" -> made.put(name, fromOpenApi(value));
                    case ANY_OF, "oneOf", "allOf", "prefixItems" -> made.put(name, eachElement(value));
                    default -> made.put(name, WHOLE_NUMBERS.contains(name) ? number(value) : value);
                }
            }
            if (nullable) {
                makeNullable(made);
            }
            return made;
        }

        private static void makeNullable(Members schema) {
            Node type = schema.get(TYPE);
            if (type instanceof Text) {
                schema.put(TYPE, new Elements(List.of(type, new Text(NULL))));
            } else if (schema.get(ANY_OF) instanceof Elements(var variants)) {
                Members none = new Members();
                none.put(TYPE, new Text(NULL));
                List<Node> more = new ArrayList<>(variants);
                more.add(none);
                schema.put(ANY_OF, new Elements(more));
            }
        }

        private static Node eachMember(Node value) {
            if (!(value instanceof Members members)) {
                return value;
            }
            Members made = new Members();
            members.all.forEach((name, schema) -> made.put(name, fromOpenApi(schema)));
            return made;
        }

        private static Node eachElement(Node value) {
            return value instanceof Elements(var all) ? new Elements(all.stream().map(Schemas::fromOpenApi).toList()) : value;
        }

        private static Node inLowerCase(Node type) {
            return switch (type) {
                case Text(var value) -> new Text(value.toLowerCase(Locale.ROOT));
                case Elements(var all) -> new Elements(all.stream().map(Schemas::inLowerCase).toList());
                case Members _, Scalar _ -> type;
            };
        }

        /// The JSON of protocol buffers spells large whole numbers as strings.
        private static Node number(Node value) {
            boolean digits = value instanceof Text(var text) && !text.isEmpty() && text.length() < 19 && text.chars().allMatch(Character::isDigit);
            return digits && value instanceof Text(var text) ? new Scalar(Long.toString(Long.parseLong(text))) : value;
        }

        /// `inside` are the references that are being written out.
        private Members openApi(Node node, Set<String> inside) {
            if (!(node instanceof Members schema) || ++objects > OBJECTS_MAX) {
                return node instanceof Members ? ofType(OBJECT) : new Members();
            }
            if (schema.get("$ref") instanceof Text(var ref)) {
                return reference(schema, ref, inside);
            }
            if (schema.get("allOf") instanceof Elements(var all)) {
                return openApi(merged(schema, all), inside);
            }
            Members made = new Members();
            type(schema, made);
            for (var member : schema.all.entrySet()) {
                Node value = member.getValue();
                switch (member.getKey()) {
                    case "format" -> {
                        if (value instanceof Text(var format) && FORMATS.contains(format)) {
                            made.put("format", value);
                        }
                    }
                    case "const" -> enumeration(new Elements(List.of(value)), made);
                    case ENUM -> enumeration(value, made);
                    case ITEMS -> made.put(ITEMS, openApi(value, inside));
                    case PROPERTIES -> properties(value, made, inside);
                    case ANY_OF, "oneOf" -> variants(value, made, inside);
                    default -> {
                        if (ALIKE.contains(member.getKey())) {
                            made.put(member.getKey(), value);
                        }
                    }
                }
            }
            required(schema, made);
            if (new Text("ARRAY").equals(made.get(TYPE)) && made.get(ITEMS) == null) {
                made.put(ITEMS, ofType("STRING"));
            }
            return made;
        }

        private static Members ofType(String type) {
            Members made = new Members();
            made.put(TYPE, new Text(type));
            return made;
        }

        private Members reference(Members schema, String ref, Set<String> inside) {
            Node target = inside.contains(ref) || inside.size() >= REFERENCES_MAX ? null : target(ref);
            if (target == null) {
                return ofType(OBJECT);
            }
            Set<String> deeper = new HashSet<>(inside);
            deeper.add(ref);
            Members made = openApi(target, deeper);
            if (schema.get("description") instanceof Text description) {
                made.put("description", description);
            }
            return made;
        }

        private @Nullable Node target(String ref) {
            Node at = root;
            for (String step : ref.startsWith("#/") ? ref.substring(2).split("/", -1) : new String[] {ref}) {
                at = at instanceof Members members ? members.get(step.replace("~1", "/").replace("~0", "~")) : null;
            }
            return at;
        }

        /// What all of these schemas say together, as far as one schema can.
        private Members merged(Members schema, List<Node> parts) {
            Members merged = new Members(new LinkedHashMap<>(schema.all));
            merged.all.remove("allOf");
            for (Node part : parts) {
                Node said = part instanceof Members members && members.get("$ref") instanceof Text(var ref) ? target(ref) : part;
                if (!(said instanceof Members more)) {
                    continue;
                }
                for (var member : more.all.entrySet()) {
                    if (member.getKey().equals("allOf") || member.getKey().equals("$ref")) {
                        continue; // a shallow merge: what parts are made of in turn could go round in circles
                    }
                    Node known = merged.get(member.getKey());
                    Node value = member.getValue();
                    if (known instanceof Members one && value instanceof Members other && member.getKey().equals(PROPERTIES)) {
                        Map<String, Node> both = new LinkedHashMap<>(one.all);
                        other.all.forEach(both::putIfAbsent);
                        merged.put(PROPERTIES, new Members(both));
                    } else if (known instanceof Elements(var one) && value instanceof Elements(var other) && member.getKey().equals(REQUIRED)) {
                        Set<Node> both = new LinkedHashSet<>(one);
                        both.addAll(other);
                        merged.put(REQUIRED, new Elements(List.copyOf(both)));
                    } else if (known == null) {
                        merged.put(member.getKey(), value);
                    }
                }
            }
            return merged;
        }

        private static void type(Members schema, Members made) {
            switch (schema.get(TYPE)) {
                case Text(var type) when type.equals(NULL) -> made.put(NULLABLE, TRUE);
                case Text(var type) -> made.put(TYPE, new Text(type.toUpperCase(Locale.ROOT)));
                case Elements(var all) -> {
                    List<Node> types = new ArrayList<>(all);
                    if (types.remove(new Text(NULL))) {
                        made.put(NULLABLE, TRUE);
                    }
                    if (types.size() == 1 && types.getFirst() instanceof Text(var only)) {
                        made.put(TYPE, new Text(only.toUpperCase(Locale.ROOT)));
                    } else if (!types.isEmpty()) {
                        made.put(ANY_OF, new Elements(types.stream()
                                .filter(one -> one instanceof Text)
                                .<Node>map(one -> ofType(((Text) one).value().toUpperCase(Locale.ROOT)))
                                .toList()));
                    }
                }
                case null -> {}
                case Members _, Scalar _ -> {}
            }
        }

        private static void enumeration(Node value, Members made) {
            List<Node> words = new ArrayList<>();
            for (Node one : value instanceof Elements(var all) ? all : List.<Node>of()) {
                switch (one) {
                    case Scalar(var json) when json.equals(NULL) -> made.put(NULLABLE, TRUE);
                    case Scalar(var json) -> words.add(new Text(json));
                    case Text text -> words.add(text);
                    case Members _, Elements _ -> {}
                }
            }
            if (!words.isEmpty()) {
                made.all.putIfAbsent(TYPE, new Text("STRING"));
                made.put(ENUM, new Elements(words));
            }
        }

        private void properties(Node value, Members made, Set<String> inside) {
            if (value instanceof Members properties) {
                Members all = new Members();
                properties.all.forEach((name, schema) -> all.put(name, openApi(schema, inside)));
                made.put(PROPERTIES, all);
            }
        }

        /// A variant that is only null makes the whole nullable; a single one that is left is the schema itself.
        private void variants(Node value, Members made, Set<String> inside) {
            List<Node> variants = new ArrayList<>();
            for (Node one : value instanceof Elements(var all) ? all : List.<Node>of()) {
                Members variant = openApi(one, inside);
                if (variant.all.equals(Map.of(NULLABLE, TRUE))) {
                    made.put(NULLABLE, TRUE);
                } else {
                    variants.add(variant);
                }
            }
            if (variants.size() == 1 && variants.getFirst() instanceof Members only) {
                only.all.forEach(made.all::putIfAbsent);
            } else if (!variants.isEmpty()) {
                made.put(ANY_OF, new Elements(variants));
            }
        }

        /// The vendor refuses names that are not among the properties.
        private static void required(Members schema, Members made) {
            if (schema.get(REQUIRED) instanceof Elements(var names) && made.get(PROPERTIES) instanceof Members properties) {
                List<Node> known = names.stream().filter(name -> name instanceof Text(var text) && properties.all.containsKey(text)).toList();
                if (!known.isEmpty()) {
                    made.put(REQUIRED, new Elements(known));
                }
            }
        }

        private static Node read(String json) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            var read = new Object() {
                Node root = new Members();
            };
            try {
                JsonIn.read(bytes, 0, bytes.length, in -> read.root = read(in));
            } catch (JsonIn.Bad e) {
                return new Members(); // a canonical schema is JSON, so this does not happen
            }
            return read.root;
        }

        private static Node read(JsonIn in) {
            if (in.isObject()) {
                Members members = new Members();
                in.object(name -> members.put(name, read(in)));
                return members;
            }
            if (in.isArray()) {
                List<Node> elements = new ArrayList<>();
                in.array(() -> elements.add(read(in)));
                return new Elements(elements);
            }
            return in.isText() ? new Text(in.text()) : new Scalar(in.raw());
        }

        private static String write(Node root) {
            return new String(JsonOut.document(json -> write(root, json)), StandardCharsets.UTF_8);
        }

        private static void write(Node node, JsonOut json) {
            switch (node) {
                case Members(var all) -> {
                    json.object();
                    all.forEach((name, value) -> {
                        json.name(name);
                        write(value, json);
                    });
                    json.close();
                }
                case Elements(var all) -> {
                    json.array();
                    all.forEach(element -> write(element, json));
                    json.closeArray();
                }
                case Text(var value) -> json.text(value);
                case Scalar(var value) -> json.raw(value);
            }
        }
    }
}
