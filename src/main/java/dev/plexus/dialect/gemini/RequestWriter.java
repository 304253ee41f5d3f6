package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.ToolArguments;
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
import dev.plexus.wire.JsonOut;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a request for an upstream. Contents come last, so that the bytes of one turn are the beginning of the next one's.
final class RequestWriter {

    private static final ToolNames.Rule NAMES = new ToolNames.Rule(
            character -> ToolNames.Rule.isPlain(character) || character == '.' || character == ':', ToolNames.Rule::isLetter, 128);
    private static final String FREE_TEXT_SCHEMA = "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"]}";
    private static final String JSON_ONLY = "Reply with one valid JSON object and nothing else.";
    private static final String CONTINUE = "Continue.";
    private static final int STOPS_MAX = 5;

    private final ChatRequest request;
    private final Settings settings;
    private final Traits target;
    private final Drops drops;
    private final ToolNames names;
    private final boolean hasFunctions;

    private RequestWriter(ChatRequest request, Traits target, Drops drops) {
        this.request = request;
        this.settings = request.settings();
        this.target = target;
        this.drops = drops;
        this.names = new ToolNames(request, NAMES, false);
        this.hasFunctions = request.tools().stream().anyMatch(tool -> tool instanceof Tool.Function || tool instanceof Tool.Custom);
    }

    static Written write(ChatRequest request, Traits target, Drops drops) {
        RequestWriter writer = new RequestWriter(request, target, drops);
        return new Written(JsonOut.document(writer::request), writer.names, Map.of());
    }

    private void request(JsonOut json) {
        Contents contents = new Contents();
        json.object();
        systemInstruction(json, contents);
        tools(json);
        toolChoice(json);
        Generation generation = new Generation(json);
        generation.write();
        serviceTier(json);
        unsupported();
        json.array("contents");
        contents.write(json);
        json.closeArray();
        json.close();
    }

    private void systemInstruction(JsonOut json, Contents contents) {
        List<String> texts = contents.system;
        if (needsJsonInWords()) {
            texts = new ArrayList<>(texts);
            texts.add(JSON_ONLY);
        }
        if (!texts.isEmpty()) {
            json.object("systemInstruction").array("parts");
            texts.forEach(text -> json.object().text("text", text).close());
            json.closeArray().close();
        }
    }

    /// Before Gemini 3 an answer cannot be both free to call functions and held to JSON.
    private boolean needsJsonInWords() {
        return settings.format() != null && hasFunctions && !target.isGemini3();
    }

    // Tools

    private void tools(JsonOut json) {
        Map<String, String> builtins = builtins();
        if (!hasFunctions && builtins.isEmpty()) {
            return;
        }
        json.array("tools");
        if (hasFunctions) {
            json.object().array(Wire.FUNCTION_DECLARATIONS);
            request.tools().forEach(tool -> function(json, tool));
            json.closeArray().close();
        }
        builtins.forEach((name, configuration) -> json.object().raw(name, configuration).close());
        json.closeArray();
    }

    private void function(JsonOut json, Tool tool) {
        switch (tool) {
            case Tool.Function function -> {
                if (function.strict() != null) {
                    drops.add(Feature.TOOL_STRICT, "tools." + function.name(), "functions are never strict here");
                }
                cache(function.cache(), "tools." + function.name());
                declaration(json, function.name(), function.namespace(), function.description(), function.schema());
            }
            case Tool.Custom custom -> {
                if (custom.format() != null) {
                    drops.add(Feature.TOOL_FORMAT, "tools." + custom.name(), "free text input has no grammar here");
                }
                declaration(json, custom.name(), custom.namespace(), custom.description(), FREE_TEXT_SCHEMA);
            }
            case Tool.WebSearch _, Tool.Builtin _ -> {}
        }
    }

    private void declaration(JsonOut json, String name, @Nullable String namespace, @Nullable String description, @Nullable String schema) {
        json.object().text("name", names.wire(name, namespace)).text("description", description);
        if (schema != null && !Wire.Schemas.isEmpty(schema)) {
            if (target.openApiSchemas()) {
                json.raw("parameters", Wire.Schemas.toOpenApi(schema));
            } else {
                json.raw("parametersJsonSchema", Wire.Schemas.withoutIdentity(schema));
            }
        }
        json.close();
    }

    /// What the provider runs itself, by name and configuration; each at most once.
    private Map<String, String> builtins() {
        Map<String, String> builtins = new LinkedHashMap<>();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.WebSearch search -> builtins.putIfAbsent("googleSearch", googleSearch(search));
                case Tool.Builtin(var type, var name) -> {
                    String own = builtin(type);
                    if (own == null) {
                        drops.add(Feature.BUILTIN_TOOL, "tools", "no such tool here: " + name);
                    } else {
                        builtins.putIfAbsent(own, "{}");
                    }
                }
                case Tool.Function _, Tool.Custom _ -> {}
            }
        }
        if (hasFunctions && !target.isGemini3()) {
            builtins.keySet().forEach(name -> drops.add(
                    name.equals("googleSearch") ? Feature.WEB_SEARCH : Feature.BUILTIN_TOOL, "tools", "this model does not mix " + name + " with functions"));
            builtins.clear();
        }
        return builtins;
    }

    private static @Nullable String builtin(Tool.Builtin.Type type) {
        return switch (type) {
            case WEB_FETCH -> "urlContext";
            case CODE_EXECUTION -> "codeExecution";
            case MAPS -> "googleMaps";
            case FILE_SEARCH, COMPUTER, IMAGE_GENERATION, MCP, SHELL, TEXT_EDITOR, MEMORY, TOOL_SEARCH, OTHER -> null;
        };
    }

    private String googleSearch(Tool.WebSearch search) {
        boolean more = !search.allowedDomains().isEmpty() || search.maxUses() != null || search.contextSize() != null || search.userLocation() != null;
        if (more) {
            drops.add(Feature.WEB_SEARCH, "tools", "the search takes only domains to leave out");
        }
        StringBuilder blocked = new StringBuilder();
        for (String domain : search.blockedDomains()) {
            blocked.append(blocked.isEmpty() ? "" : ",").append(Wire.quoted(domain));
        }
        return blocked.isEmpty() ? "{}" : "{\"excludeDomains\":[" + blocked + "]}";
    }

    private void toolChoice(JsonOut json) {
        ToolChoice choice = request.toolChoice();
        if (choice == null) {
            return;
        }
        if (choice instanceof ToolChoice.NamedBuiltin(var type)) {
            if (!offers(type)) {
                throw new Unsupported("tool_choice", "the chosen tool cannot be offered: " + type);
            }
            drops.add(Feature.TOOL_CHOICE, "tool_choice", "tools of the provider cannot be forced");
            return;
        }
        if (!hasFunctions) {
            return;
        }
        switch (choice) {
            case ToolChoice.Auto() -> mode(json, "AUTO", List.of());
            case ToolChoice.None() -> mode(json, "NONE", List.of());
            case ToolChoice.Required() -> mode(json, "ANY", List.of());
            case ToolChoice.Named(var name, _) -> mode(json, "ANY", List.of(name));
            case ToolChoice.Allowed(var allowed, var required) -> mode(json, required ? "ANY" : "VALIDATED", allowed);
            case ToolChoice.Validated(var allowed) -> mode(json, "VALIDATED", allowed);
            case ToolChoice.NamedBuiltin _ -> {}
        }
    }

    private boolean offers(String type) {
        if (hasFunctions && !target.isGemini3()) {
            return false;
        }
        return type.equals("web_search") || Set.of("web_fetch", "code_execution", "maps").contains(type);
    }

    private void mode(JsonOut json, String mode, List<String> allowed) {
        json.object("toolConfig").object("functionCallingConfig").text("mode", mode);
        if (!allowed.isEmpty()) {
            json.texts("allowedFunctionNames", allowed.stream().map(name -> names.wire(name, namespaceOf(name))).toList());
        }
        json.close().close();
    }

    /// A choice names only the tool; which namespace it is in the declarations know.
    private @Nullable String namespaceOf(String name) {
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function when function.name().equals(name) -> {
                    return function.namespace();
                }
                case Tool.Custom custom when custom.name().equals(name) -> {
                    return custom.namespace();
                }
                case Tool.Function _, Tool.Custom _, Tool.WebSearch _, Tool.Builtin _ -> {}
            }
        }
        return null;
    }

    // Settings

    private void serviceTier(JsonOut json) {
        String tier = settings.serviceTier();
        if (tier == null) {
            return;
        }
        String own = switch (tier) {
            case "flex", "priority" -> tier;
            case "default" -> "standard";
            default -> null;
        };
        if (own == null || !target.serviceTier()) {
            drops.add(Feature.SERVICE_TIER, "service_tier", "not sent to this target: " + tier);
        } else {
            json.text("serviceTier", own);
        }
    }

    /// What this format has no word for.
    private void unsupported() {
        if (Boolean.FALSE.equals(request.parallelToolCalls())) {
            drops.add(Feature.PARALLEL_TOOL_CALLS, "parallel_tool_calls", "calls cannot be kept apart");
        }
        dropIf(!settings.logitBias().isEmpty(), Feature.LOGIT_BIAS, "logit_bias");
        dropIf(settings.verbosity() != null, Feature.VERBOSITY, "verbosity");
        dropIf(settings.user() != null, Feature.USER, "user");
        dropIf(!settings.metadata().isEmpty(), Feature.METADATA, "metadata");
        dropIf(settings.promptCacheKey() != null, Feature.PROMPT_CACHE_KEY, "prompt_cache_key");
    }

    private void dropIf(boolean there, Feature feature, String path) {
        if (there) {
            drops.add(feature, path, "no such setting here");
        }
    }

    private void cache(@Nullable CacheMark cache, String path) {
        if (cache != null) {
            drops.add(Feature.CACHE_MARK, path, "prompts are cached without marks");
        }
    }

    /// Writes `generationConfig`, and not even its braces where there is nothing to say.
    private final class Generation {

        private static final long HIGH_BUDGET = 24_576;
        private static final long FLASH_BUDGET_MAX = 24_576;
        private static final long PRO_BUDGET_MAX = 32_768;
        /// The least that models which cannot stop thinking take.
        private static final long PRO_BUDGET_MIN = 128;

        private final JsonOut json;
        private boolean open;

        Generation(JsonOut json) {
            this.json = json;
        }

        void write() {
            number("maxOutputTokens", settings.maxTokens());
            if (settings.temperature() != null) {
                open().number("temperature", settings.temperature());
            }
            if (settings.topP() != null) {
                open().number("topP", settings.topP());
            }
            number("topK", settings.topK());
            number("seed", settings.seed());
            stop();
            if (settings.n() != null && settings.n() > 1) {
                number("candidateCount", settings.n());
            }
            if (settings.presencePenalty() != null) {
                open().number("presencePenalty", settings.presencePenalty());
            }
            if (settings.frequencyPenalty() != null) {
                open().number("frequencyPenalty", settings.frequencyPenalty());
            }
            if (Boolean.TRUE.equals(settings.logprobs())) {
                open().flag("responseLogprobs", true).numberIf("logprobs", settings.topLogprobs());
            }
            format();
            if (!settings.modalities().isEmpty()) {
                open().texts("responseModalities", settings.modalities().stream().map(one -> one.toUpperCase(Locale.ROOT)).toList());
            }
            thinking();
            if (open) {
                json.close();
            }
        }

        private JsonOut open() {
            if (!open) {
                open = true;
                json.object("generationConfig");
            }
            return json;
        }

        private void number(String name, @Nullable Long value) {
            if (value != null) {
                open().number(name, value.longValue());
            }
        }

        private void stop() {
            List<String> stop = settings.stop();
            if (stop.size() > STOPS_MAX) {
                drops.add(Feature.STOP, "stop", "more than " + STOPS_MAX + " stop sequences");
            }
            if (!stop.isEmpty()) {
                open().texts("stopSequences", stop.subList(0, Math.min(STOPS_MAX, stop.size())));
            }
        }

        private void format() {
            OutputFormat format = settings.format();
            if (format == null) {
                return;
            }
            if (needsJsonInWords()) {
                drops.add(Feature.OUTPUT_FORMAT, "response_format", "this model does not mix JSON mode with functions; asked for in words");
                return;
            }
            open().text("responseMimeType", "application/json");
            switch (format) {
                case OutputFormat.JsonObject() -> {}
                case OutputFormat.JsonSchema(_, _, var schema, _) -> {
                    if (target.openApiSchemas()) {
                        json.raw("responseSchema", Wire.Schemas.toOpenApi(schema));
                    } else {
                        json.raw("responseJsonSchema", Wire.Schemas.withoutIdentity(schema));
                    }
                }
            }
        }

        /// Newer models take a level, older ones a budget, and none takes both.
        private void thinking() {
            Reasoning asked = request.reasoning();
            String level = target.thinksByLevel() ? level(asked) : null;
            Long budget = target.thinksByLevel() ? null : budget(asked);
            boolean clientShowsThoughts = request.dialect() != DialectId.GEMINI && asked.include() == null && asked.isOn();
            boolean include = Boolean.TRUE.equals(asked.include()) || clientShowsThoughts;
            if (level != null || budget != null || include) {
                open().object("thinkingConfig").text("thinkingLevel", level).numberIf("thinkingBudget", budget)
                        .flag("includeThoughts", include ? Boolean.TRUE : null).close();
            }
        }

        private @Nullable String level(Reasoning asked) {
            if (asked.isOff()) {
                return "MINIMAL";
            }
            if (asked.effort() != null) {
                return switch (asked.effort()) {
                    case "minimal" -> "MINIMAL";
                    case "low" -> "LOW";
                    case "medium" -> "MEDIUM";
                    default -> "HIGH";
                };
            }
            Long budget = asked.budget();
            return budget == null || budget < 0 ? null : budget == 0 ? "MINIMAL" : budget <= 1024 ? "LOW" : budget <= 8192 ? "MEDIUM" : "HIGH";
        }

        private @Nullable Long budget(Reasoning asked) {
            String model = target.model().toLowerCase(Locale.ROOT);
            boolean pro = model.contains("pro");
            if (asked.isOff()) {
                return model.contains("2.5-pro") ? PRO_BUDGET_MIN : 0L;
            }
            if (asked.budget() != null) {
                return asked.budget();
            }
            if (asked.effort() == null) {
                return asked.adaptive() || Boolean.TRUE.equals(asked.enabled()) ? -1L : null;
            }
            long wanted = switch (asked.effort()) {
                case "minimal", "low" -> 1024L;
                case "medium" -> 8192L;
                case "high" -> HIGH_BUDGET;
                case "xhigh" -> 32_768L;
                default -> 65_536L;
            };
            return Math.min(wanted, pro ? PRO_BUDGET_MAX : FLASH_BUDGET_MAX);
        }
    }

    /// One content: everything that one side says before the other does.
    private record Turn(boolean model, List<Part> parts) {}

    /// The conversation as contents that alternate, begin with the user, and are never empty.
    private final class Contents {

        private final List<String> system = new ArrayList<>();
        private final List<Turn> turns = new ArrayList<>();
        private final Map<String, String> wireNames = new HashMap<>();
        /// The thoughts that the operator wants sent again.
        private final Set<Part> replayed = Collections.newSetFromMap(new IdentityHashMap<>());

        Contents() {
            boolean leading = true;
            boolean replaysAll = target.reasoningReplay().equals("always");
            int loop = target.reasoningReplay().equals("tool_loop") ? ToolLoop.start(request.messages()) : request.messages().size();
            for (int index = 0; index < request.messages().size(); index++) {
                Message message = request.messages().get(index);
                switch (message.role()) {
                    case SYSTEM, DEVELOPER -> system(message, leading);
                    case USER -> add(false, message.parts());
                    case ASSISTANT -> assistant(message, replaysAll || index > loop);
                }
                leading &= message.role().isSystem();
            }
            if (turns.isEmpty() || turns.getFirst().model) {
                turns.addFirst(new Turn(false, List.of(new Part.Text(CONTINUE))));
            }
        }

        private void assistant(Message message, boolean replays) {
            for (Part part : message.parts()) {
                if (replays && part instanceof Part.Thinking(var words, _) && !words.isEmpty()) {
                    replayed.add(part);
                }
            }
            add(true, message.parts());
        }

        private void system(Message message, boolean leading) {
            if (message.role() == Message.Role.DEVELOPER) {
                drops.add(Feature.DEVELOPER_ROLE, "messages", "became a system instruction");
            }
            if (!leading) {
                drops.add(Feature.SYSTEM_PLACE, "messages", "a system message cannot stand within the conversation");
                if (target.midSystem().equals("user")) {
                    add(false, message.parts());
                    return;
                }
            }
            for (Part part : message.parts()) {
                if (part instanceof Part.Text text) {
                    cache(text.cache(), "system");
                    system.add(text.text());
                } else {
                    drops.add(Feature.NATIVE_PART, "system", "only text can be a system instruction");
                }
            }
        }

        private void add(boolean model, List<Part> parts) {
            if (parts.stream().allMatch(part -> isForeignThought(part) && !replayed.contains(part))) {
                parts.forEach(_ -> drops.add(Feature.THINKING, "messages", "thoughts of another vendor cannot be sent"));
                return;
            }
            if (turns.isEmpty() || turns.getLast().model != model) {
                turns.add(new Turn(model, new ArrayList<>()));
            }
            turns.getLast().parts.addAll(parts);
        }

        private static boolean isForeignThought(Part part) {
            return part instanceof Part.Thinking(_, var secret) && (secret == null || !isNative(secret));
        }

        private static boolean isNative(Secret secret) {
            return secret.dialect() == DialectId.GEMINI && secret.kind() == Secret.Kind.SIGNATURE;
        }

        void write(JsonOut json) {
            List<Part> calls = List.of();
            for (Turn turn : turns) {
                TurnWriter writer = new TurnWriter(json, turn.model);
                if (turn.model) {
                    calls = turn.parts.stream().filter(part -> part instanceof Part.ToolCall).toList();
                    turn.parts.forEach(writer::part);
                } else {
                    results(turn.parts, calls).forEach(writer::part);
                    turn.parts.stream().filter(part -> !(part instanceof Part.ToolResult)).forEach(writer::part);
                }
                writer.end();
            }
        }

        /// The results in the order of their calls; the vendor wants them so.
        private List<Part> results(List<Part> parts, List<Part> calls) {
            List<Part> results = new ArrayList<>(parts.stream().filter(part -> part instanceof Part.ToolResult).toList());
            List<String> order = calls.stream().map(call -> ((Part.ToolCall) call).id()).toList();
            results.sort((one, other) -> Integer.compare(place(one, order), place(other, order)));
            return results;
        }

        private static int place(Part result, List<String> order) {
            int place = order.indexOf(((Part.ToolResult) result).callId());
            return place < 0 ? Integer.MAX_VALUE : place;
        }

        /// Writes the parts of one content; opens it with the first of them.
        private final class TurnWriter {

            private final JsonOut json;
            private final boolean model;
            private boolean open;
            private boolean called;
            /// A signature that goes to the next part.
            private @Nullable String signature;

            TurnWriter(JsonOut json, boolean model) {
                this.json = json;
                this.model = model;
            }

            private JsonOut begin() {
                if (!open) {
                    open = true;
                    json.object().text("role", model ? Wire.ROLE_MODEL : Wire.ROLE_USER).array("parts");
                }
                return json.object();
            }

            void end() {
                if (signature != null) {
                    text("");
                }
                if (open) {
                    json.closeArray().close();
                } else { // nothing of it could be carried, but the sides must alternate
                    begin().text("text", model ? "" : CONTINUE).close().closeArray().close();
                }
            }

            private void finish() {
                json.text("thoughtSignature", signature).close();
                signature = null;
            }

            void part(Part part) {
                switch (part) {
                    case Part.Text text -> {
                        cache(text.cache(), "messages");
                        if (!text.citations().isEmpty()) {
                            drops.add(Feature.CITATIONS, "messages", "history has no citations here");
                        }
                        own(text.signature());
                        text(text.text());
                    }
                    case Part.Refusal(var words) -> text(words);
                    case Part.Image image -> {
                        cache(image.cache(), "messages");
                        if (image.detail() != null && !image.detail().equals("auto")) {
                            drops.add(Feature.IMAGE, "messages", "no detail for a single image: " + image.detail());
                        }
                        media(image.source(), "image/jpeg", "image");
                    }
                    case Part.Audio audio -> media(audio.source(), null, "audio");
                    case Part.Video video -> media(video.source(), null, "video");
                    case Part.Document document -> document(document);
                    case Part.SearchResult result -> {
                        cache(result.cache(), "messages");
                        text(searchResult(result));
                    }
                    case Part.Thinking thinking -> thinking(thinking);
                    case Part.ToolCall call -> call(call);
                    case Part.ToolResult result -> result(result);
                    case Part.Opaque(var dialect, var type) ->
                        drops.add(Feature.NATIVE_PART, "messages", dialect.label() + " part of type " + type);
                }
            }

            private void text(String words) {
                begin().text("text", words);
                finish();
            }

            /// A part's own signature goes before one that waits for any part.
            private void own(@Nullable Secret secret) {
                if (secret == null) {
                    return;
                }
                if (isNative(secret)) {
                    if (signature != null) {
                        text("");
                    }
                    signature = secret.value();
                } else {
                    drops.add(Feature.SIGNATURE, "messages", "a secret of another vendor: " + secret.dialect().label());
                }
            }

            /// Thoughts stay at home unless the operator wants them sent; their signature goes to the part that they led to.
            private void thinking(Part.Thinking thinking) {
                Secret secret = thinking.secret();
                if (replayed.contains(thinking)) {
                    own(secret);
                    begin().text("text", thinking.text()).flag("thought", true);
                    finish();
                    return;
                }
                if (!thinking.text().isEmpty()) {
                    drops.add(Feature.THINKING, "messages", "thoughts are not sent back");
                }
                own(secret);
            }

            private void call(Part.ToolCall call) {
                own(call.signature());
                if (signature == null && !called && target.isGemini3()) {
                    signature = Wire.SIGNATURE_BYPASS;
                }
                called = true;
                String name = names.wire(call.name(), call.namespace());
                wireNames.put(call.id(), name);
                begin().object("functionCall").text("id", target.geminiCallIds() ? call.id() : null).text("name", name)
                        .raw("args", ToolArguments.object(call)).close();
                finish();
            }

            private void result(Part.ToolResult result) {
                cache(result.cache(), "messages");
                String known = wireNames.get(result.callId());
                String name = known != null ? known : names.wire(result.name() != null ? result.name() : result.callId(), null);
                List<Part> media = result.parts().stream().filter(part -> !isWords(part)).toList();
                begin().object("functionResponse").text("id", target.geminiCallIds() ? result.callId() : null).text("name", name)
                        .raw("response", response(result));
                boolean within = target.isGemini3() && !media.isEmpty();
                if (within) {
                    json.array("parts");
                    media.forEach(this::part);
                    json.closeArray();
                }
                json.close();
                finish();
                if (!within) {
                    media.forEach(this::part);
                }
            }

            private static boolean isWords(Part part) {
                return switch (part) {
                    case Part.Text _, Part.Refusal _, Part.SearchResult _, Part.Thinking _, Part.ToolCall _, Part.ToolResult _, Part.Opaque _ -> true;
                    case Part.Document document -> document.source() instanceof Source.Text || document.source() instanceof Source.Parts;
                    case Part.Image _, Part.Audio _, Part.Video _ -> false;
                };
            }

            private String response(Part.ToolResult result) {
                StringBuilder words = new StringBuilder();
                result.parts().forEach(part -> {
                    String said = words(part);
                    if (said != null) {
                        words.append(words.isEmpty() ? "" : "\n").append(said);
                    }
                });
                String text = words.toString();
                if (result.isError()) {
                    return "{\"error\":" + Wire.quoted(text) + "}";
                }
                String object = Wire.objectOrNull(text);
                return object != null ? object : "{\"output\":" + Wire.quoted(text) + "}";
            }

            private @Nullable String words(Part part) {
                return switch (part) {
                    case Part.Text text -> text.text();
                    case Part.Refusal(var said) -> said;
                    case Part.SearchResult result -> searchResult(result);
                    case Part.Document document -> switch (document.source()) {
                        case Source.Text(var text) -> text;
                        case Source.Parts(var parts) -> joined(parts);
                        case Source.Base64 _, Source.Url _, Source.File _ -> null;
                    };
                    case Part.Image _, Part.Audio _, Part.Video _, Part.Thinking _, Part.ToolCall _, Part.ToolResult _, Part.Opaque _ -> null;
                };
            }

            private String searchResult(Part.SearchResult result) {
                return "<document title=\"" + result.title() + "\" source=\"" + result.source() + "\">\n" + joined(result.parts()) + "\n</document>";
            }

            private String joined(List<Part> parts) {
                StringBuilder text = new StringBuilder();
                for (Part part : parts) {
                    String said = words(part);
                    if (said == null) {
                        drops.add(Feature.NATIVE_PART, "messages", "only text can be inside of a document");
                    } else {
                        text.append(text.isEmpty() ? "" : "\n").append(said);
                    }
                }
                return text.toString();
            }

            private void document(Part.Document document) {
                cache(document.cache(), "messages");
                if (document.title() != null || document.context() != null) {
                    drops.add(Feature.DOCUMENT, "messages", "documents have no title or context here");
                }
                if (document.source() instanceof Source.Parts(var parts)) {
                    parts.forEach(this::part);
                } else {
                    media(document.source(), null, "document");
                }
            }

            /// `otherwise` is the media type where none is known; without one the vendor looks itself.
            private void media(Source source, @Nullable String otherwise, String what) {
                switch (source) {
                    case Source.Base64(var mime, var data) -> {
                        begin().object("inlineData").text("mimeType", mime).text("data", data).close();
                        finish();
                    }
                    case Source.Url(var url, var mime) -> {
                        boolean known = url.startsWith("gs://") || url.startsWith("https://generativelanguage.googleapis.com/") || Wire.isYouTube(url);
                        if (!known && target.remoteMedia().equals("reject")) {
                            throw new Unsupported("messages", "this target does not fetch media from the web");
                        }
                        String told = mime != null ? mime : Wire.mimeOf(url);
                        String type = told != null || Wire.isYouTube(url) ? told : otherwise;
                        begin().object("fileData").text("mimeType", type).text("fileUri", url).close();
                        finish();
                    }
                    case Source.File(_, var vendor) ->
                        throw new Unsupported("messages", "a file kept by " + vendor + " is of no use to this target: " + what);
                    case Source.Text(var text) -> text(text);
                    case Source.Parts(var parts) -> parts.forEach(this::part);
                }
            }
        }
    }
}
