package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Told;
import dev.plexus.model.Citation;
import dev.plexus.model.FinishReason;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonOut;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes a client's stream. A chunk holds whole parts, so text goes out at once and a call when it is complete. The last chunk tells how every choice
/// ended and what was counted; nothing marks the end but that.
final class StreamWriter implements StreamEncoder {

    private final FrameSink sink;
    private final Reply reply;
    private final Drops drops;
    private String id;
    private final Map<Integer, Open> open = new HashMap<>();
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private String model;
    private int parts;
    private boolean over;
    private @Nullable Usage usage;

    /// A part that has begun and not ended.
    private record Open(Choice choice, PartKind kind, @Nullable Call call) {}

    /// A call whose arguments are being gathered.
    private static final class Call {
        final StreamEvent.Call head;
        final StringBuilder arguments = new StringBuilder();
        @Nullable Secret signature;
        boolean ended;

        Call(StreamEvent.Call head) {
            this.head = head;
        }
    }

    private static final class Choice {
        final int index;
        /// Calls that are not written yet, in the order in which they began.
        final Deque<Call> calls = new ArrayDeque<>(0);
        final StringBuilder text = new StringBuilder();
        final List<Citation> citations = new ArrayList<>(0);
        List<TokenLogprob> logprobs = new ArrayList<>(0);
        boolean hasContent;
        boolean hasText;
        /// A signature that goes to the next part that is no thought.
        @Nullable String waiting;
        @Nullable FinishReason finish;

        Choice(int index) {
            this.index = index;
        }

        @Nullable String takeWaiting() {
            String signature = waiting;
            waiting = null;
            return signature;
        }
    }

    StreamWriter(FrameSink sink, Reply reply, Drops drops) {
        this.sink = sink;
        this.reply = reply;
        this.drops = drops;
        this.id = reply.ids().fresh("");
        this.model = reply.targetModel();
    }

    /// Goes on with a stream that the vendor itself began, under its names.
    Pen resume(Told told) {
        told.readHead(in -> in.object(name -> {
            switch (name) {
                case "responseId" -> id = orElse(in.textIfAny(), id);
                case "modelVersion" -> model = orElse(in.textIfAny(), model);
                default -> {}
            }
        }));
        return Pen.primed(sink, this, new StreamEvent.Start(null, model, 0), told.text());
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    @Override
    public void keepAlive() {
        if (!over) {
            sink.keepAlive();
        }
    }

    @Override
    public void accept(StreamEvent event) {
        if (over) {
            return;
        }
        switch (event) {
            case StreamEvent.Start start -> model = start.model() == null ? reply.targetModel() : start.model();
            case StreamEvent.PartStart start -> start(start);
            case StreamEvent.Delta(var part, var text) -> delta(open.get(part), text);
            case StreamEvent.Sealed(var part, var secret) -> seal(open.get(part), secret);
            case StreamEvent.Cited(var part, var citation) -> {
                Open at = open.get(part);
                if (at != null) {
                    at.choice.citations.add(citation);
                }
            }
            case StreamEvent.ImageData(var part, var mime, var data) -> image(open.get(part), mime, data);
            case StreamEvent.PartEnd(var part) -> end(open.remove(part));
            case StreamEvent.Logprobs(var choice, var tokens) -> {
                Choice at = choice(choice);
                if (at.finish == null) {
                    at.logprobs.addAll(tokens);
                }
            }
            case StreamEvent.Finish finish -> finish(choice(finish.choice()), finish.reason());
            case StreamEvent.Counted(var counts) -> usage = counts;
            case StreamEvent.End() -> end();
            case StreamEvent.Failed(var error) -> fail(error);
        }
    }

    private Choice choice(int index) {
        return choices.computeIfAbsent(index, Choice::new);
    }

    private void start(StreamEvent.PartStart start) {
        Choice choice = choice(start.choice());
        if (start.part() < parts || choice.finish != null || (start.kind() == PartKind.TOOL_CALL) != (start.call() != null)) {
            return;
        }
        parts = start.part() + 1;
        Call call = start.call() == null ? null : new Call(start.call());
        if (call != null) {
            choice.calls.add(call);
        }
        open.put(start.part(), new Open(choice, start.kind(), call));
    }

    private void delta(@Nullable Open at, String text) {
        if (at == null || text.isEmpty()) {
            return;
        }
        switch (at.kind) {
            case TEXT -> {
                at.choice.text.append(text);
                text(at.choice, text);
            }
            case REFUSAL -> text(at.choice, text);
            case THINKING -> {
                JsonOut json = begin(at.choice);
                ResponseWriter.text(json, text, true, null);
                close(json, at.choice);
            }
            case TOOL_CALL -> {
                if (at.call != null) {
                    at.call.arguments.append(text);
                }
            }
            case IMAGE -> {}
        }
    }

    private void text(Choice choice, String text) {
        JsonOut json = begin(choice);
        ResponseWriter.text(json, text, false, choice.takeWaiting());
        close(json, choice);
        choice.hasText |= !text.isEmpty();
    }

    /// The secret of a thought goes to the part that follows, that of a call to the call. A text is out already: its secret follows in an empty one.
    private void seal(@Nullable Open at, Secret secret) {
        if (at == null) {
            return;
        }
        if (at.call != null) {
            at.call.signature = secret;
            return;
        }
        hold(at.choice, secret);
        if (at.kind == PartKind.TEXT && at.choice.waiting != null) {
            text(at.choice, "");
        }
    }

    private void hold(Choice choice, Secret secret) {
        String signature = ResponseWriter.signature(secret, drops);
        if (signature != null) {
            if (choice.waiting != null) {
                text(choice, "");
            }
            choice.waiting = signature;
        }
    }

    private void image(@Nullable Open at, String mime, String data) {
        if (at != null && at.kind == PartKind.IMAGE) {
            JsonOut json = begin(at.choice);
            ResponseWriter.image(json, mime, data, at.choice.takeWaiting());
            close(json, at.choice);
        }
    }

    private void end(@Nullable Open at) {
        if (at != null && at.call != null) {
            at.call.ended = true;
            calls(at.choice);
        }
    }

    /// Writes the calls that are complete; none before those that began earlier.
    private void calls(Choice choice) {
        for (Call call = choice.calls.peek(); call != null && call.ended; call = choice.calls.peek()) {
            choice.calls.remove();
            if (call.signature != null) {
                hold(choice, call.signature);
            }
            JsonOut json = begin(choice);
            ResponseWriter.call(json, call.head.id(), call.head.name(), call.arguments.toString(), choice.takeWaiting());
            close(json, choice);
        }
    }

    private void finish(Choice choice, FinishReason reason) {
        if (choice.finish == null) {
            open.values().removeIf(part -> part.choice == choice);
            choice.calls.forEach(call -> call.ended = true);
            calls(choice);
            choice.finish = reason;
        }
    }

    private void end() {
        choice(choices.isEmpty() ? 0 : choices.keySet().iterator().next());
        choices.values().forEach(choice -> finish(choice, FinishReason.STOP));
        JsonOut json = sink.begin(null);
        json.object().array("candidates");
        choices.values().forEach(choice -> last(json, choice));
        json.closeArray();
        ResponseWriter.usage(json, usage);
        json.text("modelVersion", model).text("responseId", id).close();
        sink.end();
        sink.close();
        over = true;
    }

    private static void last(JsonOut json, Choice choice) {
        FinishReason reason = choice.finish == null ? FinishReason.STOP : choice.finish;
        json.object();
        if (choice.waiting != null || choice.hasContent || !ResponseWriter.isBlocked(reason)) {
            json.object("content").text("role", Wire.ROLE_MODEL).array("parts");
            ResponseWriter.text(json, "", false, choice.takeWaiting());
            json.closeArray().close();
        }
        json.text("finishReason", Wire.finishWord(reason, choice.hasText)).number("index", choice.index);
        String text = choice.text.toString();
        ResponseWriter.grounding(json, choice.citations.stream().map(one -> ResponseWriter.Cited.within(one, text, 0, 0)).toList());
        ResponseWriter.logprobs(json, choice.logprobs);
        json.close();
    }

    private void fail(GatewayError error) {
        sink.document(null, Errors.write(error));
        sink.close();
        over = true;
    }

    /// Begins a chunk of that choice; its parts come next.
    private JsonOut begin(Choice choice) {
        choice.hasContent = true;
        JsonOut json = sink.begin(null);
        return json.object().array("candidates").object().object("content").text("role", Wire.ROLE_MODEL).array("parts");
    }

    private void close(JsonOut json, Choice choice) {
        json.closeArray().close().number("index", choice.index);
        if (!choice.logprobs.isEmpty()) {
            ResponseWriter.logprobs(json, choice.logprobs);
            choice.logprobs = new ArrayList<>(0);
        }
        json.close().closeArray().text("modelVersion", model).text("responseId", id).close();
        sink.end();
    }
}
