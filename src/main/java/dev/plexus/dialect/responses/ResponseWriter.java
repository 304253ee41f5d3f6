package dev.plexus.dialect.responses;

import dev.plexus.dialect.CustomTools;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Reply;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes a whole answer for a client. The response object and its items are those of a stream too, so they are here for both.
final class ResponseWriter {

    private static final Usage NO_USAGE = new Usage(0, 0, 0, 0, 0, 0, 0);

    private final Ids ids;
    private final Drops drops;
    private final List<Item> items = new ArrayList<>();
    private @Nullable Message message;
    private int points;

    private ResponseWriter(Ids ids, Drops drops) {
        this.ids = ids;
        this.drops = drops;
    }

    static byte[] write(Completion completion, Reply reply, Drops drops) {
        ResponseWriter writer = new ResponseWriter(reply.ids(), drops);
        boolean any = !completion.choices().isEmpty();
        Ending ending = Ending.of(any ? completion.choices().getFirst().finish() : FinishReason.STOP, any && refuses(completion.choices().getFirst()));
        if (any) {
            writer.choice(completion.choices().getFirst());
        }
        if (completion.choices().size() > 1) {
            drops.add(Feature.CHOICES, "choices", "the client's format has one answer");
        }
        List<String> output = new ArrayList<>(writer.items.size());
        for (int index = 0; index < writer.items.size(); index++) {
            output.add(writer.items.get(index).json(index == writer.items.size() - 1 ? ending.itemStatus() : Wire.STATUS_COMPLETED));
        }
        Frame frame = new Frame(reply, completion.model(), completion.created());
        Usage usage = completion.usage();
        return JsonOut.document(json -> frame.write(json, ending, null, output, usage == null ? NO_USAGE : usage));
    }

    private static boolean refuses(Completion.Choice choice) {
        return choice.parts().stream().anyMatch(part -> part instanceof Part.Refusal);
    }

    private void choice(Completion.Choice choice) {
        List<TokenLogprob> logprobs = choice.logprobs();
        for (Part part : choice.parts()) {
            switch (part) {
                case Part.Text text -> {
                    if (!text.text().isEmpty()) {
                        message().pieces.add(Piece.text(text.text(), annotations(text), logprobs));
                        logprobs = List.of();
                    }
                    points += text.text().codePointCount(0, text.text().length());
                    if (text.signature() != null) {
                        add(new Thought(ids, "", carried(text.signature(), message == null ? null : message.id)));
                    }
                }
                case Part.Refusal(var text) -> {
                    if (!text.isEmpty()) {
                        message().pieces.add(Piece.refusal(text));
                    }
                }
                case Part.Thinking(var text, var secret) -> {
                    if (!text.isEmpty() || secret != null) {
                        add(new Thought(ids, text, secret));
                    }
                }
                case Part.ToolCall call -> {
                    if (call.signature() != null) {
                        sign(call.signature(), call.id());
                    }
                    StreamEvent.Call head = new StreamEvent.Call(call.id(), call.name(), call.kind(), call.namespace(), call.itemId());
                    add(new Call(ids, head, call.arguments()));
                }
                case Part.Image(Source.Base64(_, var data), _, _) -> add(new Picture(ids, data));
                case Part.Image _ -> drops.add(Feature.IMAGE, "answer", "only images within the answer can be carried");
                case Part.Audio _ -> drops.add(Feature.AUDIO, "answer", "the client's format has no such part");
                case Part.Video _ -> drops.add(Feature.VIDEO, "answer", "the client's format has no such part");
                case Part.Document _ -> drops.add(Feature.DOCUMENT, "answer", "the client's format has no such part");
                case Part.SearchResult _, Part.ToolResult _, Part.Opaque _ ->
                    drops.add(Feature.NATIVE_PART, "answer", "the client's format has no such part");
            }
        }
    }

    private void add(Item item) {
        message = null;
        items.add(item);
    }

    /// The message that text goes to: one for each run of texts.
    private Message message() {
        if (message == null) {
            message = new Message(ids);
            items.add(message);
        }
        return message;
    }

    private List<Citation> annotations(Part.Text text) {
        return text.citations().stream().map(citation -> within(citation, points)).toList();
    }

    /// A call's signature goes to the thought right before it, or to an empty one of its own.
    private void sign(Secret signature, String callId) {
        if (items.isEmpty() || !(items.getLast() instanceof Thought thought) || !thought.take(carried(signature, callId))) {
            add(new Thought(ids, "", carried(signature, callId)));
        }
    }

    /// A signature on its way through the client, with the name of what it belongs to.
    static Secret carried(Secret signature, @Nullable String owner) {
        return new Secret(signature.dialect(), signature.kind(), signature.value(), owner);
    }

    /// The citation with its place counted from code point `base` of the answer.
    static Citation within(Citation citation, int base) {
        return new Citation(
                citation.url(), citation.title(), citation.quote(), Math.max(0, citation.start() - base), Math.max(0, citation.end() - base));
    }

    /// How an answer ended, in the words of this format.
    record Ending(String status, @Nullable String incompleteReason) {

        static final Ending IN_PROGRESS = new Ending(Wire.STATUS_IN_PROGRESS, null);
        static final Ending FAILED = new Ending(Wire.STATUS_FAILED, null);
        private static final Ending COMPLETED = new Ending(Wire.STATUS_COMPLETED, null);
        private static final Ending FILTERED = new Ending(Wire.STATUS_INCOMPLETE, Wire.CONTENT_FILTER);
        private static final Ending CUT = new Ending(Wire.STATUS_INCOMPLETE, Wire.MAX_OUTPUT_TOKENS);

        /// `refuses` is true if the answer holds a refusal in words.
        static Ending of(FinishReason reason, boolean refuses) {
            return switch (reason) {
                case LENGTH, CONTEXT_WINDOW -> CUT;
                case CONTENT_FILTER -> FILTERED;
                case REFUSAL -> refuses ? COMPLETED : FILTERED;
                case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSE, OTHER -> COMPLETED;
            };
        }

        /// The status of the last item.
        String itemStatus() {
            return incompleteReason == null ? Wire.STATUS_COMPLETED : Wire.STATUS_INCOMPLETE;
        }
    }

    // Items.

    /// An item of the output; its JSON text as it is when it has this status.
    sealed interface Item {

        String id();

        String json(String status);
    }

    private static String text(Consumer<JsonOut> writing) {
        return new String(JsonOut.document(writing), StandardCharsets.UTF_8);
    }

    /// Reasoning. What is told of it is its summary: that is what clients show.
    static final class Thought implements Item {

        private final String id;
        final String summary;
        private @Nullable Secret secret;

        Thought(Ids ids, String summary, @Nullable Secret secret) {
            String known = secret == null || secret.dialect() != DialectId.RESPONSES ? null : secret.itemId();
            this(known == null ? ids.fresh("rs_") : known, summary, secret);
        }

        Thought(String id, String summary, @Nullable Secret secret) {
            this.id = id;
            this.summary = summary;
            this.secret = secret;
        }

        /// Takes the secret if it has none yet.
        boolean take(Secret other) {
            if (secret != null) {
                return false;
            }
            secret = other;
            return true;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String json(String status) {
            return text(json -> {
                json.object().text("id", id).text("type", Wire.REASONING_ITEM).array("summary");
                if (!summary.isEmpty()) {
                    json.object();
                    summary(json, summary);
                    json.close();
                }
                json.closeArray();
                if (secret != null) {
                    json.text("encrypted_content", secret.dialect() == DialectId.RESPONSES ? secret.value() : Envelope.wrap(secret));
                }
                if (!status.equals(Wire.STATUS_COMPLETED)) {
                    json.text("status", status);
                }
                json.close();
            });
        }

        static void summary(JsonOut json, String text) {
            json.text("type", Wire.SUMMARY_TEXT).text("text", text);
        }
    }

    /// A message: texts and refusals beside one another.
    static final class Message implements Item {

        String id;
        final List<Piece> pieces = new ArrayList<>(1);

        Message(Ids ids) {
            this.id = ids.fresh("msg_");
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String json(String status) {
            return text(json -> {
                json.object()
                        .text("id", id)
                        .text("type", Wire.MESSAGE)
                        .text("role", "assistant")
                        .text("status", status)
                        .array("content");
                pieces.forEach(piece -> {
                    json.object();
                    piece.write(json);
                    json.close();
                });
                json.closeArray().close();
            });
        }
    }

    /// A piece of a message, whole or as far as it has come.
    static final class Piece {

        final boolean refusal;
        final StringBuilder text;
        final List<Citation> annotations;
        final List<TokenLogprob> logprobs;

        private Piece(boolean refusal, String text, List<Citation> annotations, List<TokenLogprob> logprobs) {
            this.refusal = refusal;
            this.text = new StringBuilder(text);
            this.annotations = new ArrayList<>(annotations);
            this.logprobs = new ArrayList<>(logprobs);
        }

        static Piece text(String text, List<Citation> annotations, List<TokenLogprob> logprobs) {
            return new Piece(false, text, annotations, logprobs);
        }

        static Piece refusal(String text) {
            return new Piece(true, text, List.of(), List.of());
        }

        void write(JsonOut json) {
            if (refusal) {
                json.text("type", Wire.REFUSAL).text("refusal", text.toString());
                return;
            }
            json.text("type", Wire.OUTPUT_TEXT).text("text", text.toString()).array("annotations");
            for (Citation citation : annotations) {
                json.object();
                annotation(json, citation);
                json.close();
            }
            json.closeArray();
            logprobs(json, logprobs);
        }

        static void annotation(JsonOut json, Citation citation) {
            json.text("type", Wire.URL_CITATION)
                    .text("url", citation.url())
                    .text("title", Objects.requireNonNullElse(citation.title(), ""))
                    .number("start_index", citation.start())
                    .number("end_index", citation.end());
        }

        static void logprobs(JsonOut json, List<TokenLogprob> tokens) {
            json.array("logprobs");
            for (TokenLogprob token : tokens) {
                json.object();
                token(json, token);
                json.array("top_logprobs");
                for (TokenLogprob other : token.top()) {
                    json.object();
                    token(json, other);
                    json.close();
                }
                json.closeArray().close();
            }
            json.closeArray();
        }

        private static void token(JsonOut json, TokenLogprob token) {
            json.text("token", token.token()).utf8("bytes", token.token()).fraction("logprob", token.logprob());
        }
    }

    /// A call of a tool with what is given to it: for tools with free text the text itself, however the model wrapped it.
    static final class Call implements Item {

        private final String id;
        final StreamEvent.Call head;
        final String given;

        Call(Ids ids, StreamEvent.Call head, String arguments) {
            this(ids.fresh(head.kind() == ToolKind.CUSTOM ? "ctc_" : "fc_"), head, given(head.kind(), arguments));
        }

        Call(String id, StreamEvent.Call head, String given) {
            this.id = id;
            this.head = head;
            this.given = given;
        }

        /// What these arguments give to a tool of that kind.
        static String given(ToolKind kind, String arguments) {
            return switch (kind) {
                case CUSTOM -> CustomTools.unwrap(arguments);
                case FUNCTION -> arguments.isBlank() ? "{}" : arguments;
            };
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String json(String status) {
            boolean custom = head.kind() == ToolKind.CUSTOM;
            return text(json -> json.object()
                    .text("id", id)
                    .text("type", custom ? Wire.CUSTOM_TOOL_CALL : Wire.FUNCTION_CALL)
                    .text("call_id", head.id())
                    .text("name", head.name())
                    .text("namespace", head.namespace())
                    .text(custom ? "input" : "arguments", given)
                    .text("status", status)
                    .close());
        }
    }

    /// An image.
    static final class Picture implements Item {

        private final String id;
        private final @Nullable String base64;

        Picture(Ids ids, String base64) {
            this(ids.fresh("ig_"), base64);
        }

        Picture(String id, @Nullable String base64) {
            this.id = id;
            this.base64 = base64;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String json(String status) {
            return text(json -> {
                json.object().text("id", id).text("type", Wire.IMAGE_CALL).text("status", status);
                if (base64 == null) {
                    json.nothing("result");
                } else {
                    json.text("result", base64);
                }
                json.close();
            });
        }
    }

    /// Why a response failed.
    record Failure(String code, String message) {}

    /// The response object around the output: what it is called, and what it repeats of the request.
    static final class Frame {

        String id;
        private final String model;
        private final long created;
        private final Map<String, String> repeated = new LinkedHashMap<>();

        Frame(Reply reply, @Nullable String model, long created) {
            this.id = reply.ids().fresh("resp_");
            this.model = model == null ? reply.targetModel() : model;
            this.created = created > 0 ? created : reply.createdSeconds();

            repeat(reply, Wire.BACKGROUND, "false");
            String conversation = reply.echo(Wire.CONVERSATION);
            boolean named = conversation != null && conversation.startsWith("\"");
            repeated.put(Wire.CONVERSATION, conversation == null ? "null" : named ? "{\"id\":" + conversation + "}" : compact(conversation));
            repeat(reply, Wire.INSTRUCTIONS, "null");
            repeat(reply, Wire.MAX_OUTPUT_TOKENS, "null");
            repeat(reply, "max_tool_calls", "null");
            repeat(reply, Wire.METADATA, "{}");
            repeat(reply, Wire.PARALLEL_TOOL_CALLS, "true");
            repeat(reply, Wire.PREVIOUS_RESPONSE_ID, "null");
            repeat(reply, Wire.PROMPT_CACHE_KEY, "null");
            completed(reply, Wire.REASONING, Map.of("effort", "null", "summary", "null"));
            repeat(reply, Wire.SAFETY_IDENTIFIER, "null");
            repeat(reply, Wire.SERVICE_TIER, "null");
            repeat(reply, "store", "true");
            repeat(reply, Wire.TEMPERATURE, "null");
            completed(reply, Wire.TEXT, Map.of("format", "{\"type\":\"text\"}"));
            repeat(reply, Wire.TOOL_CHOICE, "\"auto\"");
            repeat(reply, Wire.TOOLS, "[]");
            repeat(reply, Wire.TOP_LOGPROBS, "0");
            repeat(reply, Wire.TOP_P, "null");
            repeat(reply, "truncation", "\"disabled\"");
            repeat(reply, Wire.USER, "null");
        }

        /// A member of the request, else what the vendor writes where it is absent.
        private void repeat(Reply reply, String name, String otherwise) {
            String echo = reply.echo(name);
            repeated.put(name, echo == null ? otherwise : compact(echo));
        }

        /// The same for an object, of which every member must be there.
        private void completed(Reply reply, String name, Map<String, String> otherwise) {
            Map<String, String> members = new LinkedHashMap<>();
            String echo = reply.echo(name);
            if (echo != null) {
                byte[] bytes = echo.getBytes(StandardCharsets.UTF_8);
                JsonIn.read(bytes, 0, bytes.length, in -> {
                    if (in.isObject()) {
                        in.object(member -> members.put(member, in.raw()));
                    }
                });
            }
            otherwise.forEach((member, value) -> members.merge(member, value, (said, absent) -> said.equals("null") ? absent : said));
            repeated.put(name, text(json -> {
                json.object();
                members.forEach(json::raw);
                json.close();
            }));
        }

        /// The JSON text without blanks: a line break would end the frame that it is in.
        private static String compact(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            String[] compact = {text};
            JsonIn.read(bytes, 0, bytes.length, in -> compact[0] = in.raw());
            return compact[0];
        }

        /// The object as a whole value.
        void write(JsonOut json, Ending ending, @Nullable Failure failure, List<String> output, @Nullable Usage usage) {
            json.object().text("id", id).text("object", "response").number("created_at", created).text("status", ending.status());
            // Nobody here has a clock to say when.
            json.nothing("completed_at");
            if (failure == null) {
                json.nothing(Wire.ERROR);
            } else {
                json.object(Wire.ERROR).text("code", failure.code()).text("message", failure.message()).close();
            }
            if (ending.incompleteReason() == null) {
                json.nothing("incomplete_details");
            } else {
                json.object("incomplete_details").text("reason", ending.incompleteReason()).close();
            }
            json.text(Wire.MODEL, model).array("output");
            output.forEach(json::raw);
            json.closeArray();
            repeated.forEach(json::raw);
            if (usage == null) {
                json.nothing("usage");
            } else {
                usage(json, usage);
            }
            json.close();
        }

        private static void usage(JsonOut json, Usage usage) {
            long input = usage.input() + usage.cached() + usage.cacheWrite();
            json.object("usage")
                    .number("input_tokens", input)
                    .object("input_tokens_details")
                    .number("cached_tokens", usage.cached())
                    .number("cache_write_tokens", usage.cacheWrite())
                    .close()
                    .number("output_tokens", usage.output())
                    .object("output_tokens_details")
                    .number("reasoning_tokens", usage.reasoning())
                    .close()
                    .number("total_tokens", input + usage.output())
                    .close();
        }

        static Usage orNone(@Nullable Usage usage) {
            return usage == null ? NO_USAGE : usage;
        }
    }
}
