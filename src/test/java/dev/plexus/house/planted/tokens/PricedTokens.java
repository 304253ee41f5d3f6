package dev.plexus.house.planted.tokens;

import dev.plexus.house.planted.pricing.WiredPricing;

/// Offends: counts that know prices.
public record PricedTokens(Class<WiredPricing> pricing) {}
