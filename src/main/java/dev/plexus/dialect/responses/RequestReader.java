package dev.plexus.dialect.responses;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.Unsupported;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.OutputFormat;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Secret;
import dev.plexus.model.Settings;
import dev.plexus.model.Source;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.ToolKind;
import dev.plexus.wire.JsonIn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a client's request.
///
/// Members come in any order, so what depends on a `type` is gathered first and judged when the object is at its end.
final class RequestReader {

    private final Drops drops;
    private final Settings.Builder settings = new Settings.Builder();
    private final Turns turns = new Turns();
    private final List<Tool> tools = new ArrayList<>();
    private @Nullable String instructions;
    private @Nullable ToolChoice toolChoice;
    private @Nullable Boolean parallelToolCalls;
    private Reasoning reasoning = Reasoning.UNSAID;
    private boolean includesLogprobs;
    private @Nullable Long topLogprobs;
    private @Nullable String user;
    private @Nullable String safetyIdentifier;

    private RequestReader(Drops drops) {
        this.drops = drops;
    }

    static ChatRequest read(byte[] body, RequestHead head, Drops drops) {
        RequestReader reader = new RequestReader(drops);
        JsonIn.read(body, 0, body.length, in -> in.object(name -> reader.member(in, name)));
        return reader.request(head);
    }

    private ChatRequest request(RequestHead head) {
        boolean logprobs = includesLogprobs || topLogprobs != null && topLogprobs > 0;
        settings.logprobs(logprobs ? Boolean.TRUE : null).topLogprobs(logprobs ? topLogprobs : null);
        settings.user(safetyIdentifier != null ? safetyIdentifier : user);
        List<Message> messages = turns.finish();
        if (instructions != null) {
            messages.addFirst(new Message(Message.Role.SYSTEM, List.of(new Part.Text(instructions))));
        }
        return new ChatRequest(
                DialectId.RESPONSES, head.model(), head.stream(), false, messages, tools, toolChoice, parallelToolCalls, reasoning, settings.build());
    }

    private void member(JsonIn in, String name) {
        if (in.isNull()) {
            return;
        }
        switch (name) {
            case Wire.MODEL, Wire.STREAM, Wire.PREVIOUS_RESPONSE_ID, Wire.CONVERSATION -> {}
            case Wire.INPUT -> input(in);
            case Wire.INSTRUCTIONS -> instructions = in.text();
            case Wire.TOOLS -> new Tools(drops, tools::add).read(in);
            case Wire.TOOL_CHOICE -> toolChoice = Tools.choice(in, drops);
            case Wire.PARALLEL_TOOL_CALLS -> parallelToolCalls = in.flagOrNull();
            case Wire.MAX_OUTPUT_TOKENS -> settings.maxTokens(in.wholeOrNull());
            case Wire.TEMPERATURE -> settings.temperature(in.numberOrNull());
            case Wire.TOP_P -> settings.topP(in.numberOrNull());
            case Wire.TOP_LOGPROBS -> topLogprobs = in.wholeOrNull();
            case Wire.USER -> user = in.text();
            case Wire.SAFETY_IDENTIFIER -> safetyIdentifier = in.text();
            case Wire.SERVICE_TIER -> settings.serviceTier(in.text());
            case Wire.PROMPT_CACHE_KEY -> settings.promptCacheKey(in.text());
            case Wire.METADATA -> {
                Map<String, String> metadata = new LinkedHashMap<>();
                in.object(key -> metadata.put(key, in.raw()));
                settings.metadata(metadata);
            }
            case Wire.INCLUDE -> in.array(() -> include(in));
            case Wire.REASONING -> reasoning(in);
            case Wire.TEXT -> text(in);
            case Wire.BACKGROUND -> {
                if (in.isTrue()) {
                    throw new Unsupported(Wire.BACKGROUND, "background responses are only for targets of the same dialect");
                }
            }
            case Wire.PROMPT -> throw new Unsupported(Wire.PROMPT, "stored prompts are only for targets of the same dialect");
            default -> drops.add(Feature.NATIVE_MEMBER, name, "only this dialect knows the member");
        }
    }

    private void include(JsonIn in) {
        switch (in.text()) {
            case Wire.INCLUDE_LOGPROBS -> includesLogprobs = true;
            case Wire.INCLUDE_ENCRYPTED -> {}
            default -> drops.add(Feature.NATIVE_MEMBER, in.path(), "only this dialect can include it");
        }
    }

    private void reasoning(JsonIn in) {
        var said = new Object() {
            @Nullable String effort;
            @Nullable String summary;
        };
        in.object(name -> {
            switch (name) {
                case "effort" -> said.effort = in.textOrNull();
                case "summary" -> said.summary = in.isNull() ? said.summary : in.text();
                case "generate_summary" -> said.summary = said.summary != null ? said.summary : in.textOrNull();
                default -> unknown(in);
            }
        });
        Boolean enabled = said.effort == null ? null : !said.effort.equals("none");
        reasoning = new Reasoning(enabled, said.effort, null, false, said.summary == null ? null : Boolean.TRUE, said.summary);
    }

    private void text(JsonIn in) {
        in.object(name -> {
            switch (name) {
                case "format" -> {
                    if (!in.isNull()) {
                        settings.format(format(in));
                    }
                }
                case "verbosity" -> settings.verbosity(in.textOrNull());
                default -> unknown(in);
            }
        });
    }

    private @Nullable OutputFormat format(JsonIn in) {
        var said = new Object() {
            String type = "";
            @Nullable String name;
            @Nullable String description;
            @Nullable String schema;
            @Nullable Boolean strict;
        };
        in.object(name -> {
            switch (name) {
                case "type" -> said.type = in.text();
                case "name" -> said.name = in.textOrNull();
                case "description" -> said.description = in.textOrNull();
                case "schema" -> said.schema = in.isNull() ? null : in.raw();
                case "strict" -> said.strict = in.flagOrNull();
                default -> unknown(in);
            }
        });
        return switch (said.type) {
            case "text" -> null;
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> {
                if (said.schema == null) {
                    throw in.bad("schema", "is required");
                }
                yield new OutputFormat.JsonSchema(said.name, said.description, said.schema, said.strict);
            }
            case "" -> throw in.bad("type", "is required");
            default -> throw new Unsupported("text.format", "no other dialect has the format " + said.type);
        };
    }

    private void unknown(JsonIn in) {
        if (!in.isNull()) {
            drops.add(Feature.NATIVE_MEMBER, in.path(), "only this dialect knows the member");
        }
    }

    private void input(JsonIn in) {
        if (in.isText()) {
            String text = in.text();
            if (text.isEmpty()) {
                throw in.bad("must not be empty");
            }
            turns.whole(Message.Role.USER, List.of(new Part.Text(text)), null);
        } else if (in.isArray()) {
            in.array(() -> new Item(in).read());
        } else {
            throw in.bad("must be a string or an array");
        }
    }

    /// One item of the input.
    private final class Item {

        private final JsonIn in;
        private final List<String> unknown = new ArrayList<>(0);
        private List<Part> content = List.of();
        private List<Part> output = List.of();
        private String thoughts = "";
        private String summary = "";
        private @Nullable String type;
        private @Nullable String role;
        private @Nullable String id;
        private @Nullable String callId;
        private @Nullable String name;
        private @Nullable String namespace;
        private @Nullable String encrypted;
        private @Nullable String result;
        private @Nullable String resultFormat;
        private @Nullable String tools;
        private String arguments = "";
        private String freeInput = "";
        /// What is wrong with the item, if it turns out to be one that is read.
        private JsonIn.@Nullable Bad complaint;

        Item(JsonIn in) {
            this.in = in;
        }

        void read() {
            in.object(this::member);
            String kind = type != null ? type : role != null ? Wire.MESSAGE : null;
            if (kind == null) {
                throw in.bad("type", "is required");
            }
            switch (kind) {
                case Wire.MESSAGE -> {
                    understood();
                    message();
                }
                case Wire.FUNCTION_CALL, Wire.CUSTOM_TOOL_CALL -> {
                    understood();
                    call(kind.equals(Wire.CUSTOM_TOOL_CALL));
                }
                case Wire.FUNCTION_CALL_OUTPUT, Wire.CUSTOM_TOOL_CALL_OUTPUT -> {
                    understood();
                    ToolKind tool = kind.equals(Wire.CUSTOM_TOOL_CALL_OUTPUT) ? ToolKind.CUSTOM : ToolKind.FUNCTION;
                    turns.add(Message.Role.USER, new Part.ToolResult(required("call_id", callId), null, output, false, tool, null), null);
                }
                case Wire.REASONING_ITEM -> {
                    understood();
                    turns.add(Message.Role.ASSISTANT, new Part.Thinking(thoughts.isEmpty() ? summary : thoughts, secret()), id);
                }
                case "additional_tools" -> {
                    if (tools != null) {
                        new Tools(drops, RequestReader.this.tools::add).nested(in, tools);
                    }
                }
                case Wire.IMAGE_CALL -> {
                    if (result == null || result.isEmpty()) {
                        turns.aside(new Part.Opaque(DialectId.RESPONSES, kind));
                    } else {
                        Source image = new Source.Base64(Wire.imageMime(resultFormat), result);
                        turns.add(Message.Role.ASSISTANT, new Part.Image(image, null, null), id);
                    }
                }
                default -> turns.aside(new Part.Opaque(DialectId.RESPONSES, kind));
            }
        }

        private void understood() {
            if (complaint != null) {
                throw complaint;
            }
            unknown.forEach(path -> drops.add(Feature.NATIVE_MEMBER, path, "only this dialect knows the member"));
        }

        private void member(String member) {
            if (in.isNull()) {
                return;
            }
            switch (member) {
                case "type" -> type = in.text();
                case "role" -> role = scalar();
                case "id" -> id = scalar();
                case "call_id" -> callId = scalar();
                case "name" -> name = scalar();
                case "namespace" -> namespace = scalar();
                case "encrypted_content" -> encrypted = scalar();
                case "result" -> result = in.textIfAny();
                case "output_format" -> resultFormat = in.textIfAny();
                case "arguments" -> arguments = in.isObject() ? in.raw() : text();
                case "input" -> freeInput = text();
                case "content" -> content = parts(false);
                case "output" -> output = parts(true);
                case "summary" -> summary = joined();
                case "tools" -> tools = in.raw();
                case "status" -> {}
                default -> unknown.add(in.path());
            }
        }

        /// The string at the cursor; anything else is a complaint.
        private @Nullable String scalar() {
            if (!in.isText()) {
                complain(in.bad("must be a string"));
                return null;
            }
            return in.text();
        }

        private String text() {
            String text = scalar();
            return text == null ? "" : text;
        }

        private void complain(JsonIn.Bad bad) {
            complaint = complaint == null ? bad : complaint;
        }

        private String required(String member, @Nullable String value) {
            if (value == null || value.isEmpty()) {
                throw in.bad(member, "is required");
            }
            return value;
        }

        /// The texts of the entries of a summary.
        private String joined() {
            StringBuilder joined = new StringBuilder();
            if (!in.isArray()) {
                complain(in.bad("must be an array"));
                return "";
            }
            in.array(() -> {
                if (in.isObject()) {
                    in.object(member -> {
                        String text = member.equals("text") ? in.textIfAny() : null;
                        if (text != null && !text.isEmpty()) {
                            joined.append(joined.isEmpty() ? "" : "\n\n").append(text);
                        }
                    });
                }
            });
            return joined.toString();
        }

        /// Content, or what came of a tool (which may be any object).
        private List<Part> parts(boolean ofTool) {
            if (in.isText()) {
                return List.of(new Part.Text(in.text()));
            }
            if (in.isArray()) {
                List<Part> parts = new ArrayList<>();
                in.array(() -> {
                    if (in.isObject()) {
                        Part part = new Piece(this, in).read();
                        if (part != null) {
                            parts.add(part);
                        }
                    } else {
                        complain(in.bad("must be an object"));
                    }
                });
                return parts;
            }
            if (ofTool && in.isObject()) {
                return List.of(new Part.Text(textOf(in.raw())));
            }
            complain(in.bad("must be a string or an array"));
            return List.of();
        }

        private void thought(String text) {
            thoughts = thoughts.isEmpty() ? text : thoughts + "\n\n" + text;
        }

        private void message() {
            turns.whole(
                    switch (required("role", role)) {
                        case "user" -> Message.Role.USER;
                        case "assistant" -> Message.Role.ASSISTANT;
                        case "system" -> Message.Role.SYSTEM;
                        case "developer" -> Message.Role.DEVELOPER;
                        default -> throw in.bad("role", "must be user, assistant, system or developer");
                    },
                    content,
                    id);
        }

        private void call(boolean custom) {
            String input = custom ? freeInput : arguments.isEmpty() ? "{}" : arguments;
            turns.add(
                    Message.Role.ASSISTANT,
                    new Part.ToolCall(
                            required("call_id", callId), required("name", name), input, custom ? ToolKind.CUSTOM : ToolKind.FUNCTION, namespace, id, null),
                    id);
        }

        private @Nullable Secret secret() {
            if (encrypted == null || encrypted.isEmpty()) {
                return null;
            }
            Envelope.Opened opened = Envelope.open(encrypted);
            return opened != null ? opened.secret() : new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, encrypted, id);
        }
    }

    /// The text of a tool's result that is an object: its member `text`, else all of it.
    private static String textOf(String object) {
        var found = new Object() {
            @Nullable String text;
        };
        byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
        JsonIn.read(bytes, 0, bytes.length, in -> in.object(name -> {
            if (name.equals("text")) {
                found.text = in.textIfAny();
            }
        }));
        return found.text != null ? found.text : object;
    }

    /// One piece of an item's content.
    private final class Piece {

        private final Item item;
        private final JsonIn in;
        private final List<Citation> citations = new ArrayList<>(0);
        private int otherAnnotations;
        private String type = "";
        private @Nullable String text;
        private @Nullable String refusal;
        private @Nullable String imageUrl;
        private @Nullable String detail;
        private @Nullable String fileId;
        private @Nullable String fileData;
        private @Nullable String fileUrl;
        private @Nullable String filename;
        private @Nullable String audio;
        private @Nullable String audioFormat;

        Piece(Item item, JsonIn in) {
            this.item = item;
            this.in = in;
        }

        /// The part, or null if it went to the item's thoughts.
        @Nullable Part read() {
            in.object(this::member);
            return switch (type) {
                case "input_text", "output_text", "text", "summary_text" -> {
                    if (otherAnnotations > 0) {
                        drops.add(Feature.CITATIONS, in.path(), "only citations of web pages can be carried");
                    }
                    yield new Part.Text(required("text", text), citations, null, null);
                }
                case "reasoning_text" -> {
                    item.thought(required("text", text));
                    yield null;
                }
                case "refusal" -> new Part.Refusal(required("refusal", refusal != null ? refusal : text));
                case "input_image" -> new Part.Image(image(), detail, null);
                case "input_file" -> new Part.Document(file(), filename, null, null, false, null);
                case "input_audio" -> {
                    String format = required("format", audioFormat);
                    yield new Part.Audio(new Source.Base64("audio/" + format.toLowerCase(Locale.ROOT), required("data", audio)), format);
                }
                case "" -> {
                    item.complain(in.bad("type", "is required"));
                    yield new Part.Opaque(DialectId.RESPONSES, "");
                }
                default -> new Part.Opaque(DialectId.RESPONSES, type);
            };
        }

        private void member(String member) {
            if (in.isNull()) {
                return;
            }
            switch (member) {
                case "type" -> type = item.text();
                case "text" -> text = item.scalar();
                case "refusal" -> refusal = item.scalar();
                case "image_url" -> {
                    if (in.isObject()) {
                        in.object(inner -> imageUrl = inner.equals("url") ? in.textIfAny() : imageUrl);
                    } else {
                        imageUrl = item.scalar();
                    }
                }
                case "detail" -> detail = in.textIfAny();
                case "file_id" -> fileId = item.scalar();
                case "file_data" -> fileData = item.scalar();
                case "file_url" -> fileUrl = item.scalar();
                case "filename" -> filename = in.textIfAny();
                case "input_audio" -> {
                    if (in.isObject()) {
                        in.object(inner -> {
                            switch (inner) {
                                case "data" -> audio = item.scalar();
                                case "format" -> audioFormat = item.scalar();
                                default -> {}
                            }
                        });
                    }
                }
                case "annotations" -> {
                    if (in.isArray()) {
                        in.array(this::annotation);
                    }
                }
                default -> {}
            }
        }

        private void annotation() {
            Citation citation = in.isObject() ? ResponseReader.citation(in, 0) : null;
            if (citation == null) {
                otherAnnotations++;
            } else {
                citations.add(citation);
            }
        }

        private String required(String member, @Nullable String value) {
            if (value == null) {
                item.complain(in.bad(member, "is required"));
                return "";
            }
            return value;
        }

        private Source image() {
            if (imageUrl != null) {
                return source(imageUrl);
            }
            return new Source.File(required("image_url", fileId), "openai");
        }

        private Source file() {
            if (fileData != null) {
                return fileData.startsWith("data:") ? source(fileData) : new Source.Base64("application/pdf", fileData);
            }
            if (fileUrl != null) {
                return source(fileUrl);
            }
            return new Source.File(required("file_data", fileId), "openai");
        }

        private Source source(String url) {
            if (!url.startsWith("data:")) {
                return new Source.Url(url, null);
            }
            Source parsed = dataUrl(url);
            if (parsed == null) {
                item.complain(in.bad("is not a data URL"));
                return new Source.Url("", null);
            }
            return parsed;
        }
    }

    /// What a `data:` URL holds, null if it is malformed. Parameters of its media type are left out, and other encodings made base64.
    private static Source.@Nullable Base64 dataUrl(String url) {
        int comma = url.indexOf(',');
        if (comma < 0) {
            return null;
        }
        String head = url.substring("data:".length(), comma);
        int semicolon = head.indexOf(';');
        String mime = semicolon < 0 ? head : head.substring(0, semicolon);
        mime = mime.isEmpty() ? "text/plain" : mime;
        String data = url.substring(comma + 1);
        if (head.endsWith(";base64")) {
            return new Source.Base64(mime, data);
        }
        byte[] decoded = percentDecoded(data);
        return decoded == null ? null : new Source.Base64(mime, Base64.getEncoder().encodeToString(decoded));
    }

    private static byte @Nullable [] percentDecoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] != '%') {
                decoded.write(bytes[at]);
                continue;
            }
            int high = at + 2 < bytes.length ? Character.digit(bytes[at + 1], 16) : -1;
            int low = at + 2 < bytes.length ? Character.digit(bytes[at + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            decoded.write(high * 16 + low);
            at += 2;
        }
        return decoded.toByteArray();
    }

    /// Makes messages of items: adjacent ones of the assistant are one message, and so are the results of tools with a user's message behind them.
    private static final class Turns {

        private final List<Message> messages = new ArrayList<>();
        private final List<Part> parts = new ArrayList<>();
        /// Which part an item's id stands for.
        private final Map<String, Integer> places = new HashMap<>();
        private Message.@Nullable Role role;
        private boolean said;

        /// One part of a message that goes on.
        void add(Message.Role from, Part part, @Nullable String itemId) {
            go(from);
            place(part, itemId);
        }

        /// A message by itself, unless it goes on with what was there.
        void whole(Message.Role from, List<Part> content, @Nullable String itemId) {
            go(from);
            content.forEach(part -> place(part, itemId));
            said = from != Message.Role.ASSISTANT;
        }

        /// Something that no other dialect knows; it changes nothing about who speaks.
        void aside(Part part) {
            role = role == null ? Message.Role.ASSISTANT : role;
            parts.add(part);
        }

        List<Message> finish() {
            close();
            return messages;
        }

        private void go(Message.Role from) {
            if (role != from || said) {
                close();
            }
            role = from;
        }

        private void place(Part part, @Nullable String itemId) {
            if (itemId != null) {
                places.put(itemId, parts.size());
            }
            parts.add(part);
        }

        private void close() {
            if (role != null) {
                messages.add(new Message(role, settled()));
            }
            parts.clear();
            places.clear();
            role = null;
            said = false;
        }

        /// The parts, with the signatures of Gemini back at the parts that they were taken from, and without thoughts that hold nothing.
        private List<Part> settled() {
            for (int at = 0; at < parts.size(); at++) {
                if (parts.get(at) instanceof Part.Thinking(var text, var secret) && secret != null && secret.dialect() == DialectId.GEMINI) {
                    int owner = owner(at, secret);
                    Part signed = owner < 0 ? null : signed(parts.get(owner), secret);
                    if (signed != null) {
                        parts.set(owner, signed);
                        parts.set(at, new Part.Thinking(text, null));
                    }
                }
            }
            return parts.stream()
                    .filter(part -> !(part instanceof Part.Thinking(var text, var secret) && text.isEmpty() && secret == null))
                    .toList();
        }

        /// Where the part is that the secret belongs to, negative if it is not here.
        private int owner(int thought, Secret secret) {
            for (int at = secret.itemId() == null ? thought + 1 : 0; at < parts.size(); at++) {
                Part part = parts.get(at);
                boolean named = part instanceof Part.ToolCall call && call.id().equals(secret.itemId());
                boolean next = secret.itemId() == null && !(part instanceof Part.Thinking);
                if (named || next) {
                    return at;
                }
            }
            return secret.itemId() == null ? -1 : places.getOrDefault(secret.itemId(), -1);
        }

        private static @Nullable Part signed(Part part, Secret secret) {
            Secret own = new Secret(secret.dialect(), secret.kind(), secret.value());
            return switch (part) {
                case Part.ToolCall call when call.signature() == null ->
                    new Part.ToolCall(call.id(), call.name(), call.arguments(), call.kind(), call.namespace(), call.itemId(), own);
                case Part.Text text when text.signature() == null -> new Part.Text(text.text(), text.citations(), text.cache(), own);
                case Part.Text _, Part.ToolCall _, Part.Refusal _, Part.Image _, Part.Audio _, Part.Video _, Part.Document _,
                        Part.SearchResult _, Part.Thinking _, Part.ToolResult _, Part.Opaque _ -> null;
            };
        }
    }

    /// Reads tools, and which of them are to be used.
    private record Tools(Drops drops, Consumer<Tool> out) {

        private static final Pattern WEB_SEARCH = Pattern.compile("web_search.*");

        void read(JsonIn in) {
            in.array(() -> one(in, null));
        }

        /// The tools that `json` lists, which was the member `tools` of the object at the cursor.
        void nested(JsonIn outer, String json) {
            within(outer, json, null);
        }

        private void within(JsonIn outer, String json, @Nullable String namespace) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            try {
                JsonIn.read(bytes, 0, bytes.length, in -> in.array(() -> one(in, namespace)));
            } catch (JsonIn.Bad e) {
                throw outer.bad("tools" + e.path(), e.complaint());
            }
        }

        private void one(JsonIn in, @Nullable String namespace) {
            var said = new Object() {
                String type = "";
                String name = "";
                @Nullable String description;
                @Nullable String parameters;
                @Nullable Boolean strict;
                @Nullable String format;
                @Nullable String inner;
                List<String> allowed = new ArrayList<>(0);
                List<String> blocked = new ArrayList<>(0);
                @Nullable String contextSize;
                Tool.@Nullable Place place;
                final List<String> unknown = new ArrayList<>(0);
            };
            in.object(name -> {
                if (in.isNull()) {
                    return;
                }
                switch (name) {
                    case "type" -> said.type = in.text();
                    case "name" -> said.name = in.text();
                    case "description" -> said.description = in.text();
                    case "parameters" -> said.parameters = in.raw();
                    case "strict" -> said.strict = in.flagOrNull();
                    case "format" -> said.format = in.raw();
                    case "tools" -> said.inner = in.raw();
                    case "filters" -> {
                        if (in.isObject()) {
                            in.object(filter -> {
                                switch (filter) {
                                    case "allowed_domains" -> texts(in, said.allowed);
                                    case "blocked_domains" -> texts(in, said.blocked);
                                    default -> {}
                                }
                            });
                        }
                    }
                    case "search_context_size" -> said.contextSize = in.textIfAny();
                    case "user_location" -> said.place = in.isObject() ? place(in) : null;
                    default -> said.unknown.add(in.path());
                }
            });
            if (said.type.isEmpty()) {
                throw in.bad("type", "is required");
            }
            switch (said.type) {
                case "function", "custom", "namespace" -> {
                    if (said.name.isEmpty()) {
                        throw in.bad("name", "is required");
                    }
                    said.unknown.forEach(path -> drops.add(Feature.NATIVE_MEMBER, path, "only this dialect knows the member"));
                }
                default -> {}
            }
            switch (said.type) {
                case "function" -> out.accept(new Tool.Function(said.name, said.description, said.parameters, said.strict, namespace, null));
                case "custom" -> out.accept(new Tool.Custom(said.name, said.description, isPlain(said.format) ? null : said.format, namespace));
                case "namespace" -> {
                    if (said.inner != null) {
                        within(in, said.inner, said.name);
                    }
                }
                default -> out.accept(
                        WEB_SEARCH.matcher(said.type).matches()
                                ? new Tool.WebSearch(said.allowed, said.blocked, null, said.contextSize, said.place)
                                : new Tool.Builtin(builtin(said.type), said.type));
            }
        }

        private static boolean isPlain(@Nullable String format) {
            return format == null || format.equals("{\"type\":\"text\"}");
        }

        private static void texts(JsonIn in, List<String> to) {
            if (in.isArray()) {
                in.array(() -> {
                    String text = in.textIfAny();
                    if (text != null) {
                        to.add(text);
                    }
                });
            }
        }

        private static Tool.Place place(JsonIn in) {
            Map<String, String> said = new HashMap<>();
            in.object(name -> {
                String text = in.textIfAny();
                if (text != null) {
                    said.put(name, text);
                }
            });
            return new Tool.Place(said.get("city"), said.get("region"), said.get("country"), said.get("timezone"));
        }

        private static Tool.Builtin.Type builtin(String type) {
            return switch (type) {
                case "file_search" -> Tool.Builtin.Type.FILE_SEARCH;
                case Wire.CODE_INTERPRETER -> Tool.Builtin.Type.CODE_EXECUTION;
                case "computer", "computer_use", "computer_use_preview" -> Tool.Builtin.Type.COMPUTER;
                case "image_generation" -> Tool.Builtin.Type.IMAGE_GENERATION;
                case "mcp" -> Tool.Builtin.Type.MCP;
                case "shell", "local_shell" -> Tool.Builtin.Type.SHELL;
                case "apply_patch" -> Tool.Builtin.Type.TEXT_EDITOR;
                case "tool_search" -> Tool.Builtin.Type.TOOL_SEARCH;
                default -> Tool.Builtin.Type.OTHER;
            };
        }

        static ToolChoice choice(JsonIn in, Drops drops) {
            if (in.isText()) {
                return switch (in.text()) {
                    case "auto" -> new ToolChoice.Auto();
                    case "none" -> new ToolChoice.None();
                    case "required" -> new ToolChoice.Required();
                    default -> throw in.bad("must be auto, none, required or an object");
                };
            }
            var said = new Object() {
                String type = "";
                String name = "";
                String mode = "";
                final List<String> names = new ArrayList<>(0);
            };
            in.object(member -> {
                switch (member) {
                    case "type" -> said.type = in.text();
                    case "name" -> said.name = in.text();
                    case "mode" -> said.mode = in.text();
                    case "tools" -> in.array(() -> {
                        int before = said.names.size();
                        in.object(inner -> {
                            String name = inner.equals("name") ? in.textIfAny() : null;
                            if (name != null) {
                                said.names.add(name);
                            }
                        });
                        if (said.names.size() == before) {
                            drops.add(Feature.TOOL_CHOICE, in.path(), "only tools with a name can be allowed");
                        }
                    });
                    default -> {}
                }
            });
            return switch (said.type) {
                case "function", "custom" -> {
                    if (said.name.isEmpty()) {
                        throw in.bad("name", "is required");
                    }
                    yield new ToolChoice.Named(said.name, said.type.equals("custom") ? ToolKind.CUSTOM : ToolKind.FUNCTION);
                }
                case "allowed_tools" -> new ToolChoice.Allowed(said.names, said.mode.equals("required"));
                case "" -> throw in.bad("type", "is required");
                default -> new ToolChoice.NamedBuiltin(
                        WEB_SEARCH.matcher(said.type).matches() ? Wire.WEB_SEARCH : builtin(said.type).name().toLowerCase(Locale.ROOT));
            };
        }
    }
}
