package dev.plexus.house.planted.message;

import dev.plexus.house.planted.usage.PrivateUsage;

/// Offends: a message that knows a room.
record UpwardMessage(PrivateUsage seen) {}
