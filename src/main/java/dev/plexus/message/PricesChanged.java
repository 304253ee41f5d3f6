package dev.plexus.message;

import dev.plexus.pricing.RateCatalogue;

/// These live prices hold from now on. Immutable.
public record PricesChanged(RateCatalogue catalogue) {}
