package dev.plexus.house.planted.usage;

/// Offends: hides state in a thread.
final class LocalHolder {
    private static final ThreadLocal<String> HELD = new ThreadLocal<>();

    private LocalHolder() {}

    static String held() {
        return HELD.get();
    }
}
