package dev.plexus.house.planted.usage;

/// Offends: state that everybody shares.
final class SharedCounter {
    static int count;

    private SharedCounter() {}
}
