package dev.plexus.model;

/// What went wrong in the words of the public error table; every dialect spells each of these in its own way.
public enum ErrorKind {
    INVALID_REQUEST(400),
    CONTEXT_TOO_LONG(400),
    AUTHENTICATION(401),
    BILLING(402),
    PERMISSION(403),
    NOT_FOUND(404),
    METHOD(405),
    CONFLICT(409),
    TOO_LARGE(413),
    MEDIA_TYPE(415),
    UNPROCESSABLE(422),
    RATE_LIMIT(429),
    QUOTA(429),
    INTERNAL(500),
    UPSTREAM_INVALID(502),
    UNAVAILABLE(503),
    OVERLOADED(503),
    TIMEOUT(504);

    private final int status;

    ErrorKind(int status) {
        this.status = status;
    }

    /// The status a client gets unless something more specific is known.
    public int status() {
        return status;
    }
}
