package dev.plexus.dialect.messages;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.SseWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Follows the events of a streamed message.
final class StreamScan implements StreamWatch {

    private static final byte[] PING_DATA = "{\"type\":\"ping\"}".getBytes(StandardCharsets.US_ASCII);

    private final AnswerScan.Findings findings = new AnswerScan.Findings();
    private @Nullable UpstreamError error;
    private boolean stopped;

    @Override
    public FrameKind frame(byte[] array, int from, int to, @Nullable String event) {
        if (DoneMark.is(array, from, to)) {
            stopped = true;
            return FrameKind.TERMINAL;
        }
        findings.nextDocument();
        if (!Json.walk(array, from, to, Wire.SHAPE, findings)) {
            return FrameKind.MALFORMED;
        }
        String type = findings.type() != null ? findings.type() : event;
        UpstreamError found = findings.error(type);
        if (found != null) {
            error = found;
            return FrameKind.ERROR;
        }
        return switch (type) {
            case Wire.MESSAGE_STOP -> {
                stopped = true;
                yield FrameKind.TERMINAL;
            }
            case Wire.BLOCK_START, Wire.BLOCK_DELTA, Wire.MESSAGE_DELTA -> findings.saysSomething() ? FrameKind.CONTENT : FrameKind.BOOKKEEPING;
            case null, default -> FrameKind.BOOKKEEPING;
        };
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

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return Errors.writeFrame(error);
    }

    @Override
    public byte[] keepAlive() {
        return SseWriter.frame(Wire.PING, PING_DATA);
    }
}
