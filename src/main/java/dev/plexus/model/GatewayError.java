package dev.plexus.model;

import org.jspecify.annotations.Nullable;

/// An error on its way to a client, before a dialect gives it a body.
///
/// `status` is the HTTP status; `code` the machine-readable refinement (`model_not_found`), `param` the member of the request that it
/// speaks of. `message` is for a person and holds no secret.
public record GatewayError(ErrorKind kind, int status, String message, @Nullable String code, @Nullable String param) {

    public static GatewayError of(ErrorKind kind, String message) {
        return new GatewayError(kind, kind.status(), message, null, null);
    }

    public static GatewayError of(ErrorKind kind, @Nullable String code, String message) {
        return new GatewayError(kind, kind.status(), message, code, null);
    }

    public GatewayError withParam(String path) {
        return new GatewayError(kind, status, message, code, path);
    }

    public GatewayError withStatus(int other) {
        return new GatewayError(kind, other, message, code, param);
    }
}
