package dev.plexus.provider;

import dev.plexus.config.Provider;
import dev.plexus.config.Timeouts;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.Dialects;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.Translation;
import dev.plexus.dialect.Unsupported;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.BodyBuffers;
import dev.plexus.message.Candidate;
import dev.plexus.message.Capture;
import dev.plexus.message.Fault;
import dev.plexus.message.Resume;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.Source;
import dev.plexus.telemetry.GatewayMetrics;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseWriter;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt at one target, from the first upstream call to an outcome: sends, waits within its limits, judges the status, lets an [Intake]
/// take the answer, and asks the same target again where the rules allow it.
///
/// Every way out goes through [#finish], once; after it, late callbacks of the network find nothing to do. Nor do those of an earlier try at the same
/// target: a callback counts only while its request, or its response, is the one at hand.
final class Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final int REASON_CHARACTERS_MAX = 500;
    private static final int MESSAGE_CHARACTERS_MAX = 4_000;
    private static final int BACKOFF_DOUBLINGS_MAX = 10;

    /// How long the rest of an upstream response may take after its answer was complete, before its connection is given up.
    private static final long TRAILING_NANOS_MAX = Duration.ofSeconds(5).toNanos();

    /// How long an upstream is read on to learn the usage after the client left, where the provider is configured so.
    private static final long DISCARD_NANOS_MAX = Duration.ofSeconds(30).toNanos();

    private final AttemptAsked asked;
    private final Attempts owner;
    private final Upstream upstream;
    private final Provider provider;
    private final Timeouts timeouts;
    private final Dialect dialect;
    private final ReactiveRepair repair;
    private final Promise<AttemptEnd> outcome = Promise.promise();
    private final long startedAt;
    private final long startedNanos;

    private @Nullable Preparation prepared;
    private @Nullable Resumption resumption;
    private StallWatch stalls;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable Intake intake;
    private int tries;
    private boolean staleForgiven;
    private boolean firstUse;
    private boolean ended;
    private boolean left;
    private boolean responseEnded;
    private long sentNanos;
    private long headNanos;
    private long lastByteNanos;
    private long endedNanos;
    private long discardingSince;
    private long waitingTimer = -1;
    private long keptAliveNanos;

    Attempt(AttemptAsked asked, Attempts owner, Upstream upstream) {
        this.asked = asked;
        this.owner = owner;
        this.upstream = upstream;
        this.provider = asked.candidate().provider();
        this.timeouts = provider.timeouts();
        this.dialect = Dialects.require(asked.candidate().dialect());
        this.repair = new ReactiveRepair(asked.candidate().dialect());
        this.startedAt = owner.clock().millis();
        this.startedNanos = owner.nanos();
        this.stalls = new StallWatch(timeouts.stall(), startedNanos);
        this.keptAliveNanos = startedNanos;
    }

    Future<AttemptEnd> start() {
        owner.add(this);
        upstream.acquire();
        asked.cancellation().whenCancelled(this::cancelled);
        if (ended) {
            return outcome.future();
        }
        String model = asked.candidate().id().model();
        if (!dialect.isSafeModel(model)) {
            refused(
                    Fault.SKIPPED,
                    "the model name cannot be part of a path",
                    new GatewayError(ErrorKind.INVALID_REQUEST, 400, "Model name '" + masked(model) + "' is not usable", null, "model"));
            return outcome.future();
        }
        prepare();
        return outcome.future();
    }

    /// Makes the request fit for the target, and sends it; what lies on the web is fetched before, where the target must have it at hand.
    private void prepare() {
        guardedPreparation(() -> {
            Set<String> urls = Preparation.toFetch(asked);
            if (urls.isEmpty()) {
                prepare(Map.of());
            } else {
                owner.media().all(urls).onComplete(
                        fetched -> guardedPreparation(() -> prepare(fetched)),
                        failure -> guardedPreparation(() -> {
                            throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
                        }));
            }
        });
    }

    private void prepare(Map<String, Source.Base64> fetched) {
        prepared = Preparation.of(asked, dialect, upstream.host(asked.candidate().dialect()), fetched, startedAt / 1000, owner.ids());
        resumption = resumption(prepared);
        send();
    }

    private void guardedPreparation(Runnable work) {
        if (ended) {
            return;
        }
        try {
            work.run();
        } catch (JsonIn.Bad bad) {
            String words = String.valueOf(bad.getMessage());
            refused(Fault.SKIPPED, "not translatable: " + words, invalid(words, bad.path()));
        } catch (Unsupported unsupported) {
            refused(
                    Fault.SKIPPED,
                    unsupported.path() + ": " + unsupported.reason(),
                    invalid(unsupported.reason(), unsupported.path()));
        } catch (RuntimeException bug) {
            LOG.error("exchange {} could not be prepared for {}", asked.requestId(), asked.candidate().id(), bug);
            finish(internalError());
        }
    }

    /// How to go on with the stream that another target began, null where none was.
    private @Nullable Resumption resumption(Preparation whole) {
        Resume resume = asked.resume();
        if (resume == null) {
            return null;
        }
        Candidate at = asked.candidate();
        boolean continues = provider.continues(at.id().model(), at.dialect());
        Pieces prefilled = continues ? Prefill.with(whole.body(), at.dialect(), resume.text()) : null;
        return new Resumption(resume, translationForAnswer(), !asked.head().sse(), prefilled);
    }

    private static GatewayError invalid(String message, String path) {
        return new GatewayError(ErrorKind.INVALID_REQUEST, 400, message, null, path.isEmpty() ? null : path);
    }

    private void send() {
        tries++;
        request = null;
        response = null;
        intake = null;
        responseEnded = false;
        headNanos = 0;
        lastByteNanos = 0;
        sentNanos = owner.nanos();
        stalls = new StallWatch(timeouts.stall(), sentNanos);
        upstream.open(
                        asked.candidate().dialect(),
                        asked.candidate().id().model(),
                        asked.head().stream(),
                        timeouts.connect().toMillis())
                .onComplete(this::opened, failure -> lost(null, failure));
    }

    private void opened(HttpClientRequest opened) {
        if (ended) {
            opened.reset();
            return;
        }
        request = opened;
        firstUse = upstream.isFirstUse(opened.connection());
        writeHead(opened);
        opened.exceptionHandler(failure -> lost(opened, failure));
        opened.response().onComplete(answer -> answered(opened, answer), failure -> lost(opened, failure));
        Pieces body = prepared == null ? asked.body() : prepared.body();
        Pieces prefilled = resumption == null ? null : resumption.prefilled();
        body = prefilled == null ? body : prefilled;
        if (asked.capture() != null) {
            asked.capture().sent(opened.absoluteURI(), opened.headers(), body);
        }
        if (body.slices().isEmpty()) {
            opened.end();
        } else {
            opened.end(BodyBuffers.buffer(body.slices()));
        }
    }

    private void writeHead(HttpClientRequest to) {
        MultiMap headers = to.headers();
        headers.set(HttpHeaders.CONTENT_TYPE, UpstreamHeaders.JSON);
        headers.set(HttpHeaders.ACCEPT, asked.head().stream() ? UpstreamHeaders.EVENT_STREAM : UpstreamHeaders.JSON);
        headers.set(HttpHeaders.ACCEPT_ENCODING, UpstreamHeaders.IDENTITY);
        Translation translation = translation();
        if (translation == null) {
            UpstreamHeaders.forward(asked.clientHeaders(), headers, asked.candidate().dialect());
        }
        if (provider.apiKey() != null) {
            dialect.credentials(provider.apiKey(), (name, value) -> UpstreamHeaders.credential(headers, name, value));
        }
        for (Map.Entry<String, String> header : provider.headers().entrySet()) {
            headers.set(header.getKey(), header.getValue());
        }
        if (prepared != null) {
            prepared.headers().forEach((name, value) -> UpstreamHeaders.credential(headers, name, value));
        }
    }

    private void answered(HttpClientRequest to, HttpClientResponse answer) {
        if (ended || to != request) {
            to.reset();
            return;
        }
        response = answer;
        headNanos = owner.nanos();
        lastByteNanos = headNanos;
        Capture capture = asked.capture();
        if (capture != null) {
            capture.answered(answer.statusCode(), answer.headers());
        }
        Intake takes;
        try {
            takes = intakeFor(answer);
        } catch (RuntimeException bug) {
            LOG.error("the answer of {} to exchange {} could not be taken", asked.candidate().id(), asked.requestId(), bug);
            reset();
            finish(internalError());
            return;
        }
        if (ended) {
            return;
        }
        intake = takes;
        answer.handler(chunk -> {
            if (!(takes instanceof StreamRelay)) {
                alive();
            }
            stalls.received(chunk.length());
            if (!ended && answer == response) {
                if (capture != null) {
                    capture.received(chunk);
                }
                guarded(takes, () -> takes.chunk(chunk));
            }
        });
        answer.exceptionHandler(failure -> {
            if (answer != response) {
                return;
            }
            responseEnded = true;
            if (!ended) {
                takes.broken(Break.lost(Transport.code(failure), "while reading the answer"));
            }
        });
        answer.endHandler(_ -> {
            if (answer != response) {
                return;
            }
            responseEnded = true;
            if (!ended) {
                guarded(takes, takes::end);
            } else {
                leave();
            }
        });
    }

    /// Whatever a codec does with bytes that nobody foresaw, the attempt ends, and the client hears of it.
    private void guarded(Intake takes, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException bug) {
            LOG.error("the answer of {} to exchange {} could not be handled", asked.candidate().id(), asked.requestId(), bug);
            reset();
            finish(takes.bug());
        }
    }

    /// How an attempt ends that failed in us, before anything went to the client.
    AttemptEnd internalError() {
        GatewayError error = GatewayError.of(ErrorKind.INTERNAL, "internal_error", "Internal error");
        return new AttemptEnd.Refused(Fault.BUG, statusCode(), "internal error", 0, error, null, true, tries, startedAt);
    }

    private Intake intakeFor(HttpClientResponse answer) {
        int status = answer.statusCode();
        if (status < 200 || status > 299) {
            return new ErrorIntake(this);
        }
        Translation translation = translation();
        if (!asked.head().stream()) {
            return translation == null ? new WholeRelay(this, asked, dialect.watchAnswer()) : new TranslatedWhole(this, asked, translation);
        }
        String type = answer.getHeader(HttpHeaders.CONTENT_TYPE);
        boolean asArray = !asked.head().sse();
        if (type != null && !type.toLowerCase(Locale.ROOT).contains("event-stream")) {
            return new WholeForStream(this, asked, dialect.watchAnswer(), this::translationForAnswer);
        }
        Course course = resumption != null ? resumption.course() : translation == null
                ? new PassingCourse(dialect.watchStream(asked.head()), asked.requestId(), asArray)
                : new TranslatingCourse(translation, asArray);
        return new StreamRelay(this, asked, course);
    }

    private @Nullable Translation translation() {
        return prepared == null ? null : prepared.translation();
    }

    /// The translation of an answer that came whole although a stream was asked for, made now if the request needed none.
    private Translation translationForAnswer() {
        Translation made = translation();
        return made != null
                ? made
                : Preparation.translation(asked, upstream.host(asked.candidate().dialect()), Map.of(), startedAt / 1000, owner.ids());
    }

    /// The connection could not be had, or was lost before response headers.
    private void lost(@Nullable HttpClientRequest from, Throwable failure) {
        if (ended || from != request || response != null) {
            return;
        }
        String code = Transport.code(failure);
        if (code.equals("ECONNRESET") && request != null && !firstUse && !staleForgiven) {
            staleForgiven = true; // a kept-alive connection that the peer had closed is nobody's fault
            tries--;
            send();
            return;
        }
        request = null;
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        Break why = code.equals("ETIMEDOUT") ? Break.timeout("connect timed out") : Break.lost(code, masked(text));
        broken(why);
    }

    /// The response broke before anything of it went to the client.
    void broken(Break why) {
        boolean retryable = why.beforeCommit() != Fault.NETWORK || asked.failover().retries(why.reason());
        settle(why.beforeCommit(), 0, why.reason(), 0, why.error(), null, retryable);
    }

    /// The answer was judged and found wanting; nothing of it went to the client.
    void refused(Fault fault, String reason, GatewayError error) {
        settle(fault, response == null ? 0 : response.statusCode(), reason, 0, error, null, true);
    }

    /// An error in an answer with status 200, whole or as the first event of a stream.
    void refusedInAnswer(UpstreamError error) {
        int status = error.status() >= 400 && error.status() <= 599 ? error.status() : 502;
        String message = masked(error.message());
        GatewayError told =
                new GatewayError(StatusRules.kind(status), StatusRules.clientStatus(status), message, StatusRules.code(status), null);
        long given = error.retryAfterMillis() > 0 || !(status == 429 || status == 503)
                ? error.retryAfterMillis()
                : GivenWait.millis(MultiMap.caseInsensitiveMultiMap(), error.message(), provider, owner.clock());
        Fault classified = StatusRules.classify(status, error, error.message());
        Fault fault = classified.triesNext() ? Fault.ERROR_IN_ANSWER : classified;
        settle(fault, status, message, given, told, null, asked.failover().retries(status) || fault.triesNext());
    }

    /// The upstream answered with an error status and this body.
    void refusedByStatus(Buffer body) {
        if (ended || response == null) {
            return;
        }
        byte[] bytes = body.getBytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        UpstreamError error = dialect.readError(bytes);
        int status = StatusRules.status(response.statusCode(), error);
        if ((status == 400 || status == 422) && resumption != null && resumption.beginAgain()) {
            tries--; // it takes no turn that was begun, which says nothing about the request
            again();
            return;
        }
        if ((status == 400 || status == 422) && mended(error.message().isEmpty() ? text : error.message())) {
            return;
        }
        Fault fault = StatusRules.classify(status, error, text);
        long given = status == 429 || status == 503 ? givenWait(response.headers(), text, error) : 0;
        String message = masked(error.message().isEmpty() ? "HTTP " + status : error.message());
        GatewayError told = new GatewayError(
                fault == Fault.CONTEXT_TOO_LONG ? ErrorKind.CONTEXT_TOO_LONG : StatusRules.kind(status),
                StatusRules.clientStatus(status),
                message,
                StatusRules.code(status),
                null);
        settle(fault, status, message, given, told, relayOf(fault, bytes, text), asked.failover().retries(status) || fault == Fault.CONTEXT_TOO_LONG);
    }

    private long givenWait(MultiMap headers, String text, UpstreamError error) {
        long asked = GivenWait.millis(headers, text, provider, owner.clock());
        return asked > 0 ? asked : error.retryAfterMillis();
    }

    /// Asks the same target once more with what it complained of left out; that is no failure of its. False if nothing can be mended.
    private boolean mended(String complaint) {
        Preparation sent = prepared;
        if (sent == null || Boolean.FALSE.equals(provider.translationOf(asked.candidate().id().model()).reactiveRepair())) {
            return false;
        }
        Pieces body = repair.mend(sent.body(), complaint);
        if (body == null) {
            return false;
        }
        LOG.debug("{} refused a request that is sent again without what it complained of: {}", asked.candidate().id(), masked(complaint));
        prepared = sent.withBody(body);
        tries--;
        again();
        return true;
    }

    /// Forgets the upstream call that was, and makes another.
    private void again() {
        if (!responseEnded) {
            reset();
        }
        request = null;
        response = null;
        intake = null;
        send();
    }

    /// The client's own mistakes are relayed as the vendor said them: clients parse these bodies.
    private AttemptEnd.@Nullable Relay relayOf(Fault fault, byte[] body, String text) {
        boolean callers = fault == Fault.CALLER || fault == Fault.CONTEXT_TOO_LONG;
        if (!callers || translation() != null || response == null || !dialect.isErrorBody(body)) {
            return null;
        }
        Buffer bytes = owner.masking().finds(text) ? Buffer.buffer(owner.masking().mask(text)) : Buffer.buffer(body);
        return new AttemptEnd.Relay(bytes, "application/json; charset=utf-8", AnswerHead.forwarded(response.headers()));
    }

    private void settle(
            Fault fault,
            int status,
            String reason,
            long givenMillis,
            GatewayError error,
            AttemptEnd.@Nullable Relay relay,
            boolean retryable) {
        if (ended) {
            return;
        }
        long wait = waitBeforeNextTry(fault, status, givenMillis);
        if (wait >= 0) {
            reset();
            request = null;
            response = null;
            intake = null;
            waitingTimer = owner.vertx().setTimer(Math.max(1, wait), _ -> {
                waitingTimer = -1;
                if (!ended) {
                    send();
                }
            });
            return;
        }
        boolean triesNext = fault.triesNext() && retryable;
        finish(new AttemptEnd.Refused(
                fault, status, owner.masking().brief(reason, REASON_CHARACTERS_MAX), givenMillis, error, relay, triesNext, tries, startedAt));
    }

    /// How long to wait before the same target is asked again, in milliseconds; negative when it is not (resilience.md 1).
    private long waitBeforeNextTry(Fault fault, int status, long givenMillis) {
        if (tries > asked.retry().sameTargetRetries() || !(fault.triesAgain() || status == 429)) {
            return -1;
        }
        if (givenMillis > 0 || status == 429) {
            boolean sitOut = givenMillis > 0 && asked.lastCandidate() && givenMillis <= asked.retry().respectRetryAfter().toMillis();
            return sitOut ? givenMillis : -1;
        }
        long base = asked.retry().backoff().toMillis() << Math.min(tries - 1, BACKOFF_DOUBLINGS_MAX);
        return base / 2 + owner.random().nextLong(base / 2 + 1);
    }

    private void cancelled() {
        if (ended) {
            return;
        }
        Fault why = asked.cancellation().reason() == null ? Fault.CLIENT_GONE : asked.cancellation().reason();
        if (why == Fault.DRAINING) {
            endForDraining();
            return;
        }
        if (intake instanceof StreamRelay relay && provider.drainOnDisconnect()) {
            discardingSince = owner.nanos();
            relay.discard();
            resumeUpstream();
            return;
        }
        finish(cancelledEnd(why));
    }

    private AttemptEnd cancelledEnd(Fault why) {
        return switch (intake) {
            case StreamRelay relay -> relay.cancelled(why);
            case WholeRelay relay -> relay.cancelled(why);
            case TranslatedWhole _, WholeForStream _, ErrorIntake _ -> new AttemptEnd.Cancelled(why, Observed.NOTHING, false, 0, startedAt);
            case null -> new AttemptEnd.Cancelled(why, Observed.NOTHING, false, 0, startedAt);
        };
    }

    private void endForDraining() {
        Break why = Break.draining();
        if (intake != null) {
            intake.broken(why);
        } else {
            finish(new AttemptEnd.Refused(Fault.DRAINING, 0, why.reason(), 0, why.error(), null, false, tries, startedAt));
        }
    }

    /// The client has not read for too long; nothing more can be said to it.
    void clientStoppedReading() {
        finish(cancelledEnd(Fault.CLIENT_GONE));
    }

    /// The one way out.
    void finish(AttemptEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        AttemptEnd told = counted(end);
        discardingSince = 0;
        endedNanos = owner.nanos();
        Translation translation = translation();
        if (translation != null && !translation.drops().isEmpty()) {
            owner.metrics().translationDropped(asked.dialect(), asked.candidate().dialect(), translation.drops().counts());
            if (asked.capture() != null) {
                asked.capture().dropped(translation.drops().all());
            }
        }
        asked.cancellation().release();
        if (waitingTimer >= 0) {
            owner.vertx().cancelTimer(waitingTimer);
        }
        boolean trailing = end instanceof AttemptEnd.Complete && !responseEnded;
        if (!trailing) {
            if (!responseEnded) {
                reset();
            }
            leave();
        }
        outcome.complete(told);
    }

    /// The exchange has its end whatever becomes of the counts.
    private AttemptEnd counted(AttemptEnd end) {
        try {
            return Estimation.complete(end, asked, intake == null ? Generated.nothing() : intake.generated());
        } catch (RuntimeException bug) {
            LOG.error("the tokens of exchange {} could not be estimated", asked.requestId(), bug);
            return end;
        }
    }

    private void leave() {
        if (!left) {
            left = true;
            owner.remove(this);
            upstream.release();
        }
    }

    private void reset() {
        if (request != null) {
            request.reset();
        }
    }

    /// Looks at the clock; called some twenty times a second.
    void tick(long now) {
        if (ended) {
            if (now - endedNanos > TRAILING_NANOS_MAX) {
                reset();
                leave();
            }
            return;
        }
        if (discardingSince != 0) {
            if (now - discardingSince > DISCARD_NANOS_MAX) {
                finish(cancelledEnd(Fault.CLIENT_GONE));
            }
            return;
        }
        if (isLongerThan(now - startedNanos, timeouts.total())) {
            timedOut("the attempt took longer than " + timeouts.total().toMillis() + " ms");
            return;
        }
        if (waitingTimer >= 0) {
            keepClientAlive(now);
            return;
        }
        if (sentNanos == 0) {
            return;
        }
        Intake takes = intake;
        String slow = asked.head().stream() && !timeouts.stall().isOff() ? slow(takes, now) : null;
        if (slow != null) {
            gaveUp(Break.stall(slow, timeouts.stall().cools()));
            return;
        }
        if (takes == null || !takes.begun()) {
            if (isLongerThan(now - sentNanos, timeouts.firstByte())) {
                timedOut("no answer within " + timeouts.firstByte().toMillis() + " ms");
                return;
            }
        } else if (!takes.waitsForClient() && !lingers(takes) && isLongerThan(now - lastByteNanos, timeouts.idle())) {
            timedOut("the upstream was silent for " + timeouts.idle().toMillis() + " ms");
            return;
        }
        if (takes != null) {
            takes.tick(now);
        }
    }

    private static boolean lingers(Intake takes) {
        return takes instanceof StreamRelay relay && relay.lingers();
    }

    private @Nullable String slow(@Nullable Intake takes, long now) {
        if (takes != null && (takes.waitsForClient() || lingers(takes))) {
            stalls.pausedUntil(now);
            return null;
        }
        return stalls.complaint(now);
    }

    /// The client of a stream hears that it waits for good reason; only where its dialect allows that before the first event.
    private void keepClientAlive(long now) {
        boolean allowed = asked.head().stream() && asked.head().sse() && asked.dialect() != DialectId.MESSAGES;
        if (!allowed || !isLongerThan(now - keptAliveNanos, asked.keepAlive())) {
            return;
        }
        keptAliveNanos = now;
        AnswerHead.stream(asked, 200, AnswerHead.NONE, true);
        asked.response().write(Buffer.buffer(SseWriter.keepAlive()));
    }

    /// How long nothing has come.
    long silentNanos(long now) {
        return now - lastByteNanos;
    }

    /// The upstream showed that it lives.
    void alive() {
        lastByteNanos = owner.nanos();
    }

    private void timedOut(String what) {
        gaveUp(Break.timeout(what));
    }

    private void gaveUp(Break why) {
        if (intake != null && response != null && response.statusCode() < 300) {
            intake.broken(why);
        } else {
            settle(why.beforeCommit(), 0, why.reason(), 0, why.error(), null, true);
        }
    }

    /// True if the span exceeds a limit that is set; a limit of zero is none.
    boolean isLongerThan(long spanNanos, Duration limit) {
        return !limit.isZero() && spanNanos > limit.toNanos();
    }

    /// Runs this on the attempt's event loop, after what it is reading now.
    void later(Runnable work) {
        owner.vertx().runOnContext(_ -> work.run());
    }

    void pauseUpstream() {
        if (response != null) {
            response.pause();
        }
    }

    void resumeUpstream() {
        lastByteNanos = owner.nanos();
        if (response != null && !responseEnded) {
            response.resume();
        }
    }

    GatewayMetrics metrics() {
        return owner.metrics();
    }

    void malformedEvent() {
        owner.metrics().eventsMalformed(asked.candidate().id().provider(), 1);
    }

    String masked(String text) {
        return owner.masking().brief(text, MESSAGE_CHARACTERS_MAX);
    }

    int statusCode() {
        return response == null ? 0 : response.statusCode();
    }

    MultiMap upstreamHeaders() {
        return response == null ? MultiMap.caseInsensitiveMultiMap() : response.headers();
    }

    /// The length that the upstream gave, negative when it gave none.
    long upstreamLength() {
        String length = upstreamHeaders().get(HttpHeaders.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length);
    }

    long headNanos() {
        return headNanos;
    }

    long startedAt() {
        return startedAt;
    }

    long nanos() {
        return owner.nanos();
    }
}
