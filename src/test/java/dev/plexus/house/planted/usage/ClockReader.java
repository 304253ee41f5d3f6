package dev.plexus.house.planted.usage;

import java.util.function.LongSupplier;

/// Offends: reads the clock.
final class ClockReader {
    private ClockReader() {}

    static LongSupplier clock() {
        return System::nanoTime;
    }
}
