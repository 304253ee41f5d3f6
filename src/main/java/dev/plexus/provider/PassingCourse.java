package dev.plexus.provider;

import dev.plexus.dialect.FrameKind;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.GatewayError;
import dev.plexus.model.RequestId;
import dev.plexus.wire.SseFramer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Passes frames on in the bytes in which they came, but for those that are malformed or were not asked for.
final class PassingCourse implements Course {

    private static final byte[] ARRAY_OPEN = "[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ARRAY_NEXT = ",\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ARRAY_CLOSE = "\n]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ARRAY_EMPTY = "[]".getBytes(StandardCharsets.US_ASCII);

    private final StreamWatch watch;
    private final RequestId requestId;
    private final boolean asArray;
    private boolean anyElement;

    PassingCourse(StreamWatch watch, RequestId requestId, boolean asArray) {
        this.watch = watch;
        this.requestId = requestId;
        this.asArray = asArray;
    }

    @Override
    public FrameKind data(SseFramer.Frame frame, Outbox out) {
        FrameKind kind = watch.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event());
        switch (kind) {
            case BOOKKEEPING, CONTENT, TERMINAL -> {
                if (asArray) {
                    element(frame, out);
                } else {
                    out.add(frame.array(), frame.from(), frame.to());
                }
            }
            case UNASKED_USAGE, MALFORMED, ERROR -> {}
        }
        return kind;
    }

    @Override
    public void comment(SseFramer.Frame frame, Outbox out) {
        if (!asArray) {
            out.add(frame.array(), frame.from(), frame.to());
        }
    }

    /// A client that did not ask for server-sent events gets the same objects as elements of a JSON array.
    private void element(SseFramer.Frame frame, Outbox out) {
        out.add(anyElement ? ARRAY_NEXT : ARRAY_OPEN);
        out.add(frame.data(), frame.dataFrom(), frame.dataTo());
        anyElement = true;
    }

    @Override
    public boolean complete() {
        return watch.complete();
    }

    @Override
    public boolean endOfInput() {
        return watch.complete();
    }

    @Override
    public Generated generated() {
        return watch.generated();
    }

    @Override
    public Observed observed() {
        return watch.observed();
    }

    @Override
    public @Nullable UpstreamError error() {
        return watch.error();
    }

    @Override
    public void end(Outbox out) {
        if (asArray) {
            out.add(anyElement ? ARRAY_CLOSE : ARRAY_EMPTY);
        } else {
            out.add(watch.closing());
        }
    }

    @Override
    public @Nullable Told told() {
        return watch.told();
    }

    @Override
    public @Nullable Pen pen() {
        return null;
    }

    @Override
    public boolean departed() {
        return false;
    }

    @Override
    public void fail(GatewayError error, Outbox out) {
        byte[] ending = watch.writeError(error, requestId.value());
        if (asArray) {
            new SseFramer().feed(ending, 0, ending.length, frame -> element(frame, out));
            out.add(ARRAY_CLOSE);
        } else {
            out.add(ending);
        }
    }

    @Override
    public void keepAlive(Outbox out) {
        if (!asArray) {
            out.add(watch.keepAlive());
        }
    }

    @Override
    public boolean asEvents() {
        return !asArray;
    }

    @Override
    public boolean isUpstreams() {
        return true;
    }
}
