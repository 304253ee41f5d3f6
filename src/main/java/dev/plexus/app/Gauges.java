package dev.plexus.app;

import static dev.plexus.message.Addresses.COOLDOWN_VIEW;
import static dev.plexus.message.Addresses.JOURNAL_STATE;

import dev.plexus.message.Bus;
import dev.plexus.message.CooldownView;
import dev.plexus.message.JournalState;
import dev.plexus.message.JournalStateAsked;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The latest values of what actors own and metrics show: read on the scraping thread, written by what the bus says.
final class Gauges {

    private static final Logger LOG = LoggerFactory.getLogger(Gauges.class);
    private static final long ASK_MILLIS = 1_000;

    private volatile JournalState journal = JournalState.EMPTY;
    private volatile CooldownView cooldowns = CooldownView.EMPTY;

    void follow(Vertx vertx, Bus bus) {
        bus.hear(COOLDOWN_VIEW.on(0), view -> cooldowns = view);
        vertx.setPeriodic(ASK_MILLIS, _ -> bus.ask(JOURNAL_STATE, new JournalStateAsked())
                .onComplete(state -> journal = state, why -> LOG.debug("the journal does not say how it is", why)));
    }

    long journalRecords() {
        return journal.backlogRecords();
    }

    long journalBytes() {
        return journal.backlogBytes();
    }

    long cooldowns() {
        return cooldowns.entries().size();
    }
}
