package dev.plexus.model;

/// Token counts of one answer, in the disjoint counts that quotas and costs are computed from.
///
/// `input` was neither read from nor written to a cache; `cached` was read from one, `cacheWrite` written to one, of which
/// `cacheWriteLong` (a part of `cacheWrite`) with the one-hour lifetime; `output` is everything generated, and `reasoning` is the part of
/// `output` that was thinking. `total` is the provider's own total where it gave a positive one, else the sum. `estimated` is true if the provider
/// did not report them all.
public record Usage(long input, long cached, long cacheWrite, long cacheWriteLong, long output, long reasoning, long total, boolean estimated) {

    public Usage(long input, long cached, long cacheWrite, long cacheWriteLong, long output, long reasoning, long total) {
        this(input, cached, cacheWrite, cacheWriteLong, output, reasoning, total, false);
    }

    public Usage {
        if (input < 0 || cached < 0 || cacheWrite < 0 || cacheWriteLong < 0 || output < 0 || reasoning < 0 || total < 0) {
            throw new IllegalArgumentException("usage: counts must not be negative");
        }
        if (cacheWriteLong > cacheWrite) {
            throw new IllegalArgumentException("usage: cacheWriteLong is a part of cacheWrite");
        }
    }
}
