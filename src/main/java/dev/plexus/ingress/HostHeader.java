package dev.plexus.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/// Checks the rule of RFC 9112, 3.2: an HTTP/1.1 request has exactly one host.
final class HostHeader {

    private HostHeader() {}

    static boolean isValid(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_1_1 || request.headers().getAll(HttpHeaders.HOST).size() == 1;
    }
}
