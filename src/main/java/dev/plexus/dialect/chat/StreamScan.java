package dev.plexus.dialect.chat;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.SseWriter;
import org.jspecify.annotations.Nullable;

/// Follows the chunks of a streamed chat completion.
final class StreamScan implements StreamWatch {

    private final AnswerScan.Findings findings = new AnswerScan.Findings();
    private final Told told = new Told();
    private final boolean usageAsked;
    private @Nullable UpstreamError error;
    private boolean done;

    StreamScan(boolean usageAsked) {
        findings.tell(told);
        this.usageAsked = usageAsked;
    }

    @Override
    public FrameKind frame(byte[] array, int from, int to, @Nullable String event) {
        if (DoneMark.is(array, from, to)) {
            done = true;
            return FrameKind.TERMINAL;
        }
        findings.nextDocument();
        told.nextDocument();
        if (!Json.walk(array, from, to, Wire.ANSWER, findings)) {
            told.takeBack();
            return FrameKind.MALFORMED;
        }
        UpstreamError found = findings.error(event);
        if (found != null) {
            error = found;
            return FrameKind.ERROR;
        }
        if (!usageAsked && findings.isUsageOnly()) {
            return FrameKind.UNASKED_USAGE;
        }
        told.passed(array, from, to);
        return findings.saysSomething() ? FrameKind.CONTENT : FrameKind.BOOKKEEPING;
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
        return done || findings.finished();
    }

    @Override
    public byte[] closing() {
        return done ? new byte[0] : SseWriter.frame(null, DoneMark.bytes());
    }

    @Override
    public Told told() {
        return told;
    }

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return Errors.writeFrames(error);
    }

    @Override
    public byte[] keepAlive() {
        return SseWriter.keepAlive();
    }
}
