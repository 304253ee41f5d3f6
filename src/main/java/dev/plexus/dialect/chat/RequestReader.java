package dev.plexus.dialect.chat;

import dev.plexus.dialect.DataUrls;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.RequestHead;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a client's request, for translation.
final class RequestReader {

    private static final String UNKNOWN_HERE = "other dialects do not know it";

    private final JsonIn in;
    private final Drops drops;
    private final Conversation conversation = new Conversation();
    private final Tools tools = new Tools();
    private final Thoughts thoughts = new Thoughts();
    private final Settings.Builder settings = new Settings.Builder();

    private @Nullable Boolean parallel;
    private @Nullable Long maxTokens;
    private @Nullable Long maxCompletionTokens;
    private @Nullable String user;
    private @Nullable String safetyIdentifier;

    private RequestReader(JsonIn in, Drops drops) {
        this.in = in;
        this.drops = drops;
    }

    static ChatRequest read(byte[] body, RequestHead head, Drops drops) {
        var read = new Object() {
            @Nullable ChatRequest request;
        };
        JsonIn.read(body, 0, body.length, in -> read.request = new RequestReader(in, drops).read(head));
        return Objects.requireNonNull(read.request, "a document has a value");
    }

    private ChatRequest read(RequestHead head) {
        in.object(this::member);
        settings.maxTokens(maxCompletionTokens != null ? maxCompletionTokens : maxTokens);
        settings.user(safetyIdentifier != null ? safetyIdentifier : user);
        return new ChatRequest(
                DialectId.CHAT, head.model(), head.stream(), head.asksForUsage(), conversation.messages(), tools.all(), tools.choice,
                parallel, thoughts.reasoning(), settings.build());
    }

    private void member(String name) {
        if (in.isNull()) {
            return;
        }
        switch (name) {
            case Wire.MODEL, Wire.STREAM -> {}
            case Wire.STREAM_OPTIONS -> members(option -> {
                if (!option.equals(Wire.INCLUDE_USAGE)) {
                    unknown();
                }
            });
            case Wire.MESSAGES -> in.array(conversation::message);
            case Wire.TOOLS -> in.array(tools::tool);
            case "functions" -> in.array(tools::tool);
            case "tool_choice" -> tools.choice = tools.choice();
            case "function_call" -> tools.legacyChoice = tools.choice();
            case "web_search_options" -> tools.search();
            case Wire.PARALLEL_TOOL_CALLS -> parallel = in.flagOrNull();
            case "max_completion_tokens" -> maxCompletionTokens = in.wholeOrNull();
            case "max_tokens" -> maxTokens = in.wholeOrNull();
            case "temperature" -> settings.temperature(in.numberOrNull());
            case "top_p" -> settings.topP(in.numberOrNull());
            case "top_k" -> settings.topK(in.wholeOrNull());
            case "seed" -> settings.seed(in.wholeOrNull());
            case "frequency_penalty" -> settings.frequencyPenalty(in.numberOrNull());
            case "presence_penalty" -> settings.presencePenalty(in.numberOrNull());
            case "n" -> settings.n(in.wholeOrNull());
            case "logit_bias" -> settings.logitBias(values());
            case "stop" -> settings.stop(in.isText() ? List.of(in.text()) : texts());
            case "logprobs" -> settings.logprobs(in.flagOrNull());
            case "top_logprobs" -> settings.topLogprobs(in.wholeOrNull());
            case "modalities" -> settings.modalities(texts());
            case "response_format" -> settings.format(format());
            case "verbosity" -> settings.verbosity(in.text());
            case "reasoning_effort" -> thoughts.effort();
            case "reasoning" -> thoughts.openRouter();
            case "thinking" -> thoughts.thinking();
            case "enable_thinking" -> thoughts.others.enabled = in.flagOrNull();
            case "thinking_budget" -> thoughts.others.budget(in.wholeOrNull());
            case "chat_template_kwargs" -> thoughts.template();
            case "google" -> thoughts.google();
            case "extra_body" -> members(inner -> {
                if (inner.equals("google")) {
                    thoughts.google();
                } else {
                    unknown();
                }
            });
            case "user" -> user = in.text();
            case "safety_identifier" -> safetyIdentifier = in.text();
            case "metadata" -> settings.metadata(values());
            case "service_tier" -> settings.serviceTier(in.text());
            case "prompt_cache_key" -> settings.promptCacheKey(in.text());
            default -> unknown();
        }
    }

    private @Nullable OutputFormat format() {
        var seen = new Object() {
            String type = "";
            @Nullable String name;
            @Nullable String description;
            // Whoever names no schema takes any value, which is what the empty one says.
            String schema = "{}";
            @Nullable Boolean strict;
        };
        members(member -> {
            switch (member) {
                case "type" -> seen.type = in.text();
                case "json_schema" -> members(inner -> {
                    switch (inner) {
                        case "name" -> seen.name = in.text();
                        case "description" -> seen.description = in.text();
                        case "schema" -> seen.schema = jsonObject();
                        case "strict" -> seen.strict = in.flagOrNull();
                        default -> unknown();
                    }
                });
                default -> unknown();
            }
        });
        return switch (seen.type) {
            case "text" -> null;
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> new OutputFormat.JsonSchema(seen.name, seen.description, seen.schema, seen.strict);
            case "" -> throw in.bad("type", "is required");
            default -> {
                drops.add(Feature.OUTPUT_FORMAT, in.path(), "a format of type " + seen.type);
                yield null;
            }
        };
    }

    /// Visits the members of an object that are not null.
    private void members(Consumer<String> member) {
        in.object(name -> {
            if (!in.isNull()) {
                member.accept(name);
            }
        });
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>(4);
        in.array(() -> texts.add(in.text()));
        return texts;
    }

    private Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        members(name -> values.put(name, in.raw()));
        return values;
    }

    private String jsonObject() {
        if (!in.isObject()) {
            throw in.bad("must be an object");
        }
        return in.raw();
    }

    private void unknown() {
        if (!in.isNull()) {
            drops.add(Feature.NATIVE_MEMBER, in.path(), UNKNOWN_HERE);
        }
    }

    /// Gathers the messages, and puts the results of tools into messages of the user.
    private final class Conversation {

        private final List<Message> messages = new ArrayList<>();
        /// Results that the next message of the user begins with.
        private final List<Part> results = new ArrayList<>();
        private final Map<String, String> namesOfCalls = new HashMap<>();
        private final Map<String, String> legacyIds = new HashMap<>();

        void message() {
            Draft draft = new Draft();
            members(draft::member);
            switch (draft.role) {
                case "system" -> add(Message.Role.SYSTEM, draft);
                case "developer" -> add(Message.Role.DEVELOPER, draft);
                case "user" -> user(draft);
                case "assistant" -> assistant(draft);
                case "tool" -> results.add(result(draft, draft.callId == null ? missing("tool_call_id") : draft.callId));
                case "function" -> {
                    String name = draft.name == null ? missing("name") : draft.name;
                    results.add(result(draft, legacyIds.getOrDefault(name, name)));
                }
                case "" -> throw in.bad(Wire.ROLE, "is required");
                default -> throw in.bad(Wire.ROLE, "must be system, developer, user, assistant, tool or function");
            }
        }

        List<Message> messages() {
            flush();
            return messages;
        }

        private String missing(String member) {
            throw in.bad(member, "is required");
        }

        private void add(Message.Role role, Draft draft) {
            flush();
            nameless(draft);
            messages.add(new Message(role, draft.content));
        }

        private void user(Draft draft) {
            nameless(draft);
            results.addAll(draft.content);
            messages.add(new Message(Message.Role.USER, results));
            results.clear();
        }

        private void assistant(Draft draft) {
            flush();
            nameless(draft);
            if (draft.legacyCall != null) {
                Draft.Call call = draft.legacyCall;
                call.id = Ids.ofPlace(messages.size(), draft.calls.size(), call.name);
                legacyIds.put(call.name, call.id);
                draft.calls.add(call);
            }
            List<Part> parts = draft.spoken(in.path());
            for (Part part : parts) {
                if (part instanceof Part.ToolCall call) {
                    namesOfCalls.put(call.id(), call.name());
                }
            }
            messages.add(new Message(Message.Role.ASSISTANT, parts));
        }

        private Part result(Draft draft, String callId) {
            String name = draft.name != null ? draft.name : namesOfCalls.get(callId);
            return new Part.ToolResult(callId, name, draft.content, false, ToolKind.FUNCTION, draft.cache);
        }

        private void nameless(Draft draft) {
            if (draft.name != null) {
                drops.add(Feature.PARTICIPANT_NAME, in.path() + ".name", UNKNOWN_HERE);
            }
        }

        private void flush() {
            if (!results.isEmpty()) {
                messages.add(new Message(Message.Role.USER, results));
                results.clear();
            }
        }
    }

    /// One message as it is being read: its members come in any order.
    private final class Draft {

        private String role = "";
        private @Nullable String name;
        private @Nullable String callId;
        private @Nullable CacheMark cache;
        private @Nullable String reasoningContent;
        private @Nullable String reasoning;
        private final List<Wire.Detail> details = new ArrayList<>(0);
        private final List<Part> content = new ArrayList<>(1);
        private final List<Part> images = new ArrayList<>(0);
        private final List<Call> calls = new ArrayList<>(0);
        private @Nullable String refusal;
        private boolean audio;
        private @Nullable Call legacyCall;

        /// A tool call as it is being read.
        private static final class Call {
            String id = "";
            String name = "";
            String arguments = "";
            ToolKind kind = ToolKind.FUNCTION;
            @Nullable Secret signature;
        }

        void member(String member) {
            switch (member) {
                case Wire.ROLE -> role = in.text();
                case "content" -> content();
                case "name" -> name = in.text();
                case "tool_call_id" -> callId = in.text();
                case "cache_control" -> cache = cacheMark();
                case "reasoning_content" -> reasoningContent = in.textIfAny();
                case "reasoning" -> reasoning = in.textIfAny();
                case "reasoning_details" -> in.array(() -> {
                    Wire.Detail detail = Wire.Detail.read(in);
                    if (detail != null) {
                        details.add(detail);
                    }
                });
                case "refusal" -> refusal = in.text();
                case "tool_calls" -> in.array(() -> calls.add(call()));
                case "function_call" -> {
                    legacyCall = new Call();
                    function(legacyCall);
                }
                case "images" -> in.array(() -> {
                    Part image = part();
                    if (image instanceof Part.Image) {
                        images.add(image);
                    }
                });
                case "audio" -> audio = true;
                case "annotations" -> in.array(() -> drops.add(Feature.CITATIONS, in.path(), "of an earlier answer"));
                default -> unknown();
            }
        }

        private void content() {
            if (in.isText()) {
                content.add(new Part.Text(in.text()));
            } else {
                in.array(() -> {
                    if (in.isText()) {
                        content.add(new Part.Text(in.text()));
                    } else if (!in.isNull()) {
                        content.add(part());
                    }
                });
            }
        }

        private Call call() {
            Call call = new Call();
            var seen = new Object() {
                String type = "function";
                boolean described;
            };
            members(member -> {
                switch (member) {
                    case "id" -> call.id = in.text();
                    case "type" -> seen.type = in.text();
                    case "function" -> {
                        seen.described = true;
                        function(call);
                    }
                    case "custom" -> {
                        seen.described = true;
                        call.kind = ToolKind.CUSTOM;
                        function(call);
                    }
                    case "extra_content" -> members(vendor -> {
                        if (vendor.equals("google")) {
                            members(inner -> call.signature = inner.equals("thought_signature") ? signature(in.text()) : call.signature);
                        }
                    });
                    // The place in a stream, which clients that gather one keep.
                    case "index" -> {}
                    default -> unknown();
                }
            });
            if (!seen.described) {
                throw in.bad(seen.type.equals("custom") ? "custom" : "function", "is required");
            }
            if (call.id.isEmpty()) {
                throw in.bad("id", "is required");
            }
            return call;
        }

        private void function(Call call) {
            members(member -> {
                switch (member) {
                    case "name" -> call.name = in.text();
                    case "arguments" -> call.arguments = in.isText() ? in.text() : in.raw();
                    case "input" -> call.arguments = in.text();
                    default -> unknown();
                }
            });
            if (call.name.isEmpty()) {
                throw in.bad("name", "is required");
            }
        }

        private @Nullable Secret signature(String text) {
            Envelope.Opened opened = Envelope.openBase64(text);
            opened = opened == null ? Envelope.open(text) : opened;
            return opened != null ? opened.secret() : new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, text);
        }

        /// What the assistant said, in the order thoughts, content, refusal, calls; with every secret at the part that it belongs to.
        List<Part> spoken(String path) {
            List<Part> parts = new ArrayList<>();
            List<Secret> signatures = new ArrayList<>(0);
            String plain = Objects.requireNonNullElse(reasoningContent != null ? reasoningContent : reasoning, "");
            Wire.Detail.thoughts(details, plain, parts, signatures);
            for (Part part : content) {
                Secret signature = part instanceof Part.Text ? next(signatures) : null;
                parts.add(part instanceof Part.Text text && signature != null
                        ? new Part.Text(text.text(), text.citations(), text.cache(), signature) : part);
            }
            parts.addAll(images);
            if (refusal != null && !refusal.isEmpty()) {
                parts.add(new Part.Refusal(refusal));
            }
            if (audio) {
                parts.add(new Part.Opaque(DialectId.CHAT, "audio"));
            }
            for (Call call : calls) {
                Secret named = signatures.stream().filter(secret -> call.id.equals(secret.itemId())).findFirst().orElse(null);
                signatures.remove(named);
                Secret signature = call.signature != null ? call.signature : named != null ? bare(named) : next(signatures);
                parts.add(new Part.ToolCall(call.id, call.name, call.arguments, call.kind, null, null, signature));
            }
            for (Secret _ : signatures) {
                drops.add(Feature.SIGNATURE, path, "the part that it signs is not there");
            }
            return parts;
        }

        /// The first signature that is not for a certain call.
        private static @Nullable Secret next(List<Secret> signatures) {
            for (Secret secret : signatures) {
                if (secret.itemId() == null) {
                    signatures.remove(secret);
                    return secret;
                }
            }
            return null;
        }

        private static Secret bare(Secret secret) {
            return new Secret(secret.dialect(), secret.kind(), secret.value());
        }

        private Part part() {
            var seen = new Object() {
                String type = "";
                @Nullable String text;
                @Nullable String url;
                @Nullable String detail;
                @Nullable String data;
                @Nullable String format;
                @Nullable String fileId;
                @Nullable String filename;
                @Nullable CacheMark cache;
                boolean described;
                final StringBuilder thought = new StringBuilder();
            };
            members(member -> {
                switch (member) {
                    case "type" -> seen.type = in.text();
                    case "text", "refusal" -> seen.text = in.text();
                    case "image_url", "video_url" -> {
                        seen.described = true;
                        if (in.isText()) {
                            seen.url = in.text();
                        } else {
                            members(inner -> {
                                switch (inner) {
                                    case "url" -> seen.url = in.text();
                                    case "detail" -> seen.detail = in.text();
                                    default -> unknown();
                                }
                            });
                        }
                    }
                    case "input_audio" -> {
                        seen.described = true;
                        members(inner -> {
                            switch (inner) {
                                case "data" -> seen.data = in.text();
                                case "format" -> seen.format = in.text();
                                default -> unknown();
                            }
                        });
                    }
                    case "file" -> {
                        seen.described = true;
                        members(inner -> {
                            switch (inner) {
                                case "file_data" -> seen.data = in.text();
                                case "file_id" -> seen.fileId = in.text();
                                case "filename" -> seen.filename = in.text();
                                default -> unknown();
                            }
                        });
                    }
                    case "thinking" -> thought(seen.thought);
                    case "cache_control" -> seen.cache = cacheMark();
                    case "prompt_cache_breakpoint" -> seen.cache = new CacheMark(null);
                    default -> {}
                }
            });
            return switch (seen.type) {
                case "text" -> new Part.Text(seen.text == null ? lacks("text") : seen.text, List.of(), seen.cache, null);
                case "refusal" -> new Part.Refusal(seen.text == null ? lacks("refusal") : seen.text);
                case "image_url" -> new Part.Image(media(seen.url, "image_url"), seen.detail, seen.cache);
                case "video_url" -> uncached(seen.cache, new Part.Video(media(seen.url, "video_url")));
                case "input_audio" -> uncached(seen.cache, audio(seen.data, seen.format));
                case "file" -> new Part.Document(file(seen.data, seen.fileId), seen.filename, null, null, false, seen.cache);
                case "thinking" -> new Part.Thinking(seen.thought.toString(), null);
                case "" -> throw in.bad("type", "is required");
                default -> new Part.Opaque(DialectId.CHAT, seen.type);
            };
        }

        private String lacks(String member) {
            throw in.bad(member, "is required");
        }

        /// Mistral's: a string, or an array of text parts.
        private void thought(StringBuilder text) {
            if (in.isText()) {
                text.append(in.text());
            } else {
                in.array(() -> members(inner -> {
                    if (inner.equals("text")) {
                        text.append(in.text());
                    }
                }));
            }
        }

        private Part uncached(@Nullable CacheMark cache, Part part) {
            if (cache != null) {
                drops.add(Feature.CACHE_MARK, in.path(), "media of this kind carries none");
            }
            return part;
        }

        private Source media(@Nullable String url, String member) {
            Source source = url == null ? null : DataUrls.source(url);
            if (source == null) {
                throw in.bad(member, url == null ? "must name a url" : "is a data: URL without content");
            }
            return source;
        }

        private Part audio(@Nullable String data, @Nullable String format) {
            if (data == null || format == null) {
                throw in.bad("input_audio", "must have data and a format");
            }
            boolean isUrl = data.startsWith("data:") && DataUrls.source(data) instanceof Source.Base64;
            return new Part.Audio(isUrl ? media(data, "input_audio") : new Source.Base64("audio/" + format, data), format);
        }

        private Source file(@Nullable String data, @Nullable String id) {
            if (data == null) {
                if (id == null) {
                    throw in.bad("file", "must have file_data or file_id");
                }
                return new Source.File(id, "openai");
            }
            boolean isUrl = data.startsWith("data:") || data.startsWith("http://") || data.startsWith("https://");
            return isUrl ? media(data, "file") : new Source.Base64("application/pdf", data);
        }
    }

    private CacheMark cacheMark() {
        var seen = new Object() {
            @Nullable String ttl;
        };
        members(member -> seen.ttl = member.equals("ttl") ? in.text() : seen.ttl);
        return new CacheMark(seen.ttl);
    }

    /// Gathers the tools, and what is said about using them.
    private final class Tools {

        private final List<Tool> tools = new ArrayList<>();
        private final List<Tool> searches = new ArrayList<>(0);
        private @Nullable ToolChoice choice;
        private @Nullable ToolChoice legacyChoice;

        List<Tool> all() {
            choice = choice == null ? legacyChoice : choice;
            tools.addAll(searches);
            return tools;
        }

        /// A tool as it is being read.
        private final class Draft {
            String type = "function";
            String name = "";
            @Nullable String description;
            @Nullable String schema;
            @Nullable Boolean strict;
            @Nullable String format;
            @Nullable CacheMark cache;
            @Nullable String contextSize;
            Tool.@Nullable Place place;
            List<String> allowed = List.of();
            List<String> blocked = List.of();
            /// Members that only some tools have; whether they are known depends on the type, which may come last.
            final List<String> odd = new ArrayList<>(0);

            void member(String member) {
                switch (member) {
                    case "type" -> type = in.text();
                    case "function", "custom" -> members(this::member);
                    case "name" -> name = in.text();
                    case "description" -> description = in.text();
                    case "parameters" -> schema = jsonObject();
                    case "strict" -> strict = in.flagOrNull();
                    case "format" -> format = customFormat();
                    case "cache_control" -> cache = cacheMark();
                    case "search_context_size" -> contextSize = in.text();
                    case "user_location" -> place = place();
                    case "filters" -> members(inner -> {
                        switch (inner) {
                            case "allowed_domains" -> allowed = texts();
                            case "blocked_domains" -> blocked = texts();
                            default -> unknown();
                        }
                    });
                    default -> odd.add(in.path());
                }
            }
        }

        void tool() {
            Draft draft = new Draft();
            members(draft::member);
            add(draft);
        }

        private void add(Draft draft) {
            Tool.Builtin.Type builtin = switch (draft.type) {
                case "code_interpreter", "code_execution" -> Tool.Builtin.Type.CODE_EXECUTION;
                case "file_search" -> Tool.Builtin.Type.FILE_SEARCH;
                case "image_generation" -> Tool.Builtin.Type.IMAGE_GENERATION;
                case "mcp" -> Tool.Builtin.Type.MCP;
                case "shell", "local_shell" -> Tool.Builtin.Type.SHELL;
                default -> draft.type.startsWith("computer") ? Tool.Builtin.Type.COMPUTER : Tool.Builtin.Type.OTHER;
            };
            if (draft.type.startsWith("web_search") || draft.type.equals("openrouter:web_search") || draft.type.equals("browser_search")) {
                tools.add(new Tool.WebSearch(draft.allowed, draft.blocked, null, draft.contextSize, draft.place));
                return;
            }
            switch (draft.type) {
                case "function" -> tools.add(new Tool.Function(
                        named(draft, "function"), draft.description, draft.schema, draft.strict, null, draft.cache));
                case "custom" -> tools.add(new Tool.Custom(named(draft, "custom"), draft.description, draft.format, null));
                default -> {
                    // The whole tool is dropped, or translated as a whole, so its members need no words of their own.
                    tools.add(new Tool.Builtin(builtin, draft.type));
                    return;
                }
            }
            draft.odd.forEach(path -> drops.add(Feature.NATIVE_MEMBER, path, UNKNOWN_HERE));
        }

        private String named(Draft draft, String member) {
            if (draft.name.isEmpty()) {
                throw in.bad(member + ".name", "is required");
            }
            return draft.name;
        }

        /// The format object in the flat form of the Responses API, which the hub keeps; null for plain text.
        private @Nullable String customFormat() {
            var seen = new Object() {
                String type = "text";
                @Nullable String syntax;
                @Nullable String definition;

                void member(String member) {
                    switch (member) {
                        case "type" -> type = in.text();
                        case "grammar" -> members(this::member);
                        case "syntax" -> syntax = in.text();
                        case "definition" -> definition = in.text();
                        default -> unknown();
                    }
                }
            };
            members(seen::member);
            return seen.type.equals("text") ? null : new String(
                    JsonOut.document(json -> json.object()
                            .text("type", seen.type)
                            .text("syntax", seen.syntax)
                            .text("definition", seen.definition)
                            .close()),
                    StandardCharsets.UTF_8);
        }

        void search() {
            Draft draft = new Draft();
            members(draft::member);
            draft.type = "web_search";
            searches.clear();
            searches.add(new Tool.WebSearch(draft.allowed, draft.blocked, null, draft.contextSize, draft.place));
        }

        private Tool.Place place() {
            var seen = new Object() {
                @Nullable String city;
                @Nullable String region;
                @Nullable String country;
                @Nullable String timezone;

                void member(String member) {
                    switch (member) {
                        case "approximate" -> members(this::member);
                        case "city" -> city = in.text();
                        case "region" -> region = in.text();
                        case "country" -> country = in.text();
                        case "timezone" -> timezone = in.text();
                        default -> {}
                    }
                }
            };
            members(seen::member);
            return new Tool.Place(seen.city, seen.region, seen.country, seen.timezone);
        }

        ToolChoice choice() {
            if (in.isText()) {
                return switch (in.text()) {
                    case "auto" -> new ToolChoice.Auto();
                    case "none" -> new ToolChoice.None();
                    case "required", "any" -> new ToolChoice.Required();
                    default -> throw in.bad("must be auto, none, required or an object");
                };
            }
            var seen = new Object() {
                String type = "function";
                String name = "";
                String mode = "auto";
                final List<String> names = new ArrayList<>();

                void member(String member) {
                    switch (member) {
                        case "type" -> type = in.text();
                        case "function", "custom", "allowed_tools" -> members(this::member);
                        case "name" -> name = in.text();
                        case "mode" -> mode = in.text();
                        case "tools" -> in.array(() -> members(this::allowed));
                        default -> unknown();
                    }
                }

                void allowed(String member) {
                    switch (member) {
                        case "function", "custom" -> members(this::allowed);
                        case "name" -> names.add(in.text());
                        default -> {}
                    }
                }
            };
            members(seen::member);
            return switch (seen.type) {
                case "function", "custom" -> {
                    if (seen.name.isEmpty()) {
                        throw in.bad(seen.type + ".name", "is required");
                    }
                    yield new ToolChoice.Named(seen.name, seen.type.equals("custom") ? ToolKind.CUSTOM : ToolKind.FUNCTION);
                }
                case "allowed_tools" -> new ToolChoice.Allowed(seen.names, seen.mode.equals("required"));
                default -> new ToolChoice.NamedBuiltin(seen.type.startsWith("web_search") ? "web_search" : seen.type);
            };
        }
    }

    /// Gathers what is said about reasoning, in the words of several vendors: the more widely understood ones go before the others.
    private final class Thoughts {

        private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

        /// What one of the vendors' forms says.
        private static final class Wish {
            @Nullable Boolean enabled;
            @Nullable String effort;
            @Nullable Long budget;
            boolean adaptive;
            @Nullable Boolean include;
            @Nullable String summary;

            void budget(@Nullable Long tokens) {
                if (tokens == null) {
                    return;
                }
                if (tokens > 0) {
                    budget = tokens;
                } else {
                    adaptive = tokens < 0;
                    enabled = tokens < 0;
                }
            }
        }

        private final Wish byEffort = new Wish();
        private final Wish openRouter = new Wish();
        private final Wish thinking = new Wish();
        private final Wish others = new Wish();

        void effort() {
            effort(byEffort, in.text());
        }

        private void effort(Wish wish, String word) {
            String effort = word.toLowerCase(Locale.ROOT);
            effort = effort.equals("off") ? "none" : effort;
            if (EFFORTS.contains(effort)) {
                wish.effort = effort;
                wish.enabled = !effort.equals("none");
            } else {
                drops.add(Feature.REASONING_CONTROL, in.path(), "an effort of " + word);
            }
        }

        void openRouter() {
            var seen = new Object() {
                @Nullable Boolean enabled;
            };
            members(member -> {
                switch (member) {
                    case "effort" -> effort(openRouter, in.text());
                    case "max_tokens" -> openRouter.budget(in.wholeOrNull());
                    case "enabled" -> seen.enabled = in.flagOrNull();
                    case "exclude" -> openRouter.include = Boolean.FALSE.equals(in.flagOrNull());
                    case "summary" -> openRouter.summary = in.text();
                    default -> unknown();
                }
            });
            openRouter.enabled = seen.enabled != null ? seen.enabled : openRouter.enabled;
        }

        void thinking() {
            members(member -> {
                switch (member) {
                    case "type" -> {
                        String type = in.text();
                        thinking.enabled = !type.equals("disabled");
                        thinking.adaptive = type.equals("adaptive") || type.equals("auto");
                    }
                    case "budget_tokens" -> thinking.budget = in.wholeOrNull();
                    default -> unknown();
                }
            });
        }

        void template() {
            members(member -> {
                switch (member) {
                    case "enable_thinking", "thinking" -> others.enabled = in.flagOrNull();
                    default -> unknown();
                }
            });
        }

        void google() {
            members(member -> {
                if (!member.equals("thinking_config") && !member.equals("thinkingConfig")) {
                    unknown();
                    return;
                }
                members(inner -> {
                    switch (inner) {
                        case "thinking_budget", "thinkingBudget" -> others.budget(in.wholeOrNull());
                        case "thinking_level", "thinkingLevel" -> effort(others, in.text());
                        case "include_thoughts", "includeThoughts" -> others.include = in.flagOrNull();
                        default -> unknown();
                    }
                });
            });
        }

        Reasoning reasoning() {
            Boolean enabled = null;
            String effort = null;
            Long budget = null;
            Boolean include = null;
            String summary = null;
            boolean adaptive = false;
            for (Wish wish : List.of(byEffort, openRouter, thinking, others)) {
                adaptive |= enabled == null && wish.adaptive;
                enabled = enabled == null ? wish.enabled : enabled;
                effort = effort == null ? wish.effort : effort;
                budget = budget == null ? wish.budget : budget;
                include = include == null ? wish.include : include;
                summary = summary == null ? wish.summary : summary;
            }
            return new Reasoning(enabled, effort, budget, adaptive, include, summary);
        }
    }
}
