package dev.plexus.message;

import dev.plexus.model.ProviderId;
import org.jspecify.annotations.Nullable;

/// An administrator ends cooldowns: of one target, of all targets of a provider (`model` is null), or all of them (both are null).
public record CooldownsCleared(@Nullable ProviderId provider, @Nullable String model) {}
