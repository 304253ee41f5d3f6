package dev.plexus.model;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An error on its way to a client, before a dialect gives it a body.
///
/// `status` is the HTTP status; `code` the machine-readable refinement (`model_not_found`), `param` the member of the request that it
/// speaks of. `message` is for a person and holds no secret. `quota` says which quota was used up, where that is what went wrong.
public record GatewayError(
        ErrorKind kind, int status, String message, @Nullable String code, @Nullable String param, @Nullable QuotaUsedUp quota) {

    /// A quota of the caller's key at its end. `resetsAt` is ISO 8601 in UTC with milliseconds; `blocking` are all quotas that are at their end, this
    /// one too.
    public record QuotaUsedUp(
            String name, BigDecimal currentUsage, BigDecimal limit, String resetsAt, long retryAfterSeconds, List<Blocking> blocking) {

        public QuotaUsedUp {
            blocking = List.copyOf(blocking);
        }
    }

    /// One of the quotas that a request was refused by. `measure` is what it counts: `requests`, `tokens`, `cost`.
    public record Blocking(String name, String measure, BigDecimal limit, BigDecimal currentUsage, BigDecimal remaining, String resetsAt) {}

    public GatewayError(ErrorKind kind, int status, String message, @Nullable String code, @Nullable String param) {
        this(kind, status, message, code, param, null);
    }

    public static GatewayError of(QuotaUsedUp quota) {
        String message = "Quota exceeded: " + quota.name() + " limit of " + quota.limit().toPlainString() + " reached";
        return new GatewayError(ErrorKind.QUOTA, ErrorKind.QUOTA.status(), message, "quota_exceeded", null, quota);
    }

    public static GatewayError of(ErrorKind kind, String message) {
        return new GatewayError(kind, kind.status(), message, null, null);
    }

    public static GatewayError of(ErrorKind kind, @Nullable String code, String message) {
        return new GatewayError(kind, kind.status(), message, code, null);
    }

    public GatewayError withParam(String path) {
        return new GatewayError(kind, status, message, code, path, quota);
    }

    public GatewayError withStatus(int other) {
        return new GatewayError(kind, other, message, code, param, quota);
    }
}
