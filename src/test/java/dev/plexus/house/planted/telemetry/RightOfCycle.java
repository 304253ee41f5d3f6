package dev.plexus.house.planted.telemetry;

import dev.plexus.house.planted.storage.LeftOfCycle;

/// Offends, with its left: a cycle.
public record RightOfCycle(Class<LeftOfCycle> other) {}
