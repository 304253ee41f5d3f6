package dev.plexus.dialect.messages;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Citation;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads an upstream's stream.
///
/// A frame is read to its end before anything of it is told, so that a broken one changes nothing. The handlers are made once, because there is a frame
/// for every few words.
final class StreamReader implements StreamDecoder {

    private final Traits target;
    private final Emitter out;
    private final AnswerScan.Tokens tokens = new AnswerScan.Tokens();
    private final Map<Integer, Open> blocks = new TreeMap<>();
    private final Frame frame = new Frame();

    private boolean started;
    private @Nullable String id;
    /// Code points of text in the blocks that have ended.
    private int characters;

    /// A block between its start and its stop.
    private static final class Open {
        final int part;
        final boolean text;
        final boolean thinking;
        /// The input that came with the start of a call: what counts if nothing follows.
        String held = "";
        String signature = "";
        int characters;
        List<Citation> citations = List.of();

        Open(int part, boolean text, boolean thinking) {
            this.part = part;
            this.text = text;
            this.thinking = thinking;
        }
    }

    StreamReader(Traits target, Emitter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public boolean frame(byte[] array, int from, int to, @Nullable String event) {
        if (DoneMark.is(array, from, to)) {
            complete();
            return true;
        }
        if (!frame.read(array, from, to)) {
            return false;
        }
        String type = frame.type != null ? frame.type : event;
        switch (type) {
            case Wire.BLOCK_DELTA -> blockDelta();
            case Wire.BLOCK_START -> blockStart();
            case Wire.BLOCK_STOP -> stop(blocks.remove(frame.index));
            case Wire.MESSAGE_START -> messageStart();
            case Wire.MESSAGE_DELTA -> messageDelta();
            case Wire.MESSAGE_STOP -> complete();
            case Wire.PING -> {}
            case null, default -> {
                AnswerScan.Findings findings = new AnswerScan.Findings();
                Json.walk(array, from, to, Wire.SHAPE, findings);
                UpstreamError error = findings.error(type);
                if (error != null) {
                    out.fail(error);
                } else {
                    out.dropped(Feature.NATIVE_PART, "event of type " + type);
                }
            }
        }
        return true;
    }

    @Override
    public void end() {
        if (out.isFinished() || started && target.lenientEnd()) {
            complete();
        }
    }

    private void complete() {
        stopAll();
        out.end();
    }

    private void messageStart() {
        start();
        tellUsage();
    }

    private void start() {
        if (!started) {
            started = true;
            id = frame.id;
            out.start(frame.id, frame.model, 0);
        }
    }

    private void messageDelta() {
        start();
        String reason = frame.stopReason;
        if (reason != null && !out.isFinished()) {
            stopAll();
            out.finish(0, ResponseReader.finish(reason), reason, frame.stopSequence);
        }
        tellUsage();
    }

    private void tellUsage() {
        if (frame.usage == null) {
            return;
        }
        tokens.read(frame.usage);
        Usage usage = tokens.usage();
        if (usage != null) {
            out.usage(usage);
        }
    }

    private void blockStart() {
        start();
        ResponseReader.Block block = frame.block;
        if (block == null) {
            return;
        }
        stop(blocks.remove(frame.index));
        int part = block.open(out, target, id + "/" + frame.index);
        Open open = new Open(part, block.isText(), block.isThinking());
        blocks.put(frame.index, open);
        if (block.isCall()) {
            open.held = block.content();
        } else {
            add(open, block.content());
            block.sealRedacted(out, part);
            open.signature = block.signature();
            open.citations = block.citations();
        }
    }

    private void blockDelta() {
        start();
        Open open = blocks.get(frame.index);
        if (open == null) {
            open = implied();
            if (open == null) {
                out.dropped(Feature.NATIVE_PART, "delta of type " + frame.deltaType + " of no block");
                return;
            }
        }
        if (frame.text != null && open.text) {
            add(open, frame.text);
        } else if (frame.thinking != null && open.thinking) {
            out.delta(open.part, frame.thinking);
        } else if (frame.partialJson != null && !frame.partialJson.isEmpty() && !open.thinking) {
            open.held = "";
            add(open, frame.partialJson);
        } else if (frame.signature != null && open.thinking) {
            open.signature += frame.signature;
        } else if (frame.citation != null && open.text) {
            open.citations = new ArrayList<>(open.citations);
            open.citations.add(frame.citation);
        } else if (frame.lostCitation && open.text) {
            ResponseReader.dropCitation(out);
        } else if (open.part >= 0 && !frame.deltaType.isEmpty() && !Wire.KNOWN_DELTAS.contains(frame.deltaType)) {
            out.dropped(Feature.NATIVE_PART, "delta of type " + frame.deltaType);
        }
    }

    /// The block that a delta is for which nobody announced; null where the delta does not say what it would be.
    private @Nullable Open implied() {
        Open open;
        if (frame.text != null) {
            open = new Open(out.open(0, PartKind.TEXT), true, false);
        } else if (frame.thinking != null) {
            open = new Open(out.open(0, PartKind.THINKING), false, true);
        } else {
            return null;
        }
        blocks.put(frame.index, open);
        return open;
    }

    private void add(Open open, String delta) {
        out.delta(open.part, delta);
        if (open.text) {
            open.characters += delta.codePointCount(0, delta.length());
        }
    }

    private void stop(@Nullable Open open) {
        if (open == null) {
            return;
        }
        add(open, open.held);
        ResponseReader.seal(out, open.part, open.signature);
        int start = characters;
        characters += open.characters;
        for (Citation citation : open.citations) {
            out.cite(open.part, ResponseReader.placed(citation, start, characters));
        }
        out.close(open.part);
    }

    private void stopAll() {
        blocks.values().forEach(this::stop);
        blocks.clear();
    }

    /// What one frame says, whatever the order of its members.
    private static final class Frame {

        private final Consumer<JsonIn> document = this::document;
        private final Consumer<String> member = this::member;
        private final Consumer<String> deltaMember = this::deltaMember;
        private final Consumer<String> messageMember = this::messageMember;
        private @Nullable JsonIn in;
        private boolean isObject;

        @Nullable String type;
        int index;
        @Nullable String text;
        @Nullable String thinking;
        @Nullable String partialJson;
        @Nullable String signature;
        @Nullable Citation citation;
        boolean lostCitation;
        String deltaType = "";
        @Nullable String stopReason;
        @Nullable String stopSequence;
        ResponseReader.@Nullable Block block;
        @Nullable String usage;
        @Nullable String id;
        @Nullable String model;

        /// False if it is no JSON object.
        boolean read(byte[] array, int from, int to) {
            clear();
            try {
                JsonIn.read(array, from, to, document);
            } catch (JsonIn.Bad e) {
                return false;
            }
            return isObject;
        }

        private void clear() {
            isObject = false;
            type = null;
            index = 0;
            text = null;
            thinking = null;
            partialJson = null;
            signature = null;
            citation = null;
            lostCitation = false;
            deltaType = "";
            stopReason = null;
            stopSequence = null;
            block = null;
            usage = null;
            id = null;
            model = null;
        }

        private void document(JsonIn from) {
            in = from;
            isObject = from.isObject();
            if (isObject) {
                from.object(member);
            }
        }

        private void member(String name) {
            JsonIn at = in();
            switch (name) {
                case Wire.TYPE -> type = at.textIfAny();
                case Wire.INDEX -> index = at.intOr(0);
                case Wire.DELTA -> inObject(at, deltaMember);
                case Wire.MESSAGE -> inObject(at, messageMember);
                case Wire.BLOCK -> block = at.isObject() ? new ResponseReader.Block(at) : null;
                case Wire.USAGE -> usage = at.isObject() ? at.raw() : usage;
                default -> {}
            }
        }

        private void deltaMember(String name) {
            JsonIn at = in();
            switch (name) {
                case Wire.TEXT -> text = at.textIfAny();
                case Wire.THINKING -> thinking = at.textIfAny();
                case Wire.PARTIAL_JSON -> partialJson = at.textIfAny();
                case Wire.SIGNATURE -> signature = at.textIfAny();
                case Wire.TYPE -> {
                    String told = at.textIfAny();
                    deltaType = told == null ? "" : told;
                }
                case Wire.CITATION -> {
                    citation = ResponseReader.citation(at);
                    lostCitation = citation == null;
                }
                case Wire.STOP_REASON -> stopReason = at.textIfAny();
                case Wire.STOP_SEQUENCE -> stopSequence = at.textIfAny();
                default -> {}
            }
        }

        private void messageMember(String name) {
            JsonIn at = in();
            switch (name) {
                case Wire.ID -> id = at.textIfAny();
                case Wire.MODEL -> model = at.textIfAny();
                case Wire.USAGE -> usage = at.isObject() ? at.raw() : usage;
                default -> {}
            }
        }

        private static void inObject(JsonIn at, Consumer<String> handler) {
            if (at.isObject()) {
                at.object(handler);
            }
        }

        private JsonIn in() {
            if (in == null) {
                throw new IllegalStateException("outside of a document");
            }
            return in;
        }
    }
}
