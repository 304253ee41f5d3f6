package dev.plexus.dialect;

import org.jspecify.annotations.Nullable;

/// What an upstream said went wrong, as far as it could be read: the status its body names (0 when none), its type and code in its own words,
/// the wait it asks for in milliseconds (0 when none), and its most specific message (at most 4,000 characters).
public record UpstreamError(int status, @Nullable String type, @Nullable String code, long retryAfterMillis, String message) {}
