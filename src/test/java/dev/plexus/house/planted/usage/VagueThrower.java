package dev.plexus.house.planted.usage;

/// Offends: says nothing about what went wrong.
final class VagueThrower {
    private VagueThrower() {}

    static void fail() {
        throw new RuntimeException("oops");
    }
}
