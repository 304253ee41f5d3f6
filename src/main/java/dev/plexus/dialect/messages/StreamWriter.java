package dev.plexus.dialect.messages;

import dev.plexus.dialect.Braces;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.ToolArguments;
import dev.plexus.model.Citation;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonOut;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a client's stream.
///
/// This format has one block open at a time, and parts may come interleaved. So one part has its turn and is written as it comes; the others wait with
/// what they have got. A block of text opens with its first words, so that there are no empty ones. A block of thoughts stays open until something
/// else follows, because what follows may bring the secret that it has to carry.
final class StreamWriter implements StreamEncoder {

    private static final int NO_CHOICE = -1;

    private final FrameSink sink;
    private final Reply reply;
    private final Drops drops;

    private final Map<Integer, Slot> slots = new HashMap<>();
    private final Deque<Slot> waiting = new ArrayDeque<>();
    private @Nullable Slot turn;
    /// The part of thoughts whose block is still open though it has had its turn.
    private @Nullable Slot held;

    private boolean started;
    private boolean over;
    private int choice = NO_CHOICE;
    /// Of the block that was opened last.
    private int index = -1;
    private boolean hasCalls;
    private boolean refused;
    private @Nullable Usage usage;
    private @Nullable FinishReason finish;
    private @Nullable String stopSequence;

    /// A part of the answer.
    private static final class Slot {
        final PartKind kind;
        final StreamEvent.@Nullable Call call;
        /// What has come of it and is not written yet.
        final StringBuilder pending = new StringBuilder();
        List<Citation> citations = List.of();
        @Nullable Secret secret;
        final Braces braces = new Braces();
        /// The first character of a call's arguments that is no blank; 0 until it came.
        char first;
        boolean open;
        boolean wasOpen;
        boolean ended;

        Slot(PartKind kind, StreamEvent.@Nullable Call call) {
            this.kind = kind;
            this.call = call;
        }

        boolean isCall() {
            return kind == PartKind.TOOL_CALL;
        }

        void begin(String text) {
            for (int at = 0; at < text.length() && first == 0; at++) {
                first = Character.isWhitespace(text.charAt(at)) ? 0 : text.charAt(at);
            }
        }

        /// True once the arguments begin like the object that they must be. What begins otherwise is kept, and made one at its end.
        boolean isObject() {
            return first == '{';
        }
    }

    StreamWriter(FrameSink sink, Reply reply, Drops drops) {
        this.sink = sink;
        this.reply = reply;
        this.drops = drops;
    }

    /// Goes on with a stream that the vendor itself began, in its block.
    Pen resume(Told told) {
        Pen pen = Pen.primed(sink, this, new StreamEvent.Start(null, null, 0), told.hasPart() ? "." + told.text() : "");
        told.readPart(in -> in.object(name -> {
            if (name.equals(Wire.INDEX)) {
                index = in.intOr(index);
            }
        }));
        if (told.hasPart() && !told.partOpen()) {
            accept(new StreamEvent.PartEnd(0));
            sink.take();
            return new Pen(sink, this, -1, 1, true);
        }
        return pen;
    }

    @Override
    public void accept(StreamEvent event) {
        if (over) {
            return;
        }
        switch (event) {
            case StreamEvent.Start start -> start(start.model());
            case StreamEvent.PartStart start -> partStart(start);
            case StreamEvent.Delta(var part, var text) -> delta(slots.get(part), text);
            case StreamEvent.Sealed(var part, var secret) -> seal(slots.get(part), secret);
            case StreamEvent.Cited(var part, var citation) -> cite(slots.get(part), citation);
            case StreamEvent.ImageData(var part, _, _) -> image(slots.get(part));
            case StreamEvent.PartEnd(var part) -> partEnd(slots.get(part));
            case StreamEvent.Logprobs _ -> drops.add(Feature.LOGPROBS, "logprobs", "the format has none");
            case StreamEvent.Finish ending -> finish(ending);
            case StreamEvent.Counted(var counts) -> usage = counts;
            case StreamEvent.End _ -> end();
            case StreamEvent.Failed(var error) -> {
                over = true;
                sink.document(Wire.ERROR, Errors.write(error, null));
                sink.close();
            }
        }
    }

    @Override
    public void keepAlive() {
        if (started && !over) {
            sink.begin(Wire.PING).object().text(Wire.TYPE, Wire.PING).close();
            sink.end();
        }
    }

    private void start(@Nullable String model) {
        if (started) {
            return;
        }
        started = true;
        JsonOut json = sink.begin(Wire.MESSAGE_START).object().text(Wire.TYPE, Wire.MESSAGE_START).name(Wire.MESSAGE);
        ResponseWriter.writeHead(json, model, reply);
        json.array(Wire.CONTENT).closeArray().nothing(Wire.STOP_REASON).nothing(Wire.STOP_SEQUENCE);
        Usage known = usage == null ? null : new Usage(usage.input(), usage.cached(), usage.cacheWrite(), usage.cacheWriteLong(), 0, 0, 0);
        ResponseWriter.writeUsage(json, known);
        json.close().close();
        sink.end();
    }

    private void partStart(StreamEvent.PartStart start) {
        if (finish != null || slots.containsKey(start.part()) || (start.kind() == PartKind.TOOL_CALL) != (start.call() != null)) {
            return;
        }
        if (!isFirst(start.choice())) {
            return;
        }
        Slot slot = new Slot(start.kind(), start.call());
        slots.put(start.part(), slot);
        hasCalls |= slot.isCall();
        refused |= slot.kind == PartKind.REFUSAL;
        waiting.add(slot);
        takeTurns();
    }

    /// Only one answer has a place; it is the one that was heard of first.
    private boolean isFirst(int one) {
        if (choice == NO_CHOICE) {
            choice = one;
        }
        if (choice != one) {
            drops.add(Feature.CHOICES, "choices[" + one + "]", "only the first answer has a place");
        }
        return choice == one;
    }

    private void delta(@Nullable Slot slot, String text) {
        if (slot == null || slot.ended || text.isEmpty() || slot.kind == PartKind.IMAGE) {
            return;
        }
        if (slot.isCall()) {
            if (slot.wasOpen && !slot.open) {
                return; // its object was complete
            }
            slot.braces.add(text);
            slot.begin(text);
        }
        if (slot == turn && slot.open) {
            writeDelta(slot, text);
        } else {
            slot.pending.append(text);
            more(slot);
        }
        takeTurns();
    }

    /// A part has got something that is not written: now, if it has the turn; else when it is its turn again.
    private void more(Slot slot) {
        if (slot == turn) {
            write(slot, false);
        } else if (!waiting.contains(slot)) {
            waiting.add(slot);
        }
    }

    private void seal(@Nullable Slot slot, Secret secret) {
        if (slot == null || slot.secret != null || slot.ended && slot != held) {
            return;
        }
        if (slot.wasOpen && slot.kind != PartKind.THINKING) {
            drops.add(Feature.SIGNATURE, Wire.CONTENT, "came when its part was already written");
            return;
        }
        slot.secret = secret;
        if (slot.kind == PartKind.THINKING && slot != turn && slot != held) {
            more(slot);
            takeTurns();
        }
    }

    private void cite(@Nullable Slot slot, Citation citation) {
        if (slot == null || slot.ended || slot.kind != PartKind.TEXT) {
            return;
        }
        slot.citations = new ArrayList<>(slot.citations);
        slot.citations.add(citation);
        more(slot);
        takeTurns();
    }

    private void image(@Nullable Slot slot) {
        if (slot == null || slot.ended || slot.kind != PartKind.IMAGE || slot.wasOpen || !slot.pending.isEmpty()) {
            return;
        }
        drops.add(Feature.IMAGE, Wire.CONTENT, "answers hold no images");
        slot.pending.append(ResponseWriter.IMAGE_OMITTED);
        more(slot);
        takeTurns();
    }

    private void partEnd(@Nullable Slot slot) {
        if (slot == null || slot.ended) {
            return;
        }
        slot.ended = true;
        if (slot == turn) {
            leave(slot);
        }
        takeTurns();
    }

    /// Gives the turn to whom it belongs, until somebody keeps it.
    private void takeTurns() {
        while (true) {
            if (turn != null) {
                if (waiting.isEmpty() || !makesRoom(turn)) {
                    return;
                }
                leave(turn);
            }
            turn = waiting.poll();
            if (turn == null) {
                return;
            }
            write(turn, false);
            if (turn.ended) {
                leave(turn);
            }
        }
    }

    /// Whether a part that has not ended makes room for those that wait: text for a call, and a call only when its arguments are complete.
    private boolean makesRoom(Slot slot) {
        return slot.isCall() ? slot.isObject() && slot.braces.complete() : waiting.stream().anyMatch(Slot::isCall);
    }

    /// Takes the turn from a part, and closes its block; that of thoughts only when something follows.
    private void leave(Slot slot) {
        write(slot, true);
        turn = null;
        if (slot.kind == PartKind.THINKING) {
            leaveThinking(slot);
        } else if (slot.open) {
            slot.open = false;
            stopBlock();
        }
    }

    private void leaveThinking(Slot slot) {
        Secret secret = slot.secret;
        if (secret != null && ResponseWriter.isRedacted(secret)) {
            slot.secret = null;
            if (slot.open) {
                held = slot;
            }
            settle(null);
            endEvent(startBlock().text(Wire.TYPE, Wire.REDACTED_THINKING).text(Wire.DATA, secret.value()));
            stopBlock();
            return;
        }
        if (!slot.open && secret != null) {
            open(slot);
        }
        if (slot.open) {
            held = slot;
        }
    }

    /// Writes what the part has got. A call whose arguments came whole is held until it ends, or something else happens, because its signature may
    /// be next.
    private void write(Slot slot, boolean leaving) {
        switch (slot.kind) {
            case TOOL_CALL -> {
                boolean ready = leaving || slot.isObject() && !slot.pending.isEmpty() && !slot.braces.complete();
                if (leaving && !slot.isObject() && !slot.pending.isEmpty()) {
                    String object = ToolArguments.object(slot.pending.toString());
                    slot.pending.setLength(0);
                    slot.pending.append(object);
                }
                if (ready && !slot.open && !slot.wasOpen) {
                    open(slot);
                    if (slot.pending.isEmpty()) {
                        writeDelta(slot, "");
                    }
                }
            }
            case TEXT, REFUSAL, THINKING, IMAGE -> {
                if (!slot.open && (!slot.pending.isEmpty() || !slot.citations.isEmpty())) {
                    open(slot);
                }
            }
        }
        if (slot.open && !slot.pending.isEmpty()) {
            String text = slot.pending.toString();
            slot.pending.setLength(0);
            writeDelta(slot, text);
        }
        if (slot.open && !slot.citations.isEmpty()) {
            List<Citation> citations = slot.citations;
            slot.citations = List.of();
            citations.forEach(this::writeCitation);
        }
    }

    private void open(Slot slot) {
        if (slot.kind != PartKind.THINKING) {
            settle(ResponseWriter.carried(slot.secret, slot.call == null ? null : slot.call.id()));
            slot.secret = null;
        } else {
            settle(null);
        }
        slot.open = true;
        slot.wasOpen = true;
        JsonOut json = startBlock();
        switch (slot.kind) {
            case TEXT, REFUSAL, IMAGE -> json.text(Wire.TYPE, Wire.TEXT).text(Wire.TEXT, "");
            case THINKING -> writeThinkingStart(json);
            case TOOL_CALL -> {
                StreamEvent.Call call = slot.call;
                if (call != null) {
                    json.text(Wire.TYPE, Wire.TOOL_USE).text(Wire.ID, call.id()).text(Wire.NAME, call.name()).object(Wire.INPUT).close();
                }
            }
        }
        endEvent(json);
    }

    /// Closes the block of thoughts that is still open, with its own secret or `carried`, the one of what follows. A block without thoughts carries
    /// what that one cannot.
    private void settle(@Nullable Secret carried) {
        Secret rest = carried;
        if (held != null) {
            Secret own = held.secret;
            if (own == null) {
                own = carried;
                rest = null;
            }
            held.secret = null;
            held.open = false;
            held = null;
            writeSignature(own);
        }
        if (rest != null) {
            JsonOut json = startBlock();
            writeThinkingStart(json);
            endEvent(json);
            writeSignature(rest);
        }
    }

    private JsonOut startBlock() {
        start(null);
        index++;
        return sink.begin(Wire.BLOCK_START).object().text(Wire.TYPE, Wire.BLOCK_START).number(Wire.INDEX, index).object(Wire.BLOCK);
    }

    private static void writeThinkingStart(JsonOut json) {
        json.text(Wire.TYPE, Wire.THINKING).text(Wire.THINKING, "").text(Wire.SIGNATURE, "");
    }

    /// Ends what [#startBlock] or [#startDelta] began.
    private void endEvent(JsonOut json) {
        json.close().close();
        sink.end();
    }

    private void stopBlock() {
        sink.begin(Wire.BLOCK_STOP).object().text(Wire.TYPE, Wire.BLOCK_STOP).number(Wire.INDEX, index).close();
        sink.end();
    }

    private void writeDelta(Slot slot, String text) {
        JsonOut json = startDelta();
        switch (slot.kind) {
            case TEXT, REFUSAL, IMAGE -> json.text(Wire.TYPE, Wire.TEXT_DELTA).text(Wire.TEXT, text);
            case THINKING -> json.text(Wire.TYPE, Wire.THINKING_DELTA).text(Wire.THINKING, text);
            case TOOL_CALL -> json.text(Wire.TYPE, Wire.INPUT_DELTA).text(Wire.PARTIAL_JSON, text);
        }
        endEvent(json);
    }

    private void writeCitation(Citation citation) {
        JsonOut json = startDelta().text(Wire.TYPE, Wire.CITATIONS_DELTA).name(Wire.CITATION);
        ResponseWriter.writeCitation(json, citation);
        endEvent(json);
    }

    /// The last delta of a block of thoughts, and its end.
    private void writeSignature(@Nullable Secret secret) {
        endEvent(startDelta().text(Wire.TYPE, Wire.SIGNATURE_DELTA).text(Wire.SIGNATURE, ResponseWriter.signature(secret)));
        stopBlock();
    }

    private JsonOut startDelta() {
        return sink.begin(Wire.BLOCK_DELTA).object().text(Wire.TYPE, Wire.BLOCK_DELTA).number(Wire.INDEX, index).object(Wire.DELTA);
    }

    private void finish(StreamEvent.Finish ending) {
        if (finish == null && isFirst(ending.choice())) {
            finish(ending.reason(), ending.stopSequence());
        }
    }

    private void finish(FinishReason reason, @Nullable String sequence) {
        finish = reason;
        stopSequence = sequence;
        if (turn != null) {
            leave(turn);
        }
        while (!waiting.isEmpty()) {
            leave(waiting.poll());
        }
        settle(null);
        slots.clear();
    }

    private void end() {
        start(null);
        if (finish == null) {
            finish(hasCalls ? FinishReason.TOOL_CALLS : FinishReason.STOP, null);
        }
        FinishReason reason = finish == null ? FinishReason.STOP : finish;
        over = true;
        JsonOut json = sink.begin(Wire.MESSAGE_DELTA).object().text(Wire.TYPE, Wire.MESSAGE_DELTA).object(Wire.DELTA);
        ResponseWriter.writeStop(json, reason, refused, stopSequence);
        json.close();
        ResponseWriter.writeUsage(json, usage);
        json.close();
        sink.end();
        sink.begin(Wire.MESSAGE_STOP).object().text(Wire.TYPE, Wire.MESSAGE_STOP).close();
        sink.end();
        sink.close();
    }
}
