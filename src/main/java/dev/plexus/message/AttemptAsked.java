package dev.plexus.message;

import dev.plexus.config.Failover;
import dev.plexus.config.Retry;
import dev.plexus.dialect.RequestHead;
import dev.plexus.model.DialectId;
import dev.plexus.model.RequestId;
import dev.plexus.wire.Pieces;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One attempt at one target, its same-target retries included.
///
/// Hands over something live: the provider writes the answer into `response` itself, up to but not including its last bytes (see
/// [AttemptEnd.Complete]); until it commits, nothing of the response has been touched. `clientHeaders` are read only.
/// `dialect` is the client's; where the candidate's is another one, the attempt translates.
/// `attemptNumber` counts from 1; `lastCandidate` is true when nobody healthy is left to take over. `resume` is there where the client has
/// been told the beginning of an answer: the head of the response is written then.
/// `capture` is told what goes over the wire, where a debug trace may be wanted.
public record AttemptAsked(
        RequestId requestId,
        DialectId dialect,
        Candidate candidate,
        RequestHead head,
        Pieces body,
        MultiMap clientHeaders,
        HttpServerResponse response,
        Cancellation cancellation,
        Failover failover,
        Retry retry,
        Duration keepAlive,
        boolean exposeRoutingHeaders,
        boolean stripAdaptiveThinking,
        int attemptNumber,
        boolean lastCandidate,
        @Nullable Resume resume,
        @Nullable Capture capture) {}
