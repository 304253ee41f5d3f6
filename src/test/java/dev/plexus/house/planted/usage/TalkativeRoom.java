package dev.plexus.house.planted.usage;

/// Offends: prints.
final class TalkativeRoom {
    private TalkativeRoom() {}

    static void talk() {
        System.out.println("hello");
    }
}
