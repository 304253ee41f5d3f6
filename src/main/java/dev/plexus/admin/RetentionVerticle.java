package dev.plexus.admin;

import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;

import dev.plexus.config.Config;
import dev.plexus.config.Retention;
import dev.plexus.message.Bus;
import dev.plexus.storage.Removal;
import dev.plexus.storage.Removal.Table;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes what is older than the configuration wants it kept: soon after the start, and every hour. Of several nodes one does it. Runs on a virtual
/// thread.
public final class RetentionVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionVerticle.class);

    private final Bus bus;
    private final Removal removal;
    private final InstantSource clock;
    private final Duration first;
    private final Duration between;
    private Config config;
    private Future<Void> sweeping = Future.succeededFuture();

    public RetentionVerticle(Bus bus, Removal removal, InstantSource clock, Config initial, Duration first, Duration between) {
        this.bus = bus;
        this.removal = removal;
        this.clock = clock;
        this.config = initial;
        this.first = first;
        this.between = between;
    }

    @Override
    public Future<?> start() {
        bus.hear(CONFIG_IN_FORCE, changed -> config = changed.config());
        vertx.setTimer(first.toMillis(), _ -> sweep());
        vertx.setPeriodic(between.toMillis(), _ -> sweep());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return sweeping.otherwiseEmpty();
    }

    private void sweep() {
        if (!sweeping.isComplete()) {
            return;
        }
        Future<Void> all = Future.succeededFuture();
        long now = clock.millis();
        for (Map.Entry<Table, Integer> kept : days(config.retention()).entrySet()) {
            if (kept.getValue() > 0) {
                all = all.compose(_ -> removal.sweep(kept.getKey(), now - Duration.ofDays(kept.getValue()).toMillis()))
                        .map(rows -> {
                            if (rows > 0) {
                                LOG.info("retention: {} rows of {} were older than {} days", rows, kept.getKey(), kept.getValue());
                            }
                            return null;
                        });
            }
        }
        sweeping = all.onFailure(why -> LOG.warn("retention: old rows could not be deleted: {}", why.getMessage()));
    }

    private static Map<Table, Integer> days(Retention retention) {
        Map<Table, Integer> days = new LinkedHashMap<>();
        days.put(Table.USAGE, retention.usageDays());
        days.put(Table.ERRORS, retention.errorDays());
        days.put(Table.TRACES, retention.debugDays());
        days.put(Table.MCP_USAGE, retention.mcpDays());
        days.put(Table.MCP_TRACES, retention.mcpDays());
        days.put(Table.SNAPSHOTS, retention.snapshotDays());
        return days;
    }
}
