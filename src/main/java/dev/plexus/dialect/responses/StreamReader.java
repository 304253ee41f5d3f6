package dev.plexus.dialect.responses;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.Traits;
import dev.plexus.model.Citation;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads an upstream's stream.
///
/// Some back ends announce items only when they are done, or only in the final snapshot, and some change ids on the way: an item is known by its id,
/// else by its place, and what a later event says of it is told only as far as it is new.
final class StreamReader implements StreamDecoder {

    private static final int NONE = -1;

    private final boolean lenientEnd;
    private final Emitter out;
    private final ResponseReader.Telling telling;
    /// Items after which an answer may end.
    private static final Set<String> ENDING = Set.of(Wire.MESSAGE, Wire.FUNCTION_CALL, Wire.CUSTOM_TOOL_CALL);

    private final List<Item> items = new ArrayList<>(4);
    private final Map<String, Item> byId = new HashMap<>();
    private final Map<Integer, Item> byIndex = new HashMap<>();
    private @Nullable Item last;
    private boolean begun;
    private boolean audible;

    StreamReader(Traits target, Emitter out) {
        this.lenientEnd = target.lenientEnd();
        this.out = out;
        this.telling = new ResponseReader.Telling(out);
    }

    /// An item of the output while it grows.
    private static final class Item {
        final String type;
        @Nullable String id;
        int index = NONE;
        /// What is known of a call's head.
        final ResponseReader.Item head;
        /// A call's arguments until now.
        final StringBuilder given = new StringBuilder(0);
        /// The part that is open for it.
        int part = NONE;
        boolean refusal;
        /// The number of the piece of content, or of the summary, that the part is at.
        int piece = NONE;
        /// Code points of the answer before that piece.
        int base;
        boolean said;
        boolean summarised;
        boolean cited;
        boolean done;

        Item(String type, ResponseReader.Item head) {
            this.type = type;
            this.head = head;
        }

        boolean isCall() {
            return type.equals(Wire.FUNCTION_CALL) || type.equals(Wire.CUSTOM_TOOL_CALL);
        }
    }

    /// What one frame says.
    private static final class Event {
        @Nullable String type;
        @Nullable String itemId;
        int outputIndex = NONE;
        int contentIndex = NONE;
        int summaryIndex = NONE;
        String delta = "";
        String arguments = "";
        String input = "";
        @Nullable String name;
        @Nullable String partType;
        ResponseReader.@Nullable Item item;
        ResponseReader.@Nullable Answer response;
        @Nullable Citation citation;
        List<TokenLogprob> logprobs = List.of();
        boolean error;

        void member(JsonIn in, String member) {
            switch (member) {
                case "type" -> type = in.textIfAny();
                case "item_id" -> itemId = in.textIfAny();
                case "output_index" -> outputIndex = in.intOr(NONE);
                case "content_index" -> contentIndex = in.intOr(NONE);
                case "summary_index" -> summaryIndex = in.intOr(NONE);
                case "delta" -> delta = in.isText() ? in.text() : "";
                case "arguments" -> arguments = in.isObject() ? in.raw() : in.isText() ? in.text() : "";
                case "input" -> input = in.isText() ? in.text() : "";
                case "name" -> name = in.textIfAny();
                case "logprobs" -> logprobs = ResponseReader.logprobs(in);
                case Wire.ERROR -> error = ResponseReader.isError(in);
                case "part", "item", "response", "annotation" -> {
                    if (in.isObject()) {
                        object(in, member);
                    }
                }
                default -> {}
            }
        }

        private void object(JsonIn in, String member) {
            switch (member) {
                case "part" -> in.object(name -> partType = name.equals("type") ? in.textIfAny() : partType);
                case "item" -> item = ResponseReader.Item.read(in);
                case "response" -> {
                    ResponseReader.Answer answer = new ResponseReader.Answer();
                    in.object(name -> answer.member(in, name));
                    response = answer;
                }
                default -> citation = ResponseReader.citation(in, 0);
            }
        }
    }

    @Override
    public boolean frame(byte[] array, int from, int to, @Nullable String event) {
        if (DoneMark.is(array, from, to)) {
            finish(null, null);
            return true;
        }
        Event said = new Event();
        try {
            JsonIn.read(array, from, to, in -> in.object(name -> said.member(in, name)));
        } catch (JsonIn.Bad e) {
            return false;
        }
        String type = said.type != null ? said.type : event;
        if (type == null ? said.error : isFailure(type, said)) {
            fail(said, array, from, to);
        } else if (type != null) {
            follow(type, said);
        }
        return true;
    }

    /// Every item is done, and the last one is of a kind that ends answers.
    @Override
    public boolean hasAll() {
        return !items.isEmpty() && items.stream().allMatch(item -> item.done) && ENDING.contains(items.getLast().type);
    }

    @Override
    public void end() {
        if (begun && (lenientEnd || hasAll())) {
            finish(null, null);
        }
    }

    private static boolean isFailure(String type, Event said) {
        return switch (type) {
            case Wire.FAILED, Wire.CANCELLED, Wire.ERROR -> true;
            case Wire.COMPLETED, Wire.INCOMPLETE -> said.response != null && said.response.failed();
            default -> false;
        };
    }

    private void fail(Event said, byte[] array, int from, int to) {
        if (said.response != null && said.response.usage != null) {
            out.usage(said.response.usage);
        }
        AnswerScan.Findings findings = new AnswerScan.Findings();
        Json.walk(array, from, to, Wire.EVENT, findings);
        out.fail(findings.error());
    }

    private void follow(String type, Event said) {
        begun = true;
        if (said.response != null) {
            telling.start(said.response);
        }
        switch (type) {
            case Wire.TEXT_DELTA -> text(said, false);
            case Wire.REFUSAL_DELTA -> text(said, true);
            case Wire.ARGUMENTS_DELTA -> arguments(known(said, Wire.FUNCTION_CALL), said.delta);
            case Wire.CUSTOM_DELTA -> arguments(known(said, Wire.CUSTOM_TOOL_CALL), said.delta);
            case Wire.ARGUMENTS_DONE -> given(known(said, Wire.FUNCTION_CALL), said.arguments, said.name);
            case Wire.CUSTOM_DONE -> given(known(said, Wire.CUSTOM_TOOL_CALL), said.input, said.name);
            case Wire.SUMMARY_DELTA -> thinking(said, true);
            case Wire.REASONING_DELTA -> thinking(said, false);
            case Wire.ITEM_ADDED -> {
                if (said.item != null && (said.item.id != null ? byId.get(said.item.id) : byIndex.get(said.outputIndex)) == null) {
                    added(said.item, said.outputIndex);
                }
            }
            case Wire.ITEM_DONE -> {
                if (said.item != null) {
                    Item item = find(said.item.id, said.outputIndex);
                    if (item == null || item.done && !Objects.equals(item.id, said.item.id)) {
                        item = added(said.item, said.outputIndex);
                    }
                    done(item, said.item);
                }
            }
            case Wire.PART_ADDED -> {
                boolean refusal = Wire.REFUSAL.equals(said.partType);
                Item item = refusal || Wire.OUTPUT_TEXT.equals(said.partType) ? known(said, Wire.MESSAGE) : null;
                if (item != null && !item.done) {
                    piece(item, said.contentIndex, refusal);
                }
            }
            case Wire.ANNOTATION_ADDED -> {
                Item item = find(said.itemId, said.outputIndex);
                if (said.citation == null) {
                    telling.dropCitation();
                } else if (item != null) {
                    item.cited = true;
                    telling.cite(item.part, List.of(said.citation), item.base);
                }
            }
            case Wire.COMPLETED, Wire.INCOMPLETE -> completed(type, said.response);
            default -> {
                if (type.contains("audio") && !audible) { // it comes in pieces
                    audible = true;
                    out.dropped(Feature.AUDIO, "event of type " + type);
                }
            }
        }
    }

    private void text(Event said, boolean refusal) {
        if (said.delta.isEmpty()) {
            return;
        }
        Item item = known(said, Wire.MESSAGE);
        if (item.done) {
            return;
        }
        int part = piece(item, said.contentIndex, refusal);
        item.said = true;
        out.logprobs(0, said.logprobs);
        telling.say(part, refusal, said.delta);
    }

    /// The part for that piece of a message, opened if it is another one than before.
    private int piece(Item item, int number, boolean refusal) {
        if (item.part != NONE && item.refusal == refusal && (number == NONE || number == item.piece)) {
            return item.part;
        }
        out.close(item.part);
        item.part = out.open(0, refusal ? PartKind.REFUSAL : PartKind.TEXT);
        item.refusal = refusal;
        item.piece = number;
        item.base = telling.points();
        return item.part;
    }

    /// Reasoning, of which a summary counts more than the text: they say the same.
    private void thinking(Event said, boolean summary) {
        Item item = known(said, Wire.REASONING_ITEM);
        if (said.delta.isEmpty() || !summary && item.summarised) {
            return;
        }
        int number = summary ? said.summaryIndex : said.contentIndex;
        item.summarised |= summary;
        if (item.said && number > item.piece) {
            out.delta(item.part, "\n\n");
        }
        item.piece = Math.max(item.piece, number);
        item.said = true;
        out.delta(item.part, said.delta);
    }

    private void arguments(Item call, String delta) {
        if (!call.done) {
            call.given.append(delta);
            out.delta(call.part, delta);
        }
    }

    /// The whole of a call's arguments: only what is missing of them is told. Where they are not what was streamed, the stream holds.
    private void given(Item call, String whole, @Nullable String name) {
        if (call.done) {
            return;
        }
        if (call.part == NONE && name != null && !name.isEmpty()) {
            call.head.name = name;
            open(call);
        }
        int length = call.given.length();
        if (whole.length() > length && whole.startsWith(call.given.toString())) {
            arguments(call, whole.substring(length));
        }
    }

    /// Opens a call as soon as its name is known; arguments that came before are told then.
    private void open(Item call) {
        call.part = telling.call(call.head, call.index);
        out.delta(call.part, call.given.toString());
    }

    private Item added(ResponseReader.Item said, int index) {
        Item item = new Item(said.type, said);
        item.index = index;
        items.add(item);
        last = item;
        if (said.id != null) {
            item.id = said.id;
            byId.put(said.id, item);
        }
        if (index != NONE) {
            byIndex.put(index, item);
        }
        if (item.isCall() && said.name != null && !said.name.isEmpty()) {
            open(item);
        } else if (item.type.equals(Wire.REASONING_ITEM)) {
            item.part = out.open(0, PartKind.THINKING);
        } else if (!item.isCall() && !item.type.equals(Wire.MESSAGE) && !item.type.equals(Wire.IMAGE_CALL)) {
            telling.dropItem(item.type);
        }
        return item;
    }

    private void done(Item item, ResponseReader.Item said) {
        if (item.done) {
            return;
        }
        switch (item.type) {
            case Wire.FUNCTION_CALL, Wire.CUSTOM_TOOL_CALL -> {
                item.head.callId = item.head.callId == null ? said.callId : item.head.callId;
                item.head.namespace = item.head.namespace == null ? said.namespace : item.head.namespace;
                given(item, said.given().isEmpty() ? item.head.given() : said.given(), said.name);
            }
            case Wire.REASONING_ITEM -> {
                if (!item.said) {
                    out.delta(item.part, said.thinking());
                }
                telling.seal(item.part, said);
            }
            case Wire.MESSAGE -> {
                if (!item.said) {
                    out.close(item.part);
                    telling.item(said, item.index);
                } else {
                    telling.dropUnknown(said);
                }
                if (item.said && !item.cited && said.pieces.size() == 1) {
                    telling.cite(item.part, said.pieces.getFirst().citations(), item.base);
                }
            }
            case Wire.IMAGE_CALL -> telling.image(said);
            default -> {}
        }
        out.close(item.part);
        item.done = true;
    }

    private void completed(String type, ResponseReader.@Nullable Answer response) {
        String status = type.substring(type.indexOf('.') + 1);
        if (response == null) {
            finish(status, null);
            return;
        }
        for (int index = 0; index < response.output.size(); index++) {
            ResponseReader.Item said = response.output.get(index);
            Item item = seen(said, index);
            done(item != null ? item : added(said, NONE), said);
        }
        if (response.usage != null) {
            out.usage(response.usage);
        }
        finish(response.status != null ? response.status : status, response.incompleteReason);
    }

    /// The item that this one of the final snapshot was in the stream; null if it was not there.
    private @Nullable Item seen(ResponseReader.Item said, int index) {
        Item item = said.id == null ? null : byId.get(said.id);
        if (item != null) {
            return item;
        }
        if (said.callId != null) {
            for (Item other : items) {
                if (said.callId.equals(other.head.callId)) {
                    return other;
                }
            }
        }
        Item there = byIndex.get(index);
        return there != null && there.type.equals(said.type) ? there : null;
    }

    private void finish(@Nullable String status, @Nullable String incompleteReason) {
        for (Item item : items) {
            if (item.isCall()) {
                given(item, item.head.given(), null);
            }
        }
        telling.finish(status, incompleteReason);
        out.end();
    }

    /// The item that an event speaks of; one that was never announced begins here.
    private Item known(Event said, String type) {
        Item item = find(said.itemId, said.outputIndex);
        if (item != null) {
            return item;
        }
        boolean placeless = said.itemId == null && said.outputIndex == NONE;
        if (placeless && last != null && last.type.equals(type)) {
            return last;
        }
        ResponseReader.Item head = new ResponseReader.Item();
        head.type = type;
        head.id = said.itemId;
        return added(head, said.outputIndex);
    }

    private @Nullable Item find(@Nullable String id, int index) {
        Item recent = last;
        if (recent != null && (id != null ? id.equals(recent.id) : index != NONE && index == recent.index)) {
            return recent;
        }
        Item item = id == null ? null : byId.get(id);
        return item == null && index != NONE ? byIndex.get(index) : item;
    }
}
