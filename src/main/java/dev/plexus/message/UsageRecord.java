package dev.plexus.message;

import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one durable line about an exchange. Times are epoch milliseconds.
///
/// `configHash` names the snapshot that the exchange ran under, so that its cost is computed from the prices of that time.
public record UsageRecord(
        RequestId requestId,
        long startTime,
        Caller caller,
        Asked asked,
        Served served,
        Outcome outcome,
        String configHash) {

    /// Who asked. `clientRequestId` is the client's own `x-client-request-id`.
    public record Caller(
            String sourceIp, @Nullable KeyName apiKey, @Nullable String attribution, @Nullable String clientRequestId) {}

    /// What was asked for; `model` is as the client sent it, null when the body could not be read.
    public record Asked(
            DialectId dialect,
            @Nullable String model,
            boolean stream,
            int toolsDefined,
            int messageCount,
            @Nullable Boolean parallelToolCalls) {}

    /// Where it went: `canonicalModel` once the name was resolved; `provider`, `model` and `dialect` of the last attempt.
    public record Served(
            @Nullable String canonicalModel,
            @Nullable String provider,
            @Nullable String model,
            @Nullable DialectId dialect,
            boolean passThrough,
            List<AttemptLine> attempts) {

        public Served {
            attempts = List.copyOf(attempts);
        }
    }

    /// One line of the attempt history. `statusCode` is 0 where there was no HTTP status; `reason` is at most 500 characters, without secrets.
    public record AttemptLine(
            String provider,
            String model,
            DialectId dialect,
            Status status,
            int statusCode,
            String reason,
            boolean retryable,
            long durationMs) {

        public enum Status {
            SUCCESS,
            FAILED,
            SKIPPED
        }
    }

    /// How it ended. `ttftMs` is negative when no byte was sent; `toolCalls` is 0 when there were none; `errorMessage` is what the client was told.
    public record Outcome(
            ExchangeStatus status,
            int httpStatus,
            long durationMs,
            double ttftMs,
            boolean streamed,
            @Nullable Usage usage,
            int toolCalls,
            @Nullable String finishReason,
            @Nullable String errorMessage) {}
}
