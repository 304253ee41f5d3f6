package dev.plexus.provider;

import dev.plexus.config.Provider;
import dev.plexus.config.Timeouts;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.Dialects;
import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.message.BodyBuffers;
import dev.plexus.message.Fault;
import dev.plexus.message.TokenCountAsked;
import dev.plexus.message.TokenCountEnd;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Json;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.Splice;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One call of an upstream that counts the tokens of a request. Whatever keeps it from a count is no fault of the target: whoever asked estimates.
final class TokenCount {

    private static final int ANSWER_BYTES_MAX = 64 * 1024;
    private static final int MESSAGE_CHARACTERS_MAX = 4_000;
    private static final String JSON = "application/json; charset=utf-8";
    private static final String GENERATE = ":generateContent";
    private static final String COUNT = ":countTokens";

    private final TokenCountAsked asked;
    private final Attempts owner;
    private final Upstream upstream;
    private final Provider provider;
    private final DialectId dialectId;
    private final Dialect dialect;
    private final String model;
    private final Promise<TokenCountEnd> outcome = Promise.promise();
    private @Nullable HttpClientRequest request;
    private boolean firstUse;
    private boolean staleForgiven;
    private boolean ended;
    private long timer = -1;

    TokenCount(TokenCountAsked asked, Attempts owner, Upstream upstream) {
        this.asked = asked;
        this.owner = owner;
        this.upstream = upstream;
        this.provider = asked.candidate().provider();
        this.dialectId = asked.candidate().dialect();
        this.dialect = Dialects.require(dialectId);
        this.model = asked.candidate().id().model();
    }

    /// Where a dialect counts, by where it answers.
    static String url(DialectId dialect, String answering) {
        return dialect == DialectId.GEMINI ? answering.substring(0, answering.length() - GENERATE.length()) + COUNT : answering + "/count_tokens";
    }

    Future<TokenCountEnd> start() {
        Traits traits = new Traits(model, upstream.host(dialectId), provider.translationOf(model));
        if (!traits.countsTokens() || !dialect.isSafeModel(model)) {
            return Future.succeededFuture(new TokenCountEnd.NotCounted("the target is not asked"));
        }
        upstream.acquire();
        asked.cancellation().whenCancelled(() -> notCounted("cancelled"));
        if (!ended) {
            long limit = limitMillis(provider.timeouts());
            if (limit > 0) {
                timer = owner.vertx().setTimer(limit, _ -> notCounted("no answer within " + limit + " ms"));
            }
            send(body(dialect, dialectId, model, asked.head(), asked.body()));
        }
        return outcome.future();
    }

    /// The shorter of the limits that are set, 0 where none is: an answer to this question comes at once or not at all.
    private static long limitMillis(Timeouts timeouts) {
        return Stream.of(timeouts.firstByte(), timeouts.total()).mapToLong(Duration::toMillis).filter(limit -> limit > 0).min().orElse(0);
    }

    private void send(Pieces body) {
        request = null;
        upstream.openTokenCount(dialectId, model, provider.timeouts().connect().toMillis())
                .onComplete(opened -> opened(opened, body), failure -> notCounted("not reached: " + Transport.code(failure)));
    }

    private void opened(HttpClientRequest opened, Pieces body) {
        if (ended) {
            opened.reset();
            return;
        }
        request = opened;
        firstUse = upstream.isFirstUse(opened.connection());
        writeHead(opened.headers());
        opened.exceptionHandler(failure -> lost(opened, failure, body));
        opened.response().onComplete(answer -> answered(opened, answer), failure -> lost(opened, failure, body));
        opened.end(BodyBuffers.buffer(body.slices()));
    }

    private void writeHead(MultiMap headers) {
        headers.set(HttpHeaders.CONTENT_TYPE, UpstreamHeaders.JSON);
        headers.set(HttpHeaders.ACCEPT, UpstreamHeaders.JSON);
        headers.set(HttpHeaders.ACCEPT_ENCODING, UpstreamHeaders.IDENTITY);
        UpstreamHeaders.forward(asked.clientHeaders(), headers, dialectId);
        if (provider.apiKey() != null) {
            dialect.credentials(provider.apiKey(), (name, value) -> UpstreamHeaders.credential(headers, name, value));
        }
        provider.headers().forEach(headers::set);
    }

    /// Lost before an answer. A kept-alive connection that the peer had closed is worth another try.
    private void lost(HttpClientRequest from, Throwable failure, Pieces body) {
        if (ended || from != request) {
            return;
        }
        String code = Transport.code(failure);
        if (code.equals("ECONNRESET") && !firstUse && !staleForgiven) {
            staleForgiven = true;
            send(body);
        } else {
            notCounted("lost: " + code);
        }
    }

    private void answered(HttpClientRequest to, HttpClientResponse answer) {
        if (ended || to != request) {
            to.reset();
            return;
        }
        Buffer body = Buffer.buffer();
        answer.handler(chunk -> {
            body.appendBuffer(chunk);
            if (body.length() > ANSWER_BYTES_MAX) {
                notCounted("the answer is too large for a count");
            }
        });
        answer.exceptionHandler(failure -> notCounted("lost: " + Transport.code(failure)));
        answer.endHandler(_ -> judge(answer.statusCode(), answer.headers(), body.getBytes()));
    }

    private void judge(int status, MultiMap headers, byte[] body) {
        if (ended) {
            return;
        }
        request = null;
        boolean good = status >= 200 && status <= 299;
        if (status == 404 || status == 405 || status == 501) {
            notCounted("the target does not count: " + status);
        } else if (good && hasCount(Pieces.of(body))) {
            finish(relayed(status, headers, Buffer.buffer(body)));
        } else if (good) {
            notCounted("an answer without a count");
        } else {
            finish(refused(status, headers, body));
        }
    }

    /// The client's own mistakes are relayed as the vendor said them; the rest is told as any refusal is.
    private TokenCountEnd refused(int status, MultiMap headers, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        UpstreamError error = dialect.readError(body);
        Fault fault = StatusRules.classify(status, error, text);
        if ((fault == Fault.CALLER || fault == Fault.CONTEXT_TOO_LONG) && dialect.isErrorBody(body)) {
            Buffer bytes = owner.masking().finds(text) ? Buffer.buffer(owner.masking().mask(text)) : Buffer.buffer(body);
            return relayed(status, headers, bytes);
        }
        String message = owner.masking().brief(error.message().isEmpty() ? "HTTP " + status : error.message(), MESSAGE_CHARACTERS_MAX);
        ErrorKind kind = fault == Fault.CONTEXT_TOO_LONG ? ErrorKind.CONTEXT_TOO_LONG : StatusRules.kind(status);
        long given = status == 429 || status == 503 ? Math.max(RetryAfter.millis(headers, owner.clock()), error.retryAfterMillis()) : 0;
        return new TokenCountEnd.Refused(
                new GatewayError(kind, StatusRules.clientStatus(status), message, StatusRules.code(status), null), given);
    }

    private TokenCountEnd relayed(int status, MultiMap upstreams, Buffer body) {
        String type = upstreams.get(HttpHeaders.CONTENT_TYPE);
        Map<String, String> headers = AnswerHead.forwarded(upstreams);
        if (asked.exposeRoutingHeaders()) {
            headers.put("x-plexus-provider", HeaderValue.safe(provider.id().value()));
            headers.put("x-plexus-model", HeaderValue.safe(model));
            headers.put("x-plexus-attempts", "1");
        }
        return new TokenCountEnd.Relayed(status, body, type == null ? JSON : type, headers);
    }

    private boolean hasCount(Pieces body) {
        String count = dialectId == DialectId.GEMINI ? "totalTokens" : "input_tokens";
        return switch (TopLevelScan.scan(body, (_, _) -> {})) {
            case TopLevelScan.Outcome.Found(var members) -> members.members().stream().anyMatch(member -> member.name().equals(count));
            case TopLevelScan.Outcome.Unreadable _ -> false;
        };
    }

    private void notCounted(String why) {
        finish(new TokenCountEnd.NotCounted(why));
    }

    /// The one way out.
    private void finish(TokenCountEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        asked.cancellation().release();
        if (timer >= 0) {
            owner.vertx().cancelTimer(timer);
        }
        if (request != null) {
            request.reset();
        }
        upstream.release();
        outcome.complete(end);
    }

    /// The client's bytes with the upstream's model. The provider's extra members are left out: they are settings of answers, which counting endpoints
    /// refuse.
    static Pieces body(Dialect dialect, DialectId id, String model, RequestHead head, Pieces body) {
        List<Splice.Edit> inner = id == DialectId.GEMINI ? innerModels(model, head, body) : List.of();
        return inner.isEmpty() ? dialect.writeBody(body, head, new Outgoing(model, Map.of(), false)) : Splice.apply(body, inner);
    }

    /// A gemini body may hold a whole request, which names its model once more.
    private static List<Splice.Edit> innerModels(String model, RequestHead head, Pieces body) {
        String name = model.startsWith("models/") || model.startsWith("tunedModels/") ? model : "models/" + model;
        List<Splice.Edit> edits = new ArrayList<>();
        for (TopLevel.Member outer : head.members().members()) {
            boolean holds = outer.name().equals("generateContentRequest") || outer.name().equals("generate_content_request");
            if (holds && TopLevelScan.scan(body.part(outer.valueFrom(), outer.valueTo()), (_, _) -> {}) instanceof TopLevelScan.Outcome.Found found) {
                for (TopLevel.Member inner : found.members().members()) {
                    if (inner.name().equals("model")) {
                        edits.add(new Splice.Edit(outer.valueFrom() + inner.valueFrom(), outer.valueFrom() + inner.valueTo(), Json.quoted(name)));
                    }
                }
            }
        }
        return edits;
    }
}
