package dev.plexus.dialect.messages;

import dev.plexus.dialect.CustomTools;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Efforts;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.ObjectSchemas;
import dev.plexus.dialect.ToolArguments;
import dev.plexus.dialect.ToolNames;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Unsupported;
import dev.plexus.dialect.Written;
import dev.plexus.model.CacheMark;
import dev.plexus.model.ChatRequest;
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
import dev.plexus.wire.JsonOut;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a request for an upstream.
///
/// What stays the same from turn to turn comes first and the messages come last, so that prompt caches see the same bytes again.
final class RequestWriter {

    private static final int NAME_CHARACTERS_MAX = 128;
    private static final int CACHE_MARKS_MAX = 4;
    private static final long BUDGET_MIN = 1024;
    private static final long BUDGET_MEDIUM = 8192;
    private static final int USER_CHARACTERS_MAX = 256;
    private static final BigDecimal TOP_P_WITH_THINKING_MIN = new BigDecimal("0.95");
    private static final Set<String> IMAGE_TYPES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final String CONTINUE = "Continue.";
    private static final String JSON_ONLY = "Reply with one valid JSON object and nothing else.";
    private static final String JSON_BY_SCHEMA = "Reply with one JSON value that is valid under this JSON Schema, and nothing else:\n";

    private final ChatRequest request;
    private final Settings settings;
    private final Traits target;
    private final Drops drops;
    private final ToolNames names;
    private final Set<String> betas = new LinkedHashSet<>();

    private final List<Part.Text> system = new ArrayList<>();
    private final List<Turn> turns;
    private final List<Tool> tools;
    private final @Nullable Choice choice;
    private final Thinking thinking;
    /// The schema of the forced tool that stands for structured output where the target has none; null otherwise.
    private final @Nullable String answerSchema;

    /// Marks for the prompt cache that are left out, because only the last few are allowed.
    private int marksToSkip;

    /// A message as it goes out.
    private record Turn(Message.Role role, List<Part> parts) {

        boolean isOnlyResults() {
            return parts.stream().allMatch(part -> part instanceof Part.ToolResult);
        }

        boolean hasCalls() {
            return parts.stream().anyMatch(part -> part instanceof Part.ToolCall);
        }
    }

    /// The wire's `tool_choice`.
    private record Choice(String type, @Nullable String name) {

        boolean forces() {
            return type.equals(Wire.CHOICE_ANY) || type.equals(Wire.CHOICE_TOOL);
        }
    }

    private RequestWriter(ChatRequest request, Traits target, Drops drops) {
        this.request = request;
        this.settings = request.settings();
        this.target = target;
        this.drops = drops;
        this.names = new ToolNames(request, ToolNames.Rule.plain(NAME_CHARACTERS_MAX), false);
        boolean byTool = settings.format() instanceof OutputFormat.JsonSchema && target.structuredOutput().equals("tool");
        this.answerSchema = byTool && settings.format() instanceof OutputFormat.JsonSchema schema ? schema.schema() : null;
        this.tools = tools();
        this.choice = choice();
        this.turns = turns();
        this.thinking = thinking();
    }

    static Written write(ChatRequest request, Traits target, Drops drops) {
        RequestWriter writer = new RequestWriter(request, target, drops);
        byte[] body = JsonOut.document(writer::body);
        Map<String, String> headers = writer.betas.isEmpty() ? Map.of() : Map.of("anthropic-beta", String.join(",", writer.betas));
        return new Written(body, writer.names, headers);
    }

    private void body(JsonOut json) {
        formatByPrompt();
        marksToSkip = Math.max(0, marks() - CACHE_MARKS_MAX);
        json.object().text(Wire.MODEL, target.model());
        writeSystem(json);
        writeTools(json);
        writeChoice(json);
        thinking.write(json);
        writeOutputConfig(json);
        json.number(Wire.MAX_TOKENS, thinking.maxTokens);
        writeSampling(json);
        writeUser(json);
        json.flag(Wire.STREAM, request.stream() ? true : null);
        json.array(Wire.MESSAGES);
        turns.forEach(turn -> writeTurn(json, turn));
        json.closeArray().close();
        dropTheRest();
    }

    private List<Turn> turns() {
        List<Turn> all = new ArrayList<>();
        boolean leading = true;
        for (int index = 0; index < request.messages().size(); index++) {
            Message message = request.messages().get(index);
            String path = "messages[" + index + "]";
            if (message.role().isSystem()) {
                system(message, leading, path, all);
            } else {
                leading = false;
                List<Part> parts = new ArrayList<>(message.parts().size());
                for (Part part : message.parts()) {
                    Part fit = message.role() == Message.Role.ASSISTANT ? ofAssistant(part, path) : ofUser(part, path);
                    if (fit != null) {
                        parts.add(fit);
                    }
                }
                add(all, message.role(), parts);
            }
        }
        trimEnd(all);
        if (all.isEmpty() || all.getFirst().role() != Message.Role.USER) {
            all.addFirst(new Turn(Message.Role.USER, new ArrayList<>(List.of(new Part.Text(CONTINUE)))));
        }
        all.forEach(turn -> turn.parts().sort(Comparator.comparingInt(RequestWriter::rank)));
        return all;
    }

    /// Vendors want results before anything else of the user, and of the assistant thoughts, words and calls in this order.
    private static int rank(Part part) {
        return switch (part) {
            case Part.ToolResult _, Part.Thinking _ -> 0;
            case Part.ToolCall _ -> 2;
            case Part.Text _, Part.Refusal _, Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.SearchResult _, Part.Opaque _ -> 1;
        };
    }

    private static void add(List<Turn> turns, Message.Role role, List<Part> parts) {
        if (parts.isEmpty()) {
            return;
        }
        if (!turns.isEmpty() && turns.getLast().role() == role) {
            turns.getLast().parts().addAll(parts);
        } else {
            turns.add(new Turn(role, new ArrayList<>(parts)));
        }
    }

    private void system(Message message, boolean leading, String path, List<Turn> turns) {
        if (message.role() == Message.Role.DEVELOPER) {
            drops.add(Feature.DEVELOPER_ROLE, path, "developer messages became system messages");
        }
        List<Part> texts = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text) {
                texts.add(text);
            } else {
                drops.add(Feature.NATIVE_PART, path, "system messages are text");
            }
        }
        if (leading || target.midSystem().equals("hoist")) {
            if (!leading) {
                drops.add(Feature.SYSTEM_PLACE, path, "moved to the front");
            }
            texts.forEach(text -> system.add((Part.Text) text));
        } else if (target.midSystem().equals("native")) {
            add(turns, Message.Role.SYSTEM, texts);
        } else {
            drops.add(Feature.SYSTEM_PLACE, path, "became a user message");
            add(turns, Message.Role.USER, texts);
        }
    }

    private @Nullable Part ofUser(Part part, String path) {
        return switch (part) {
            case Part.Text text -> plain(text, path);
            case Part.Image _, Part.Document _, Part.SearchResult _, Part.ToolResult _ -> part;
            case Part.Audio _ -> throw new Unsupported(path, "the target takes no audio");
            case Part.Video _ -> throw new Unsupported(path, "the target takes no video");
            case Part.Refusal _, Part.Thinking _, Part.ToolCall _, Part.Opaque _ -> {
                drops.add(Feature.NATIVE_PART, path, "not a part of a user message");
                yield null;
            }
        };
    }

    private @Nullable Part ofAssistant(Part part, String path) {
        return switch (part) {
            case Part.Text text -> plain(text, path);
            case Part.Refusal(var words) -> words.isBlank() ? null : new Part.Text(words);
            case Part.Thinking thought -> {
                if (isNative(thought.secret())) {
                    yield thought;
                }
                drops.add(Feature.THINKING, path, "not signed by this vendor");
                yield null;
            }
            case Part.ToolCall call -> {
                if (call.signature() != null) {
                    drops.add(Feature.SIGNATURE, path, "of another vendor");
                }
                yield call;
            }
            case Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.SearchResult _, Part.ToolResult _, Part.Opaque _ -> {
                drops.add(Feature.NATIVE_PART, path, "not a part of an assistant message");
                yield null;
            }
        };
    }

    private @Nullable Part plain(Part.Text text, String path) {
        if (text.signature() != null) {
            drops.add(Feature.SIGNATURE, path, "of another vendor");
        }
        if (!text.citations().isEmpty()) {
            drops.add(Feature.CITATIONS, path, "cannot be sent back");
        }
        return text.text().isBlank() ? null : new Part.Text(text.text(), List.of(), text.cache(), null);
    }

    private static boolean isNative(@Nullable Secret secret) {
        return secret != null && secret.dialect() == DialectId.MESSAGES && secret.kind() != Secret.Kind.ENCRYPTED;
    }

    /// An assistant message at the end is a beginning for the model to go on from, and must not end in blanks.
    private static void trimEnd(List<Turn> turns) {
        if (turns.isEmpty() || turns.getLast().role() != Message.Role.ASSISTANT) {
            return;
        }
        List<Part> parts = turns.getLast().parts();
        for (int index = parts.size() - 1; index >= 0; index--) {
            if (parts.get(index) instanceof Part.Text(var text, var citations, var cache, var signature)) {
                parts.set(index, new Part.Text(text.stripTrailing(), citations, cache, signature));
                return;
            }
        }
    }

    private void writeSystem(JsonOut json) {
        if (system.size() == 1 && system.getFirst().cache() == null) {
            json.text(Wire.SYSTEM, system.getFirst().text());
        } else if (!system.isEmpty()) {
            json.array(Wire.SYSTEM);
            system.forEach(text -> writePart(json, text));
            json.closeArray();
        }
    }

    private void writeTurn(JsonOut json, Turn turn) {
        json.object().text(Wire.ROLE, turn.role().name().toLowerCase(Locale.ROOT));
        json.array(Wire.CONTENT);
        turn.parts().forEach(part -> writePart(json, part));
        json.closeArray().close();
    }

    private void writePart(JsonOut json, Part part) {
        switch (part) {
            case Part.Text text -> {
                json.object().text(Wire.TYPE, Wire.TEXT).text(Wire.TEXT, text.text());
                mark(json, text.cache());
                json.close();
            }
            case Part.Image image -> {
                json.object().text(Wire.TYPE, Wire.IMAGE);
                writeSource(json, image.source());
                if (image.detail() != null && !image.detail().equals("auto")) {
                    drops.add(Feature.IMAGE, Wire.MESSAGES, "detail " + image.detail());
                }
                mark(json, image.cache());
                json.close();
            }
            case Part.Document document -> writeDocument(json, document);
            case Part.SearchResult result -> {
                json.object().text(Wire.TYPE, Wire.SEARCH_RESULT).text(Wire.SOURCE, result.source()).text(Wire.TITLE, result.title());
                writeInner(json, result.parts());
                writeCitationsEnabled(json, result.citationsEnabled());
                mark(json, result.cache());
                json.close();
            }
            case Part.Thinking(var text, var secret) -> {
                String value = secret == null ? "" : secret.value();
                json.object();
                if (secret != null && secret.kind() == Secret.Kind.REDACTED) {
                    json.text(Wire.TYPE, Wire.REDACTED_THINKING).text(Wire.DATA, value);
                } else {
                    json.text(Wire.TYPE, Wire.THINKING).text(Wire.THINKING, text).text(Wire.SIGNATURE, value);
                }
                json.close();
            }
            case Part.ToolCall call -> json.object()
                    .text(Wire.TYPE, Wire.TOOL_USE)
                    .text(Wire.ID, Ids.forAnthropic(call.id()))
                    .text(Wire.NAME, names.wire(call.name(), call.namespace()))
                    .raw(Wire.INPUT, ToolArguments.object(call))
                    .close();
            case Part.ToolResult result -> writeResult(json, result);
            case Part.Refusal _, Part.Audio _, Part.Video _, Part.Opaque _ -> throw new IllegalStateException("sorted out before");
        }
    }

    private void writeResult(JsonOut json, Part.ToolResult result) {
        json.object().text(Wire.TYPE, Wire.TOOL_RESULT).text(Wire.TOOL_USE_ID, Ids.forAnthropic(result.callId()));
        if (result.parts().size() == 1 && result.parts().getFirst() instanceof Part.Text(var text, _, var cache, _) && cache == null) {
            json.text(Wire.CONTENT, text);
        } else if (!result.parts().isEmpty()) {
            writeInner(json, result.parts());
        }
        json.flag(Wire.IS_ERROR, result.isError() ? true : null);
        mark(json, result.cache());
        json.close();
    }

    /// The `content` of a result or a document.
    private void writeInner(JsonOut json, List<Part> parts) {
        json.array(Wire.CONTENT);
        for (Part part : parts) {
            Part fit = part instanceof Part.ToolResult ? null : ofUser(part, Wire.TOOL_RESULT);
            if (fit != null) {
                writePart(json, fit);
            }
        }
        json.closeArray();
    }

    private void writeDocument(JsonOut json, Part.Document document) {
        json.object().text(Wire.TYPE, Wire.DOCUMENT);
        writeSource(json, document.source(), true);
        json.text(Wire.TITLE, document.title() != null ? document.title() : document.filename());
        json.text(Wire.CONTEXT, document.context());
        writeCitationsEnabled(json, document.citationsEnabled());
        mark(json, document.cache());
        json.close();
    }

    private static void writeCitationsEnabled(JsonOut json, boolean enabled) {
        if (enabled) {
            json.object(Wire.CITATIONS).flag(Wire.ENABLED, true).close();
        }
    }

    private void writeSource(JsonOut json, Source source) {
        writeSource(json, source, false);
    }

    private void writeSource(JsonOut json, Source source, boolean document) {
        json.object(Wire.SOURCE);
        switch (source) {
            case Source.Base64(var mime, var data) -> {
                String type = mime.toLowerCase(Locale.ROOT);
                if (document && type.startsWith("text/")) {
                    writeText(json, decoded(data));
                } else if (document ? type.equals("application/pdf") : IMAGE_TYPES.contains(imageType(type))) {
                    json.text(Wire.TYPE, Wire.BASE64).text(Wire.MEDIA_TYPE, document ? type : imageType(type)).text(Wire.DATA, data);
                } else {
                    throw new Unsupported(Wire.MESSAGES, "the target takes no " + (document ? "documents" : "images") + " of type " + mime);
                }
            }
            case Source.Url(var url, _) -> {
                if (!url.regionMatches(true, 0, "http://", 0, 7) && !url.regionMatches(true, 0, "https://", 0, 8)) {
                    throw new Unsupported(Wire.MESSAGES, "the target fetches only http and https addresses");
                }
                json.text(Wire.TYPE, Wire.URL).text(Wire.URL, url);
            }
            case Source.File(var id, var vendor) -> {
                if (!vendor.equals(Wire.VENDOR)) {
                    throw new Unsupported(Wire.MESSAGES, "a file of another vendor");
                }
                betas.add("files-api-2025-04-14");
                json.text(Wire.TYPE, Wire.FILE).text(Wire.FILE_ID, id);
            }
            case Source.Text(var text) -> writeText(json, text);
            case Source.Parts(var parts) -> {
                json.text(Wire.TYPE, Wire.CONTENT);
                writeInner(json, parts);
            }
        }
        json.close();
    }

    private static void writeText(JsonOut json, String text) {
        json.text(Wire.TYPE, Wire.TEXT).text(Wire.MEDIA_TYPE, "text/plain").text(Wire.DATA, text);
    }

    /// The name that many say for JPEG is not the registered one.
    private static String imageType(String mime) {
        return mime.equals("image/jpg") ? "image/jpeg" : mime;
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Unsupported(Wire.MESSAGES, "a document whose data is not base64");
        }
    }

    private int marks() {
        int count = 0;
        for (Tool tool : tools) {
            count += tool instanceof Tool.Function function && function.cache() != null ? 1 : 0;
        }
        for (Part.Text text : system) {
            count += marks(text);
        }
        for (Turn turn : turns) {
            for (Part part : turn.parts()) {
                count += marks(part);
            }
        }
        return count;
    }

    private static int marks(Part part) {
        return switch (part) {
            case Part.Text text -> marks(text.cache(), List.of());
            case Part.Image image -> marks(image.cache(), List.of());
            case Part.Document document -> marks(document.cache(), document.source() instanceof Source.Parts(var parts) ? parts : List.of());
            case Part.SearchResult result -> marks(result.cache(), result.parts());
            case Part.ToolResult result -> marks(result.cache(), result.parts());
            case Part.Refusal _, Part.Audio _, Part.Video _, Part.Thinking _, Part.ToolCall _, Part.Opaque _ -> 0;
        };
    }

    private static int marks(@Nullable CacheMark own, List<Part> inner) {
        return (own == null ? 0 : 1) + inner.stream().mapToInt(RequestWriter::marks).sum();
    }

    private void mark(JsonOut json, @Nullable CacheMark mark) {
        if (mark == null) {
            return;
        }
        if (marksToSkip > 0) {
            marksToSkip--;
            drops.add(Feature.CACHE_MARK, Wire.CACHE_CONTROL, "only the last " + CACHE_MARKS_MAX + " are kept");
            return;
        }
        json.object(Wire.CACHE_CONTROL).text(Wire.TYPE, "ephemeral").text(Wire.TTL, mark.ttl()).close();
    }

    /// The tools that the target knows and the client's choice allows.
    private List<Tool> tools() {
        List<String> allowed =
                request.toolChoice() instanceof ToolChoice.Allowed(var only, _) ? only
                : request.toolChoice() instanceof ToolChoice.Validated(var only) ? only : List.of();
        List<Tool> kept = new ArrayList<>(request.tools().size());
        Set<String> taken = new HashSet<>();
        for (int index = 0; index < request.tools().size(); index++) {
            Tool tool = request.tools().get(index);
            String wire = wireName(tool);
            if (wire == null) {
                drops.add(Feature.BUILTIN_TOOL, "tools[" + index + "]", "the target has no such tool");
            } else if (!allowed.isEmpty() && !allowed.contains(clientName(tool))) {
                drops.add(Feature.TOOL_CHOICE, "tools[" + index + "]", "left out because it is not allowed");
            } else if (taken.add(wire)) {
                kept.add(tool);
            } else {
                drops.add(Feature.BUILTIN_TOOL, "tools[" + index + "]", "a second tool by the name " + wire);
            }
        }
        return kept;
    }

    private @Nullable String wireName(Tool tool) {
        return switch (tool) {
            case Tool.Function function -> names.wire(function.name(), function.namespace());
            case Tool.Custom custom -> names.wire(custom.name(), custom.namespace());
            case Tool.WebSearch _ -> Wire.WEB_SEARCH;
            case Tool.Builtin(var type, _) -> switch (type) {
                case WEB_FETCH, CODE_EXECUTION -> type.name().toLowerCase(Locale.ROOT);
                case FILE_SEARCH, COMPUTER, IMAGE_GENERATION, MCP, SHELL, TEXT_EDITOR, MEMORY, TOOL_SEARCH, MAPS, OTHER -> null;
            };
        };
    }

    private static String clientName(Tool tool) {
        return switch (tool) {
            case Tool.Function function -> function.name();
            case Tool.Custom custom -> custom.name();
            case Tool.WebSearch _ -> Wire.WEB_SEARCH;
            case Tool.Builtin builtin -> builtin.type().name().toLowerCase(Locale.ROOT);
        };
    }

    private void writeTools(JsonOut json) {
        if (tools.isEmpty() && answerSchema == null) {
            return;
        }
        json.array(Wire.TOOLS);
        for (Tool tool : tools) {
            json.object();
            switch (tool) {
                case Tool.Function function -> {
                    writeHead(json, tool, function.description());
                    json.raw(Wire.INPUT_SCHEMA, ObjectSchemas.ofInput(function.schema())).flag(Wire.STRICT, function.strict());
                    mark(json, function.cache());
                }
                case Tool.Custom custom -> {
                    writeHead(json, tool, custom.description());
                    json.raw(Wire.INPUT_SCHEMA, CustomTools.SCHEMA);
                    if (custom.format() != null) {
                        drops.add(Feature.TOOL_FORMAT, Wire.TOOLS, "the format of the free text of " + custom.name());
                    }
                }
                case Tool.WebSearch search -> writeSearch(json, search);
                case Tool.Builtin(var type, _) -> {
                    boolean fetch = type == Tool.Builtin.Type.WEB_FETCH;
                    betas.add(fetch ? "web-fetch-2025-09-10" : "code-execution-2025-08-25");
                    json.text(Wire.TYPE, fetch ? "web_fetch_20250910" : "code_execution_20250825").text(Wire.NAME, wireName(tool));
                }
            }
            json.close();
        }
        if (answerSchema != null) {
            json.object()
                    .text(Wire.NAME, Wire.JSON_RESPONSE)
                    .text(Wire.DESCRIPTION, "Gives the answer.")
                    .raw(Wire.INPUT_SCHEMA, ObjectSchemas.ofInput(answerSchema))
                    .close();
        }
        json.closeArray();
    }

    private void writeHead(JsonOut json, Tool tool, @Nullable String description) {
        json.text(Wire.NAME, wireName(tool)).text(Wire.DESCRIPTION, description == null || description.isEmpty() ? null : description);
    }

    private void writeSearch(JsonOut json, Tool.WebSearch search) {
        json.text(Wire.TYPE, "web_search_20250305").text(Wire.NAME, Wire.WEB_SEARCH).numberIf(Wire.MAX_USES, search.maxUses());
        if (!search.allowedDomains().isEmpty()) {
            json.texts(Wire.ALLOWED_DOMAINS, search.allowedDomains());
        }
        if (!search.blockedDomains().isEmpty()) {
            if (search.allowedDomains().isEmpty()) {
                json.texts(Wire.BLOCKED_DOMAINS, search.blockedDomains());
            } else {
                drops.add(Feature.WEB_SEARCH, Wire.TOOLS, "blocked domains beside allowed ones");
            }
        }
        if (search.contextSize() != null) {
            drops.add(Feature.WEB_SEARCH, Wire.TOOLS, "context size");
        }
        Tool.Place place = search.userLocation();
        if (place != null) {
            json.object(Wire.USER_LOCATION)
                    .text(Wire.TYPE, "approximate")
                    .text("city", place.city())
                    .text("region", place.region())
                    .text("country", place.country())
                    .text("timezone", place.timezone())
                    .close();
        }
    }

    private @Nullable Choice choice() {
        Choice own = tools.isEmpty() ? null : choice(request.toolChoice());
        if (tools.isEmpty() && request.toolChoice() != null) {
            drops.add(Feature.TOOL_CHOICE, Wire.TOOL_CHOICE, "there are no tools");
        }
        if (tools.isEmpty() && request.toolChoice() instanceof ToolChoice.NamedBuiltin(var type)) {
            throw new Unsupported(Wire.TOOL_CHOICE, "the target has no tool " + type);
        }
        if (answerSchema == null) {
            return own;
        }
        if (tools.isEmpty() || own != null && own.type().equals(Wire.NONE)) {
            return new Choice(Wire.CHOICE_TOOL, Wire.JSON_RESPONSE);
        }
        return own != null && own.type().equals(Wire.CHOICE_TOOL) ? own : new Choice(Wire.CHOICE_ANY, null);
    }

    private @Nullable Choice choice(@Nullable ToolChoice said) {
        return switch (said) {
            case null -> Boolean.FALSE.equals(request.parallelToolCalls()) ? new Choice(Wire.CHOICE_AUTO, null) : null;
            case ToolChoice.Auto _, ToolChoice.Validated _ -> new Choice(Wire.CHOICE_AUTO, null);
            case ToolChoice.None _ -> new Choice(Wire.NONE, null);
            case ToolChoice.Required _ -> new Choice(Wire.CHOICE_ANY, null);
            case ToolChoice.Allowed(_, var required) -> new Choice(required ? Wire.CHOICE_ANY : Wire.CHOICE_AUTO, null);
            case ToolChoice.Named(var name, _) -> new Choice(Wire.CHOICE_TOOL, names.wire(name, null));
            case ToolChoice.NamedBuiltin(var type) -> {
                if (tools.stream().noneMatch(tool -> type.equals(wireName(tool)))) {
                    throw new Unsupported(Wire.TOOL_CHOICE, "the target has no tool " + type);
                }
                yield new Choice(Wire.CHOICE_TOOL, type);
            }
        };
    }

    private void writeChoice(JsonOut json) {
        if (choice == null) {
            return;
        }
        boolean single = Boolean.FALSE.equals(request.parallelToolCalls()) && !choice.type().equals(Wire.NONE);
        json.object(Wire.TOOL_CHOICE)
                .text(Wire.TYPE, choice.type())
                .text(Wire.NAME, choice.name())
                .flag(Wire.DISABLE_PARALLEL, single ? true : null)
                .close();
    }

    /// How the target is asked to think, and the output limit, which depends on it.
    private record Thinking(@Nullable String type, @Nullable Long budget, @Nullable String effort, boolean omitted, long maxTokens) {

        boolean isOn() {
            return type != null && !type.equals(Wire.DISABLED);
        }

        void write(JsonOut json) {
            if (type != null) {
                json.object(Wire.THINKING)
                        .text(Wire.TYPE, type)
                        .numberIf(Wire.BUDGET_TOKENS, budget)
                        .text(Wire.DISPLAY, omitted ? Wire.OMITTED : null)
                        .close();
            }
        }
    }

    private Thinking thinking() {
        Reasoning said = request.reasoning();
        Long wanted = settings.maxTokens();
        long limit = wanted == null ? target.defaultMaxTokens() : wanted;
        if (said.isOff()) {
            // Only models that decide for themselves how much they think do so unasked.
            return new Thinking(target.thinksAdaptively() ? Wire.DISABLED : null, null, null, false, limit);
        }
        Thinking none = new Thinking(null, null, null, false, limit);
        if (!said.isOn()) {
            return none;
        }
        String obstacle = obstacle();
        if (obstacle != null) {
            drops.add(Feature.REASONING_CONTROL, "reasoning", obstacle);
            return none;
        }
        if (target.thinksAdaptively()) {
            return new Thinking(Wire.ADAPTIVE, null, effort(said), Boolean.FALSE.equals(said.include()), limit);
        }
        long budget = budget(said);
        if (wanted == null) {
            return new Thinking(Wire.ENABLED, budget, null, false, budget + target.defaultMaxTokens());
        }
        if (budget >= wanted) {
            budget = wanted - 1;
            drops.add(Feature.REASONING_CONTROL, "reasoning", "the budget must be less than the output limit");
        }
        return budget < BUDGET_MIN ? none : new Thinking(Wire.ENABLED, budget, null, false, limit);
    }

    /// Why the target would refuse to think about this request; null if it would not.
    private @Nullable String obstacle() {
        if (choice != null && choice.forces()) {
            return "no thinking when a tool is forced";
        }
        for (Turn turn : turns.reversed()) {
            if (turn.role() == Message.Role.USER && !turn.isOnlyResults()) {
                return null;
            }
            if (turn.hasCalls() && !(turn.parts().getFirst() instanceof Part.Thinking)) {
                return "the tool loop at hand began without this vendor's thoughts";
            }
        }
        return null;
    }

    private static long budget(Reasoning said) {
        if (said.budget() != null && said.budget() > 0) {
            return Math.max(BUDGET_MIN, said.budget());
        }
        return switch (said.effort()) {
            case "minimal", "low" -> BUDGET_MIN;
            case "high" -> 24_576;
            case "xhigh" -> 32_768;
            case "max" -> 65_536;
            case null, default -> BUDGET_MEDIUM;
        };
    }

    /// The level to send; null for as much as the model likes.
    private @Nullable String effort(Reasoning said) {
        Long budget = said.budget();
        String wanted = said.effort() != null ? said.effort() : budget == null || budget <= 0 ? null : Efforts.ofBudget(budget);
        if (wanted == null) {
            return null;
        }
        return Efforts.nearest(wanted.equals("minimal") ? "low" : wanted, target.efforts());
    }

    /// Asks in words for what the target has no member for.
    private void formatByPrompt() {
        switch (settings.format()) {
            case OutputFormat.JsonObject _ -> {
                drops.add(Feature.OUTPUT_FORMAT, "response_format", "JSON without a schema is asked for in words");
                system.add(new Part.Text(JSON_ONLY));
            }
            case OutputFormat.JsonSchema schema -> {
                if (target.structuredOutput().equals("prompt")) {
                    system.add(new Part.Text(JSON_BY_SCHEMA + schema.schema()));
                }
                if (schema.description() != null) {
                    drops.add(Feature.OUTPUT_FORMAT, "format", "the schema's description");
                }
            }
            case null -> {}
        }
    }

    private void writeOutputConfig(JsonOut json) {
        boolean byMember = target.structuredOutput().equals("native");
        String schema = byMember && settings.format() instanceof OutputFormat.JsonSchema format ? format.schema() : null;
        if (schema == null && thinking.effort() == null) {
            return;
        }
        json.object(Wire.OUTPUT_CONFIG).text(Wire.EFFORT, thinking.effort());
        if (schema != null) {
            json.object(Wire.FORMAT).text(Wire.TYPE, Wire.JSON_SCHEMA).raw(Wire.SCHEMA, ObjectSchemas.closed(schema)).close();
        }
        json.close();
    }

    private void writeSampling(JsonOut json) {
        BigDecimal temperature = settings.temperature();
        if (temperature != null && thinking.isOn()) {
            drops.add(Feature.TEMPERATURE, Wire.TEMPERATURE, "not with thinking");
            temperature = null;
        }
        if (temperature != null && (temperature.signum() < 0 || temperature.compareTo(BigDecimal.ONE) > 0)) {
            drops.add(Feature.TEMPERATURE, Wire.TEMPERATURE, "clamped to 0 ... 1");
            temperature = temperature.signum() < 0 ? BigDecimal.ZERO : BigDecimal.ONE;
        }
        BigDecimal topP = settings.topP();
        if (topP != null && (temperature != null || thinking.isOn() && topP.compareTo(TOP_P_WITH_THINKING_MIN) < 0)) {
            drops.add(Feature.TOP_P, Wire.TOP_P, temperature != null ? "not beside the temperature" : "not with thinking");
            topP = null;
        }
        Long topK = settings.topK();
        if (topK != null && thinking.isOn()) {
            drops.add(Feature.TOP_K, Wire.TOP_K, "not with thinking");
            topK = null;
        }
        json.number(Wire.TEMPERATURE, temperature).number(Wire.TOP_P, topP).numberIf(Wire.TOP_K, topK);
        List<String> stops = settings.stop().stream().filter(stop -> !stop.isBlank()).toList();
        if (stops.size() < settings.stop().size()) {
            drops.add(Feature.STOP, "stop", "blank sequences");
        }
        if (!stops.isEmpty()) {
            json.texts(Wire.STOP_SEQUENCES, stops);
        }
    }

    private void writeUser(JsonOut json) {
        String user = settings.user();
        if (user != null) {
            json.object(Wire.METADATA).text(Wire.USER_ID, user.length() > USER_CHARACTERS_MAX ? Ids.sha256(user) : user).close();
        }
        String tier = settings.serviceTier();
        if (tier == null) {
            return;
        }
        String known = switch (tier) {
            case "auto", "priority", "scale" -> "auto";
            case "default", "flex" -> "standard_only";
            default -> null;
        };
        if (known == null || !target.serviceTier()) {
            drops.add(Feature.SERVICE_TIER, Wire.SERVICE_TIER, known == null ? "unknown tier " + tier : "not known to the target");
        } else {
            json.text(Wire.SERVICE_TIER, known);
        }
    }

    private void dropTheRest() {
        if (settings.n() != null && settings.n() > 1) {
            throw new Unsupported("n", "the target gives one answer only");
        }
        drop(settings.seed() != null, Feature.SEED, "seed");
        drop(settings.frequencyPenalty() != null, Feature.PENALTIES, "frequency_penalty");
        drop(settings.presencePenalty() != null, Feature.PENALTIES, "presence_penalty");
        drop(!settings.logitBias().isEmpty(), Feature.LOGIT_BIAS, "logit_bias");
        drop(Boolean.TRUE.equals(settings.logprobs()) || settings.topLogprobs() != null, Feature.LOGPROBS, "logprobs");
        drop(settings.modalities().stream().anyMatch(modality -> !modality.equals("text")), Feature.MODALITIES, "modalities");
        drop(settings.verbosity() != null, Feature.VERBOSITY, "verbosity");
        drop(!settings.metadata().isEmpty(), Feature.METADATA, "metadata");
        drop(settings.promptCacheKey() != null, Feature.PROMPT_CACHE_KEY, "prompt_cache_key");
    }

    private void drop(boolean isThere, Feature feature, String path) {
        if (isThere) {
            drops.add(feature, path, "the target has nothing like it");
        }
    }
}
