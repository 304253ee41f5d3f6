package dev.plexus.dialect.gemini;

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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Follows the chunks of a streamed answer. This format has no last frame: the end of input is the end.
final class StreamScan implements StreamWatch {

    private final AnswerScan.Findings findings = new AnswerScan.Findings();
    private static final byte[] THOUGHT = "\"thought".getBytes(StandardCharsets.US_ASCII);

    private final Told told = new Told();
    private @Nullable UpstreamError error;
    private boolean done;

    StreamScan() {
        findings.tell(told);
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
        told.passed(array, from, to);
        if (told.isPlain() && holds(array, from, to, THOUGHT)) {
            told.spoil(); // a thought, or the signature of one
        }
        return findings.saysSomething() ? FrameKind.CONTENT : FrameKind.BOOKKEEPING;
    }

    private static boolean holds(byte[] array, int from, int to, byte[] word) {
        for (int at = from; at <= to - word.length; at++) {
            if (array[at] == word[0] && Arrays.equals(array, at, at + word.length, word, 0, word.length)) {
                return true;
            }
        }
        return false;
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
    public Told told() {
        return told;
    }

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return SseWriter.frame(null, Errors.write(error));
    }

    @Override
    public byte[] keepAlive() {
        return SseWriter.keepAlive();
    }
}
