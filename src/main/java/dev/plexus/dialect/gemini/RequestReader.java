package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.RequestHead;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a client's request. Names of members are taken in camelCase and in snake_case everywhere, but for the names that the client itself gave: those
/// in arguments and schemas.
final class RequestReader {

    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private final Drops drops;
    private final History history;
    private final Settings.Builder settings = new Settings.Builder();
    private final List<Tool> tools = new ArrayList<>();
    private final Format format = new Format();
    private final List<Part> system = new ArrayList<>(1);
    private @Nullable ToolChoice toolChoice;
    private Reasoning reasoning = Reasoning.UNSAID;

    private RequestReader(Drops drops) {
        this.drops = drops;
        this.history = new History(drops);
    }

    static ChatRequest read(byte[] body, RequestHead head, Drops drops) {
        RequestReader reader = new RequestReader(drops);
        JsonIn.read(body, 0, body.length, reader::request);
        return reader.request(head);
    }

    private ChatRequest request(RequestHead head) {
        List<Message> messages = new ArrayList<>(history.messages.size() + 1);
        if (!system.isEmpty()) {
            messages.add(new Message(Message.Role.SYSTEM, system));
        }
        messages.addAll(history.messages);
        return new ChatRequest(
                DialectId.GEMINI, head.model(), head.stream(), head.asksForUsage(), messages, tools, toolChoice, null, reasoning,
                settings.format(format.wanted()).build());
    }

    private void request(JsonIn in) {
        Wire.members(in, name -> {
            switch (name) {
                case "contents" -> history.contents(in);
                case "systemInstruction" -> systemInstruction(in);
                case "tools" -> eachOf(in, () -> tool(in));
                case "toolConfig" -> toolConfig(in);
                case "generationConfig" -> Wire.members(in, member -> generationConfig(in, member));
                case "serviceTier" -> {
                    String tier = in.text().toLowerCase(Locale.ROOT);
                    settings.serviceTier(tier.equals("standard") ? "default" : tier);
                }
                case "model" -> {} // the path has it
                default -> unknown(name, "");
            }
        });
    }

    private void unknown(String name, String within) {
        drops.add(Feature.NATIVE_MEMBER, within + name, "only this dialect knows it");
    }

    /// An array, or its only element in its place.
    private static void eachOf(JsonIn in, Runnable element) {
        if (in.isArray()) {
            in.array(() -> {
                if (!in.isNull()) {
                    element.run();
                }
            });
        } else {
            element.run();
        }
    }

    private void systemInstruction(JsonIn in) {
        History.Turn turn = history.turn(in, 0);
        for (Part part : turn.parts) {
            if (part instanceof Part.Text text) {
                system.add(text);
            } else {
                drops.add(Feature.NATIVE_PART, "systemInstruction", "only text can be a system message");
            }
        }
    }

    private void generationConfig(JsonIn in, String name) {
        switch (name) {
            case "maxOutputTokens" -> settings.maxTokens(in.wholeOrNull());
            case "temperature" -> settings.temperature(in.numberOrNull());
            case "topP" -> settings.topP(in.numberOrNull());
            case "topK" -> settings.topK(in.wholeOrNull());
            case "seed" -> settings.seed(in.wholeOrNull());
            case "stopSequences" -> settings.stop(texts(in));
            case "candidateCount" -> settings.n(in.wholeOrNull());
            case "frequencyPenalty" -> settings.frequencyPenalty(in.numberOrNull());
            case "presencePenalty" -> settings.presencePenalty(in.numberOrNull());
            case "responseLogprobs" -> settings.logprobs(in.flagOrNull());
            case "logprobs" -> settings.topLogprobs(in.wholeOrNull());
            case "responseMimeType" -> format.mime = in.text().toLowerCase(Locale.ROOT);
            case "responseJsonSchema", "_responseJsonSchema" -> format.schema = schema(in);
            case "responseSchema" -> format.openApiSchema = Wire.Schemas.fromOpenApi(in);
            case "responseModalities" ->
                settings.modalities(texts(in).stream().map(modality -> modality.toLowerCase(Locale.ROOT)).toList());
            case "thinkingConfig" -> thinkingConfig(in);
            default -> unknown(name, "generationConfig.");
        }
    }

    private static List<String> texts(JsonIn in) {
        List<String> texts = new ArrayList<>();
        eachOf(in, () -> texts.add(in.text()));
        return texts;
    }

    private static String schema(JsonIn in) {
        if (!in.isObject()) {
            throw in.bad("must be an object");
        }
        return in.raw();
    }

    /// `includeThoughts` false says nothing about whether to think.
    private void thinkingConfig(JsonIn in) {
        var said = new Object() {
            @Nullable Boolean include;
            @Nullable Long budget;
            @Nullable String level;
        };
        Wire.members(in, name -> {
            switch (name) {
                case "includeThoughts" -> said.include = in.flagOrNull();
                case "thinkingBudget" -> said.budget = in.wholeOrNull();
                case "thinkingLevel" -> {
                    String level = in.text().toLowerCase(Locale.ROOT);
                    if (EFFORTS.contains(level)) {
                        said.level = level;
                    } else if (!level.equals("thinking_level_unspecified")) {
                        throw in.bad("must be a thinking level");
                    }
                }
                default -> unknown(name, "generationConfig.thinkingConfig.");
            }
        });
        boolean adaptive = said.budget != null && said.budget < 0;
        boolean off = said.budget != null && said.budget == 0;
        Boolean enabled = said.level != null ? Boolean.valueOf(!said.level.equals("none")) : said.budget != null ? Boolean.valueOf(!off) : null;
        reasoning = new Reasoning(enabled, said.level, adaptive || off ? null : said.budget, adaptive, said.include, null);
    }

    /// What `generationConfig` says about the form of the answer, in whatever order.
    private final class Format {

        @Nullable String mime;
        @Nullable String schema;
        @Nullable String openApiSchema;

        @Nullable OutputFormat wanted() {
            String wanted = schema != null ? schema : openApiSchema;
            if (wanted != null) {
                return new OutputFormat.JsonSchema(null, null, wanted, null);
            }
            return switch (mime) {
                case null -> null;
                case "text/plain" -> null;
                case "application/json" -> new OutputFormat.JsonObject();
                default -> {
                    drops.add(Feature.OUTPUT_FORMAT, "generationConfig.responseMimeType", "answers of type " + mime);
                    yield null;
                }
            };
        }
    }

    // Tools

    private void tool(JsonIn in) {
        Wire.members(in, name -> {
            switch (name) {
                case Wire.FUNCTION_DECLARATIONS -> eachOf(in, () -> tools.add(function(in)));
                case "googleSearch", "googleSearchRetrieval", "enterpriseWebSearch" -> tools.add(webSearch(in, name));
                case "urlContext" -> builtin(Tool.Builtin.Type.WEB_FETCH, name);
                case "codeExecution" -> builtin(Tool.Builtin.Type.CODE_EXECUTION, name);
                case "googleMaps" -> builtin(Tool.Builtin.Type.MAPS, name);
                case "fileSearch" -> builtin(Tool.Builtin.Type.FILE_SEARCH, name);
                case "computerUse" -> builtin(Tool.Builtin.Type.COMPUTER, name);
                case "mcpServers" -> builtin(Tool.Builtin.Type.MCP, name);
                default -> builtin(Tool.Builtin.Type.OTHER, name);
            }
        });
    }

    private void builtin(Tool.Builtin.Type type, String name) {
        tools.add(new Tool.Builtin(type, name));
    }

    private Tool function(JsonIn in) {
        var said = new Object() {
            @Nullable String name;
            @Nullable String description;
            @Nullable String schema;
            @Nullable String openApiSchema;
        };
        Wire.members(in, name -> {
            switch (name) {
                case "name" -> said.name = in.text();
                case "description" -> said.description = in.text();
                case "parametersJsonSchema" -> said.schema = schema(in);
                case "parameters" -> said.openApiSchema = Wire.Schemas.fromOpenApi(in);
                default -> unknown(name, "tools.functionDeclarations.");
            }
        });
        if (said.name == null || said.name.isEmpty()) {
            throw in.bad("name", "is required");
        }
        return new Tool.Function(said.name, said.description, said.schema != null ? said.schema : said.openApiSchema, null, null, null);
    }

    private Tool webSearch(JsonIn in, String tool) {
        List<String> blocked = new ArrayList<>();
        Wire.members(in, name -> {
            if (name.equals("excludeDomains")) {
                blocked.addAll(texts(in));
            } else {
                unknown(name, "tools." + tool + ".");
            }
        });
        return new Tool.WebSearch(List.of(), blocked, null, null, null);
    }

    private void toolConfig(JsonIn in) {
        Wire.members(in, name -> {
            if (name.equals("functionCallingConfig")) {
                functionCallingConfig(in);
            } else {
                unknown(name, "toolConfig.");
            }
        });
    }

    private void functionCallingConfig(JsonIn in) {
        var said = new Object() {
            @Nullable String mode;
            List<String> names = List.of();
        };
        Wire.members(in, name -> {
            switch (name) {
                case "mode" -> said.mode = in.text().toUpperCase(Locale.ROOT);
                case "allowedFunctionNames" -> said.names = texts(in);
                default -> unknown(name, "toolConfig.functionCallingConfig.");
            }
        });
        toolChoice = switch (said.mode) {
            case null -> null;
            case "MODE_UNSPECIFIED" -> null;
            case "AUTO" -> new ToolChoice.Auto();
            case "NONE" -> new ToolChoice.None();
            case "VALIDATED" -> new ToolChoice.Validated(said.names);
            case "ANY" -> switch (said.names.size()) {
                case 0 -> new ToolChoice.Required();
                case 1 -> new ToolChoice.Named(said.names.getFirst(), ToolKind.FUNCTION);
                default -> new ToolChoice.Allowed(said.names, true);
            };
            default -> throw in.bad("mode", "must be AUTO, ANY, NONE or VALIDATED");
        };
        boolean restricts = toolChoice instanceof ToolChoice.Auto || toolChoice instanceof ToolChoice.None || toolChoice == null;
        if (restricts && !said.names.isEmpty()) {
            drops.add(Feature.TOOL_CHOICE, "toolConfig.functionCallingConfig.allowedFunctionNames", "the mode does not restrict the names");
        }
    }

    /// Reads the conversation, and finds the call that each result answers: most clients give neither an id.
    private static final class History {

        /// A call of the last model turn.
        private static final class Called {
            final String id;
            final String name;
            final boolean minted;
            boolean answered;

            Called(String id, String name, boolean minted) {
                this.id = id;
                this.name = name;
                this.minted = minted;
            }
        }

        /// One content while it is being read; its role may come after its parts.
        private static final class Turn {
            final int index;
            final List<Part> parts = new ArrayList<>(2);
            final List<Called> calls = new ArrayList<>(0);
            @Nullable String role;

            Turn(int index) {
                this.index = index;
            }

            /// Gives another vendor's secret, which travelled on the part that comes next, back to the thought that it belongs to.
            void restore(Secret secret) {
                for (int at = parts.size() - 1; at >= 0; at--) {
                    if (parts.get(at) instanceof Part.Thinking(var text, var known) && known == null) {
                        parts.set(at, new Part.Thinking(text, secret));
                        return;
                    }
                }
                parts.add(new Part.Thinking("", secret));
            }

            boolean onlyCalls() {
                return !parts.isEmpty() && parts.stream().allMatch(part -> part instanceof Part.ToolCall);
            }
        }

        /// A part while it is being read.
        private static final class Draft {
            @Nullable String text;
            boolean thought;
            @Nullable String signature;
            @Nullable Part content;
            @Nullable String opaque;
        }

        private static final Set<String> NATIVE_PARTS = Set.of("executableCode", "codeExecutionResult", "toolCall", "toolResponse");
        private static final Set<String> PART_DETAILS = Set.of("videoMetadata", "mediaResolution", "partMetadata");

        private final Drops drops;
        private final List<Message> messages = new ArrayList<>();
        private final List<Called> open = new ArrayList<>();
        private int contents;

        History(Drops drops) {
            this.drops = drops;
        }

        /// The contents, or only one, or only its text.
        void contents(JsonIn in) {
            eachOf(in, () -> {
                Turn turn = turn(in, contents++);
                message(in, turn);
            });
        }

        private void message(JsonIn in, Turn turn) {
            switch (turn.role) {
                case null -> user(in, turn);
                case "", Wire.ROLE_USER, "function", "tool" -> user(in, turn);
                case Wire.ROLE_MODEL -> model(in, turn);
                default -> throw in.bad("role", "must be user, model or function");
            }
        }

        private void user(JsonIn in, Turn turn) {
            if (!turn.calls.isEmpty()) {
                throw in.bad("role", "only the model calls functions");
            }
            messages.add(new Message(Message.Role.USER, turn.parts));
        }

        /// Clients send one content for each of several parallel calls: they are one message.
        private void model(JsonIn in, Turn turn) {
            if (turn.parts.stream().anyMatch(part -> part instanceof Part.ToolResult)) {
                throw in.bad("role", "the model answers no calls");
            }
            boolean joins = turn.onlyCalls() && !messages.isEmpty() && messages.getLast().role() == Message.Role.ASSISTANT;
            if (joins) {
                List<Part> all = new ArrayList<>(messages.removeLast().parts());
                all.addAll(turn.parts);
                messages.add(new Message(Message.Role.ASSISTANT, all));
            } else {
                open.clear();
                messages.add(new Message(Message.Role.ASSISTANT, turn.parts));
            }
            open.addAll(turn.calls);
        }

        /// One content, or one part or text in its place.
        Turn turn(JsonIn in, int index) {
            Turn turn = new Turn(index);
            if (in.isText()) {
                turn.parts.add(new Part.Text(in.text()));
                return turn;
            }
            Draft draft = new Draft();
            Wire.members(in, name -> {
                switch (name) {
                    case "role" -> turn.role = in.text();
                    case "parts" -> eachOf(in, () -> part(in, turn));
                    default -> member(in, name, draft, turn);
                }
            });
            finish(in, draft, turn);
            return turn;
        }

        private void part(JsonIn in, Turn turn) {
            if (in.isText()) {
                turn.parts.add(new Part.Text(in.text()));
                return;
            }
            Draft draft = new Draft();
            Wire.members(in, name -> member(in, name, draft, turn));
            finish(in, draft, turn);
        }

        private void member(JsonIn in, String name, Draft draft, Turn turn) {
            switch (name) {
                case "text" -> draft.text = in.text();
                case "thought" -> draft.thought = Boolean.TRUE.equals(in.flagOrNull());
                case "thoughtSignature" -> draft.signature = in.text();
                case "inlineData" -> draft.content = inlineData(in);
                case "fileData" -> draft.content = fileData(in);
                case "functionCall" -> draft.content = functionCall(in, turn);
                case "functionResponse" -> draft.content = functionResponse(in, turn);
                default -> {
                    if (PART_DETAILS.contains(name)) {
                        drops.add(Feature.NATIVE_MEMBER, in.path(), "only this dialect knows it");
                    } else {
                        draft.opaque = NATIVE_PARTS.contains(name) || draft.opaque == null ? name : draft.opaque;
                    }
                }
            }
        }

        private void finish(JsonIn in, Draft draft, Turn turn) {
            Secret secret = draft.signature == null ? null : secret(in, draft.signature);
            if (secret != null && secret.dialect() != DialectId.GEMINI) {
                turn.restore(secret);
                secret = null;
            }
            Part content = draft.content;
            if (draft.opaque != null && (content != null || draft.text != null)) {
                drops.add(Feature.NATIVE_MEMBER, in.path() + "." + draft.opaque, "only this dialect knows it");
            }
            if (content instanceof Part.ToolCall call) {
                turn.parts.add(new Part.ToolCall(call.id(), call.name(), call.arguments(), call.kind(), null, null, secret));
            } else if (content != null || draft.text == null && draft.opaque != null) {
                if (secret != null) {
                    turn.parts.add(new Part.Thinking("", secret)); // goes to the part that follows
                }
                turn.parts.add(content != null ? content : new Part.Opaque(DialectId.GEMINI, String.valueOf(draft.opaque)));
            } else if (draft.thought) {
                turn.parts.add(new Part.Thinking(draft.text == null ? "" : draft.text, secret));
            } else if (secret != null || draft.text != null && (!draft.text.isEmpty() || draft.signature == null)) {
                turn.parts.add(new Part.Text(draft.text == null ? "" : draft.text, List.of(), null, secret));
            }
        }

        /// The secret that a signature is: the vendor's own, or what an envelope holds; null for what is neither.
        private @Nullable Secret secret(JsonIn in, String signature) {
            Envelope.Opened opened = Envelope.openBase64(signature);
            if (opened == null) {
                opened = Envelope.open(signature);
            }
            if (opened != null) {
                return opened.secret();
            }
            if (!signature.equals(Wire.SIGNATURE_BYPASS) && !isBase64(signature)) {
                drops.add(Feature.SIGNATURE, in.path(), "not a signature of this vendor");
                return null;
            }
            return new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, signature);
        }

        /// Either alphabet; padding may be missing.
        private static boolean isBase64(String text) {
            int length = text.length();
            while (length > 0 && text.charAt(length - 1) == '=') {
                length--;
            }
            int padding = text.length() - length;
            if (length == 0 || length % 4 == 1 || padding > 2 || padding > 0 && text.length() % 4 != 0) {
                return false;
            }
            for (int at = 0; at < length; at++) {
                char one = text.charAt(at);
                boolean legal = one >= 'A' && one <= 'Z' || one >= 'a' && one <= 'z' || one >= '0' && one <= '9' || "+/-_".indexOf(one) >= 0;
                if (!legal) {
                    return false;
                }
            }
            return true;
        }

        // Media

        private Part inlineData(JsonIn in) {
            var said = new Object() {
                @Nullable String mime;
                @Nullable String data;
                @Nullable String name;
            };
            Wire.members(in, name -> {
                switch (name) {
                    case "mimeType" -> said.mime = in.text();
                    case "data" -> said.data = in.text();
                    case "displayName" -> said.name = in.text();
                    default -> drops.add(Feature.NATIVE_MEMBER, in.path(), "only this dialect knows it");
                }
            });
            if (said.mime == null) {
                throw in.bad("mimeType", "is required");
            }
            if (said.data == null) {
                throw in.bad("data", "is required");
            }
            String mime = withoutParameters(said.mime);
            return media(new Source.Base64(mime, standardAlphabet(said.data)), mime, said.name);
        }

        private Part fileData(JsonIn in) {
            var said = new Object() {
                @Nullable String mime;
                @Nullable String uri;
                @Nullable String name;
            };
            Wire.members(in, name -> {
                switch (name) {
                    case "mimeType" -> said.mime = withoutParameters(in.text());
                    case "fileUri" -> said.uri = in.text();
                    case "displayName" -> said.name = in.text();
                    default -> drops.add(Feature.NATIVE_MEMBER, in.path(), "only this dialect knows it");
                }
            });
            if (said.uri == null) {
                throw in.bad("fileUri", "is required");
            }
            String kind = said.mime != null ? said.mime : Wire.isYouTube(said.uri) ? "video/*" : Wire.mimeOf(said.uri);
            return media(new Source.Url(said.uri, said.mime), kind == null ? "" : kind, said.name);
        }

        private static Part media(Source source, String mime, @Nullable String name) {
            int slash = mime.indexOf('/');
            return switch (slash < 0 ? "" : mime.substring(0, slash)) {
                case "image" -> new Part.Image(source, null, null);
                case "audio" -> new Part.Audio(source, null);
                case "video" -> new Part.Video(source);
                default -> new Part.Document(source, name, null, null, false, null);
            };
        }

        private static String withoutParameters(String mime) {
            int end = mime.indexOf(';');
            return (end < 0 ? mime : mime.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        }

        /// The vendor takes the URL-safe alphabet too; data URLs, in which others carry the bytes, do not.
        private static String standardAlphabet(String base64) {
            return base64.indexOf('-') < 0 && base64.indexOf('_') < 0 ? base64 : base64.replace('-', '+').replace('_', '/');
        }

        // Calls and their results

        private static Part functionCall(JsonIn in, Turn turn) {
            var said = new Object() {
                @Nullable String id;
                @Nullable String name;
                String arguments = "{}";
            };
            Wire.members(in, name -> {
                switch (name) {
                    case "id" -> said.id = in.text();
                    case "name" -> said.name = in.text();
                    case "args" -> {
                        if (!in.isObject()) {
                            throw in.bad("must be an object");
                        }
                        said.arguments = in.raw();
                    }
                    default -> {}
                }
            });
            String name = said.name;
            if (name == null || name.isEmpty()) {
                throw in.bad("name", "is required");
            }
            boolean minted = said.id == null || said.id.isEmpty();
            String id = said.id == null || minted ? Ids.ofPlace(turn.index, turn.calls.size(), name) : said.id;
            turn.calls.add(new Called(id, name, minted));
            return Part.ToolCall.function(id, name, said.arguments);
        }

        private Part functionResponse(JsonIn in, Turn turn) {
            var said = new Object() {
                @Nullable String id;
                @Nullable String name;
                @Nullable Outcome outcome;
            };
            List<Part> media = new ArrayList<>(0);
            Wire.members(in, name -> {
                switch (name) {
                    case "id" -> said.id = in.text();
                    case "name" -> said.name = in.text();
                    case "response" -> said.outcome = outcome(in);
                    case "parts" -> eachOf(in, () -> {
                        Turn inner = new Turn(turn.index);
                        part(in, inner);
                        media.addAll(inner.parts);
                    });
                    default -> drops.add(Feature.NATIVE_MEMBER, in.path(), "only this dialect knows it");
                }
            });
            String name = said.name;
            if (name == null || name.isEmpty()) {
                throw in.bad("name", "is required");
            }
            List<Part> parts = new ArrayList<>(1 + media.size());
            if (said.outcome != null) {
                parts.add(new Part.Text(said.outcome.text));
            }
            parts.addAll(media);
            String id = answered(said.id, name, turn);
            return new Part.ToolResult(id, name, parts, said.outcome != null && said.outcome.isError, ToolKind.FUNCTION, null);
        }

        /// The id of the call that is answered: the one that is named, else the oldest of that name that waits.
        private String answered(@Nullable String id, String name, Turn turn) {
            boolean given = id != null && !id.isEmpty();
            if (given) {
                for (Called call : open) {
                    if (call.id.equals(id)) {
                        call.answered = true;
                        return call.id;
                    }
                }
            }
            for (Called call : open) {
                if (!call.answered && call.name.equals(name) && (call.minted || !given)) {
                    call.answered = true;
                    return call.id;
                }
            }
            return id != null && given ? id : Ids.ofPlace(turn.index, turn.parts.size(), name);
        }

        private record Outcome(String text, boolean isError) {}

        /// What a function returned is wrapped by most clients, since this format takes only objects.
        private static Outcome outcome(JsonIn in) {
            if (!in.isObject()) {
                throw in.bad("must be an object");
            }
            String whole = in.raw();
            byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
            var only = new Object() {
                int members;
                String name = "";
                @Nullable String text;
                String json = "";
            };
            JsonIn.read(bytes, 0, bytes.length, inner -> inner.object(name -> {
                only.members++;
                only.name = name;
                only.text = inner.textIfAny();
                only.json = only.text == null ? inner.raw() : "";
            }));
            if (only.members != 1) {
                return new Outcome(whole, false);
            }
            return switch (only.name) {
                case "error" -> new Outcome(only.text != null ? only.text : only.json, true);
                case "output", "result", "content" -> new Outcome(only.text != null ? only.text : whole, false);
                default -> new Outcome(whole, false);
            };
        }
    }
}
