package dev.plexus.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/// The rules of RFC 9112 about where a request ends and whom it is for, as far as the HTTP codec leaves them to us. A request that breaks one may
/// have been cut out of the connection wrongly, so nothing after it can be believed.
final class Framing {

    private static final String CHUNKED = "chunked";

    private Framing() {}

    /// True if an HTTP/1.1 request has exactly one host, and an HTTP/1 body is delimited in a way that everyone reads alike.
    static boolean isValid(HttpServerRequest request) {
        HttpVersion version = request.version();
        if (version == HttpVersion.HTTP_2) {
            return true;
        }
        if (version == HttpVersion.HTTP_1_1 && request.headers().getAll(HttpHeaders.HOST).size() != 1) {
            return false;
        }
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return codings.isEmpty()
                || version == HttpVersion.HTTP_1_1 && codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase(CHUNKED);
    }
}
