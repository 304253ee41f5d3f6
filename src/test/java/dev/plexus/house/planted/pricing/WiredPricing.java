package dev.plexus.house.planted.pricing;

import dev.plexus.house.planted.wire.PricedWire;

/// Offends: prices that know framing.
public record WiredPricing(Class<PricedWire> wire) {}
