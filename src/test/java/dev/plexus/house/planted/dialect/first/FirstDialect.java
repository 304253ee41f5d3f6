package dev.plexus.house.planted.dialect.first;

import dev.plexus.house.planted.dialect.second.SecondDialect;
import dev.plexus.house.planted.pricing.WiredPricing;

/// Offends twice: knows another dialect, and prices.
record FirstDialect(SecondDialect other, WiredPricing price) {}
