package dev.plexus.house.planted.usage;

/// Offends: by its name.
record TextUtils() {}
