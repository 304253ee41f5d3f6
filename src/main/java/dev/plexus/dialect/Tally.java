package dev.plexus.dialect;

import java.util.Arrays;

/// The raw counts of a usage object, by the place where each was found.
@SuppressWarnings("EnumOrdinal") // An array by ordinal is what an EnumMap is, without boxing a count per chunk.
public final class Tally<P extends Enum<P>> {

    private final long[] counts;
    private boolean any;

    public Tally(Class<P> places) {
        counts = new long[places.getEnumConstants().length];
        clear();
    }

    /// Forgets all counts.
    public void clear() {
        any = false;
        Arrays.fill(counts, Counts.ABSENT);
    }

    /// Takes the count of that place; the last one holds.
    public void set(P place, long count) {
        counts[place.ordinal()] = count;
        any |= count != Counts.ABSENT;
    }

    /// Takes the count of that place; the largest one holds.
    public void raise(P place, long count) {
        set(place, Math.max(raw(place), count));
    }

    /// True if anything was counted.
    public boolean any() {
        return any;
    }

    /// The count of that place, or [Counts#ABSENT].
    public long raw(P place) {
        return counts[place.ordinal()];
    }

    /// The count of that place, zero where there was none.
    public long at(P place) {
        return Math.max(0, raw(place));
    }
}
