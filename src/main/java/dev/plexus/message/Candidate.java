package dev.plexus.message;

import dev.plexus.config.Provider;
import dev.plexus.model.DialectId;
import dev.plexus.model.TargetId;

/// A target still eligible for an exchange, with the dialect it will be called in. `recovering` is true while failures of it are remembered, so that
/// its next success must be told.
public record Candidate(TargetId id, Provider provider, DialectId dialect, boolean recovering) {}
