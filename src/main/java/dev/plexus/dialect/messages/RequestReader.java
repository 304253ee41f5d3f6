package dev.plexus.dialect.messages;

import dev.plexus.dialect.DataUrls;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.RequestHead;
import dev.plexus.model.CacheMark;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a client's request.
final class RequestReader {

    /// Text that a well-known client puts in front of the system prompt about itself; no concern of another vendor.
    private static final String TELEMETRY = "x-anthropic-billing-header:";

    private final JsonIn in;
    private final Drops drops;

    private final List<Message> system = new ArrayList<>(1);
    private final List<Message> messages = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    /// The names by which the client chooses built-in tools, to the canonical types.
    private final Map<String, String> builtins = new LinkedHashMap<>();

    private final Settings.Builder settings = new Settings.Builder();
    private final Thinking thinking = new Thinking();
    private @Nullable Choice choice;

    private RequestReader(JsonIn in, Drops drops) {
        this.in = in;
        this.drops = drops;
    }

    static ChatRequest read(byte[] body, RequestHead head, Drops drops) {
        var whole = new Object() {
            @Nullable ChatRequest request;
        };
        JsonIn.read(body, 0, body.length, in -> whole.request = new RequestReader(in, drops).request(head));
        if (whole.request == null) {
            throw new IllegalStateException("a document without a value");
        }
        return whole.request;
    }

    private ChatRequest request(RequestHead head) {
        in.object(this::member);
        List<Message> all = new ArrayList<>(system);
        all.addAll(messages);
        return new ChatRequest(
                DialectId.MESSAGES,
                head.model(),
                head.stream(),
                head.asksForUsage(),
                all,
                tools,
                choice == null ? null : choice.toolChoice(builtins),
                choice == null ? null : choice.parallel,
                thinking.reasoning(),
                settings.build());
    }

    private void member(String name) {
        if (in.isNull()) {
            return;
        }
        switch (name) {
            case Wire.MODEL, Wire.STREAM -> {}
            case Wire.SYSTEM -> system();
            case Wire.MESSAGES -> in.array(this::message);
            case Wire.TOOLS -> in.array(this::tool);
            case Wire.TOOL_CHOICE -> choice = new Choice();
            case Wire.MAX_TOKENS -> settings.maxTokens(in.wholeOrNull());
            case Wire.TEMPERATURE -> settings.temperature(in.numberOrNull());
            case Wire.TOP_P -> settings.topP(in.numberOrNull());
            case Wire.TOP_K -> settings.topK(in.wholeOrNull());
            case Wire.STOP_SEQUENCES -> settings.stop(texts());
            case Wire.THINKING -> in.object(thinking::member);
            case Wire.OUTPUT_CONFIG -> in.object(this::outputMember);
            case "output_format" -> format();
            case Wire.METADATA -> in.object(this::metadataMember);
            case Wire.SERVICE_TIER -> serviceTier();
            default -> alien(name);
        }
    }

    private void alien(String name) {
        drops.add(Feature.NATIVE_MEMBER, in.path(), name + " has no counterpart in other dialects");
    }

    private List<String> texts() {
        List<String> all = new ArrayList<>();
        in.array(() -> all.add(in.text()));
        return all;
    }

    private void outputMember(String name) {
        switch (name) {
            case Wire.EFFORT -> thinking.effort = in.textOrNull();
            case Wire.FORMAT -> format();
            default -> alien(name);
        }
    }

    private void format() {
        if (in.isNull()) {
            return;
        }
        var read = new Object() {
            @Nullable String type;
            @Nullable String schema;
        };
        in.object(name -> {
            switch (name) {
                case Wire.TYPE -> read.type = in.textOrNull();
                case Wire.SCHEMA -> read.schema = objectOrNull();
                default -> alien(name);
            }
        });
        if (!Wire.JSON_SCHEMA.equals(read.type)) {
            throw in.bad(Wire.TYPE, "must be json_schema");
        }
        if (read.schema == null) {
            throw in.bad(Wire.SCHEMA, "Field required");
        }
        settings.format(new OutputFormat.JsonSchema(null, null, read.schema, true));
    }

    private void metadataMember(String name) {
        if (name.equals(Wire.USER_ID)) {
            settings.user(in.textOrNull());
        } else {
            alien(name);
        }
    }

    private void serviceTier() {
        String tier = in.text();
        switch (tier) {
            case "auto" -> settings.serviceTier("auto");
            case "standard_only" -> settings.serviceTier("default");
            default -> drops.add(Feature.SERVICE_TIER, Wire.SERVICE_TIER, "unknown tier " + tier);
        }
    }

    private void system() {
        List<Part> parts = new ArrayList<>();
        for (Part part : content()) {
            if (part instanceof Part.Text(var text, _, _, _) && text.startsWith(TELEMETRY)) {
                drops.add(Feature.NATIVE_PART, Wire.SYSTEM, "the client's telemetry block");
            } else {
                parts.add(part);
            }
        }
        if (!parts.isEmpty()) {
            system.add(new Message(Message.Role.SYSTEM, parts));
        }
    }

    private void message() {
        var read = new Object() {
            @Nullable String role;
            @Nullable List<Part> parts;
        };
        in.object(name -> {
            switch (name) {
                case Wire.ROLE -> read.role = in.textOrNull();
                case Wire.CONTENT -> read.parts = in.isNull() ? null : content();
                default -> alien(name);
            }
        });
        Message.Role role = switch (read.role) {
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            case "system" -> Message.Role.SYSTEM;
            case null -> throw in.bad(Wire.ROLE, "Field required");
            default -> throw in.bad(Wire.ROLE, "must be user, assistant or system");
        };
        if (read.parts == null) {
            throw in.bad(Wire.CONTENT, "Field required");
        }
        messages.add(new Message(role, Carried.home(read.parts, () -> drops.add(Feature.SIGNATURE, in.path(), "belongs to no part of its message"))));
    }

    /// The parts of a content: a string, or an array of blocks.
    private List<Part> content() {
        if (in.isText()) {
            return List.of(new Part.Text(in.text()));
        }
        if (!in.isArray()) {
            throw in.bad("must be a string or an array");
        }
        List<Part> parts = new ArrayList<>();
        in.array(() -> {
            Part part = new Block().read();
            if (part != null) {
                parts.add(part);
            }
        });
        return parts;
    }

    private @Nullable String objectOrNull() {
        if (in.isNull()) {
            return null;
        }
        if (!in.isObject()) {
            throw in.bad("must be an object");
        }
        return in.raw();
    }

    private CacheMark cacheMark() {
        var read = new Object() {
            @Nullable String ttl;
        };
        in.object(name -> {
            if (name.equals(Wire.TTL)) {
                read.ttl = in.textOrNull();
            }
        });
        return new CacheMark(read.ttl);
    }

    private boolean enabled() {
        var read = new Object() {
            boolean enabled;
        };
        in.object(name -> read.enabled |= name.equals(Wire.ENABLED) && Boolean.TRUE.equals(in.flagOrNull()));
        return read.enabled;
    }

    /// One content block, whatever its type: the members that any known type has, in whatever order they come.
    private final class Block {

        private @Nullable String type;
        private @Nullable String text;
        private @Nullable String thinking;
        private @Nullable String signature;
        private @Nullable String data;
        private @Nullable String id;
        private @Nullable String name;
        private @Nullable String input;
        private @Nullable String callId;
        private @Nullable List<Part> content;
        private @Nullable Source source;
        private @Nullable String place;
        private @Nullable String title;
        private @Nullable String context;
        private @Nullable CacheMark cache;
        private List<Citation> citations = List.of();
        private boolean citationsEnabled;
        private boolean isError;

        @Nullable Part read() {
            in.object(member -> {
                // Blocks of types that are not known may have anything in the members of the others.
                if (!in.isNull() && (type == null || Wire.READ_BLOCKS.contains(type))) {
                    member(member);
                }
            });
            return switch (type) {
                case null -> throw in.bad(Wire.TYPE, "Field required");
                case Wire.TEXT -> new Part.Text(required(text, Wire.TEXT), citations, cache, null);
                case Wire.IMAGE -> new Part.Image(required(source, Wire.SOURCE), null, cache);
                case Wire.DOCUMENT -> new Part.Document(required(source, Wire.SOURCE), null, title, context, citationsEnabled, cache);
                case Wire.SEARCH_RESULT -> new Part.SearchResult(
                        required(place, Wire.SOURCE), required(title, Wire.TITLE), required(content, Wire.CONTENT), citationsEnabled, cache);
                case Wire.THINKING -> thought(required(thinking, Wire.THINKING), signature, Secret.Kind.SIGNATURE);
                case Wire.REDACTED_THINKING -> thought("", required(data, Wire.DATA), Secret.Kind.REDACTED);
                case Wire.TOOL_USE -> call();
                case Wire.TOOL_RESULT -> new Part.ToolResult(
                        required(callId, Wire.TOOL_USE_ID), null, content == null ? List.of() : content, isError, ToolKind.FUNCTION, cache);
                default -> new Part.Opaque(DialectId.MESSAGES, type);
            };
        }

        private Part call() {
            if (cache != null) {
                drops.add(Feature.CACHE_MARK, in.path(), "tool calls have none elsewhere");
            }
            return Part.ToolCall.function(required(id, Wire.ID), required(name, Wire.NAME), input == null ? "{}" : input);
        }

        private void member(String member) {
            switch (member) {
                case Wire.TYPE -> type = in.text();
                case Wire.TEXT -> text = in.text();
                case Wire.THINKING -> thinking = in.text();
                case Wire.SIGNATURE -> signature = in.text();
                case Wire.DATA -> data = in.text();
                case Wire.ID -> id = in.text();
                case Wire.NAME -> name = in.text();
                case Wire.INPUT -> input = objectOrNull();
                case Wire.TOOL_USE_ID -> callId = in.text();
                case Wire.CONTENT -> content = content();
                case Wire.SOURCE -> {
                    if (in.isText()) {
                        place = in.text();
                    } else {
                        source = new Origin().read();
                    }
                }
                case Wire.TITLE -> title = in.text();
                case Wire.CONTEXT -> context = in.text();
                case Wire.IS_ERROR -> isError = Boolean.TRUE.equals(in.flagOrNull());
                case Wire.CACHE_CONTROL -> cache = cacheMark();
                case Wire.CITATIONS -> {
                    if (in.isArray()) {
                        citations();
                    } else {
                        citationsEnabled = enabled();
                    }
                }
                default -> alien(member);
            }
        }

        private void citations() {
            citations = new ArrayList<>();
            in.array(() -> {
                Citation citation = ResponseReader.citation(in);
                if (citation == null) {
                    drops.add(Feature.CITATIONS, in.path(), "does not cite a web page");
                } else {
                    citations.add(citation);
                }
            });
        }

        private Part thought(String text, @Nullable String value, Secret.Kind kind) {
            if (value == null || value.isEmpty()) {
                return new Part.Thinking(text, null);
            }
            Envelope.Opened opened = Envelope.open(value);
            return new Part.Thinking(text, opened == null ? new Secret(DialectId.MESSAGES, kind, value) : opened.secret());
        }

        private <T> T required(@Nullable T value, String member) {
            if (value == null) {
                throw in.bad(member, "Field required");
            }
            return value;
        }
    }

    /// The source of an image or a document.
    private final class Origin {

        private @Nullable String type;
        private @Nullable String mime;
        private @Nullable String data;
        private @Nullable String url;
        private @Nullable String fileId;
        private @Nullable List<Part> content;

        Source read() {
            in.object(name -> {
                if (in.isNull()) {
                    return;
                }
                switch (name) {
                    case Wire.TYPE -> type = in.text();
                    case Wire.MEDIA_TYPE -> mime = in.text();
                    case Wire.DATA -> data = in.text();
                    case Wire.URL -> url = in.text();
                    case Wire.FILE_ID -> fileId = in.text();
                    case Wire.CONTENT -> content = content();
                    default -> alien(name);
                }
            });
            return switch (type) {
                case null -> throw in.bad(Wire.TYPE, "Field required");
                case Wire.BASE64 -> new Source.Base64(required(mime, Wire.MEDIA_TYPE), required(data, Wire.DATA));
                case Wire.TEXT -> new Source.Text(required(data, Wire.DATA));
                case Wire.URL -> ofUrl(required(url, Wire.URL));
                case Wire.FILE -> new Source.File(required(fileId, Wire.FILE_ID), Wire.VENDOR);
                case Wire.CONTENT -> new Source.Parts(required(content, Wire.CONTENT));
                default -> throw in.bad(Wire.TYPE, "unknown type of source");
            };
        }

        private Source ofUrl(String address) {
            Source found = DataUrls.source(address);
            if (found == null) {
                throw in.bad(Wire.URL, "not a legal data URL");
            }
            return found;
        }

        private <T> T required(@Nullable T value, String member) {
            if (value == null) {
                throw in.bad(member, "Field required");
            }
            return value;
        }
    }

    /// Brings Gemini signatures, which clients carry on thinking blocks, back to the parts they were made for.
    private static final class Carried {

        private Carried() {}

        /// The parts with every signature at home; `lost` is run for each that has none.
        static List<Part> home(List<Part> parts, Runnable lost) {
            if (parts.stream().noneMatch(part -> signature(part) != null)) {
                return parts;
            }
            List<Part> home = new ArrayList<>(parts);
            for (int index = 0; index < parts.size(); index++) {
                Secret secret = signature(parts.get(index));
                if (secret == null) {
                    continue;
                }
                if (home.get(index) instanceof Part.Thinking(var text, _)) {
                    home.set(index, new Part.Thinking(text, null));
                }
                int owner = owner(home, index, secret.itemId());
                if (owner < 0) {
                    lost.run();
                } else {
                    home.set(owner, signed(home.get(owner), secret));
                }
            }
            home.removeIf(part -> part instanceof Part.Thinking(var text, var secret) && text.isEmpty() && secret == null);
            return home;
        }

        private static @Nullable Secret signature(Part part) {
            boolean carries = part instanceof Part.Thinking(_, var secret) && secret != null && secret.dialect() == DialectId.GEMINI;
            return carries ? ((Part.Thinking) part).secret() : null;
        }

        private static int owner(List<Part> parts, int carrier, @Nullable String callId) {
            for (int index = 0; index < parts.size(); index++) {
                Part part = parts.get(index);
                boolean next = callId == null && index > carrier && (part instanceof Part.ToolCall || part instanceof Part.Text);
                boolean owns = next || part instanceof Part.ToolCall call && call.id().equals(callId);
                if (owns) {
                    return index;
                }
            }
            return -1;
        }

        private static Part signed(Part part, Secret secret) {
            Secret own = new Secret(secret.dialect(), secret.kind(), secret.value());
            if (part instanceof Part.ToolCall call) {
                return new Part.ToolCall(call.id(), call.name(), call.arguments(), call.kind(), call.namespace(), call.itemId(), own);
            }
            return part instanceof Part.Text text ? new Part.Text(text.text(), text.citations(), text.cache(), own) : part;
        }
    }

    private void tool() {
        Tool tool = new Definition().read();
        if (tool != null) {
            tools.add(tool);
        }
    }

    /// One element of `tools`.
    private final class Definition {

        private @Nullable String type;
        private @Nullable String name;
        private @Nullable String description;
        private @Nullable String schema;
        private @Nullable Boolean strict;
        private @Nullable CacheMark cache;
        private @Nullable Long maxUses;
        private List<String> allowed = List.of();
        private List<String> blocked = List.of();
        private Tool.@Nullable Place location;
        private final List<String> extras = new ArrayList<>(0);

        Tool read() {
            in.object(member -> {
                if (!in.isNull()) {
                    member(member);
                }
            });
            if (type == null || type.equals("custom")) {
                if (name == null) {
                    throw in.bad(Wire.NAME, "Field required");
                }
                dropExtras();
                return new Tool.Function(name, description, schema, strict, null, cache);
            }
            if (cache != null) {
                drops.add(Feature.CACHE_MARK, in.path(), "built-in tools have none elsewhere");
            }
            if (type.startsWith("web_search_")) {
                dropExtras();
                builtins.put(name == null ? Wire.WEB_SEARCH : name, Wire.WEB_SEARCH);
                return new Tool.WebSearch(allowed, blocked, maxUses, null, location);
            }
            Tool.Builtin.Type kind = kind(type);
            if (name != null) {
                builtins.put(name, kind.name().toLowerCase(Locale.ROOT));
            }
            return new Tool.Builtin(kind, type);
        }

        private void dropExtras() {
            for (String extra : extras) {
                drops.add(Feature.NATIVE_MEMBER, in.path() + "." + extra, extra + " has no counterpart in other dialects");
            }
        }

        private void member(String member) {
            switch (member) {
                case Wire.TYPE -> type = in.text();
                case Wire.NAME -> name = in.text();
                case Wire.DESCRIPTION -> description = in.text();
                case Wire.INPUT_SCHEMA -> schema = objectOrNull();
                case Wire.STRICT -> strict = in.flagOrNull();
                case Wire.CACHE_CONTROL -> cache = cacheMark();
                case Wire.MAX_USES -> maxUses = in.wholeOrNull();
                case Wire.ALLOWED_DOMAINS -> allowed = texts();
                case Wire.BLOCKED_DOMAINS -> blocked = texts();
                case Wire.USER_LOCATION -> location = location();
                default -> extras.add(member);
            }
        }

        private Tool.Place location() {
            Map<String, String> read = new LinkedHashMap<>();
            in.object(member -> {
                String value = in.textOrNull();
                if (value != null) {
                    read.put(member, value);
                }
            });
            return new Tool.Place(read.get("city"), read.get("region"), read.get("country"), read.get("timezone"));
        }

        private static Tool.Builtin.Type kind(String type) {
            String family = type.replaceFirst("_\\d{8}$", "");
            return switch (family) {
                case "web_fetch" -> Tool.Builtin.Type.WEB_FETCH;
                case "code_execution" -> Tool.Builtin.Type.CODE_EXECUTION;
                case "bash" -> Tool.Builtin.Type.SHELL;
                case "text_editor" -> Tool.Builtin.Type.TEXT_EDITOR;
                case "computer" -> Tool.Builtin.Type.COMPUTER;
                case "memory" -> Tool.Builtin.Type.MEMORY;
                case "mcp_toolset" -> Tool.Builtin.Type.MCP;
                default -> family.startsWith("tool_search_tool") ? Tool.Builtin.Type.TOOL_SEARCH : Tool.Builtin.Type.OTHER;
            };
        }
    }

    /// The client's `tool_choice`; which tool a name means is known only when all tools are.
    private final class Choice {

        private @Nullable String type;
        private @Nullable String name;
        private @Nullable Boolean parallel;

        Choice() {
            in.object(member -> {
                switch (member) {
                    case Wire.TYPE -> type = in.textOrNull();
                    case Wire.NAME -> name = in.textOrNull();
                    case Wire.DISABLE_PARALLEL -> {
                        Boolean disabled = in.flagOrNull();
                        parallel = disabled == null ? null : !disabled;
                    }
                    default -> alien(member);
                }
            });
            if (type == null) {
                throw in.bad(Wire.TYPE, "Field required");
            }
            if (!Wire.TOOL_CHOICES.contains(type)) {
                throw in.bad(Wire.TYPE, "must be auto, any, tool or none");
            }
            if (type.equals(Wire.CHOICE_TOOL) && name == null) {
                throw in.bad(Wire.NAME, "Field required");
            }
        }

        ToolChoice toolChoice(Map<String, String> builtins) {
            if (name != null && Wire.CHOICE_TOOL.equals(type)) {
                String builtin = builtins.get(name);
                return builtin == null ? new ToolChoice.Named(name, ToolKind.FUNCTION) : new ToolChoice.NamedBuiltin(builtin);
            }
            return switch (type) {
                case Wire.CHOICE_ANY -> new ToolChoice.Required();
                case Wire.NONE -> new ToolChoice.None();
                case null, default -> new ToolChoice.Auto();
            };
        }
    }

    /// What the client says about reasoning, in two members of the request.
    private final class Thinking {

        private @Nullable String type;
        private @Nullable Long budget;
        private @Nullable String display;
        private @Nullable String effort;

        void member(String name) {
            switch (name) {
                case Wire.TYPE -> type = in.textOrNull();
                case Wire.BUDGET_TOKENS -> budget = in.wholeOrNull();
                case Wire.DISPLAY -> display = in.textOrNull();
                default -> alien(name);
            }
            if (name.equals(Wire.TYPE) && type != null && !Wire.THINKING_TYPES.contains(type)) {
                drops.add(Feature.NATIVE_MEMBER, in.path(), "thinking of type " + type);
            }
        }

        Reasoning reasoning() {
            Boolean include = Wire.OMITTED.equals(display) ? Boolean.FALSE : Boolean.TRUE;
            return switch (type) {
                case Wire.ENABLED -> new Reasoning(true, effort, budget, false, include, null);
                case Wire.ADAPTIVE -> new Reasoning(true, effort, null, true, include, null);
                case "between_tools" -> new Reasoning(true, effort, budget, false, include, null);
                case Wire.DISABLED -> new Reasoning(false, effort, null, false, null, null);
                case null, default -> new Reasoning(null, effort, null, false, null, null);
            };
        }
    }
}
