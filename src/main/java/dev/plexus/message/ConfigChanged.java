package dev.plexus.message;

import dev.plexus.config.Config;

/// A new snapshot holds from now on.
public record ConfigChanged(Config config) {}
