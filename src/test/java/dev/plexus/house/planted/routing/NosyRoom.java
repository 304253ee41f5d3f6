package dev.plexus.house.planted.routing;

import dev.plexus.house.planted.usage.PrivateUsage;

/// Offends: looks into another room.
record NosyRoom(PrivateUsage seen) {}
