package dev.plexus.message;

import dev.plexus.dialect.Drops;
import dev.plexus.wire.Pieces;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Gathers what one exchange says and hears, for its debug trace. Live and of one lane, like the exchange; it copies what it keeps, within bounds, and
/// never holds anything up. Of several attempts the last one counts.
public final class Capture {

    /// The most that is kept of each body.
    public static final int BODY_BYTES_MAX = 2 * 1024 * 1024;

    private final CaptureBudget budget;
    private final long createdAt;
    private final Kept clientRequest = new Kept();
    private final Kept upstreamRequest = new Kept();
    private final Kept upstreamResponse = new Kept();
    private final Kept clientResponse = new Kept();
    private final List<Drops.Drop> drops = new ArrayList<>(0);
    private Map<String, String> clientHeaders = Map.of();
    private Map<String, String> upstreamHeaders = Map.of();
    private Map<String, String> upstreamAnswerHeaders = Map.of();
    private String url = "";
    private int upstreamStatus;
    private boolean closed;

    /// `createdAt` is an epoch millisecond.
    public Capture(CaptureBudget budget, long createdAt) {
        this.budget = budget;
        this.createdAt = createdAt;
    }

    /// What the client sent.
    public void asked(MultiMap headers, Pieces body) {
        clientHeaders = copy(headers);
        body.slices().forEach(slice -> clientRequest.add(slice.array(), slice.offset(), slice.length()));
    }

    /// What goes to an upstream: what an earlier attempt has left is forgotten.
    public void sent(String to, MultiMap headers, Pieces body) {
        upstreamRequest.clear();
        upstreamResponse.clear();
        upstreamAnswerHeaders = Map.of();
        upstreamStatus = 0;
        url = to;
        upstreamHeaders = copy(headers);
        body.slices().forEach(slice -> upstreamRequest.add(slice.array(), slice.offset(), slice.length()));
    }

    /// The head of the upstream's answer.
    public void answered(int status, MultiMap headers) {
        upstreamStatus = status;
        upstreamAnswerHeaders = copy(headers);
    }

    /// More of the upstream's answer.
    public void received(Buffer chunk) {
        upstreamResponse.add(chunk);
    }

    /// What a translation left out.
    public void dropped(List<Drops.Drop> left) {
        drops.addAll(left);
    }

    /// More of what the client gets.
    public void written(Buffer chunk) {
        clientResponse.add(chunk);
    }

    /// The whole story, once nothing more comes. The capture is empty afterwards, and its bytes may be used by others.
    public DebugTrace trace(UsageRecord usage, MultiMap answerHeaders, int status) {
        boolean truncated = clientRequest.cut || upstreamRequest.cut || upstreamResponse.cut || clientResponse.cut;
        DebugTrace trace = new DebugTrace(
                usage,
                createdAt,
                url,
                upstreamStatus,
                status,
                new DebugTrace.Bodies(clientRequest.bytes, upstreamRequest.bytes, upstreamResponse.bytes, clientResponse.bytes),
                new DebugTrace.Headers(clientHeaders, upstreamHeaders, upstreamAnswerHeaders, copy(answerHeaders)),
                List.copyOf(drops),
                truncated);
        discard();
        return trace;
    }

    /// Nobody wants it, nor what may still come.
    public void discard() {
        closed = true;
        clientRequest.clear();
        upstreamRequest.clear();
        upstreamResponse.clear();
        clientResponse.clear();
    }

    private static Map<String, String> copy(MultiMap headers) {
        Map<String, String> copied = new LinkedHashMap<>();
        headers.forEach(header -> copied.merge(header.getKey().toLowerCase(Locale.ROOT), header.getValue(), (one, other) -> one + ", " + other));
        return copied;
    }

    /// The beginning of a body.
    private final class Kept {
        private Buffer bytes = Buffer.buffer();
        private boolean cut;

        void add(Buffer more) {
            int granted = granted(more.length());
            if (granted > 0) {
                bytes.appendBuffer(more, 0, granted);
            }
        }

        void add(byte[] array, int offset, int length) {
            int granted = granted(length);
            if (granted > 0) {
                bytes.appendBytes(array, offset, granted);
            }
        }

        private int granted(int length) {
            int granted = cut || closed ? 0 : budget.take(Math.min(length, BODY_BYTES_MAX - bytes.length()));
            cut = cut || granted < length;
            return granted;
        }

        void clear() {
            budget.giveBack(bytes.length());
            bytes = Buffer.buffer();
            cut = false;
        }
    }
}
