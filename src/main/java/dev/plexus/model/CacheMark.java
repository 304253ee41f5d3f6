package dev.plexus.model;

import org.jspecify.annotations.Nullable;

/// Says that the prompt up to here is worth caching; `ttl` is `5m`, `1h` or absent.
public record CacheMark(@Nullable String ttl) {}
