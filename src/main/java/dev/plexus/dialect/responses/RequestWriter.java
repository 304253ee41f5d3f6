package dev.plexus.dialect.responses;

import dev.plexus.dialect.CustomTools;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
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
import dev.plexus.model.ToolKind;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes a request for an upstream. The input comes last, so that the bytes of one turn are the beginning of the next one's.
final class RequestWriter {

    private static final int TOOL_NAME_MAX = 64;
    private static final int CALL_ID_MAX = 64;
    private static final long MAX_OUTPUT_TOKENS_MIN = 16;
    private static final String EMPTY_SCHEMA = "{\"type\":\"object\",\"properties\":{}}";
    private static final String FAILED = "Tool execution failed.";
    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private final ChatRequest request;
    private final Settings settings;
    private final Traits target;
    private final Drops drops;
    private final ToolNames names;

    private RequestWriter(ChatRequest request, Traits target, Drops drops) {
        this.request = request;
        this.settings = request.settings();
        this.target = target;
        this.drops = drops;
        // Only clients of this dialect know namespaces, and theirs go elsewhere, so the names are joined.
        this.names = new ToolNames(request, ToolNames.Rule.plain(TOOL_NAME_MAX), false);
    }

    static Written write(ChatRequest request, Traits target, Drops drops) {
        RequestWriter writer = new RequestWriter(request, target, drops);
        byte[] body = JsonOut.document(writer::body);
        return new Written(body, writer.names, Map.of());
    }

    private void body(JsonOut json) {
        json.object().text(Wire.MODEL, target.model());
        int leading = instructions(json);
        tools(json);
        settings(json);
        reasoning(json);
        text(json);
        logprobs(json);
        json.flag("store", Boolean.FALSE);
        if (request.stream()) {
            json.flag(Wire.STREAM, Boolean.TRUE);
        }
        json.array(Wire.INPUT);
        List<Message> messages = request.messages();
        for (Message message : messages.subList(leading, messages.size())) {
            message(json, message);
        }
        json.closeArray().close();
    }

    /// The system messages at the beginning; their number.
    private int instructions(JsonOut json) {
        List<String> texts = new ArrayList<>();
        int leading = 0;
        for (; leading < request.messages().size() && request.messages().get(leading).role().isSystem(); leading++) {
            for (Part part : request.messages().get(leading).parts()) {
                if (part instanceof Part.Text text) {
                    marks(text);
                    texts.add(text.text());
                } else {
                    misplaced(part, "the system");
                }
            }
        }
        json.text(Wire.INSTRUCTIONS, texts.isEmpty() ? null : String.join("\n\n", texts));
        return leading;
    }

    private void settings(JsonOut json) {
        Long most = settings.maxTokens();
        if (most != null && most < MAX_OUTPUT_TOKENS_MIN) {
            drops.add(Feature.MAX_TOKENS, "max_tokens", "raised to the smallest that the target takes");
            most = MAX_OUTPUT_TOKENS_MIN;
        }
        json.numberIf(Wire.MAX_OUTPUT_TOKENS, most);
        if (target.isOpenAiReasoningModel()) {
            dropIf(settings.temperature() != null, Feature.TEMPERATURE, Wire.TEMPERATURE, "the model takes none");
            dropIf(settings.topP() != null, Feature.TOP_P, Wire.TOP_P, "the model takes none");
        } else {
            json.number(Wire.TEMPERATURE, settings.temperature()).number(Wire.TOP_P, settings.topP());
        }
        json.text(Wire.USER, settings.user());
        metadata(json);
        if (Boolean.FALSE.equals(target.options().serviceTier())) {
            dropIf(settings.serviceTier() != null, Feature.SERVICE_TIER, Wire.SERVICE_TIER, "the target takes none");
        } else {
            json.text(Wire.SERVICE_TIER, settings.serviceTier());
        }
        json.text(Wire.PROMPT_CACHE_KEY, settings.promptCacheKey());

        String reason = "this dialect has no such setting";
        dropIf(settings.topK() != null, Feature.TOP_K, "top_k", reason);
        dropIf(settings.seed() != null, Feature.SEED, "seed", reason);
        dropIf(settings.frequencyPenalty() != null, Feature.PENALTIES, "frequency_penalty", reason);
        dropIf(settings.presencePenalty() != null, Feature.PENALTIES, "presence_penalty", reason);
        dropIf(!settings.logitBias().isEmpty(), Feature.LOGIT_BIAS, "logit_bias", reason);
        dropIf(!settings.stop().isEmpty(), Feature.STOP, "stop", reason);
        dropIf(settings.modalities().stream().anyMatch(modality -> !modality.equals("text")), Feature.MODALITIES, "modalities", reason);
        if (settings.n() != null && settings.n() > 1) {
            throw new Unsupported("n", "the target gives one answer to a request");
        }
    }

    private void metadata(JsonOut json) {
        if (settings.metadata().isEmpty()) {
            return;
        }
        if (Boolean.FALSE.equals(target.options().metadata())) {
            drops.add(Feature.METADATA, Wire.METADATA, "the target takes none");
            return;
        }
        json.object(Wire.METADATA);
        settings.metadata().forEach((name, value) -> {
            if (value.startsWith("\"")) {
                json.raw(name, value);
            } else {
                json.text(name, value);
            }
        });
        json.close();
    }

    private void dropIf(boolean said, Feature feature, String path, String reason) {
        if (said) {
            drops.add(feature, path, reason);
        }
    }

    // Tools.

    private void tools(JsonOut json) {
        List<Tool> known = request.tools().stream().filter(this::isKnown).toList();
        ToolChoice choice = request.toolChoice();
        if (choice instanceof ToolChoice.NamedBuiltin(var type) && known.stream().noneMatch(tool -> type.equals(builtin(tool)))) {
            throw new Unsupported(Wire.TOOL_CHOICE, "the target has no tool " + type);
        }
        if (known.isEmpty()) {
            dropIf(choice != null, Feature.TOOL_CHOICE, Wire.TOOL_CHOICE, "there are no tools");
            dropIf(request.parallelToolCalls() != null, Feature.PARALLEL_TOOL_CALLS, Wire.PARALLEL_TOOL_CALLS, "there are no tools");
            return;
        }
        json.array(Wire.TOOLS);
        known.forEach(tool -> tool(json, tool));
        json.closeArray();
        if (choice != null) {
            choice(json, choice);
        }
        json.flag(Wire.PARALLEL_TOOL_CALLS, request.parallelToolCalls());
    }

    private boolean isKnown(Tool tool) {
        if (tool instanceof Tool.Builtin(var type, var name) && type != Tool.Builtin.Type.CODE_EXECUTION) {
            drops.add(Feature.BUILTIN_TOOL, Wire.TOOLS, "the target has no tool " + name);
            return false;
        }
        return true;
    }

    /// The canonical name of a tool that the provider runs, null for others.
    private static @Nullable String builtin(Tool tool) {
        return switch (tool) {
            case Tool.WebSearch _ -> Wire.WEB_SEARCH;
            case Tool.Builtin(var type, _) -> type.name().toLowerCase(Locale.ROOT);
            case Tool.Function _, Tool.Custom _ -> null;
        };
    }

    private void tool(JsonOut json, Tool tool) {
        json.object();
        switch (tool) {
            case Tool.Function function -> {
                mark(function.cache());
                json.text("type", "function")
                        .text("name", names.wire(function.name(), function.namespace()))
                        .text("description", function.description())
                        .raw("parameters", function.schema() == null ? EMPTY_SCHEMA : function.schema())
                        // Absent would mean true here.
                        .flag("strict", function.strict() == null ? Boolean.FALSE : function.strict());
            }
            case Tool.Custom custom when target.customTools() -> json.text("type", "custom")
                    .text("name", names.wire(custom.name(), custom.namespace()))
                    .text("description", custom.description())
                    .raw("format", custom.format() == null ? null : format(custom.format()));
            case Tool.Custom custom -> {
                dropIf(custom.format() != null, Feature.TOOL_FORMAT, Wire.TOOLS, "the target has no tools with free text");
                json.text("type", "function")
                        .text("name", names.wire(custom.name(), custom.namespace()))
                        .text("description", custom.description())
                        .raw("parameters", CustomTools.SCHEMA)
                        .flag("strict", Boolean.FALSE);
            }
            case Tool.WebSearch search -> webSearch(json, search);
            case Tool.Builtin _ -> json.text("type", Wire.CODE_INTERPRETER).object("container").text("type", "auto").close();
        }
        json.close();
    }

    /// The format of a tool's free text: chat has the grammar one level deeper.
    private static String format(String format) {
        var said = new Object() {
            @Nullable String syntax;
            @Nullable String definition;
        };
        byte[] bytes = format.getBytes(StandardCharsets.UTF_8);
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> in.object(name -> {
                if (name.equals("grammar") && in.isObject()) {
                    in.object(inner -> {
                        switch (inner) {
                            case "syntax" -> said.syntax = in.textIfAny();
                            case "definition" -> said.definition = in.textIfAny();
                            default -> {}
                        }
                    });
                }
            }));
        } catch (JsonIn.Bad e) {
            return format;
        }
        if (said.definition == null) {
            return format;
        }
        byte[] flat = JsonOut.document(json ->
                json.object().text("type", "grammar").text("syntax", said.syntax).text("definition", said.definition).close());
        return new String(flat, StandardCharsets.UTF_8);
    }

    private void webSearch(JsonOut json, Tool.WebSearch search) {
        json.text("type", Wire.WEB_SEARCH);
        if (!search.allowedDomains().isEmpty()) {
            json.object("filters").texts("allowed_domains", search.allowedDomains()).close();
        }
        dropIf(!search.blockedDomains().isEmpty(), Feature.WEB_SEARCH, "blocked_domains", "the target cannot exclude domains");
        dropIf(search.maxUses() != null, Feature.WEB_SEARCH, "max_uses", "the target cannot limit searches");
        json.text("search_context_size", search.contextSize());
        Tool.Place place = search.userLocation();
        if (place != null) {
            json.object("user_location")
                    .text("type", "approximate")
                    .text("city", place.city())
                    .text("region", place.region())
                    .text("country", place.country())
                    .text("timezone", place.timezone())
                    .close();
        }
    }

    private void choice(JsonOut json, ToolChoice choice) {
        switch (choice) {
            case ToolChoice.Auto _ -> json.text(Wire.TOOL_CHOICE, "auto");
            case ToolChoice.None _ -> json.text(Wire.TOOL_CHOICE, "none");
            case ToolChoice.Required _ -> json.text(Wire.TOOL_CHOICE, "required");
            case ToolChoice.Named(var name, _) -> {
                json.object(Wire.TOOL_CHOICE);
                named(json, name);
                json.close();
            }
            case ToolChoice.NamedBuiltin(var type) ->
                json.object(Wire.TOOL_CHOICE).text("type", type.equals(Wire.WEB_SEARCH) ? type : Wire.CODE_INTERPRETER).close();
            case ToolChoice.Allowed(var allowed, var required) -> allowed(json, allowed, required);
            case ToolChoice.Validated(var allowed) -> {
                drops.add(Feature.TOOL_CHOICE, Wire.TOOL_CHOICE, "the target checks arguments by each tool's own flag");
                if (allowed.isEmpty()) {
                    json.text(Wire.TOOL_CHOICE, "auto");
                } else {
                    allowed(json, allowed, false);
                }
            }
        }
    }

    private void allowed(JsonOut json, List<String> allowed, boolean required) {
        json.object(Wire.TOOL_CHOICE).text("type", "allowed_tools").text("mode", required ? "required" : "auto").array(Wire.TOOLS);
        for (String name : allowed) {
            json.object();
            named(json, name);
            json.close();
        }
        json.closeArray().close();
    }

    /// The members that name a tool of the client's.
    private void named(JsonOut json, String name) {
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Custom custom && custom.name().equals(name)) {
                json.text("type", target.customTools() ? "custom" : "function").text("name", names.wire(name, custom.namespace()));
                return;
            }
            if (tool instanceof Tool.Function function && function.name().equals(name)) {
                json.text("type", "function").text("name", names.wire(name, function.namespace()));
                return;
            }
        }
        json.text("type", "function").text("name", names.wire(name, null));
    }

    // Reasoning and the form of the answer.

    private void reasoning(JsonOut json) {
        Reasoning wish = request.reasoning();
        String effort = effort(wish);
        String summary = wish.summary() != null ? wish.summary() : Boolean.TRUE.equals(wish.include()) && !wish.isOff() ? "auto" : null;
        if (effort != null || summary != null) {
            json.object(Wire.REASONING).text("effort", effort).text("summary", summary).close();
        }
    }

    private @Nullable String effort(Reasoning wish) {
        if (wish.isOff()) {
            return accepted("none");
        }
        if (wish.effort() != null) {
            return accepted(wish.effort());
        }
        Long budget = wish.budget();
        if (budget == null || budget < 0) {
            return null;
        }
        drops.add(Feature.REASONING_CONTROL, "reasoning budget", "the target takes an effort instead of a number of tokens");
        return accepted(budget == 0 ? "none" : budget <= 1024 ? "low" : budget <= 8192 ? "medium" : "high");
    }

    /// The nearest lower effort that the target takes, else the nearest higher one.
    private String accepted(String effort) {
        List<String> taken = target.efforts();
        int wanted = EFFORTS.indexOf(effort);
        if (taken == null || taken.isEmpty() || taken.contains(effort) || wanted < 0) {
            return effort;
        }
        drops.add(Feature.REASONING_CONTROL, "reasoning effort", "the target does not take " + effort);
        for (int lower = wanted - 1; lower >= 0; lower--) {
            if (taken.contains(EFFORTS.get(lower))) {
                return EFFORTS.get(lower);
            }
        }
        for (int higher = wanted + 1; higher < EFFORTS.size(); higher++) {
            if (taken.contains(EFFORTS.get(higher))) {
                return EFFORTS.get(higher);
            }
        }
        return effort;
    }

    private void text(JsonOut json) {
        OutputFormat format = settings.format();
        if (format == null && settings.verbosity() == null) {
            return;
        }
        json.object(Wire.TEXT);
        switch (format) {
            case null -> {}
            case OutputFormat.JsonObject _ -> json.object("format").text("type", "json_object").close();
            case OutputFormat.JsonSchema(var name, var description, var schema, var strict) -> json.object("format")
                    .text("type", "json_schema")
                    .text("name", Objects.requireNonNullElse(name, "response"))
                    .text("description", description)
                    .raw("schema", schema)
                    .flag("strict", strict)
                    .close();
        }
        json.text("verbosity", settings.verbosity()).close();
    }

    private void logprobs(JsonOut json) {
        boolean wanted = Boolean.TRUE.equals(settings.logprobs());
        if (wanted) {
            json.numberIf(Wire.TOP_LOGPROBS, settings.topLogprobs());
        }
        json.texts(Wire.INCLUDE, wanted ? List.of(Wire.INCLUDE_ENCRYPTED, Wire.INCLUDE_LOGPROBS) : List.of(Wire.INCLUDE_ENCRYPTED));
    }

    // Messages.

    private void message(JsonOut json, Message message) {
        switch (message.role()) {
            case SYSTEM -> spoken(json, "system", message.parts());
            case DEVELOPER -> spoken(json, "developer", message.parts());
            case USER -> {
                for (Part part : message.parts()) {
                    if (part instanceof Part.ToolResult result) {
                        result(json, result);
                    }
                }
                spoken(json, "user", message.parts().stream().filter(part -> !(part instanceof Part.ToolResult)).toList());
            }
            case ASSISTANT -> assistant(json, message.parts());
        }
    }

    /// A message of the user's or the system's.
    private void spoken(JsonOut json, String role, List<Part> parts) {
        if (parts.isEmpty()) {
            return;
        }
        json.object().text("type", Wire.MESSAGE).text("role", role).array("content");
        parts.forEach(part -> piece(json, part));
        json.closeArray().close();
    }

    private void result(JsonOut json, Part.ToolResult result) {
        mark(result.cache());
        dropIf(result.isError(), Feature.TOOL_ERROR_FLAG, "tool result " + result.callId(), "the target has no such flag");
        boolean custom = result.kind() == ToolKind.CUSTOM && target.customTools();
        json.object()
                .text("type", custom ? Wire.CUSTOM_TOOL_CALL_OUTPUT : Wire.FUNCTION_CALL_OUTPUT)
                .text("call_id", callId(result.callId()));
        if (result.parts().stream().allMatch(part -> part instanceof Part.Text)) {
            StringBuilder output = new StringBuilder();
            for (Part part : result.parts()) {
                if (part instanceof Part.Text text) {
                    marks(text);
                    output.append(output.isEmpty() ? "" : "\n").append(text.text());
                }
            }
            json.text("output", output.isEmpty() && result.isError() ? FAILED : output.toString());
        } else {
            json.array("output");
            result.parts().forEach(part -> piece(json, part));
            json.closeArray();
        }
        json.close();
    }

    /// One piece of the content of a message, or of what came of a tool.
    private void piece(JsonOut json, Part part) {
        switch (part) {
            case Part.Text text -> {
                marks(text);
                inputText(json, text.text());
            }
            case Part.Refusal(var text) -> inputText(json, text);
            case Part.Image image -> image(json, image);
            case Part.Document document -> document(json, document);
            case Part.Audio audio -> audio(json, audio);
            case Part.SearchResult result -> {
                mark(result.cache());
                framed(json, "title=\"" + attribute(result.title()) + "\" source=\"" + attribute(result.source()) + "\"", result.parts());
            }
            case Part.Video _ -> throw new Unsupported("video", "the target takes no video");
            case Part.Thinking _, Part.ToolCall _, Part.ToolResult _, Part.Opaque _ -> misplaced(part, "the user");
        }
    }

    private static void inputText(JsonOut json, String text) {
        json.object().text("type", "input_text").text("text", text).close();
    }

    private void image(JsonOut json, Part.Image image) {
        mark(image.cache());
        json.object().text("type", "input_image");
        switch (image.source()) {
            case Source.Base64 data -> json.text("image_url", dataUrl(data));
            case Source.Url(var url, _) -> json.text("image_url", url);
            case Source.File file -> json.text("file_id", fileId(file));
            case Source.Text _, Source.Parts _ -> throw new Unsupported("image", "an image cannot be text");
        }
        json.text("detail", Objects.requireNonNullElse(image.detail(), "auto")).close();
    }

    private void document(JsonOut json, Part.Document document) {
        mark(document.cache());
        dropIf(document.context() != null, Feature.DOCUMENT, "document.context", "the target has no place for it");
        dropIf(document.citationsEnabled(), Feature.CITATIONS, "document.citations", "the target does not cite documents");
        String name = document.filename() != null ? document.filename() : document.title();
        switch (document.source()) {
            case Source.Base64 data -> json.object()
                    .text("type", "input_file")
                    .text("filename", name)
                    .text("file_data", dataUrl(data))
                    .close();
            case Source.Url(var url, _) -> json.object().text("type", "input_file").text("file_url", url).close();
            case Source.File file -> json.object().text("type", "input_file").text("file_id", fileId(file)).close();
            case Source.Text(var text) -> framed(json, title(name), List.of(new Part.Text(text)));
            case Source.Parts(var parts) -> framed(json, title(name), parts);
        }
    }

    private static String title(@Nullable String name) {
        return name == null ? "" : "title=\"" + attribute(name) + "\"";
    }

    /// A document in words; what in it is no text follows by itself.
    private void framed(JsonOut json, String attributes, List<Part> parts) {
        StringBuilder text = new StringBuilder("<document").append(attributes.isEmpty() ? "" : " ").append(attributes).append(">\n");
        List<Part> others = new ArrayList<>(0);
        for (Part part : parts) {
            if (part instanceof Part.Text(var words, _, _, _)) {
                text.append(words).append('\n');
            } else {
                others.add(part);
            }
        }
        inputText(json, text.append("</document>").toString());
        others.forEach(part -> piece(json, part));
    }

    private static String attribute(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;");
    }

    private static void audio(JsonOut json, Part.Audio audio) {
        if (!(audio.source() instanceof Source.Base64(var mime, var data))) {
            throw new Unsupported("audio", "the target takes audio only within the request");
        }
        String format = switch (audio.format() != null ? audio.format() : mime.substring(mime.indexOf('/') + 1)) {
            case "wav", "x-wav", "wave", "vnd.wave" -> "wav";
            case "mp3", "mpeg" -> "mp3";
            default -> throw new Unsupported("audio", "the target takes only wav and mp3");
        };
        json.object().text("type", "input_audio").object("input_audio").text("data", data).text("format", format).close().close();
    }

    private static String dataUrl(Source.Base64 source) {
        return "data:" + source.mime() + ";base64," + source.data();
    }

    private static String fileId(Source.File file) {
        if (!file.vendor().equals("openai")) {
            throw new Unsupported("file_id", "the file is with another vendor");
        }
        return file.id();
    }

    /// The items of an assistant's message; texts beside one another are one message.
    private void assistant(JsonOut json, List<Part> parts) {
        boolean open = false;
        for (Part part : parts) {
            boolean said = part instanceof Part.Text || part instanceof Part.Refusal;
            if (said != open && (said || isItem(part))) {
                if (said) {
                    json.object().text("type", Wire.MESSAGE).text("role", "assistant").array("content");
                } else {
                    json.closeArray().close();
                }
                open = said;
            }
            switch (part) {
                case Part.Text text -> {
                    marks(text);
                    dropIf(!text.citations().isEmpty(), Feature.CITATIONS, "assistant text", "citations are not sent back");
                    json.object().text("type", Wire.OUTPUT_TEXT).text("text", text.text()).array("annotations").closeArray().close();
                }
                case Part.Refusal(var text) -> json.object().text("type", Wire.REFUSAL).text("refusal", text).close();
                case Part.Thinking thinking -> thinking(json, thinking);
                case Part.ToolCall call -> call(json, call);
                case Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.SearchResult _, Part.ToolResult _, Part.Opaque _ ->
                    misplaced(part, "the assistant");
            }
        }
        if (open) {
            json.closeArray().close();
        }
    }

    /// True if the part is an item by itself.
    private static boolean isItem(Part part) {
        return part instanceof Part.ToolCall || part instanceof Part.Thinking(_, var secret) && isOwn(secret);
    }

    private static boolean isOwn(@Nullable Secret secret) {
        return secret != null && secret.dialect() == DialectId.RESPONSES;
    }

    private void thinking(JsonOut json, Part.Thinking thinking) {
        Secret secret = thinking.secret();
        if (secret == null || !isOwn(secret)) {
            drops.add(
                    secret == null ? Feature.THINKING : Feature.SIGNATURE,
                    "assistant thinking",
                    "thoughts go back only with the secret of the target's own vendor");
            return;
        }
        json.object().text("type", Wire.REASONING_ITEM).text("id", secret.itemId()).array("summary");
        if (!thinking.text().isEmpty()) {
            json.object().text("type", Wire.SUMMARY_TEXT).text("text", thinking.text()).close();
        }
        json.closeArray().text("encrypted_content", secret.value()).close();
    }

    private void call(JsonOut json, Part.ToolCall call) {
        dropIf(call.signature() != null, Feature.SIGNATURE, "tool call " + call.id(), "the signature is of another vendor");
        boolean custom = call.kind() == ToolKind.CUSTOM;
        boolean free = custom && target.customTools();
        String itemId = call.itemId();
        json.object()
                .text("type", free ? Wire.CUSTOM_TOOL_CALL : Wire.FUNCTION_CALL)
                .text("id", itemId != null && itemId.startsWith(free ? "ctc_" : "fc_") ? itemId : null)
                .text("call_id", callId(call.id()))
                .text("name", names.wire(call.name(), call.namespace()));
        if (free) {
            json.text("input", call.arguments());
        } else {
            json.text("arguments", custom ? CustomTools.wrap(call.arguments()) : call.arguments().isBlank() ? "{}" : call.arguments());
        }
        json.close();
    }

    /// The id of a call as this vendor takes it; some clients join it with that of the item.
    private static String callId(String id) {
        int bar = id.indexOf("|fc_");
        return Ids.atMost(bar > 0 ? id.substring(0, bar) : id, CALL_ID_MAX);
    }

    private void marks(Part.Text text) {
        mark(text.cache());
        dropIf(text.signature() != null, Feature.SIGNATURE, "text", "the signature is of another vendor");
    }

    private void mark(@Nullable CacheMark cache) {
        dropIf(cache != null, Feature.CACHE_MARK, "cache_control", "the target caches by itself");
    }

    private void misplaced(Part part, String role) {
        Feature feature = switch (part) {
            case Part.Image _ -> Feature.IMAGE;
            case Part.Audio _ -> Feature.AUDIO;
            case Part.Video _ -> Feature.VIDEO;
            case Part.Document _ -> Feature.DOCUMENT;
            case Part.SearchResult _ -> Feature.SEARCH_RESULT;
            case Part.Thinking _ -> Feature.THINKING;
            case Part.Text _, Part.Refusal _, Part.ToolCall _, Part.ToolResult _, Part.Opaque _ -> Feature.NATIVE_PART;
        };
        drops.add(feature, "messages", "the target takes no such part from " + role);
    }
}
