package dev.plexus.app;

import static dev.plexus.message.Addresses.USAGE_RECORDED;

import dev.plexus.message.Bus;
import dev.plexus.message.UsageRecorded;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Tells those who watch live what has ended: together, a few times a second, so that watching costs the same whatever the load. On one event loop.
final class LiveFeed {

    private static final long EVERY_MILLIS = 100;
    /// Nobody reads more at a time; of an overload the latest are told.
    private static final int TOLD_MAX = 500;

    private final Vertx vertx;
    private final Bus bus;
    private final Deque<UsageRecorded.One> ended = new ArrayDeque<>();
    private boolean timed;

    LiveFeed(Vertx vertx, Bus bus) {
        this.vertx = vertx;
        this.bus = bus;
    }

    void add(UsageRecorded.One one) {
        if (ended.size() == TOLD_MAX) {
            ended.removeFirst();
        }
        ended.addLast(one);
        if (!timed) {
            timed = true;
            vertx.setTimer(EVERY_MILLIS, _ -> tell());
        }
    }

    private void tell() {
        timed = false;
        bus.publish(USAGE_RECORDED, new UsageRecorded(List.copyOf(ended)));
        ended.clear();
    }
}
