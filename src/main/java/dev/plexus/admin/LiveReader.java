package dev.plexus.admin;

import dev.plexus.message.LiveEvents;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One reader of live events: it fetches at its own pace, and what it does not fetch in time is dropped and counted. Single-threaded.
final class LiveReader {

    private static final int QUEUE_MAX = 1_000;
    private static final int AT_ONCE_MAX = 100;
    private static final long PING_MILLIS = 10_000;
    private static final long ABSENT_MILLIS_MAX = 60_000;
    private static final Buffer PING = Buffer.buffer("event: ping\ndata: pong\n\n");

    private final Set<String> types;
    private final ArrayDeque<LiveEvent> queue = new ArrayDeque<>();
    private @Nullable Promise<LiveEvents> waiting;
    private long since;
    private long dropped;

    /// `types` names the events that are wanted; none means all.
    LiveReader(Set<String> types, long now) {
        this.types = Set.copyOf(types);
        this.since = now;
    }

    void offer(LiveEvent event, long now) {
        if (!types.isEmpty() && !types.contains(event.type())) {
            return;
        }
        if (queue.size() >= QUEUE_MAX) {
            queue.removeFirst();
            dropped++;
        }
        queue.add(event);
        deliver(now);
    }

    /// The next events, as soon as there are any.
    Future<LiveEvents> fetch(long now) {
        Promise<LiveEvents> answer = Promise.promise();
        if (waiting != null) {
            waiting.complete(new LiveEvents(Buffer.buffer(), false));
        }
        waiting = answer;
        since = now;
        deliver(now);
        return answer.future();
    }

    private void deliver(long now) {
        Promise<LiveEvents> answer = waiting;
        if (answer == null || queue.isEmpty()) {
            return;
        }
        Buffer text = Buffer.buffer();
        if (dropped > 0) {
            text.appendString("event: dropped\ndata: {\"count\":" + dropped + "}\n\n");
            dropped = 0;
        }
        for (int count = 0; count < AT_ONCE_MAX && !queue.isEmpty(); count++) {
            text.appendString(queue.removeFirst().text());
        }
        give(answer, text, false, now);
    }

    /// Keeps the connection alive while nothing happens; false when the reader has not come back for so long that it is gone.
    boolean tick(long now) {
        Promise<LiveEvents> answer = waiting;
        if (answer != null && now - since >= PING_MILLIS) {
            give(answer, PING, false, now);
        }
        return answer != null || now - since < ABSENT_MILLIS_MAX;
    }

    void end(long now) {
        Promise<LiveEvents> answer = waiting;
        if (answer != null) {
            give(answer, Buffer.buffer(), true, now);
        }
    }

    private void give(Promise<LiveEvents> answer, Buffer text, boolean last, long now) {
        waiting = null;
        since = now;
        answer.complete(new LiveEvents(text, last));
    }
}
