package dev.plexus.dialect.responses;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.responses.ResponseWriter.Ending;
import dev.plexus.dialect.responses.ResponseWriter.Failure;
import dev.plexus.dialect.responses.ResponseWriter.Frame;
import dev.plexus.dialect.responses.ResponseWriter.Item;
import dev.plexus.dialect.responses.ResponseWriter.Message;
import dev.plexus.dialect.responses.ResponseWriter.Picture;
import dev.plexus.dialect.responses.ResponseWriter.Piece;
import dev.plexus.dialect.responses.ResponseWriter.Thought;
import dev.plexus.model.Citation;
import dev.plexus.model.FinishReason;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.JsonOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a client's stream.
///
/// Three things wait for the event after them, and no longer: the head of a call, because a signature that comes with the call belongs before it; the end
/// of an item, because a text may go on in the same message and because only the end of the answer says whether its last item is complete; and the end of
/// the whole, because the counts may come late. Items begin with the first thing that is said in them, so that none is empty.
final class StreamWriter implements StreamEncoder {

    private static final int NONE = -1;
    private static final Comparator<Open> BY_NUMBER = Comparator.comparingInt(part -> part.start.part());

    private final FrameSink sink;
    private final Reply reply;
    private final Ids ids;
    private final Drops drops;

    private final Map<Integer, Open> parts = new HashMap<>();
    private @Nullable Open recent;
    /// Items that have begun, by their place; their JSON text once they are done.
    private final List<@Nullable String> output = new ArrayList<>();
    /// An item whose end is not written yet.
    private @Nullable Place held;
    /// The message that a text may go on in: the item that began last.
    private @Nullable Place message;
    private @Nullable Open waiting;

    private @Nullable Frame frame;
    private @Nullable Ending ending;
    private @Nullable Usage usage;
    private List<TokenLogprob> logprobs = List.of();
    private int choice = NONE;
    private long sequence;
    private int points;
    private boolean refuses;
    private boolean over;

    /// An item with its place in the output. `open` counts the parts of a message that have not ended.
    private static final class Place {
        final Item item;
        final int index;
        int open;

        Place(Item item, int index) {
            this.item = item;
            this.index = index;
        }
    }

    /// A part while it is open.
    private static final class Open {
        final StreamEvent.PartStart start;
        final StringBuilder text = new StringBuilder();
        /// Where it is written, once anything of it is.
        @Nullable Place place;
        @Nullable Piece piece;
        int pieceIndex;
        /// Code points of the answer before it.
        int base;
        @Nullable Secret secret;
        List<Citation> citations = List.of();

        Open(StreamEvent.PartStart start) {
            this.start = start;
        }

        PartKind kind() {
            return start.kind();
        }

        StreamEvent.Call call() {
            StreamEvent.Call call = start.call();
            if (call == null) {
                throw new IllegalStateException("a tool call without a head");
            }
            return call;
        }
    }

    StreamWriter(FrameSink sink, Reply reply, Drops drops) {
        this.sink = sink;
        this.reply = reply;
        this.ids = reply.ids();
        this.drops = drops;
    }

    /// Goes on with a stream that the vendor itself began: under its names, in its item, with its numbering.
    Pen resume(Told told) {
        @Nullable String[] names = new @Nullable String[3];
        long[] created = {0};
        told.readHead(in -> in.object(top -> {
            if (top.equals("response") && in.isObject()) {
                in.object(name -> {
                    switch (name) {
                        case "id" -> names[0] = in.textIfAny();
                        case "model" -> names[1] = in.textIfAny();
                        case "created_at" -> created[0] = in.isNumber() ? in.count() : 0;
                        default -> {}
                    }
                });
            }
        }));
        told.readPart(in -> in.object(top -> {
            if (top.equals("item") && in.isObject()) {
                in.object(name -> names[2] = name.equals("id") ? in.textIfAny() : names[2]);
            }
        }));
        Frame around = begin(names[1], created[0]);
        around.id = names[0] == null ? around.id : names[0];
        if (told.partOpen()) {
            accept(new StreamEvent.PartStart(0, 0, PartKind.TEXT, null));
            Open part = parts.get(0);
            if (part != null && piece(part).text.isEmpty() && placeOf(part).item instanceof Message whole) {
                whole.id = names[2] == null ? whole.id : names[2];
                accept(new StreamEvent.Delta(0, told.text()));
            }
        }
        sink.take();
        sequence = told.sequence() + 1;
        return new Pen(sink, this, told.partOpen() ? 0 : NONE, 1, true);
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
        if (waiting != null && !(event instanceof StreamEvent.Sealed(var part, _) && part == waiting.start.part())) {
            beginWaiting();
        }
        switch (event) {
            case StreamEvent.Start(_, var model, var created) -> begin(model, created);
            case StreamEvent.PartStart start -> open(start);
            case StreamEvent.Delta(var part, var text) -> delta(at(part), text);
            case StreamEvent.Sealed(var part, var secret) -> seal(at(part), secret);
            case StreamEvent.Cited(var part, var citation) -> cite(at(part), citation);
            case StreamEvent.Logprobs(var of, var tokens) -> logprobs(of, tokens);
            case StreamEvent.ImageData(var part, _, var base64) -> image(at(part), base64);
            case StreamEvent.PartEnd(var part) -> close(at(part));
            case StreamEvent.Finish(var of, var reason, _, _) -> finish(of, reason);
            case StreamEvent.Counted(var counts) -> usage = counts;
            case StreamEvent.End _ -> end();
            case StreamEvent.Failed(var error) -> fail(error);
        }
    }

    private Frame begin(@Nullable String model, long created) {
        if (frame == null) {
            frame = new Frame(reply, model, created);
            response(Wire.CREATED, Ending.IN_PROGRESS, null, List.of(), null);
            response(Wire.IN_PROGRESS, Ending.IN_PROGRESS, null, List.of(), null);
        }
        return frame;
    }

    /// An event that shows the whole response.
    private void response(String type, Ending how, @Nullable Failure failure, List<String> items, @Nullable Usage counts) {
        Frame around = begin(null, 0);
        JsonOut json = event(type).name("response");
        around.write(json, how, failure, items, counts);
        close(json);
    }

    private JsonOut event(String type) {
        return sink.begin(type).object().text("type", type).number("sequence_number", sequence++);
    }

    private JsonOut event(String type, Place place) {
        return event(type).text("item_id", place.item.id()).number("output_index", place.index);
    }

    private void close(JsonOut json) {
        json.close();
        sink.end();
    }

    // Parts.

    private @Nullable Open at(int part) {
        Open last = recent;
        if (last != null && last.start.part() == part) {
            return last;
        }
        recent = parts.get(part);
        return recent;
    }

    private void open(StreamEvent.PartStart start) {
        if (ending != null || parts.containsKey(start.part()) || !isMine(start.choice()) || start.kind() == PartKind.TOOL_CALL && start.call() == null) {
            return;
        }
        begin(null, 0);
        Open part = new Open(start);
        parts.put(start.part(), part);
        recent = part;
        if (start.kind() == PartKind.TOOL_CALL) {
            waiting = part;
        }
    }

    /// This format has one answer: that of the first choice that says anything.
    private boolean isMine(int of) {
        if (choice == NONE) {
            choice = of;
        }
        if (choice != of) {
            drops.add(Feature.CHOICES, "choices", "the client's format has one answer");
        }
        return choice == of;
    }

    private void delta(@Nullable Open part, String text) {
        if (part == null || text.isEmpty()) {
            return;
        }
        switch (part.kind()) {
            case TEXT, REFUSAL -> say(part, text);
            case THINKING -> think(part, text);
            case TOOL_CALL -> {
                part.text.append(text);
                if (part.place != null && part.call().kind() == ToolKind.FUNCTION) {
                    close(event(Wire.ARGUMENTS_DELTA, part.place).text("delta", text));
                }
            }
            case IMAGE -> {}
        }
    }

    private void say(Open part, String text) {
        Piece piece = piece(part);
        piece.text.append(text);
        points += text.codePointCount(0, text.length());
        JsonOut json = inPiece(piece.refusal ? Wire.REFUSAL_DELTA : Wire.TEXT_DELTA, part).text("delta", text);
        if (!piece.refusal) {
            piece.logprobs.addAll(logprobs);
            Piece.logprobs(json, logprobs);
            logprobs = List.of();
        }
        close(json);
    }

    private JsonOut inPiece(String type, Open part) {
        return event(type, placeOf(part)).number("content_index", part.pieceIndex);
    }

    private static Place placeOf(Open part) {
        Place place = part.place;
        if (place == null) {
            throw new IllegalStateException("a part that has not begun");
        }
        return place;
    }

    /// The piece of a message that the part is, begun if it is not yet.
    private Piece piece(Open part) {
        if (part.piece != null) {
            return part.piece;
        }
        boolean refusal = part.kind() == PartKind.REFUSAL;
        refuses |= refusal;
        Piece piece = refusal ? Piece.refusal("") : Piece.text("", List.of(), List.of());
        Place place = message();
        if (!(place.item instanceof Message whole)) {
            throw new IllegalStateException("a message that is none");
        }
        place.open++;
        part.place = place;
        part.piece = piece;
        part.pieceIndex = whole.pieces.size();
        part.base = points;
        whole.pieces.add(piece);
        JsonOut json = inPiece(Wire.PART_ADDED, part).object("part");
        piece.write(json);
        close(json.close());
        part.citations.forEach(citation -> annotate(part, piece, citation));
        return piece;
    }

    /// The message that text goes to now: the item that began last, or a new one.
    private Place message() {
        if (message != null) {
            held = held == message ? null : held;
            return message;
        }
        Message item = new Message(ids);
        Place place = begin(item, item.json(Wire.STATUS_IN_PROGRESS));
        message = place;
        return place;
    }

    /// Begins an item, which ends the one before.
    private Place begin(Item item, String json) {
        release(Wire.STATUS_COMPLETED);
        message = null;
        Place place = new Place(item, output.size());
        output.add(null);
        item(Wire.ITEM_ADDED, place, json);
        return place;
    }

    private void item(String type, Place place, String json) {
        close(event(type).number("output_index", place.index).raw("item", json));
    }

    /// Holds the end of an item back until it is known whether it is the last.
    private void hold(Place place) {
        release(Wire.STATUS_COMPLETED);
        held = place;
    }

    private void release(String status) {
        Place place = held;
        if (place != null) {
            held = null;
            message = message == place ? null : message;
            String json = place.item.json(status);
            output.set(place.index, json);
            item(Wire.ITEM_DONE, place, json);
        }
    }

    private void think(Open part, String text) {
        if (part.place == null) {
            Thought thought = new Thought(ids, "", null);
            part.place = begin(thought, thought.json(Wire.STATUS_COMPLETED));
            close(inSummary(Wire.SUMMARY_ADDED, part, ""));
        }
        part.text.append(text);
        close(event(Wire.SUMMARY_DELTA, part.place).number("summary_index", 0).text("delta", text));
    }

    private JsonOut inSummary(String type, Open part, String text) {
        JsonOut json = event(type, placeOf(part)).number("summary_index", 0).object("part");
        Thought.summary(json, text);
        return json.close();
    }

    private void cite(@Nullable Open part, Citation citation) {
        if (part == null || part.kind() != PartKind.TEXT) {
            return;
        }
        if (part.piece != null) {
            annotate(part, part.piece, citation);
        } else {
            part.citations = new ArrayList<>(part.citations);
            part.citations.add(citation);
        }
    }

    private void annotate(Open part, Piece piece, Citation citation) {
        Citation within = ResponseWriter.within(citation, part.base);
        JsonOut json = inPiece(Wire.ANNOTATION_ADDED, part)
                .number("annotation_index", piece.annotations.size())
                .object("annotation");
        Piece.annotation(json, within);
        close(json.close());
        piece.annotations.add(within);
    }

    private void logprobs(int of, List<TokenLogprob> tokens) {
        if (ending == null && isMine(of)) {
            logprobs = new ArrayList<>(logprobs);
            logprobs.addAll(tokens);
        }
    }

    private void image(@Nullable Open part, String base64) {
        if (part == null || part.kind() != PartKind.IMAGE || part.place != null) {
            return;
        }
        Picture picture = new Picture(ids, base64);
        part.place = begin(picture, new Picture(picture.id(), null).json(Wire.STATUS_IN_PROGRESS));
    }

    /// Secrets of thoughts stay with them; those of calls and texts get a thought of their own, unless one right before has none.
    private void seal(@Nullable Open part, Secret secret) {
        if (part == null || part.secret != null) {
            return;
        }
        part.secret = secret;
        switch (part.kind()) {
            case THINKING, REFUSAL, IMAGE -> {}
            case TEXT -> {
                if (part.place != null) {
                    carry(ResponseWriter.carried(secret, part.place.item.id()));
                }
            }
            case TOOL_CALL -> {
                Secret carried = ResponseWriter.carried(secret, part.call().id());
                boolean taken = part.place == null && held != null && held.item instanceof Thought thought && thought.take(carried);
                if (!taken) {
                    carry(carried);
                }
                beginWaiting();
            }
        }
    }

    private void carry(Secret secret) {
        Thought thought = new Thought(ids, "", secret);
        hold(begin(thought, new Thought(thought.id(), "", null).json(Wire.STATUS_COMPLETED)));
    }

    /// Begins the call that waits.
    private void beginWaiting() {
        Open part = waiting;
        waiting = null;
        if (part != null && part.place == null) {
            StreamEvent.Call head = part.call();
            ResponseWriter.Call call = new ResponseWriter.Call(ids, head, "");
            part.place = begin(call, new ResponseWriter.Call(call.id(), head, "").json(Wire.STATUS_IN_PROGRESS));
        }
    }

    private void close(@Nullable Open part) {
        if (part == null) {
            return;
        }
        parts.remove(part.start.part());
        recent = null;
        switch (part.kind()) {
            case TEXT, REFUSAL -> closePiece(part);
            case THINKING -> closeThought(part);
            case TOOL_CALL -> closeCall(part);
            case IMAGE -> {
                if (part.place != null) {
                    hold(part.place);
                }
            }
        }
    }

    private void closePiece(Open part) {
        Place place = part.place;
        Piece piece = part.piece;
        if (place == null || piece == null) {
            part.citations.forEach(_ -> drops.add(Feature.CITATIONS, "answer", "nothing was said that it could belong to"));
            if (part.secret != null) {
                carry(ResponseWriter.carried(part.secret, null));
            }
            return;
        }
        String text = piece.text.toString();
        JsonOut done = inPiece(piece.refusal ? Wire.REFUSAL_DONE : Wire.TEXT_DONE, part).text(piece.refusal ? "refusal" : "text", text);
        if (!piece.refusal) {
            piece.logprobs.addAll(logprobs);
            logprobs = List.of();
            Piece.logprobs(done, piece.logprobs);
        }
        close(done);
        JsonOut json = inPiece(Wire.PART_DONE, part).object("part");
        piece.write(json);
        close(json.close());
        if (--place.open == 0) {
            hold(place);
        }
    }

    private void closeThought(Open part) {
        Secret secret = part.secret;
        if (part.place == null) {
            if (secret != null) {
                carry(secret);
            }
            return;
        }
        String text = part.text.toString();
        close(event(Wire.SUMMARY_TEXT_DONE, part.place).number("summary_index", 0).text("text", text));
        close(inSummary(Wire.SUMMARY_DONE, part, text));
        hold(same(part.place, new Thought(part.place.item.id(), text, secret)));
    }

    private void closeCall(Open part) {
        Place place = placeOf(part);
        StreamEvent.Call head = part.call();
        String arguments = part.text.toString();
        String given = ResponseWriter.Call.given(head.kind(), arguments);
        if (head.kind() == ToolKind.CUSTOM) {
            if (!given.isEmpty()) {
                close(event(Wire.CUSTOM_DELTA, place).text("delta", given));
            }
            close(event(Wire.CUSTOM_DONE, place).text("input", given));
        } else {
            if (arguments.isEmpty()) {
                close(event(Wire.ARGUMENTS_DELTA, place).text("delta", given));
            }
            close(event(Wire.ARGUMENTS_DONE, place).text("name", head.name()).text("arguments", given));
        }
        hold(same(place, new ResponseWriter.Call(place.item.id(), head, given)));
    }

    /// The place with what its item has become.
    private static Place same(Place place, Item item) {
        return new Place(item, place.index);
    }

    // The end.

    private void finish(int of, FinishReason reason) {
        if (ending != null || !isMine(of)) {
            return;
        }
        begin(null, 0);
        for (Open part : parts.values().stream().sorted(BY_NUMBER).toList()) {
            close(part);
        }
        ending = Ending.of(reason, refuses);
        release(ending.itemStatus());
    }

    private void end() {
        finish(choice == NONE ? 0 : choice, FinishReason.STOP);
        Ending how = ending == null ? Ending.of(FinishReason.STOP, refuses) : ending;
        String type = how.incompleteReason() == null ? Wire.COMPLETED : Wire.INCOMPLETE;
        response(type, how, null, items(), Frame.orNone(usage));
        over = true;
        sink.close();
    }

    /// A stream that never began has only the error itself.
    private void fail(GatewayError error) {
        if (frame == null) {
            JsonOut json = event(Wire.ERROR).text("code", Errors.failureCode(error)).text("message", error.message());
            close(json.nothing("param"));
        } else {
            release(Wire.STATUS_COMPLETED);
            for (Open part : parts.values()) {
                Place place = part.place;
                if (place != null) {
                    output.set(place.index, soFar(part, place).json(Wire.STATUS_INCOMPLETE));
                }
            }
            response(Wire.FAILED, Ending.FAILED, new Failure(Errors.failureCode(error), error.message()), items(), usage);
        }
        over = true;
        sink.close();
    }

    /// The item of a part that has not ended.
    private static Item soFar(Open part, Place place) {
        return switch (part.kind()) {
            case THINKING -> new Thought(place.item.id(), part.text.toString(), part.secret);
            case TOOL_CALL -> new ResponseWriter.Call(place.item.id(), part.call(), part.text.toString());
            case TEXT, REFUSAL, IMAGE -> place.item;
        };
    }

    private List<String> items() {
        List<String> items = new ArrayList<>(output.size());
        for (String item : output) {
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }
}
