package dev.plexus.dialect.responses;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.SseWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows the events of a streamed response.
final class StreamScan implements StreamWatch {

    private final AnswerScan.Findings findings = new AnswerScan.Findings();
    private final Remembered remembered = new Remembered();
    private @Nullable UpstreamError error;
    private boolean created;
    private boolean ended;

    @Override
    public FrameKind frame(byte[] array, int from, int to, @Nullable String event) {
        if (DoneMark.is(array, from, to)) {
            ended = true;
            return FrameKind.TERMINAL;
        }
        findings.nextDocument();
        if (!Json.walk(array, from, to, Wire.EVENT, findings)) {
            return FrameKind.MALFORMED;
        }
        String type = findings.type() != null ? findings.type() : event;
        FrameKind kind = judge(type);
        if (kind != FrameKind.ERROR) {
            remembered.passed(type, findings, array, from, to);
        }
        return kind;
    }

    private FrameKind judge(@Nullable String type) {
        return switch (type) {
            case Wire.CREATED -> {
                created = true;
                yield FrameKind.BOOKKEEPING;
            }
            case Wire.QUEUED, Wire.IN_PROGRESS -> FrameKind.BOOKKEEPING;
            case Wire.COMPLETED, Wire.INCOMPLETE -> {
                findings.finish(type);
                ended = true;
                yield FrameKind.TERMINAL;
            }
            case Wire.FAILED, Wire.CANCELLED, Wire.ERROR -> failed(type);
            case null -> findings.failed() ? failed(Wire.ERROR) : FrameKind.BOOKKEEPING;
            default -> {
                findings.countCalls(type);
                yield findings.failed() ? failed(Wire.ERROR) : findings.saysSomething() ? FrameKind.CONTENT : FrameKind.BOOKKEEPING;
            }
        };
    }

    private FrameKind failed(String type) {
        findings.finish(type);
        error = findings.error();
        return FrameKind.ERROR;
    }

    @Override
    public Observed observed() {
        return findings.observed();
    }

    @Override
    public Generated generated() {
        return findings.generated();
    }

    @Override
    public @Nullable UpstreamError error() {
        return error;
    }

    @Override
    public boolean complete() {
        return ended || remembered.hasAll();
    }

    @Override
    public byte[] closing() {
        return ended ? new byte[0] : remembered.completed(findings.sequenceNumber() + 1);
    }

    @Override
    public Told told() {
        return remembered.told();
    }

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return Errors.writeFrame(error, findings, created);
    }

    @Override
    public byte[] keepAlive() {
        return SseWriter.keepAlive();
    }

    /// What a passed-through stream is remembered for: its text, should it break, and its finished items, should its last event be missing.
    private static final class Remembered {

        private static final int CHARACTERS_MAX = 1024 * 1024;

        /// Items after which an answer may end.
        private static final Set<String> LAST_ITEMS = Set.of(Wire.MESSAGE, Wire.FUNCTION_CALL, Wire.CUSTOM_TOOL_CALL);

        private final Told told = new Told();
        private final List<String> done = new ArrayList<>(1);
        private @Nullable String response;
        private long characters;
        private int added;
        private int pieces;
        private boolean mayEnd;

        Told told() {
            return told;
        }

        /// True if every item that was begun is finished, and the last one is of a kind that ends answers.
        boolean hasAll() {
            return mayEnd && added > 0 && added == done.size() && characters <= CHARACTERS_MAX && response != null;
        }

        /// An event that was passed on.
        void passed(@Nullable String type, AnswerScan.Findings findings, byte[] array, int from, int to) {
            told.passed(array, from, to);
            told.sequence(findings.sequenceNumber());
            switch (type) {
                case Wire.CREATED -> response = member("response", array, from, to);
                case Wire.ITEM_ADDED -> {
                    added++;
                    mayEnd = false;
                    if (added == 1 && Wire.MESSAGE.equals(findings.itemType())) {
                        told.part(array, from, to);
                        told.partEnds(); // until its piece begins
                    } else {
                        told.spoil();
                    }
                }
                case Wire.PART_ADDED -> {
                    pieces++;
                    if (pieces == 1) {
                        told.partBegins();
                    } else {
                        told.spoil();
                    }
                }
                case Wire.TEXT_DELTA -> told.text(findings.delta() == null ? "" : findings.delta());
                case Wire.ITEM_DONE -> {
                    told.spoil();
                    itemDone(member("item", array, from, to), findings.itemType());
                }
                case Wire.IN_PROGRESS, Wire.QUEUED, Wire.COMPLETED, Wire.INCOMPLETE -> {}
                case null, default -> told.spoil(); // the text is said to be complete, or something else than text has come
            }
        }

        private void itemDone(@Nullable String item, @Nullable String type) {
            if (item != null) {
                characters += item.length();
                done.add(characters > CHARACTERS_MAX ? "" : item);
                mayEnd = type != null && LAST_ITEMS.contains(type);
            }
        }

        private static @Nullable String member(String wanted, byte[] array, int from, int to) {
            String[] found = new String[1];
            try {
                JsonIn.read(array, from, to, in -> in.object(name -> {
                    if (name.equals(wanted) && in.isObject()) {
                        found[0] = in.raw();
                    }
                }));
            } catch (JsonIn.Bad _) {
                return null; // passed on as it is, and not remembered
            }
            return found[0];
        }

        /// The event that was missing: the response as it was created, with the items that came and without counts, for none were told.
        byte[] completed(long sequence) {
            String created = response == null ? "{}" : response;
            StringBuilder whole = new StringBuilder(created.length() + 256);
            whole.append("{\"type\":\"").append(Wire.COMPLETED).append("\",\"sequence_number\":").append(sequence).append(",\"response\":{");
            byte[] bytes = created.getBytes(StandardCharsets.UTF_8);
            JsonIn.read(bytes, 0, bytes.length, in -> in.object(name -> {
                if (!name.equals("status") && !name.equals("output")) {
                    whole.append('"').append(name).append("\":").append(in.raw()).append(',');
                }
            }));
            whole.append("\"status\":\"").append(Wire.STATUS_COMPLETED).append("\",\"output\":[").append(String.join(",", done)).append("]}}");
            return SseWriter.frame(Wire.COMPLETED, whole.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
