package dev.plexus.house.planted.storage;

import dev.plexus.house.planted.telemetry.RightOfCycle;

/// Offends, with its right: a cycle.
public record LeftOfCycle(Class<RightOfCycle> other) {}
