package dev.plexus.ingress;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.RequestHead;
import dev.plexus.message.Cancellation;
import dev.plexus.message.Candidate;
import dev.plexus.message.Fault;
import dev.plexus.message.Plan;
import dev.plexus.message.PlanAsked;
import dev.plexus.message.TokenCountAsked;
import dev.plexus.message.TokenCountEnd;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.RequestId;
import dev.plexus.tokens.RequestTokens;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import dev.plexus.wire.Pieces;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's question how many tokens a request would have: asked of the provider where that counts in the client's dialect, else estimated here.
///
/// Lives like an [Exchange], and leaves no trace: no usage record, nothing taken from a quota, no target cooled.
final class TokenCountExchange implements Running, BodyIntake.Taker {

    private static final Logger LOG = LoggerFactory.getLogger(TokenCountExchange.class);

    private static final CharSequence ESTIMATED = HttpHeaders.createOptimized("x-plexus-estimated");
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json; charset=utf-8");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private final Lane lane;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Match.TokenCount what;
    private final DialectId dialect;
    private final Config config;
    private final RequestId id;
    private final BodyIntake intake;
    private final Cancellation cancellation = new Cancellation();
    private boolean concluded;
    private boolean clientGone;
    private @Nullable KeyRule key;

    TokenCountExchange(Lane lane, HttpServerRequest request, Match.TokenCount what) {
        this.lane = lane;
        this.request = request;
        this.response = request.response();
        this.what = what;
        this.dialect = what.dialect();
        this.config = lane.config();
        this.id = lane.ids().next();
        this.intake = new BodyIntake(lane, config, request, lane.nanos(), this);
    }

    /// Looks at the head of the request, before any of its body is read.
    void begin() {
        lane.add(this);
        lane.meters().exchangeBegan();
        Answers.common(response, dialect, id.value(), request.headers().contains(HttpHeaders.ORIGIN));
        String credential = Authenticator.presented(request.headers(), request.query());
        Authenticator.Caller caller = credential == null
                ? null
                : lane.authenticator()
                        .caller(
                                credential,
                                lane.authenticator().address(request.headers(), request.remoteAddress().hostAddress()),
                                lane.clock().instant());
        if (caller == null) {
            lane.meters().authenticationFailed();
            refused(GatewayError.of(ErrorKind.AUTHENTICATION, credential == null ? "Missing API key" : "Invalid API key"));
            return;
        }
        key = caller.key();
        Answers.clientRequestId(request.headers(), response);
        response.closeHandler(_ -> clientLeft());
        response.exceptionHandler(_ -> clientLeft());
        request.exceptionHandler(_ -> clientLeft());
        intake.begin();
    }

    /// The body is there: look at it once, and find its target.
    @Override
    public void received(Pieces body) {
        KeyRule caller = key;
        if (concluded || caller == null) {
            return;
        }
        switch (CountHead.read(body, what.path())) {
            case HeadRead.Bad(var error) -> refused(error);
            case HeadRead.Good(var head) ->
                lane.bus()
                        .ask(lane.routing(), new PlanAsked(config, head.model(), dialect, caller))
                        .onComplete(plan -> planned(plan, head, body), this::bug);
        }
    }

    /// Only the first candidate is asked: the count of another would be as much of an estimate as our own.
    private void planned(Plan plan, RequestHead head, Pieces body) {
        if (concluded) {
            return;
        }
        switch (plan) {
            case Plan.Refused(var error, _, var retryAfter) -> answerError(error, "gateway", retryAfter);
            case Plan.Ready ready -> {
                Candidate first = ready.candidates().getFirst();
                if (first.dialect() == dialect) {
                    lane.bus()
                            .ask(
                                    lane.tokenCount(first.id().provider()),
                                    new TokenCountAsked(first, head, body, request.headers(), cancellation, config.exposeRoutingHeaders()))
                            .onComplete(end -> counted(first, end, body), failure -> notAsked(first, failure, body));
                } else {
                    estimate(body);
                }
            }
        }
    }

    private void counted(Candidate candidate, TokenCountEnd end, Pieces body) {
        if (concluded) {
            return;
        }
        switch (end) {
            case TokenCountEnd.Relayed relayed -> relay(relayed);
            case TokenCountEnd.Refused(var error, var retryAfter) -> answerError(error, "upstream", retryAfter);
            case TokenCountEnd.NotCounted(var why) -> {
                LOG.debug("tokens for {} are estimated: {}", candidate.id(), why);
                estimate(body);
            }
        }
    }

    private void notAsked(Candidate candidate, Throwable failure, Pieces body) {
        LOG.warn("provider {} could not be asked for a token count", candidate.id().provider(), failure);
        estimate(body);
    }

    private void relay(TokenCountEnd.Relayed relayed) {
        relayed.headers().forEach(response.headers()::set);
        if (relayed.status() >= 400) {
            response.headers().set("x-plexus-error-origin", "upstream");
        }
        answer(relayed.status(), relayed.contentType(), relayed.body());
    }

    private void estimate(Pieces body) {
        if (concluded) {
            return;
        }
        lane.counting().executeBlocking(() -> RequestTokens.of(dialect, body), false).onComplete(this::estimated, this::notEstimated);
    }

    private void estimated(long tokens) {
        if (concluded) {
            return;
        }
        String member = dialect == DialectId.GEMINI ? "totalTokens" : "input_tokens";
        response.headers().set(ESTIMATED, TRUE);
        answer(200, JSON, Buffer.buffer(JsonOut.document(out -> out.object().number(member, tokens).close())));
    }

    private void notEstimated(Throwable failure) {
        if (failure instanceof JsonIn.Bad bad) {
            refused(GatewayError.of(ErrorKind.INVALID_REQUEST, "Invalid JSON body: " + bad.getMessage()));
        } else {
            bug(failure);
        }
    }

    private void answer(int status, CharSequence type, Buffer body) {
        response.setStatusCode(status);
        response.headers().set(HttpHeaders.CONTENT_TYPE, type);
        response.headers().set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        conclude(() -> response.end(body));
    }

    @Override
    public void refused(GatewayError error) {
        answerError(error, "gateway", 0);
    }

    private void answerError(GatewayError error, String origin, long retryAfterMillis) {
        if (concluded) {
            return;
        }
        Buffer bytes = Answers.error(response, dialect, error, id.value(), origin, retryAfterMillis);
        intake.drop();
        conclude(() -> response.end(bytes));
    }

    @Override
    public void bug(Throwable failure) {
        LOG.error("token count {} failed", id, failure);
        refused(GatewayError.of(ErrorKind.INTERNAL, "internal_error", "Internal error"));
    }

    private void clientLeft() {
        clientGone = true;
        conclude(() -> {});
        cancellation.cancel(Fault.CLIENT_GONE); // after the end, so that what it sets off finds nothing to do
    }

    @Override
    public void stop() {
        refused(GatewayError.of(ErrorKind.UNAVAILABLE, "draining", "The gateway is shutting down"));
        cancellation.cancel(Fault.DRAINING);
    }

    @Override
    public void tick(long now) {
        GatewayError late = concluded ? null : intake.late(now);
        if (late != null) {
            refused(late);
        }
    }

    private void conclude(Runnable lastBytes) {
        if (concluded) {
            return;
        }
        concluded = true;
        lane.remove(this);
        lane.meters().exchangeEnded();
        if (!clientGone) {
            lastBytes.run();
        }
    }
}
