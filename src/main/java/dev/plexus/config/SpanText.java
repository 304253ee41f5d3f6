package dev.plexus.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The durations people write: `2h30m`, `1.5h`, `90 seconds`; a bare number is milliseconds.
final class SpanText {

    private static final Pattern PART = Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)\\s*([a-z]+)\\s*");
    private static final Pattern BARE = Pattern.compile("\\d+(\\.\\d+)?");
    /// A thousand years; anything longer is a slip of the pen.
    private static final BigDecimal MILLIS_MAX = new BigDecimal("31556952000000");

    private SpanText() {}

    /// The duration, or nothing when the text is no positive one.
    static Optional<Duration> parse(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        if (wanted.length() > 100) {
            return Optional.empty();
        }
        BigDecimal sum = BigDecimal.ZERO;
        if (BARE.matcher(wanted).matches()) {
            sum = new BigDecimal(wanted);
        } else {
            Matcher part = PART.matcher(wanted);
            int end = 0;
            while (part.find() && part.start() == end) {
                long unit = millisOf(part.group(2));
                if (unit == 0) {
                    return Optional.empty();
                }
                sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
                end = part.end();
            }
            if (end == 0 || end != wanted.length()) {
                return Optional.empty();
            }
        }
        Duration span = sum.compareTo(MILLIS_MAX) > 0 ? Duration.ZERO : Duration.ofMillis(sum.longValue());
        return span.isPositive() ? Optional.of(span) : Optional.empty();
    }

    private static long millisOf(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s", "sec", "second", "seconds" -> 1_000;
            case "m", "min", "minute", "minutes" -> 60_000;
            case "h", "hr", "hour", "hours" -> 3_600_000;
            case "d", "day", "days" -> 86_400_000;
            case "w", "week", "weeks" -> 604_800_000;
            default -> 0;
        };
    }
}
