package dev.plexus.ingress;

import dev.plexus.dialect.Dialects;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes what every answer carries, and the answers that the gateway gives by itself.
final class Answers {

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence ANTHROPIC_REQUEST_ID = HttpHeaders.createOptimized("request-id");
    private static final CharSequence CLIENT_REQUEST_ID = HttpHeaders.createOptimized("x-client-request-id");
    private static final CharSequence ALLOW_ORIGIN = HttpHeaders.createOptimized("access-control-allow-origin");
    private static final CharSequence EXPOSE = HttpHeaders.createOptimized("access-control-expose-headers");
    private static final CharSequence EXPOSED = HttpHeaders.createOptimized(
            "x-request-id, request-id, retry-after, etag, x-plexus-provider, x-plexus-model, x-plexus-attempts, "
                    + "x-plexus-error-origin, x-plexus-estimated");
    private static final CharSequence ANY = HttpHeaders.createOptimized("*");
    private static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json; charset=utf-8");
    private static final CharSequence ORIGIN = HttpHeaders.createOptimized("x-plexus-error-origin");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence CHALLENGE = HttpHeaders.createOptimized("Bearer");
    private static final String PREFLIGHT_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String PREFLIGHT_HEADERS = "Content-Type, Authorization, x-api-key, x-goog-api-key, x-admin-key, anthropic-version, "
            + "anthropic-beta, anthropic-dangerous-direct-browser-access, openai-beta, x-app, x-client-request-id";
    private static final int CLIENT_ID_CHARACTERS_MAX = 255;

    private Answers() {}

    /// The headers of every answer. `fromBrowser` is true when the request names an origin: only browsers ask which headers a script may see.
    static void common(HttpServerResponse response, DialectId dialect, String requestId, boolean fromBrowser) {
        MultiMap headers = response.headers();
        headers.set(REQUEST_ID, requestId);
        if (dialect == DialectId.MESSAGES) {
            headers.set(ANTHROPIC_REQUEST_ID, requestId);
        }
        headers.set(ALLOW_ORIGIN, ANY);
        headers.set(NOSNIFF_NAME, NOSNIFF);
        if (fromBrowser) {
            headers.set(EXPOSE, EXPOSED);
        }
    }

    /// The client's own id, where it is 1 to 255 printable characters; it is echoed and recorded.
    static @Nullable String clientRequestId(MultiMap requestHeaders, HttpServerResponse response) {
        String id = requestHeaders.get(CLIENT_REQUEST_ID);
        if (id == null || id.isEmpty() || id.length() > CLIENT_ID_CHARACTERS_MAX || !id.chars().allMatch(letter -> letter >= 0x20 && letter < 0x7f)) {
            return null;
        }
        response.headers().set(CLIENT_REQUEST_ID, id);
        return id;
    }

    /// An error of the gateway or, with `origin` "upstream", of a provider; complete but for sending it.
    static Buffer error(HttpServerResponse response, DialectId dialect, GatewayError error, String requestId, String origin, long retryAfterMillis) {
        response.setStatusCode(statusIn(dialect, error));
        MultiMap headers = response.headers();
        headers.set(HttpHeaders.CONTENT_TYPE, JSON);
        headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        headers.set(ORIGIN, origin);
        if (retryAfterMillis > 0) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, (retryAfterMillis + 999) / 1000)));
        }
        if (error.kind() == ErrorKind.AUTHENTICATION) {
            headers.set("www-authenticate", CHALLENGE);
        }
        Buffer body = Buffer.buffer(Dialects.require(dialect).writeError(error, requestId));
        headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        return body;
    }

    /// Anthropic's clients know overload as 529; everyone else knows 503.
    static int statusIn(DialectId dialect, GatewayError error) {
        if (error.kind() != ErrorKind.OVERLOADED) {
            return error.status();
        }
        return dialect == DialectId.MESSAGES ? 529 : error.status() == 529 ? 503 : error.status();
    }

    /// What is left of the tightest quota of the key, and which quotas are nearly used up.
    static void quota(HttpServerResponse response, QuotaVerdict.Allowed allowed) {
        if (!allowed.warnings().isEmpty()) {
            response.headers().set("x-plexus-quota-warning", allowed.warnings().stream().map(Answers::warning).collect(Collectors.joining(", ")));
        }
        QuotaVerdict.Standing standing = allowed.tightest();
        if (standing == null) {
            return;
        }
        response.headers()
                .set("x-plexus-quota", standing.quota())
                .set("x-plexus-quota-limit", standing.limit().toPlainString())
                .set("x-plexus-quota-remaining", standing.remaining().toPlainString())
                .set("x-plexus-quota-reset", standing.resetsAt());
    }

    private static String warning(QuotaVerdict.Standing standing) {
        return standing.quota() + ";limit=" + standing.limit().toPlainString() + ";remaining=" + standing.remaining().toPlainString();
    }

    /// What every answer carries, whoever gives it.
    static void identify(HttpServerResponse response, String requestId) {
        response.headers().set(REQUEST_ID, requestId).set(NOSNIFF_NAME, NOSNIFF);
    }

    static void preflight(HttpServerRequest request, String requestId) {
        HttpServerResponse response = request.response();
        identify(response, requestId);
        String asked = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        response.setStatusCode(204)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, PREFLIGHT_METHODS)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, asked == null || asked.isBlank() ? PREFLIGHT_HEADERS : asked)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "86400")
                .end();
    }
}
