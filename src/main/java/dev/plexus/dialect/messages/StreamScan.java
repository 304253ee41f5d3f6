package dev.plexus.dialect.messages;

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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Follows the events of a streamed message.
final class StreamScan implements StreamWatch {

    private static final byte[] STOP_DATA = "{\"type\":\"message_stop\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING_DATA = "{\"type\":\"ping\"}".getBytes(StandardCharsets.US_ASCII);

    private final AnswerScan.Findings findings = new AnswerScan.Findings();
    private final Told told = new Told();
    private @Nullable UpstreamError error;
    private boolean stopped;
    private boolean blockOpen;
    private int block;

    StreamScan() {
        findings.tell(told);
    }

    @Override
    public FrameKind frame(byte[] array, int from, int to, @Nullable String event) {
        if (DoneMark.is(array, from, to)) {
            stopped = true;
            return FrameKind.TERMINAL;
        }
        findings.nextDocument();
        told.nextDocument();
        if (!Json.walk(array, from, to, Wire.SHAPE, findings)) {
            told.takeBack();
            return FrameKind.MALFORMED;
        }
        String type = findings.type() != null ? findings.type() : event;
        UpstreamError found = findings.error(type);
        if (found != null) {
            error = found;
            return FrameKind.ERROR;
        }
        told.passed(array, from, to);
        follow(type, array, from, to);
        return switch (type) {
            case Wire.MESSAGE_STOP -> {
                stopped = true;
                yield FrameKind.TERMINAL;
            }
            case Wire.BLOCK_START, Wire.BLOCK_DELTA, Wire.MESSAGE_DELTA -> findings.saysSomething() ? FrameKind.CONTENT : FrameKind.BOOKKEEPING;
            case null, default -> FrameKind.BOOKKEEPING;
        };
    }

    private void follow(@Nullable String type, byte[] array, int from, int to) {
        switch (type) {
            case Wire.BLOCK_START -> {
                blockOpen = true;
                block = indexOf(array, from, to);
                told.part(array, from, to);
            }
            case Wire.BLOCK_STOP -> {
                blockOpen = false;
                told.partEnds();
            }
            case null, default -> {}
        }
    }

    private static int indexOf(byte[] array, int from, int to) {
        int[] index = {0};
        try {
            JsonIn.read(array, from, to, in -> in.object(name -> {
                if (name.equals(Wire.INDEX)) {
                    index[0] = in.intOr(0);
                }
            }));
        } catch (JsonIn.Bad _) {
            return 0; // passed on as it is
        }
        return index[0];
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
        return stopped || findings.finished();
    }

    /// The reason has come with its event; what may be missing is the end of the last block, and that of the message.
    @Override
    public byte[] closing() {
        if (stopped) {
            return new byte[0];
        }
        byte[] stop = SseWriter.frame(Wire.MESSAGE_STOP, STOP_DATA);
        if (!blockOpen) {
            return stop;
        }
        byte[] data = ("{\"type\":\"content_block_stop\",\"index\":" + block + "}").getBytes(StandardCharsets.US_ASCII);
        byte[] end = SseWriter.frame(Wire.BLOCK_STOP, data);
        byte[] both = Arrays.copyOf(end, end.length + stop.length);
        System.arraycopy(stop, 0, both, end.length, stop.length);
        return both;
    }

    @Override
    public Told told() {
        return told;
    }

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return Errors.writeFrame(error);
    }

    @Override
    public byte[] keepAlive() {
        return SseWriter.frame(Wire.PING, PING_DATA);
    }
}
