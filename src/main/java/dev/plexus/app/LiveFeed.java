package dev.plexus.app;

import static dev.plexus.message.Addresses.USAGE_RECORDED;

import dev.plexus.message.Bus;
import dev.plexus.message.UsageRecorded;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/// Tells those who watch live what has ended: together, a few times a second, so that watching costs the same whatever the load. On one event loop.
final class LiveFeed {

    private static final long EVERY_MILLIS = 100;
    /// Nobody reads more at a time; of an overload the latest are told.
    private static final int TOLD_MAX = 500;

    private final Vertx vertx;
    private final Bus bus;
    private List<UsageRecorded.One> ended = new ArrayList<>();
    private boolean timed;

    LiveFeed(Vertx vertx, Bus bus) {
        this.vertx = vertx;
        this.bus = bus;
    }

    void add(UsageRecorded.One one) {
        if (ended.size() < 2 * TOLD_MAX) {
            ended.add(one);
        }
        if (!timed) {
            timed = true;
            vertx.setTimer(EVERY_MILLIS, _ -> tell());
        }
    }

    private void tell() {
        timed = false;
        List<UsageRecorded.One> all = ended;
        ended = new ArrayList<>();
        bus.publish(USAGE_RECORDED, new UsageRecorded(all.subList(Math.max(0, all.size() - TOLD_MAX), all.size())));
    }
}
