package dev.plexus.provider;

import dev.plexus.message.AttemptAsked;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the head of a relayed answer: which headers of the upstream a client sees, and what the gateway says of the route.
final class AnswerHead {

    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence NO_TRANSFORM = HttpHeaders.createOptimized("no-cache, no-transform");
    private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream; charset=utf-8");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json; charset=utf-8");
    private static final CharSequence NO = HttpHeaders.createOptimized("no");
    private static final CharSequence ACCEL = HttpHeaders.createOptimized("x-accel-buffering");
    private static final CharSequence PROVIDER = HttpHeaders.createOptimized("x-plexus-provider");
    private static final CharSequence MODEL = HttpHeaders.createOptimized("x-plexus-model");
    private static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("x-plexus-attempts");

    /// For answers that are not the upstream's own: none of its headers is forwarded.
    static final MultiMap NONE = MultiMap.caseInsensitiveMultiMap();

    private AnswerHead() {}

    /// A whole answer of a known length; a negative length means that it is sent chunked.
    static void whole(AttemptAsked asked, int status, MultiMap upstream, long length) {
        HttpServerResponse response = asked.response();
        route(asked, status);
        String type = upstream.get(HttpHeaders.CONTENT_TYPE);
        MultiMap headers = response.headers();
        headers.set(HttpHeaders.CONTENT_TYPE, type == null ? JSON : type);
        headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        if (length < 0) {
            response.setChunked(true);
        } else {
            headers.set(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        }
        forward(upstream, headers);
    }

    /// A stream: server-sent events, or a JSON array for clients that asked for one.
    static void stream(AttemptAsked asked, int status, MultiMap upstream, boolean events) {
        HttpServerResponse response = asked.response();
        if (response.headWritten()) {
            return; // the client was kept waiting, or had the beginning of an answer
        }
        route(asked, status);
        MultiMap headers = response.headers();
        headers.set(HttpHeaders.CONTENT_TYPE, events ? EVENT_STREAM : JSON);
        headers.set(HttpHeaders.CACHE_CONTROL, NO_TRANSFORM);
        headers.set(ACCEL, NO);
        response.setChunked(true);
        forward(upstream, headers);
    }

    private static void route(AttemptAsked asked, int status) {
        HttpServerResponse response = asked.response();
        response.setStatusCode(status);
        if (asked.exposeRoutingHeaders()) {
            MultiMap headers = response.headers();
            headers.set(PROVIDER, HeaderValue.safe(asked.candidate().id().provider().value()));
            headers.set(MODEL, HeaderValue.safe(asked.candidate().id().model()));
            headers.set(ATTEMPTS, Integer.toString(asked.attemptNumber()));
        }
    }

    private static void forward(MultiMap upstream, MultiMap headers) {
        for (Map.Entry<String, String> header : upstream) {
            String name = forwardedName(header.getKey());
            if (name != null) {
                headers.set(name, header.getValue());
            }
        }
    }

    /// The upstream headers that may be forwarded, under the names in which a client gets them.
    static Map<String, String> forwarded(MultiMap upstream) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : upstream) {
            String name = forwardedName(header.getKey());
            if (name != null) {
                kept.put(name, header.getValue());
            }
        }
        return kept;
    }

    private static @Nullable String forwardedName(String original) {
        char first = original.isEmpty() ? ' ' : original.charAt(0);
        if (first != 'o' && first != 'O' && first != 'x' && first != 'X' && first != 'a' && first != 'A') {
            return null;
        }
        String name = original.toLowerCase(Locale.ROOT);
        if (name.equals("openai-processing-ms") || name.equals("openai-version")) {
            return name;
        }
        if (name.startsWith("anthropic-ratelimit-")) {
            return "x-upstream-" + name;
        }
        if (name.startsWith("x-ratelimit-")) {
            return "x-upstream-" + name.substring(2);
        }
        return name.equals("x-request-id") ? "x-upstream-request-id" : null;
    }
}
