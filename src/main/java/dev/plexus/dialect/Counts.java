package dev.plexus.dialect;

import com.fasterxml.jackson.core.JsonParser;
import dev.plexus.model.Usage;
import dev.plexus.wire.CountText;
import java.io.IOException;

/// The rules that token counts of every dialect go by: how raw numbers are read, and how parts of a prompt are told apart.
public final class Counts {

    /// A count that was not reported, which is not the same as zero.
    public static final long ABSENT = CountText.ABSENT;

    private Counts() {}

    /// The count that the parser's current value gives: rounded down, at least zero, at most [CountText#MAX]; digits in a string are accepted, what
    /// is no number is zero, and null is absent.
    public static long read(JsonParser parser) throws IOException {
        return CountText.read(parser);
    }

    /// The first of the counts that was reported, else zero.
    public static long first(long one, long other) {
        return one != ABSENT ? one : Math.max(0, other);
    }

    /// The first of the counts that was reported, else zero.
    public static long first(long one, long two, long three) {
        return one != ABSENT ? one : first(two, three);
    }

    /// The counts of a vendor whose prompt count includes what came from and went to the cache, unless those are more than the prompt:
    /// then the vendor has subtracted them already.
    public static Usage ofWholePrompt(long prompt, long cached, long cacheWrite, long output, long reasoning, long total) {
        long apart = cached + cacheWrite;
        long input = apart > prompt ? prompt : prompt - apart;
        return of(input, cached, cacheWrite, 0, output, reasoning, total);
    }

    /// Counts that are disjoint already; the total is their sum where none was reported.
    public static Usage of(long input, long cached, long cacheWrite, long cacheWriteLong, long output, long reasoning, long total) {
        long sum = input + cached + cacheWrite + output;
        return new Usage(input, cached, cacheWrite, Math.min(cacheWriteLong, cacheWrite), output, Math.min(reasoning, output),
                total > 0 ? total : sum);
    }
}
