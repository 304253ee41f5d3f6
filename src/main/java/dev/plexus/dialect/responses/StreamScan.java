package dev.plexus.dialect.responses;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.SseWriter;
import org.jspecify.annotations.Nullable;

/// Follows the events of a streamed response.
final class StreamScan implements StreamWatch {

    private final AnswerScan.Findings findings = new AnswerScan.Findings();
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
        return ended;
    }

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return Errors.writeFrame(error, findings, created);
    }

    @Override
    public byte[] keepAlive() {
        return SseWriter.keepAlive();
    }
}
