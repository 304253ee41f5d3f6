package dev.plexus.dialect.chat;

import dev.plexus.dialect.CustomTools;
import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Told;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes a client's stream: every event at once as a chunk, except for what must be known as a whole.
///
/// That is the input of free-text tools, which comes wrapped, and the head of a call, which waits for the next event because a signature belongs into it.
final class StreamWriter implements StreamEncoder {

    private static final String DONE = new String(DoneMark.bytes(), StandardCharsets.US_ASCII);

    private final FrameSink sink;
    private final Reply reply;
    private final Drops drops;
    private final boolean usageAsked;
    private String id;
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private final Map<Integer, Part> parts = new HashMap<>();

    private String model;
    private long created;
    private @Nullable Usage usage;
    /// The call whose head has not been written yet.
    private @Nullable Part waiting;
    private boolean started;
    private boolean over;

    private static final class Choice {
        final int index;
        int calls;
        int details;
        boolean thought;
        boolean refused;
        boolean finished;
        List<TokenLogprob> logprobs = List.of();

        Choice(int index) {
            this.index = index;
        }
    }

    private static final class Part {
        final Choice choice;
        final PartKind kind;
        final StreamEvent.@Nullable Call call;
        final int callIndex;
        final StringBuilder input = new StringBuilder(0);
        boolean open = true;
        boolean any;
        /// A thought with words, after another.
        boolean isAnother;

        Part(Choice choice, PartKind kind, StreamEvent.@Nullable Call call, int callIndex) {
            this.choice = choice;
            this.kind = kind;
            this.call = call;
            this.callIndex = callIndex;
        }

        boolean isCustom() {
            return call != null && call.kind() == ToolKind.CUSTOM;
        }
    }

    StreamWriter(FrameSink sink, Reply reply, Drops drops) {
        this.sink = sink;
        this.reply = reply;
        this.drops = drops;
        this.usageAsked = reply.request().includeUsage();
        this.id = reply.ids().fresh("chatcmpl-");
        this.model = reply.targetModel();
        this.created = reply.createdSeconds();
    }

    /// Goes on with a stream that the vendor itself began, under its names.
    Pen resume(Told told) {
        told.readHead(in -> in.object(name -> {
            switch (name) {
                case "id" -> id = orElse(in.textIfAny(), id);
                case "model" -> model = orElse(in.textIfAny(), model);
                case "created" -> created = in.isNumber() ? in.count() : created;
                default -> {}
            }
        }));
        return Pen.primed(sink, this, new StreamEvent.Start(null, null, 0), told.text());
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    @Override
    public void accept(StreamEvent event) {
        if (over) {
            return;
        }
        if (waiting != null && !(event instanceof StreamEvent.Sealed)) {
            head(null);
        }
        switch (event) {
            case StreamEvent.Start start -> start(start);
            case StreamEvent.PartStart start -> open(start);
            case StreamEvent.Delta(var part, var text) -> delta(part, text);
            case StreamEvent.Sealed(var part, var secret) -> seal(part, secret);
            case StreamEvent.Cited(var part, var citation) -> cite(part, citation);
            case StreamEvent.Logprobs(var index, var tokens) -> logprobs(index, tokens);
            case StreamEvent.ImageData(var part, var mime, var base64) -> image(part, new Source.Base64(mime, base64));
            case StreamEvent.PartEnd(var part) -> close(parts.get(part));
            case StreamEvent.Finish(var index, var reason, _, _) -> finish(choice(index), reason);
            case StreamEvent.Counted(var counts) -> usage = counts;
            case StreamEvent.End() -> end();
            case StreamEvent.Failed(var error) -> {
                over = true;
                sink.document(null, Errors.writeChunk(error));
                sink.data(DONE);
            }
        }
    }

    @Override
    public void keepAlive() {
        if (!over) {
            head(null);
            sink.keepAlive();
        }
    }

    private void start(StreamEvent.Start start) {
        if (!started) {
            model = start.model() == null ? model : start.model();
            created = start.created() == 0 ? created : start.created();
            choice(0);
        }
    }

    /// The choice of that index; one that was not heard of begins here.
    private Choice choice(int index) {
        started = true;
        Choice known = choices.get(index);
        if (known == null) {
            known = new Choice(index);
            choices.put(index, known);
            delta(known, json -> json.text(Wire.ROLE, "assistant").text("content", ""));
        }
        return known;
    }

    private void open(StreamEvent.PartStart start) {
        Choice choice = choice(start.choice());
        if (choice.finished || parts.containsKey(start.part()) || (start.kind() == PartKind.TOOL_CALL) != (start.call() != null)) {
            return;
        }
        boolean isCall = start.kind() == PartKind.TOOL_CALL;
        Part part = new Part(choice, start.kind(), start.call(), isCall ? choice.calls++ : 0);
        parts.put(start.part(), part);
        waiting = isCall ? part : null;
    }

    private @Nullable Part at(int part, PartKind... kinds) {
        Part at = parts.get(part);
        if (at == null || !at.open) {
            return null;
        }
        for (PartKind kind : kinds) {
            if (at.kind == kind) {
                return at;
            }
        }
        return null;
    }

    private void delta(int number, String text) {
        Part part = parts.get(number);
        if (part == null || !part.open || text.isEmpty()) {
            return;
        }
        Choice choice = part.choice;
        switch (part.kind) {
            case TEXT -> delta(choice, json -> json.text("content", text));
            case REFUSAL -> {
                choice.refused = true;
                delta(choice, json -> json.text("refusal", text));
            }
            case THINKING -> {
                // Where one thought follows another, a blank line is between them.
                boolean another = choice.thought && !part.any;
                choice.thought = true;
                part.isAnother |= another;
                if (part.isAnother) {
                    part.input.append(text); // its entry has to tell which thought is whose
                }
                delta(choice, json -> json.text("reasoning_content", another ? Wire.Detail.BETWEEN + text : text));
            }
            case TOOL_CALL -> {
                if (part.isCustom()) {
                    part.input.append(text);
                } else {
                    arguments(part, text);
                }
            }
            case IMAGE -> {}
        }
        part.any = true;
    }

    /// Writes the head of the call that waits, with the signature that belongs to it.
    private void head(@Nullable Secret signature) {
        Part part = waiting;
        waiting = null;
        if (part == null || part.call == null) {
            return;
        }
        StreamEvent.Call call = part.call;
        delta(part.choice, json -> {
            json.array("tool_calls").object().number("index", part.callIndex).text("id", call.id());
            if (part.isCustom()) {
                json.text("type", "custom").object("custom").text("name", call.name()).text("input", "").close();
            } else {
                json.text("type", "function").object("function").text("name", call.name()).text("arguments", "").close();
            }
            if (signature != null) {
                Wire.thoughtSignature(json, signature);
            }
            json.close().closeArray();
        });
    }

    private void arguments(Part part, String text) {
        String kind = part.isCustom() ? "custom" : "function";
        String name = part.isCustom() ? "input" : "arguments";
        delta(part.choice, json -> json.array("tool_calls")
                .object()
                .number("index", part.callIndex)
                .object(kind).text(name, text).close()
                .close()
                .closeArray());
    }

    private void seal(int number, Secret secret) {
        Part part = at(number, PartKind.THINKING, PartKind.TEXT, PartKind.TOOL_CALL);
        if (part == null) {
            head(null);
            return;
        }
        if (secret.dialect() == DialectId.GEMINI && part.kind == PartKind.TOOL_CALL) {
            if (part == waiting) {
                head(secret);
                return;
            }
            head(null);
            delta(part.choice, json -> {
                json.array("tool_calls").object().number("index", part.callIndex);
                Wire.thoughtSignature(json, secret);
                json.close().closeArray();
            });
            return;
        }
        head(null);
        if (part.kind == PartKind.TOOL_CALL) {
            drops.add(Feature.SIGNATURE, "choices[" + part.choice.index + "]", "a call carries no secret but Gemini's");
            return;
        }
        int index = part.choice.details++;
        delta(part.choice, json -> {
            json.array("reasoning_details");
            Wire.Detail.write(json, secret, part.input.isEmpty() ? null : part.input.toString(), index);
            json.closeArray();
        });
        part.input.setLength(0);
    }

    /// A thought without a secret among others that have one.
    private void unsigned(Part part) {
        int index = part.choice.details++;
        delta(part.choice, json -> {
            json.array("reasoning_details");
            Wire.Detail.write(json, part.input.toString(), index);
            json.closeArray();
        });
    }

    private void cite(int number, Citation citation) {
        Part part = at(number, PartKind.TEXT);
        if (part != null) {
            delta(part.choice, json -> {
                json.array("annotations");
                Wire.citation(json, citation);
                json.closeArray();
            });
        }
    }

    private void image(int number, Source.Base64 image) {
        Part part = at(number, PartKind.IMAGE);
        if (part != null) {
            delta(part.choice, json -> {
                json.array("images");
                Wire.image(json, image);
                json.closeArray();
            });
        }
    }

    /// Held until the next chunk of the choice.
    private void logprobs(int index, List<TokenLogprob> tokens) {
        Choice choice = choice(index);
        if (!choice.finished && !tokens.isEmpty()) {
            List<TokenLogprob> held = new ArrayList<>(choice.logprobs);
            held.addAll(tokens);
            choice.logprobs = held;
        }
    }

    private void close(@Nullable Part part) {
        if (part == null || !part.open) {
            return;
        }
        if (part.isCustom()) {
            arguments(part, CustomTools.unwrap(part.input.toString()));
        } else if (part.kind == PartKind.TOOL_CALL && !part.any) {
            arguments(part, "{}");
        } else if (part.kind == PartKind.THINKING && !part.input.isEmpty() && part.choice.details > 0) {
            unsigned(part);
        }
        part.open = false;
    }

    private void finish(Choice choice, FinishReason reason) {
        if (choice.finished) {
            return;
        }
        for (Part part : parts.values()) {
            if (part.choice == choice) {
                close(part);
            }
        }
        boolean stops = reason == FinishReason.TOOL_CALLS && choice.calls == 0 || reason == FinishReason.REFUSAL && choice.refused;
        chunk(choice, _ -> {}, Wire.finishReason(stops ? FinishReason.STOP : reason));
        choice.finished = true;
    }

    private void end() {
        choice(0);
        for (Choice choice : choices.values()) {
            finish(choice, choice.calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP);
        }
        if (usageAsked) {
            JsonOut json = begin().array("choices").closeArray();
            Wire.usage(json, usage);
            json.close();
            sink.end();
        }
        sink.data(DONE);
        over = true;
    }

    private void delta(Choice choice, Consumer<JsonOut> delta) {
        chunk(choice, delta, null);
    }

    private void chunk(Choice choice, Consumer<JsonOut> delta, @Nullable String finish) {
        JsonOut json = begin().array("choices").object().number("index", choice.index).object("delta");
        delta.accept(json);
        json.close();
        Wire.logprobs(json, choice.logprobs);
        choice.logprobs = List.of();
        if (finish == null) {
            json.nothing("finish_reason");
        } else {
            json.text("finish_reason", finish);
        }
        json.close().closeArray();
        if (usageAsked) {
            json.nothing("usage");
        }
        json.close();
        sink.end();
    }

    private JsonOut begin() {
        return sink.begin(null).object()
                .text("id", id)
                .text("object", "chat.completion.chunk")
                .number("created", created)
                .text(Wire.MODEL, model);
    }
}
