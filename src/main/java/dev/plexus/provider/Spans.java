package dev.plexus.provider;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads spans of time as providers write them: `20s`, `10 min`, `1m30.5s`, `850ms`. The text is in lower case.
final class Spans {

    private static final double MILLIS_MAX = 365L * 24 * 3_600_000;
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *(ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])");

    private Spans() {}

    /// Milliseconds, rounded up, 0 where this is no span. The parts add up as long as each is of a smaller unit than the one before; what comes after
    /// that, as in `30s and also 2 minutes`, is another thing.
    static long millis(String text) {
        Matcher part = PART.matcher(text);
        double sum = 0;
        long unitBefore = Long.MAX_VALUE;
        int at = 0;
        while (part.find() && text.substring(at, part.start()).isBlank()) {
            long unit = unit(part.group(2));
            if (unit >= unitBefore) {
                break;
            }
            sum += Double.parseDouble(part.group(1)) * unit;
            unitBefore = unit;
            at = part.end();
        }
        return bounded(sum);
    }

    /// The number of milliseconds in the smallest unit that the text mentions, the largest number where it mentions none.
    static long smallestUnit(String text) {
        long smallest = Long.MAX_VALUE;
        for (Matcher part = PART.matcher(text); part.find(); ) {
            smallest = Math.min(smallest, unit(part.group(2)));
        }
        return smallest;
    }

    /// A number of units as milliseconds, rounded up; 0 where it is no number.
    static long ceil(String number, long unit) {
        try {
            return bounded(Double.parseDouble(number) * unit);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static long bounded(double millis) {
        double up = Math.ceil(millis - 1e-6); // 12.2 seconds are not 12,201 ms
        return up > 0 && up < MILLIS_MAX ? (long) up : 0;
    }

    private static long unit(String name) {
        return switch (name.charAt(0)) {
            case 's' -> 1_000;
            case 'h' -> 3_600_000;
            case 'd' -> 86_400_000;
            default -> name.equals("ms") ? 1 : 60_000;
        };
    }
}
