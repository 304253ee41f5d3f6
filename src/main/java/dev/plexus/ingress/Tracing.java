package dev.plexus.ingress;

import static dev.plexus.message.Addresses.TRACE_RECORD;
import static dev.plexus.message.Addresses.TRACE_RULES;
import static dev.plexus.message.Addresses.TRACE_RULES_LATEST;

import dev.plexus.config.KeyRule;
import dev.plexus.message.Bus;
import dev.plexus.message.Capture;
import dev.plexus.message.CaptureBudget;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.TraceRules;
import dev.plexus.message.TraceRulesAsked;
import dev.plexus.message.UsageRecord;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// One lane's part in debug traces: which are wanted, and how much memory those that are gathered may take.
final class Tracing {

    private static final long BYTES_MAX = 32L * 1024 * 1024;

    private final Bus bus;
    private final InstantSource clock;
    private final CaptureBudget budget = new CaptureBudget(BYTES_MAX);
    private TraceRules rules = TraceRules.OFF;

    Tracing(Bus bus, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
    }

    /// Hears which traces are wanted from now on. Without an admin actor none are.
    void follow() {
        bus.hear(TRACE_RULES, changed -> rules = changed);
        bus.ask(TRACE_RULES_LATEST, new TraceRulesAsked()).onSuccess(latest -> rules = latest);
    }

    /// A capture for an exchange that begins; null when no trace is wanted of any.
    @Nullable Capture begin() {
        return rules.any() ? new Capture(budget, clock.millis()) : null;
    }

    /// The capture, if the exchange of this key for this model may yet be wanted; else null, and it takes no more memory.
    @Nullable Capture still(@Nullable Capture capture, @Nullable KeyRule key, String alias) {
        if (capture == null || rules.mayKeep(key == null ? null : key.name().value(), alias)) {
            return capture;
        }
        capture.discard();
        return null;
    }

    /// The exchange has ended: its trace goes to the writer, or nowhere.
    void end(Capture capture, UsageRecord usage, HttpServerResponse response) {
        String key = usage.caller().apiKey() == null ? null : usage.caller().apiKey().value();
        boolean failed = failed(usage.outcome().status());
        if (rules.keeps(key, aliasOf(usage), usage.served().provider(), failed)) {
            bus.tell(TRACE_RECORD, capture.trace(usage, response.headers(), usage.outcome().httpStatus()));
        } else {
            capture.discard();
        }
    }

    private static @Nullable String aliasOf(UsageRecord usage) {
        return usage.served().canonicalModel() == null ? usage.asked().model() : usage.served().canonicalModel();
    }

    private static boolean failed(ExchangeStatus status) {
        return switch (status) {
            case ERROR, TIMEOUT, STALL, ABORTED, EMPTY -> true;
            case PENDING, SUCCESS, CANCELLED, QUOTA_EXCEEDED -> false;
        };
    }
}
