package dev.plexus.dialect.chat;

import dev.plexus.dialect.CustomTools;
import dev.plexus.dialect.DataUrls;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Efforts;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.ToolLoop;
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

/// Writes a request for an upstream.
///
/// The order of the members is fixed and the messages come last, so that the body of a turn is the beginning of the next turn's body: prompt caches
/// live on that.
final class RequestWriter {

    private static final int NAME_CHARACTERS_MAX = 64;
    private static final int ID_CHARACTERS_MAX = 40;
    private static final int STOPS_MAX = 4;
    private static final String UNKNOWN_THERE = "the target does not know it";
    private static final String EMPTY_SCHEMA = "{\"type\":\"object\",\"properties\":{}}";

    private final ChatRequest request;
    private final Traits target;
    private final Drops drops;
    private final ToolNames names;
    private final JsonOut json;

    private RequestWriter(ChatRequest request, Traits target, Drops drops, ToolNames names, JsonOut json) {
        this.request = request;
        this.target = target;
        this.drops = drops;
        this.names = names;
        this.json = json;
    }

    static Written write(ChatRequest request, Traits target, Drops drops) {
        ToolNames names = new ToolNames(request, ToolNames.Rule.plain(NAME_CHARACTERS_MAX), false);
        byte[] body = JsonOut.document(json -> new RequestWriter(request, target, drops, names, json).write());
        return new Written(body, names, Map.of());
    }

    private void write() {
        json.object().text(Wire.MODEL, target.model());
        if (request.stream()) {
            json.flag(Wire.STREAM, true);
            json.object(Wire.STREAM_OPTIONS).flag(Wire.INCLUDE_USAGE, true).close();
        }
        new Tools().write();
        settings(request.settings());
        reasoning(request.reasoning());
        new Conversation().write();
        json.close();
    }

    private void settings(Settings settings) {
        json.numberIf(target.maxTokensField(), settings.maxTokens());
        json.number("temperature", settings.temperature());
        json.number("top_p", settings.topP());
        if (carried(settings.topK() != null, target.topK(), Feature.TOP_K, "top_k")) {
            json.numberIf("top_k", settings.topK());
        }
        json.numberIf("seed", settings.seed());
        json.number("frequency_penalty", settings.frequencyPenalty());
        json.number("presence_penalty", settings.presencePenalty());
        json.numberIf("n", settings.n());
        values("logit_bias", settings.logitBias());
        stops(settings.stop());
        json.flag("logprobs", settings.logprobs());
        json.numberIf("top_logprobs", settings.topLogprobs());
        if (!settings.modalities().isEmpty()) {
            json.texts("modalities", settings.modalities());
        }
        format(settings.format());
        json.text("verbosity", settings.verbosity());
        json.text("user", settings.user());
        if (carried(!settings.metadata().isEmpty(), target.metadata(), Feature.METADATA, "metadata")) {
            values("metadata", settings.metadata());
        }
        if (carried(settings.serviceTier() != null, target.serviceTier(), Feature.SERVICE_TIER, "service_tier")) {
            json.text("service_tier", settings.serviceTier());
        }
        json.text("prompt_cache_key", settings.promptCacheKey());
    }

    /// True if the value is there and the target takes it; it is a drop where only the latter fails.
    private boolean carried(boolean present, boolean taken, Feature feature, String path) {
        if (present && !taken) {
            drops.add(feature, path, UNKNOWN_THERE);
        }
        return present && taken;
    }

    private void values(String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            json.object(name);
            values.forEach(json::raw);
            json.close();
        }
    }

    private void stops(List<String> stops) {
        if (stops.size() > STOPS_MAX) {
            drops.add(Feature.STOP, "stop", "no more than " + STOPS_MAX + " sequences");
        }
        if (!stops.isEmpty()) {
            json.texts("stop", stops.subList(0, Math.min(stops.size(), STOPS_MAX)));
        }
    }

    private void format(@Nullable OutputFormat format) {
        switch (format) {
            case null -> {}
            case OutputFormat.JsonObject() -> json.object("response_format").text("type", "json_object").close();
            case OutputFormat.JsonSchema(var name, var description, var schema, var strict) -> json.object("response_format")
                    .text("type", "json_schema")
                    .object("json_schema")
                    .text("name", name == null ? "response" : name)
                    .text("description", description)
                    .raw("schema", schema)
                    .flag("strict", strict)
                    .close()
                    .close();
        }
    }

    private void reasoning(Reasoning reasoning) {
        if (!reasoning.isOn() && !reasoning.isOff()) {
            if (target.reasoningStyle().equals("openrouter") && Boolean.FALSE.equals(reasoning.include())) {
                json.object("reasoning").flag("exclude", true).close();
            }
            return;
        }
        switch (target.reasoningStyle()) {
            case "openrouter" -> openRouter(reasoning);
            case "thinking" -> json.object("thinking").text("type", reasoning.isOff() ? "disabled" : "enabled").close();
            case "enable_thinking" -> {
                json.flag("enable_thinking", !reasoning.isOff());
                json.numberIf("thinking_budget", reasoning.isOff() ? null : reasoning.budget());
            }
            case "none" -> drops.add(Feature.REASONING_CONTROL, "reasoning", UNKNOWN_THERE);
            default -> effort(reasoning);
        }
    }

    private void openRouter(Reasoning reasoning) {
        json.object("reasoning");
        String effort = reasoning.isOff() ? "none" : reasoning.effort();
        if (effort != null) {
            json.text("effort", Efforts.nearest(effort, target.efforts()));
        } else if (reasoning.budget() != null) {
            json.numberIf("max_tokens", reasoning.budget());
        } else {
            json.flag("enabled", true);
        }
        json.flag("exclude", Boolean.FALSE.equals(reasoning.include()) ? true : null).close();
    }

    private void effort(Reasoning reasoning) {
        String effort;
        if (reasoning.isOff()) {
            effort = Efforts.off(target);
        } else if (reasoning.effort() != null) {
            effort = Efforts.nearest(reasoning.effort(), target.efforts());
        } else {
            effort = reasoning.budget() == null ? null : Efforts.nearest(Efforts.ofBudget(reasoning.budget()), target.efforts());
        }
        if (effort == null) {
            drops.add(Feature.REASONING_CONTROL, "reasoning", "the target is left to its own measure");
        }
        json.text("reasoning_effort", effort);
    }

    /// Writes the tools, and which of them are to be used.
    private final class Tools {

        private List<Tool> tools = request.tools();
        private @Nullable ToolChoice choice = request.toolChoice();

        void write() {
            narrow();
            boolean open = false;
            Tool.WebSearch search = null;
            for (Tool tool : tools) {
                boolean isTool = switch (tool) {
                    case Tool.Function _, Tool.Custom _ -> true;
                    case Tool.WebSearch found -> {
                        search = found;
                        yield target.webSearch().equals("tool");
                    }
                    case Tool.Builtin(_, var name) -> {
                        drops.add(Feature.BUILTIN_TOOL, "tools", name);
                        yield false;
                    }
                };
                if (isTool) {
                    if (!open) {
                        json.array(Wire.TOOLS);
                        open = true;
                    }
                    write(tool);
                }
            }
            if (open) {
                json.closeArray();
            }
            search(search);
            choice(open, search != null);
        }

        /// Leaves only the allowed tools to a target that cannot be told which ones are.
        private void narrow() {
            switch (choice) {
                case ToolChoice.Allowed(var allowed, var required) when !target.isOpenAi() -> {
                    if (required && allowed.size() == 1) {
                        choice = new ToolChoice.Named(allowed.getFirst(), ToolKind.FUNCTION);
                    } else {
                        keep(allowed);
                        choice = required ? new ToolChoice.Required() : new ToolChoice.Auto();
                    }
                }
                case ToolChoice.Validated(var allowed) -> {
                    if (!allowed.isEmpty()) {
                        keep(allowed);
                    }
                    choice = new ToolChoice.Auto();
                }
                case null -> {}
                case ToolChoice.Auto _, ToolChoice.None _, ToolChoice.Required _, ToolChoice.Named _, ToolChoice.NamedBuiltin _,
                     ToolChoice.Allowed _ -> {}
            }
        }

        private void keep(List<String> allowed) {
            tools = tools.stream().filter(tool -> switch (tool) {
                case Tool.Function function -> allowed.contains(function.name());
                case Tool.Custom custom -> allowed.contains(custom.name());
                case Tool.WebSearch _, Tool.Builtin _ -> false;
            }).toList();
        }

        private void write(Tool tool) {
            switch (tool) {
                case Tool.Function function -> {
                    json.object().text("type", "function").object("function")
                            .text("name", names.wire(function.name(), function.namespace()))
                            .text("description", function.description())
                            .raw("parameters", function.schema() == null ? EMPTY_SCHEMA : function.schema())
                            .flag("strict", function.strict())
                            .close();
                    cache(function.cache(), "tools");
                    json.close();
                }
                case Tool.Custom custom -> custom(custom);
                case Tool.WebSearch search -> {
                    json.object().text("type", "web_search").text("search_context_size", search.contextSize());
                    place(search.userLocation());
                    json.close();
                }
                case Tool.Builtin _ -> {}
            }
        }

        private void custom(Tool.Custom custom) {
            String name = names.wire(custom.name(), custom.namespace());
            if (target.customTools()) {
                json.object().text("type", "custom").object("custom").text("name", name).text("description", custom.description());
                format(custom.format());
                json.close().close();
                return;
            }
            if (custom.format() != null) {
                drops.add(Feature.TOOL_FORMAT, "tools", "the target takes functions only");
            }
            json.object().text("type", "function").object("function")
                    .text("name", name)
                    .text("description", custom.description())
                    .raw("parameters", CustomTools.SCHEMA)
                    .close().close();
        }

        /// The hub keeps the flat form of the Responses API; here a grammar has an object of its own.
        private void format(@Nullable String format) {
            if (format == null) {
                return;
            }
            var seen = new Object() {
                @Nullable String syntax;
                @Nullable String definition;
            };
            byte[] bytes = format.getBytes(StandardCharsets.UTF_8);
            JsonIn.read(bytes, 0, bytes.length, in -> in.object(name -> {
                switch (name) {
                    case "syntax" -> seen.syntax = in.textIfAny();
                    case "definition" -> seen.definition = in.textIfAny();
                    default -> {}
                }
            }));
            if (seen.definition == null) {
                json.raw("format", format);
                return;
            }
            json.object("format").text("type", "grammar").object("grammar")
                    .text("syntax", seen.syntax)
                    .text("definition", seen.definition)
                    .close().close();
        }

        private void search(Tool.@Nullable WebSearch search) {
            if (search == null) {
                return;
            }
            if (!search.allowedDomains().isEmpty() || !search.blockedDomains().isEmpty() || search.maxUses() != null) {
                drops.add(Feature.WEB_SEARCH, "tools", "bounds on domains and uses");
            }
            switch (target.webSearch()) {
                case "options" -> {
                    json.object("web_search_options").text("search_context_size", search.contextSize());
                    place(search.userLocation());
                    json.close();
                }
                case "openrouter" -> json.array("plugins").object().text("id", "web").close().closeArray();
                case "tool" -> {}
                default -> drops.add(Feature.WEB_SEARCH, "tools", UNKNOWN_THERE);
            }
        }

        private void place(Tool.@Nullable Place place) {
            if (place != null) {
                json.object("user_location").text("type", "approximate").object("approximate")
                        .text("city", place.city())
                        .text("region", place.region())
                        .text("country", place.country())
                        .text("timezone", place.timezone())
                        .close().close();
            }
        }

        private void choice(boolean any, boolean searches) {
            if (choice instanceof ToolChoice.NamedBuiltin(var type)) {
                boolean possible = type.equals("web_search") && searches && !target.webSearch().equals("none");
                if (!possible) {
                    throw new Unsupported("tool_choice", "the target has no tool " + type);
                }
                if (!target.webSearch().equals("tool")) {
                    drops.add(Feature.TOOL_CHOICE, "tool_choice", "web search is not a tool there");
                    choice = null;
                }
            }
            if (!any) {
                if (choice != null) {
                    drops.add(Feature.TOOL_CHOICE, "tool_choice", "there are no tools");
                }
                return;
            }
            switch (choice) {
                case null -> {}
                case ToolChoice.Auto(), ToolChoice.Validated _ -> json.text("tool_choice", "auto");
                case ToolChoice.None() -> json.text("tool_choice", "none");
                case ToolChoice.Required() -> json.text("tool_choice", "required");
                case ToolChoice.NamedBuiltin(var type) -> json.object("tool_choice").text("type", type).close();
                case ToolChoice.Named(var name, _) -> named(json.name("tool_choice"), name);
                case ToolChoice.Allowed(var allowed, var required) -> {
                    json.object("tool_choice").text("type", "allowed_tools").object("allowed_tools")
                            .text("mode", required ? "required" : "auto")
                            .array(Wire.TOOLS);
                    allowed.forEach(name -> named(json, name));
                    json.closeArray().close().close();
                }
            }
            json.flag(Wire.PARALLEL_TOOL_CALLS, request.parallelToolCalls());
        }

        private void named(JsonOut json, String name) {
            String namespace = null;
            String type = "function";
            for (Tool tool : request.tools()) {
                if (tool instanceof Tool.Function function && function.name().equals(name)) {
                    namespace = function.namespace();
                } else if (tool instanceof Tool.Custom custom && custom.name().equals(name)) {
                    namespace = custom.namespace();
                    type = target.customTools() ? "custom" : type;
                }
            }
            json.object().text("type", type).object(type).text("name", names.wire(name, namespace)).close().close();
        }
    }

    /// The mark on what `json` is in the middle of, as far as the target knows such marks.
    private void cache(@Nullable CacheMark mark, String path) {
        if (mark == null) {
            return;
        }
        if (target.cacheControl()) {
            json.object("cache_control").text("type", "ephemeral").text("ttl", mark.ttl()).close();
        } else if (target.promptCacheBreakpoint()) {
            json.object("prompt_cache_breakpoint").text("mode", "explicit").close();
        } else {
            drops.add(Feature.CACHE_MARK, path, UNKNOWN_THERE);
        }
    }

    private boolean marksCaches() {
        return target.cacheControl() || target.promptCacheBreakpoint();
    }

    /// Writes the messages.
    private final class Conversation {

        private final boolean replaysAll = target.reasoningReplay().equals("always");
        private final boolean replaysLoop = target.reasoningReplay().equals("tool_loop");
        private final boolean replaysSecrets = replaysAll || replaysLoop || target.reasoningStyle().equals("openrouter");
        private String path = "";

        void write() {
            int loop = ToolLoop.start(request.messages());
            json.array(Wire.MESSAGES);
            for (int index = 0; index < request.messages().size(); index++) {
                Message message = request.messages().get(index);
                path = "messages[" + index + "]";
                switch (message.role()) {
                    case SYSTEM, DEVELOPER -> system(message);
                    case USER -> user(message);
                    case ASSISTANT -> assistant(message, replaysAll || replaysLoop && index > loop);
                }
            }
            json.closeArray();
        }

        private void system(Message message) {
            boolean developer = message.role() == Message.Role.DEVELOPER;
            if (developer && !target.developerRole()) {
                drops.add(Feature.DEVELOPER_ROLE, path, "became a system message");
            }
            List<Part> parts = new ArrayList<>();
            for (Part part : message.parts()) {
                plain(part, parts);
            }
            if (!parts.isEmpty()) {
                json.object().text(Wire.ROLE, developer && target.developerRole() ? "developer" : "system");
                content(parts);
                json.close();
            }
        }

        /// Results become messages of their own; what they hold besides text goes into the user's message, after them.
        private void user(Message message) {
            List<Part> rest = new ArrayList<>();
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolResult result) {
                    result(result, rest);
                }
            }
            for (Part part : message.parts()) {
                if (!(part instanceof Part.ToolResult)) {
                    plain(part, rest);
                }
            }
            if (!rest.isEmpty()) {
                json.object().text(Wire.ROLE, "user");
                content(rest);
                json.close();
            }
        }

        private void result(Part.ToolResult result, List<Part> rest) {
            List<Part> parts = new ArrayList<>();
            for (Part part : result.parts()) {
                plain(part, parts);
            }
            StringBuilder text = new StringBuilder();
            List<Part> attached = new ArrayList<>(0);
            CacheMark cache = result.cache();
            boolean first = true;
            for (Part part : parts) {
                if (part instanceof Part.Text words) {
                    text.append(first ? "" : "\n").append(words.text());
                    first = false;
                    cache = words.cache() != null ? words.cache() : cache;
                } else {
                    attached.add(part);
                }
            }
            if (result.isError()) {
                drops.add(Feature.TOOL_ERROR_FLAG, path, "tool messages have no such flag");
            }
            if (text.isEmpty() && !attached.isEmpty()) {
                text.append("(see attached content)");
            } else if (text.isEmpty() && result.isError()) {
                text.append("Tool execution failed.");
            }
            String id = id(result.callId());
            if (!attached.isEmpty()) {
                rest.add(new Part.Text("Attachment from tool call " + id + ":"));
                rest.addAll(attached);
            }
            json.object().text(Wire.ROLE, "tool").text("tool_call_id", id);
            content(List.of(new Part.Text(text.toString(), List.of(), cache, null)));
            json.close();
        }

        private void assistant(Message message, boolean replays) {
            List<Part> texts = new ArrayList<>();
            List<Part.ToolCall> calls = new ArrayList<>();
            List<Part.Thinking> thoughts = new ArrayList<>();
            StringBuilder refusal = new StringBuilder();
            for (Part part : message.parts()) {
                switch (part) {
                    case Part.Text text -> plain(text, texts);
                    case Part.Refusal(var words) -> refusal.append(words);
                    case Part.ToolCall call -> calls.add(call);
                    case Part.Thinking thinking -> thoughts.add(thinking);
                    case Part.SearchResult _, Part.Document _ -> plain(part, texts);
                    case Part.Image _, Part.Audio _, Part.Video _, Part.ToolResult _, Part.Opaque _ ->
                            drops.add(Feature.NATIVE_PART, path, "an assistant's message does not hold it");
                }
            }
            List<Part.Thinking> signed = signed(thoughts);
            List<Part.Thinking> visible = replays ? thoughts.stream().filter(thought -> !thought.text().isEmpty()).toList() : List.of();
            thoughts.stream().filter(thought -> !signed.contains(thought) && !visible.contains(thought))
                    .forEach(_ -> drops.add(Feature.THINKING, path, "the target does not take its thoughts back"));
            if (texts.isEmpty() && calls.isEmpty() && refusal.isEmpty() && signed.isEmpty() && visible.isEmpty()) {
                return;
            }
            json.object().text(Wire.ROLE, "assistant");
            if (!texts.isEmpty()) {
                joined(texts);
            } else if (calls.isEmpty() && refusal.isEmpty()) {
                json.text("content", "");
            } else {
                json.nothing("content");
            }
            json.text("refusal", refusal.isEmpty() ? null : refusal.toString());
            if (!visible.isEmpty()) {
                json.text("reasoning_content", String.join("\n\n", visible.stream().map(Part.Thinking::text).toList()));
            }
            details(signed);
            calls(calls);
            json.close();
        }

        /// The thoughts that an upstream of this dialect has signed, where this target is one that wants them back.
        private List<Part.Thinking> signed(List<Part.Thinking> thoughts) {
            return !replaysSecrets ? List.of() : thoughts.stream()
                    .filter(thought -> thought.secret() != null && thought.secret().dialect() == DialectId.CHAT)
                    .toList();
        }

        private void details(List<Part.Thinking> signed) {
            if (signed.isEmpty()) {
                return;
            }
            json.array("reasoning_details");
            for (int index = 0; index < signed.size(); index++) {
                Part.Thinking thought = signed.get(index);
                Wire.Detail.write(json, Objects.requireNonNull(thought.secret()), thought.text(), index);
            }
            json.closeArray();
        }

        private void calls(List<Part.ToolCall> calls) {
            if (calls.isEmpty()) {
                return;
            }
            json.array("tool_calls");
            for (Part.ToolCall call : calls) {
                boolean custom = call.kind() == ToolKind.CUSTOM;
                String name = names.wire(call.name(), call.namespace());
                json.object().text("id", id(call.id()));
                if (custom && target.customTools()) {
                    json.text("type", "custom").object("custom").text("name", name).text("input", call.arguments()).close();
                } else {
                    String arguments = custom ? CustomTools.wrap(call.arguments()) : call.arguments().isBlank() ? "{}" : call.arguments();
                    json.text("type", "function").object("function").text("name", name).text("arguments", arguments).close();
                }
                signature(call.signature());
                json.close();
            }
            json.closeArray();
        }

        /// Gemini models want the signatures of their calls back in this dialect too; others might refuse the member.
        private void signature(@Nullable Secret secret) {
            if (secret == null) {
                return;
            }
            boolean isGemini = target.isGoogle() || target.model().toLowerCase(Locale.ROOT).contains("gemini");
            if (secret.dialect() == DialectId.GEMINI && isGemini) {
                Wire.thoughtSignature(json, secret);
            } else {
                drops.add(Feature.SIGNATURE, path, "made by another vendor");
            }
        }

        private String id(String id) {
            return switch (target.toolIdStyle()) {
                case "max40" -> Ids.atMost(id, ID_CHARACTERS_MAX);
                case "alnum9" -> Ids.alnum9(id);
                case "anthropic" -> Ids.forAnthropic(id);
                case null, default -> id;
            };
        }

        /// The assistant's texts as one string; in pieces only where one of them has a mark for the cache.
        private void joined(List<Part> texts) {
            if (marksCaches() && texts.stream().anyMatch(part -> part instanceof Part.Text text && text.cache() != null)) {
                content(texts);
                return;
            }
            StringBuilder all = new StringBuilder();
            for (Part part : texts) {
                if (part instanceof Part.Text text) {
                    all.append(text.text());
                    cache(text.cache(), path);
                } else {
                    drops.add(Feature.NATIVE_PART, path, "an assistant's message does not hold it");
                }
            }
            json.text("content", all.toString());
        }

        private void content(List<Part> parts) {
            if (parts.size() == 1 && parts.getFirst() instanceof Part.Text only && (only.cache() == null || !marksCaches())) {
                cache(only.cache(), path);
                json.text("content", only.text());
                return;
            }
            json.array("content");
            for (Part part : parts) {
                write(part);
            }
            json.closeArray();
        }

        private void write(Part part) {
            switch (part) {
                case Part.Text text -> {
                    json.object().text("type", "text").text("text", text.text());
                    cache(text.cache(), path);
                    json.close();
                }
                case Part.Image(var source, var detail, var cache) -> {
                    json.object().text("type", "image_url").object("image_url").text("url", url(source)).text("detail", detail).close();
                    cache(cache, path);
                    json.close();
                }
                case Part.Video(var source) -> {
                    if (target.isOpenAi()) {
                        throw new Unsupported(path, "the target does not take video");
                    }
                    json.object().text("type", "video_url").object("video_url").text("url", url(source)).close().close();
                }
                case Part.Audio audio -> audio(audio);
                case Part.Document document -> document(document);
                // None of these is left after `plain`.
                case Part.Refusal _, Part.SearchResult _, Part.Thinking _, Part.ToolCall _, Part.ToolResult _, Part.Opaque _ -> {}
            }
        }

        private String url(Source source) {
            return switch (source) {
                case Source.Base64 media -> DataUrls.write(media);
                case Source.Url(var url, _) -> url;
                case Source.File(_, var vendor) -> throw new Unsupported(path, "a file that only " + vendor + " has");
                case Source.Text _, Source.Parts _ -> throw new Unsupported(path, "media made of text");
            };
        }

        private void audio(Part.Audio audio) {
            if (!(audio.source() instanceof Source.Base64(var mime, var data))) {
                throw new Unsupported(path, "audio must be in the request itself");
            }
            String format = switch (mime.toLowerCase(Locale.ROOT)) {
                case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "wav";
                case "audio/mp3", "audio/mpeg" -> "mp3";
                default -> throw new Unsupported(path, "audio must be wav or mp3");
            };
            json.object().text("type", "input_audio").object("input_audio").text("data", data).text("format", format).close().close();
        }

        private void document(Part.Document document) {
            json.object().text("type", "file").object("file");
            switch (document.source()) {
                case Source.Base64 media -> json
                        .text("filename", document.filename() != null ? document.filename() : document.title())
                        .text("file_data", DataUrls.write(media));
                case Source.File(var id, var vendor) -> {
                    if (!vendor.equals("openai")) {
                        throw new Unsupported(path, "a file that only " + vendor + " has");
                    }
                    json.text("file_id", id);
                }
                case Source.Url(var url, _) -> {
                    if (!target.fileUrl()) {
                        throw new Unsupported(path, "the target does not fetch documents");
                    }
                    json.text("filename", document.filename() != null ? document.filename() : document.title()).text("file_data", url);
                }
                case Source.Text _, Source.Parts _ -> throw new IllegalStateException("these have become text");
            }
            json.close();
            cache(document.cache(), path);
            json.close();
        }

        /// Adds the part in the terms that this dialect has: documents of text, and search results, become text.
        private void plain(Part part, List<Part> to) {
            switch (part) {
                case Part.Text text -> {
                    if (!text.citations().isEmpty()) {
                        drops.add(Feature.CITATIONS, path, "of an earlier answer");
                    }
                    if (text.signature() != null) {
                        drops.add(Feature.SIGNATURE, path, "made by another vendor");
                    }
                    if (!text.text().isEmpty()) {
                        to.add(text);
                    }
                }
                case Part.Refusal(var words) -> to.add(new Part.Text(words));
                case Part.Document document -> {
                    if (document.context() != null || document.citationsEnabled()) {
                        drops.add(Feature.DOCUMENT, path, "its context and its wish for citations");
                    }
                    switch (document.source()) {
                        case Source.Text(var words) -> to.add(quoted(document.title(), document.filename(), null, words, document.cache()));
                        case Source.Parts(var inner) -> quoted(document.title(), document.filename(), null, inner, document.cache(), to);
                        case Source.Base64 _, Source.Url _, Source.File _ -> to.add(document);
                    }
                }
                case Part.SearchResult(var source, var title, var inner, _, var cache) -> quoted(title, null, source, inner, cache, to);
                case Part.Image _, Part.Audio _, Part.Video _ -> to.add(part);
                case Part.Thinking _, Part.ToolCall _, Part.ToolResult _, Part.Opaque _ ->
                        drops.add(Feature.NATIVE_PART, path, "this message does not hold it");
            }
        }

        /// A document made of parts: its texts as one, then what else it has.
        private void quoted(
                @Nullable String title, @Nullable String filename, @Nullable String source, List<Part> inner, @Nullable CacheMark cache,
                List<Part> to) {
            List<Part> parts = new ArrayList<>();
            inner.forEach(part -> plain(part, parts));
            StringBuilder words = new StringBuilder();
            for (Part part : parts) {
                if (part instanceof Part.Text text) {
                    words.append(words.isEmpty() ? "" : "\n").append(text.text());
                }
            }
            to.add(quoted(title, filename, source, words.toString(), cache));
            parts.stream().filter(part -> !(part instanceof Part.Text)).forEach(to::add);
        }

        private static Part.Text quoted(
                @Nullable String title, @Nullable String filename, @Nullable String source, String words, @Nullable CacheMark cache) {
            String name = title != null ? title : filename;
            String head = "<document" + attribute("title", name) + attribute("source", source) + ">";
            return new Part.Text(head + "\n" + words + "\n</document>", List.of(), cache, null);
        }

        private static String attribute(String name, @Nullable String value) {
            return value == null || value.isEmpty() ? "" : " " + name + "=\"" + value.replace("\"", "&quot;") + "\"";
        }
    }
}
