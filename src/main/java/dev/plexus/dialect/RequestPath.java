package dev.plexus.dialect;

/// What a request path says by itself: the model (percent-decoded, a `models/` prefix removed), and whether it asks for a stream, and
/// if so as server-sent events (else as a JSON array).
public record RequestPath(String model, boolean stream, boolean sse) {}
