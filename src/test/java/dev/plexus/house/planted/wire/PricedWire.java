package dev.plexus.house.planted.wire;

import dev.plexus.house.planted.pricing.WiredPricing;

/// Offends: framing that knows prices.
public record PricedWire(Class<WiredPricing> price) {}
