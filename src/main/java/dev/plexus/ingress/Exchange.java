package dev.plexus.ingress;

import static dev.plexus.message.Addresses.COOLDOWN_FAILED;
import static dev.plexus.message.Addresses.COOLDOWN_RECOVERED;
import static dev.plexus.message.Addresses.QUOTA_CHECK;
import static dev.plexus.message.Addresses.QUOTA_SETTLE;
import static dev.plexus.message.Addresses.TARGET_SERVED;
import static dev.plexus.message.Addresses.USAGE_RECORD;

import dev.plexus.config.Alias;
import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.config.Retry;
import dev.plexus.dialect.Dialects;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.RequestHead;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.Cancellation;
import dev.plexus.message.Candidate;
import dev.plexus.message.Capture;
import dev.plexus.message.ConversationKey;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.Fault;
import dev.plexus.message.Plan;
import dev.plexus.message.PlanAsked;
import dev.plexus.message.QuotaAsked;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.message.Resume;
import dev.plexus.message.TargetFailed;
import dev.plexus.message.TargetRecovered;
import dev.plexus.message.TargetServed;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.RequestId;
import dev.plexus.model.TargetId;
import dev.plexus.tokens.TokenCounter;
import dev.plexus.wire.Pieces;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client request and everything until its answer ends: authentication, body, plan, the walk over the candidates, the last bytes, and exactly
/// one usage record, whatever happens.
///
/// Read from top to bottom: [#begin], [#received], [#planned], [#walk], [#attempted], and the ways to end. Every end goes through [#conclude], which
/// journals the record before the last bytes go out.
final class Exchange implements Running, BodyIntake.Taker {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /// An exchange older than this shows up as pending while it runs.
    private static final long PENDING_AFTER_NANOS = Duration.ofMillis(500).toNanos();

    private static final int REASON_CHARACTERS_MAX = 500;

    /// How far an attempt may exceed its own limits before the exchange stops to wait for it.
    private static final Duration BACKSTOP = Duration.ofSeconds(60);

    private final Lane lane;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Match.Inference what;
    private final DialectId dialect;
    private final Config config;
    private final RequestId id;
    private final long startNanos;
    private final Story story;
    private final Cancellation cancellation = new Cancellation();
    private final BodyIntake intake;
    private boolean concluded;
    private boolean clientGone;
    private boolean pendingTold;
    private boolean quotaGranted;
    private long attemptDeadlineNanos;
    private long begunNanos;
    /// A stream that broke, and that the attempt at hand goes on with.
    private @Nullable Resume resume;
    private Observed seen = Observed.NOTHING;
    private @Nullable UsageRecord record;
    private @Nullable KeyRule key;
    private @Nullable ConversationKey conversation;
    private @Nullable RequestHead head;
    private Pieces body = Pieces.EMPTY;
    private @Nullable Capture capture;

    Exchange(Lane lane, HttpServerRequest request, Match.Inference what) {
        this.lane = lane;
        this.request = request;
        this.capture = lane.tracing().begin();
        this.response = capture == null ? request.response() : TracedResponse.of(request.response(), capture);
        this.what = what;
        this.dialect = what.operation().dialect();
        this.config = lane.config();
        this.id = lane.ids().next();
        this.startNanos = lane.nanos();
        this.intake = new BodyIntake(lane, config, request, startNanos, this);
        this.story = new Story(
                id, dialect, config.hash(), lane.clock().millis(), startNanos, new UsageRecord.Caller("", null, null, null));
    }

    /// Looks at the head of the request, before any of its body is read.
    void begin() {
        lane.add(this);
        lane.meters().exchangeBegan();
        Answers.common(response, dialect, id.value(), request.headers().contains(HttpHeaders.ORIGIN));
        String credential = Authenticator.presented(request.headers(), request.query());
        String peer = request.remoteAddress().hostAddress();
        Authenticator.Caller caller = credential == null ? null : lane.authenticator().caller(
                credential, lane.authenticator().address(request.headers(), peer), lane.clock().instant());
        if (caller == null) {
            lane.meters().authenticationFailed();
            refuseUnrecorded(GatewayError.of(ErrorKind.AUTHENTICATION, credential == null ? "Missing API key" : "Invalid API key"));
            return;
        }
        key = caller.key();
        story.identified(new UsageRecord.Caller(
                SourceAddress.of(request.headers(), peer),
                caller.key().name(),
                caller.attribution(),
                Answers.clientRequestId(request.headers(), response)));
        if (what.path() != null) {
            story.asked(what.path().model());
        }
        response.closeHandler(_ -> clientLeft());
        response.exceptionHandler(_ -> clientLeft());
        request.exceptionHandler(_ -> clientLeft());
        intake.begin();
    }

    /// The body is there: look at it once.
    @Override
    public void received(Pieces plain) {
        if (concluded) {
            return;
        }
        body = plain;
        if (capture != null) {
            capture.asked(request.headers(), plain);
        }
        switch (Dialects.require(dialect).readHead(plain, what.path())) {
            case HeadRead.Bad(var error) -> refused(error);
            case HeadRead.Good(var read) -> {
                head = read;
                story.asked(read);
                GatewayError unsupported = StatefulMembers.refuse(what.operation(), read);
                if (unsupported != null) {
                    refused(unsupported);
                } else {
                    admit();
                }
            }
        }
    }

    /// May this key go on? Keys without a quota are not asked about. Where a quota counts some targets only, the plan is made first.
    private void admit() {
        KeyRule caller = key;
        if (caller == null || caller.quotas().isEmpty() || Admission.needsPlan(config, caller)) {
            plan();
        } else {
            admit(caller, List.of(), null, _ -> plan());
        }
    }

    private void admit(KeyRule caller, List<TargetId> targets, @Nullable String alias, Consumer<Set<TargetId>> then) {
        long tokens = Admission.holdsTokens(config, caller) ? Admission.tokens(dialect, head, body) : 0;
        lane.bus()
                .ask(QUOTA_CHECK, new QuotaAsked(config, caller, id, tokens, targets, alias))
                .onComplete(
                        verdict -> {
                            switch (verdict) {
                                case QuotaVerdict.Exceeded exceeded -> answerError(
                                        ExchangeStatus.QUOTA_EXCEEDED,
                                        Admission.error(exceeded),
                                        "gateway",
                                        exceeded.retryAfterSeconds() * 1000);
                                case QuotaVerdict.Allowed allowed -> admitted(allowed, then);
                            }
                        },
                        failure -> {
                            lane.meters().quotaCheckFailed();
                            LOG.warn("quota check of key {} failed, the request goes on", caller.name(), failure);
                            then.accept(Set.of());
                        });
    }

    /// A client may have left meanwhile; then what was reserved for it is given back with the record that it has already.
    private void admitted(QuotaVerdict.Allowed allowed, Consumer<Set<TargetId>> then) {
        UsageRecord left = record;
        if (left != null) {
            lane.bus().tell(QUOTA_SETTLE, left);
            return;
        }
        quotaGranted = true;
        Answers.quota(response, allowed);
        then.accept(allowed.barred());
    }

    private void plan() {
        RequestHead read = head;
        KeyRule caller = key;
        if (concluded || read == null || caller == null) {
            return;
        }
        PlanAsked asked = new PlanAsked(config, read.model(), dialect, caller, () -> Beginning.of(read, body));
        lane.bus().ask(lane.routing(), asked).onComplete(this::planned, this::bug);
    }

    private void planned(Plan plan) {
        if (concluded) {
            return;
        }
        switch (plan) {
            case Plan.Refused(var error, var canonical, var retryAfter) -> {
                story.resolved(canonical);
                answerError(ExchangeStatus.ERROR, error, "gateway", retryAfter);
            }
            case Plan.Ready ready -> {
                capture = lane.tracing().still(capture, key, ready.canonicalName());
                story.resolved(ready.canonicalName());
                conversation = ready.conversation();
                ready.skipped().forEach(story::line);
                KeyRule caller = key;
                if (caller != null && Admission.needsPlan(config, caller)) {
                    String alias = ready.alias() == null ? null : ready.canonicalName();
                    admit(caller, Admission.targets(ready), alias, barred -> walk(Admission.without(ready, barred), 0));
                } else {
                    walk(ready, 0);
                }
            }
        }
    }

    /// Asks the candidate at this index; what comes of it decides whether the next one is asked.
    private void walk(Plan.Ready plan, int index) {
        RequestHead read = head;
        if (concluded || read == null) {
            return;
        }
        Candidate candidate = plan.candidates().get(index);
        Retry retry = retryOf(plan.alias(), candidate);
        story.chose(candidate);
        boolean last = isLast(plan, index, retry);
        attemptDeadlineNanos = lane.nanos() + candidate.provider().timeouts().total().plus(BACKSTOP).toNanos();
        AttemptAsked asked = new AttemptAsked(
                id,
                dialect,
                candidate,
                read,
                body,
                request.headers(),
                response,
                cancellation,
                config.failover(),
                retry,
                config.limits().keepAlive(),
                config.exposeRoutingHeaders(),
                plan.alias() != null && plan.alias().stripAdaptiveThinking(),
                story.attempts(),
                last,
                resume,
                capture);
        lane.bus()
                .ask(lane.provider(candidate.id().provider()), asked)
                .onComplete(end -> attempted(plan, index, candidate, end), failure -> notAsked(plan, index, candidate, failure));
    }

    private static Retry retryOf(@Nullable Alias alias, Candidate candidate) {
        Retry own = candidate.provider().retry();
        return alias == null ? own : alias.retry().over(own);
    }

    private boolean isLast(Plan.Ready plan, int index, Retry retry) {
        return index == plan.candidates().size() - 1
                || !config.failover().enabled()
                || retry.maxAttempts() > 0 && story.attempts() >= retry.maxAttempts();
    }

    private void attempted(Plan.Ready plan, int index, Candidate candidate, AttemptEnd end) {
        if (concluded) {
            return;
        }
        switch (end) {
            case AttemptEnd.Complete complete -> completed(candidate, complete);
            case AttemptEnd.Refused refused -> refusedBy(plan, index, candidate, refused);
            case AttemptEnd.Broken broken -> {
                if (!goesOnAfter(plan, index, candidate, broken)) {
                    broken(candidate, broken);
                }
            }
            case AttemptEnd.Cancelled cancelled -> cancelled(candidate, cancelled);
        }
    }

    private void completed(Candidate candidate, AttemptEnd.Complete complete) {
        line(candidate, AttemptLine.Status.SUCCESS, complete.statusCode(), "", null, false, complete.startedAt());
        boolean empty = !complete.observed().visible() && dialect != DialectId.EMBEDDINGS;
        ExchangeStatus status = empty && complete.streamed() ? ExchangeStatus.EMPTY : ExchangeStatus.SUCCESS;
        if (conversation != null) {
            lane.bus().publish(TARGET_SERVED, new TargetServed(conversation, candidate.id()));
        }
        if (candidate.recovering()) {
            lane.bus()
                    .ask(COOLDOWN_RECOVERED, new TargetRecovered(candidate.id(), complete.startedAt()))
                    .onFailure(why -> LOG.warn("recovery of {} not told", candidate.id(), why));
        }
        conclude(
                status,
                complete.statusCode(),
                complete.firstByteNanos(),
                complete.streamed(),
                complete.observed(),
                null,
                () -> response.end(complete.tail()));
    }

    private void refusedBy(Plan.Ready plan, int index, Candidate candidate, AttemptEnd.Refused refused) {
        boolean skipped = refused.fault() == Fault.SKIPPED;
        if (skipped) {
            story.passedOver();
        }
        line(
                candidate,
                skipped ? AttemptLine.Status.SKIPPED : AttemptLine.Status.FAILED,
                refused.statusCode(),
                refused.reason(),
                refused.fault(),
                refused.triesNext(),
                refused.startedAt());
        boolean goesOn = refused.triesNext() && !isLast(plan, index, retryOf(plan.alias(), candidate));
        cool(candidate, refused.fault(), refused.startedAt(), refused.retryAfterMillis(), refused.reason()).onComplete(_ -> {
            if (clientGone) {
                conclude(ExchangeStatus.CANCELLED, 499, 0, false, Observed.NOTHING, null, () -> {}); // it left between two attempts
            } else if (goesOn) {
                walk(plan, index + 1);
            } else {
                failed(refused);
            }
        });
    }

    /// Tells the owner of cooldowns, and waits until it has told the lanes: the client's next request must find the target cooled.
    private Future<?> cool(Candidate candidate, Fault fault, long startedAt, long givenMillis, String reason) {
        if (!fault.cools() || candidate.provider().disableCooldown()) {
            return Future.succeededFuture();
        }
        return lane.bus().ask(COOLDOWN_FAILED, new TargetFailed(candidate.id(), startedAt, givenMillis, reason, config.cooldown()));
    }

    private void notAsked(Plan.Ready plan, int index, Candidate candidate, Throwable failure) {
        if (concluded) {
            return;
        }
        LOG.warn("provider {} could not be asked", candidate.id().provider(), failure);
        line(candidate, AttemptLine.Status.SKIPPED, 0, "provider is not deployed", Fault.SKIPPED, true, lane.clock().millis());
        if (isLast(plan, index, retryOf(plan.alias(), candidate))) {
            answerError(
                    ExchangeStatus.ERROR,
                    GatewayError.of(ErrorKind.UNAVAILABLE, "all_targets_failed", "Provider '" + candidate.id().provider() + "' is not available"),
                    "gateway",
                    0);
        } else {
            walk(plan, index + 1);
        }
    }

    /// Nobody is left to ask: the client gets the last failure, as the vendor said it where it is the client's own mistake.
    private void failed(AttemptEnd.Refused last) {
        if (concluded) {
            return;
        }
        ExchangeStatus status = last.fault() == Fault.TIMEOUT ? ExchangeStatus.TIMEOUT : ExchangeStatus.ERROR;
        AttemptEnd.Relay relay = last.relay();
        if (relay != null && !response.headWritten()) {
            relay.headers().forEach(response.headers()::set);
            response.setStatusCode(last.error().status());
            response.headers().set(HttpHeaders.CONTENT_TYPE, relay.contentType());
            response.headers().set("x-plexus-error-origin", "upstream");
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(relay.body().length()));
            conclude(status, last.error().status(), 0, false, Observed.NOTHING, last.reason(), () -> response.end(relay.body()));
            return;
        }
        GatewayError error = last.error();
        if (last.fault() == Fault.SKIPPED) {
            answerError(status, error, "gateway", last.retryAfterMillis()); // no upstream has seen it
            return;
        }
        String attempts = story.failures();
        String message = attempts.isEmpty() ? error.message() : "All targets failed: " + attempts + ". Last error: " + brief(error.message());
        String code = error.code() == null ? "all_targets_failed" : error.code();
        answerError(
                status,
                new GatewayError(error.kind(), error.status(), message, code, error.param()),
                last.fault() == Fault.DRAINING ? "gateway" : "upstream",
                last.retryAfterMillis());
    }

    private static String brief(String text) {
        return text.length() <= 500 ? text : text.substring(0, 500);
    }

    /// Lets the next candidate go on with a stream that broke. False if it cannot be gone on with.
    private boolean goesOnAfter(Plan.Ready plan, int index, Candidate candidate, AttemptEnd.Broken broken) {
        Resume stream = broken.resume();
        if (stream == null || clientGone) {
            return false;
        }
        resume = stream;
        seen = broken.observed();
        begunNanos = begunNanos == 0 ? broken.firstByteNanos() : begunNanos;
        String where = "; resumed after " + stream.text().length() + " characters, about " + TokenCounter.text(stream.text()) + " tokens";
        line(candidate, AttemptLine.Status.FAILED, broken.statusCode(), brief(broken.reason(), where), broken.fault(), true, broken.startedAt());
        cool(candidate, broken.fault(), broken.startedAt(), 0, broken.reason()).onComplete(_ -> {
            if (clientGone) {
                conclude(ExchangeStatus.CANCELLED, 499, 0, true, broken.observed(), null, () -> {});
            } else if (isLast(plan, index, retryOf(plan.alias(), candidate))) {
                endBroken(stream, broken.statusCode(), stream.why().message());
            } else {
                walk(plan, index + 1);
            }
        });
        return true;
    }

    private static String brief(String reason, String more) {
        return reason.substring(0, Math.min(reason.length(), REASON_CHARACTERS_MAX - more.length())) + more;
    }

    /// Nobody could go on with the stream: the client hears why it broke.
    private void endBroken(Resume stream, int statusCode, String message) {
        conclude(ExchangeStatus.ERROR, statusCode, 0, true, seen, message, () -> response.end(stream.ending().apply(stream.why())));
    }

    private void broken(Candidate candidate, AttemptEnd.Broken broken) {
        line(candidate, AttemptLine.Status.FAILED, broken.statusCode(), broken.reason(), broken.fault(), false, broken.startedAt());
        cool(candidate, broken.fault(), broken.startedAt(), 0, broken.reason())
                .onFailure(why -> LOG.warn("cooldown of {} not told", candidate.id(), why));
        Buffer tail = broken.tail();
        conclude(
                broken.fault() == Fault.TIMEOUT ? ExchangeStatus.TIMEOUT : ExchangeStatus.ERROR,
                broken.statusCode(),
                broken.firstByteNanos(),
                broken.streamed(),
                broken.observed(),
                broken.reason(),
                () -> {
                    if (tail == null) {
                        response.reset();
                    } else {
                        response.end(tail);
                    }
                });
    }

    private void cancelled(Candidate candidate, AttemptEnd.Cancelled cancelled) {
        line(candidate, AttemptLine.Status.FAILED, 0, cancelled.fault().tag(), cancelled.fault(), false, cancelled.startedAt());
        conclude(
                ExchangeStatus.CANCELLED,
                499,
                cancelled.firstByteNanos(),
                cancelled.streamed(),
                cancelled.observed(),
                null,
                this::dropConnection);
    }

    /// Does nothing where the client has left; a client that only stopped reading is let go.
    private void dropConnection() {
        if (!clientGone) {
            response.reset();
        }
    }

    private void line(
            Candidate candidate,
            AttemptLine.Status status,
            int statusCode,
            String reason,
            @Nullable Fault fault,
            boolean retryable,
            long startedAt) {
        AttemptLine line = new AttemptLine(
                candidate.id().provider().value(),
                candidate.id().model(),
                candidate.dialect(),
                status,
                statusCode,
                reason,
                retryable,
                Math.max(0, lane.clock().millis() - startedAt));
        story.attempted(line, fault);
    }

    /// The connection closed, at whatever moment.
    private void clientLeft() {
        if (clientGone) {
            return;
        }
        clientGone = true;
        if (concluded) {
            return;
        }
        boolean worked = attemptDeadlineNanos != 0;
        cancellation.cancel(Fault.CLIENT_GONE);
        if (!worked && !concluded) {
            conclude(ExchangeStatus.CANCELLED, 499, 0, false, Observed.NOTHING, null, () -> {});
        }
    }

    /// The gateway stops and cannot wait any longer.
    @Override
    public void stop() {
        cancellation.cancel(Fault.DRAINING);
        if (!concluded && attemptDeadlineNanos == 0) {
            answerError(
                    ExchangeStatus.ABORTED,
                    GatewayError.of(ErrorKind.UNAVAILABLE, "draining", "The gateway is shutting down"),
                    "gateway",
                    0);
        }
    }

    /// Looks at the clock: a few times a second.
    @Override
    public void tick(long now) {
        if (concluded) {
            return;
        }
        GatewayError late = intake.late(now);
        if (late != null) {
            refused(late);
            return;
        }
        if (attemptDeadlineNanos != 0 && now > attemptDeadlineNanos && !response.headWritten()) {
            bug(new IllegalStateException("an attempt exceeded all of its limits"));
            return;
        }
        if (!pendingTold && key != null && now - startNanos > PENDING_AFTER_NANOS) {
            pendingTold = true;
            lane.journal(story.pending(now));
        }
    }

    @Override
    public void refused(GatewayError error) {
        answerError(ExchangeStatus.ERROR, error, "gateway", 0);
    }

    /// Refuses before anything is known that would be worth a record.
    private void refuseUnrecorded(GatewayError error) {
        concluded = true;
        if (capture != null) {
            capture.discard();
        }
        lane.remove(this);
        lane.meters().exchangeEnded();
        Buffer bytes = Answers.error(response, dialect, error, id.value(), "gateway", 0);
        intake.drop();
        response.end(bytes);
    }

    private void answerError(ExchangeStatus status, GatewayError error, String origin, long retryAfterMillis) {
        if (concluded) {
            return;
        }
        if (resume != null) {
            endBroken(resume, 200, error.message());
            return;
        }
        if (response.headWritten()) {
            conclude(status, error.status(), 0, true, Observed.NOTHING, error.message(), () -> endBegun(error));
            return;
        }
        Buffer bytes = Answers.error(response, dialect, error, id.value(), origin, retryAfterMillis);
        intake.drop();
        conclude(status, response.getStatusCode(), 0, false, Observed.NOTHING, error.message(), () -> response.end(bytes));
    }

    /// The client was kept waiting with comments, so that the status is gone: the error goes into the stream.
    private void endBegun(GatewayError error) {
        RequestHead read = head;
        if (read == null || !read.stream() || !read.sse()) {
            response.reset();
        } else {
            response.end(Buffer.buffer(Dialects.require(dialect).watchStream(read).writeError(error, id.value())));
        }
    }

    @Override
    public void bug(Throwable failure) {
        LOG.error("exchange {} failed", id, failure);
        answerError(ExchangeStatus.ERROR, GatewayError.of(ErrorKind.INTERNAL, "internal_error", "Internal error"), "gateway", 0);
        cancellation.cancel(Fault.CLIENT_GONE); // after the answer, so that the attempt's own end finds the exchange concluded
    }

    /// The one end: journals the record, then lets the last bytes go, then tells those who count.
    private void conclude(
            ExchangeStatus status,
            int httpStatus,
            long firstByteNanos,
            boolean streamed,
            Observed observed,
            @Nullable String errorMessage,
            Runnable lastBytes) {
        if (concluded) {
            return;
        }
        concluded = true;
        lane.remove(this);
        lane.meters().exchangeEnded();
        UsageRecord ended =
                story.record(status, httpStatus, lane.nanos(), begunNanos == 0 ? firstByteNanos : begunNanos, streamed, observed, errorMessage);
        record = ended;
        lane.journal(ended);
        if (!clientGone) {
            lastBytes.run();
        }
        if (capture != null) {
            lane.tracing().end(capture, ended, response);
        }
        lane.bus().tell(USAGE_RECORD, ended);
        if (quotaGranted) {
            lane.bus().tell(QUOTA_SETTLE, ended);
        }
    }
}
