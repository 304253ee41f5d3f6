package dev.plexus.provider;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// Reads the wait that an upstream asks for from its response headers (RFC 9110, 10.2.3, and the `retry-after-ms` of OpenAI's API).
final class RetryAfter {

    private static final double MILLIS_MAX = Duration.ofDays(365).toMillis();

    private RetryAfter() {}

    /// Milliseconds, 0 when no header asks for a positive wait.
    static long millis(MultiMap headers, InstantSource clock) {
        long exact = number(headers.get("retry-after-ms"), 1);
        if (exact > 0) {
            return exact;
        }
        String header = headers.get("retry-after");
        long seconds = number(header, 1000);
        return seconds > 0 || header == null ? seconds : untilDate(header, clock.instant());
    }

    private static long number(@Nullable String text, long unit) {
        if (text == null || text.isBlank() || text.length() > 20 || !Character.isDigit(text.trim().charAt(0))) {
            return 0;
        }
        try {
            double value = Math.ceil(Double.parseDouble(text.trim()) * unit);
            return value > 0 && value < MILLIS_MAX ? (long) value : 0;
        } catch (NumberFormatException _) {
            return 0; // a date, or nonsense
        }
    }

    private static long untilDate(String text, Instant now) {
        try {
            Instant date = ZonedDateTime.parse(text.trim(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Math.max(0, Duration.between(now, date).toMillis());
        } catch (DateTimeException _) {
            return 0; // a header that says nothing asks for nothing
        }
    }
}
