package dev.plexus.house.planted.usage;

/// Offends: sleeps.
final class Sleeper {
    private Sleeper() {}

    static void sleep() throws InterruptedException {
        Thread.sleep(1);
    }
}
