package dev.plexus.ingress;

import dev.plexus.dialect.Observed;
import dev.plexus.dialect.RequestHead;
import dev.plexus.message.Candidate;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.Fault;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.model.DialectId;
import dev.plexus.model.RequestId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has become of an exchange so far, told as its usage record.
final class Story {

    private final RequestId id;
    private final DialectId dialect;
    private final String configHash;
    private final long startTime;
    private final long startNanos;
    private UsageRecord.Caller caller;
    private @Nullable String model;
    private @Nullable RequestHead head;
    private @Nullable String canonicalModel;
    private @Nullable Candidate candidate;
    private final List<AttemptLine> lines = new ArrayList<>(1);
    private final StringBuilder failures = new StringBuilder();
    private int attempts;

    Story(RequestId id, DialectId dialect, String configHash, long startTime, long startNanos, UsageRecord.Caller caller) {
        this.id = id;
        this.dialect = dialect;
        this.configHash = configHash;
        this.startTime = startTime;
        this.startNanos = startNanos;
        this.caller = caller;
    }

    void identified(UsageRecord.Caller who) {
        caller = who;
    }

    void asked(RequestHead read) {
        head = read;
        model = read.model();
    }

    /// What the path says of the model, while the body has not been read.
    void asked(String name) {
        model = name;
    }

    void resolved(@Nullable String canonical) {
        canonicalModel = canonical;
    }

    void chose(Candidate chosen) {
        candidate = chosen;
        attempts++;
    }

    /// The one that was chosen last was not asked after all.
    void passedOver() {
        attempts--;
    }

    void line(AttemptLine line) {
        lines.add(line);
    }

    /// An attempt ended; `fault` says how, where it failed.
    void attempted(AttemptLine line, @Nullable Fault fault) {
        lines.add(line);
        if (line.status() == AttemptLine.Status.FAILED) {
            String why = line.statusCode() > 0 || fault == null ? Integer.toString(line.statusCode()) : fault.tag();
            failures.append(failures.isEmpty() ? "" : ", ").append(line.provider()).append('/').append(line.model());
            failures.append(" (").append(why).append(')');
        }
    }

    int attempts() {
        return attempts;
    }

    /// The attempts that failed, as the client's error message lists them.
    String failures() {
        return failures.toString();
    }

    UsageRecord pending(long nowNanos) {
        return record(ExchangeStatus.PENDING, 0, nowNanos, 0, false, Observed.NOTHING, null);
    }

    /// `firstByteNanos` is 0 when no body byte was sent.
    UsageRecord record(
            ExchangeStatus status,
            int httpStatus,
            long nowNanos,
            long firstByteNanos,
            boolean streamed,
            Observed observed,
            @Nullable String errorMessage) {
        RequestHead read = head;
        Candidate last = candidate;
        return new UsageRecord(
                id,
                startTime,
                caller,
                new UsageRecord.Asked(
                        dialect,
                        model,
                        read != null && read.stream(),
                        read == null ? 0 : read.toolsDefined(),
                        read == null ? 0 : read.messageCount(),
                        read == null ? null : read.parallelToolCalls()),
                new UsageRecord.Served(
                        canonicalModel,
                        last == null ? null : last.id().provider().value(),
                        last == null ? null : last.id().model(),
                        last == null ? null : last.dialect(),
                        last != null && last.dialect() == dialect,
                        lines),
                new UsageRecord.Outcome(
                        status,
                        httpStatus,
                        (nowNanos - startNanos) / 1_000_000,
                        firstByteNanos == 0 ? -1 : (firstByteNanos - startNanos) / 1e6,
                        streamed,
                        observed.usage(),
                        observed.toolCalls(),
                        observed.finishReason(),
                        errorMessage),
                configHash);
    }
}
