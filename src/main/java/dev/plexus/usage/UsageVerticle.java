package dev.plexus.usage;

import static dev.plexus.message.Addresses.USAGE_LANE;
import static dev.plexus.message.Addresses.USAGE_RECORD;

import dev.plexus.message.Bus;
import dev.plexus.message.UsageRecord;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands the lanes their ends of the journal, and lets those who want to know (metrics, log, live view) know of every exchange that has ended.
///
/// Owns nothing but its places on the bus; the journal belongs to whoever made this verticle and outlives it.
public final class UsageVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(UsageVerticle.class);

    private final Bus bus;
    private final Journal journal;
    private final List<Consumer<UsageRecord>> observers;

    /// The observers are called on this verticle's event loop, one after the other, and must not block.
    public UsageVerticle(Bus bus, Journal journal, List<Consumer<UsageRecord>> observers) {
        this.bus = bus;
        this.journal = journal;
        this.observers = List.copyOf(observers);
    }

    @Override
    public Future<?> start() {
        // Making a lane's first segment is file work.
        bus.answer(USAGE_LANE, asked -> vertx.executeBlocking(() -> journal.lane(asked.lane()), false));
        bus.hear(USAGE_RECORD, this::tell);
        return Future.succeededFuture();
    }

    private void tell(UsageRecord usage) {
        for (Consumer<UsageRecord> observer : observers) {
            try {
                observer.accept(usage);
            } catch (RuntimeException failed) {
                LOG.error("an observer of usage records failed at {}", usage.requestId(), failed);
            }
        }
    }
}
