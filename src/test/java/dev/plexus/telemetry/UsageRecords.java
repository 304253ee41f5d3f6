package dev.plexus.telemetry;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import java.util.List;

/// Usage records for tests: one plain success, and what may differ from it.
final class UsageRecords {

    static final String REQUEST_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

    private UsageRecords() {}

    /// A streamed answer of `gpt-5` at `openai` for the alias `fast`.
    static UsageRecord success() {
        return of("fast", "fast", attempts(attempt(AttemptLine.Status.SUCCESS, 200)), ExchangeStatus.SUCCESS, 200);
    }

    static UsageRecord of(String canonicalModel, String asked, List<AttemptLine> attempts, ExchangeStatus status, int httpStatus) {
        AttemptLine last = attempts.getLast();
        return record(
                new UsageRecord.Asked(DialectId.CHAT, asked, true, 0, 1, null),
                new UsageRecord.Served(canonicalModel, last.provider(), last.model(), DialectId.CHAT, true, attempts),
                new UsageRecord.Outcome(
                        status, httpStatus, 1_234, 312.4, true, new Usage(700, 300, 20, 0, 200, 50, 1_220), 0, "stop", null));
    }

    /// A request that never reached a target.
    static UsageRecord refused(String askedModel, String message) {
        return record(
                new UsageRecord.Asked(DialectId.CHAT, askedModel, false, 0, 1, null),
                new UsageRecord.Served(null, null, null, null, false, List.of()),
                new UsageRecord.Outcome(ExchangeStatus.ERROR, 404, 3, -1, false, null, 0, null, message));
    }

    static UsageRecord record(UsageRecord.Asked asked, UsageRecord.Served served, UsageRecord.Outcome outcome) {
        return new UsageRecord(
                new RequestId(REQUEST_ID),
                0,
                new UsageRecord.Caller("127.0.0.1", new KeyName("web"), "shop", null),
                asked,
                served,
                outcome,
                "hash");
    }

    static List<AttemptLine> attempts(AttemptLine... lines) {
        return List.of(lines);
    }

    static AttemptLine attempt(AttemptLine.Status status, int statusCode) {
        return attempt("openai", "gpt-5", status, statusCode);
    }

    static AttemptLine attempt(String provider, String model, AttemptLine.Status status, int statusCode) {
        return new AttemptLine(provider, model, DialectId.CHAT, status, statusCode, "", true, 100);
    }
}
