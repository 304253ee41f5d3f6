package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;

/// Reads a count (of tokens, of milliseconds) in whatever spelling it comes.
public final class CountText {

    /// A count that was not reported, which is not the same as zero.
    public static final long ABSENT = -1;

    /// No count is believed beyond this, so that sums of a few never overflow.
    public static final long MAX = Long.MAX_VALUE >> 4;

    private CountText() {}

    /// The count that the parser's current value gives: rounded down, at least zero, at most [#MAX]; digits in a string are accepted, what
    /// is no number is zero, and null is absent.
    public static long read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_NULL -> ABSENT;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_STRING -> text(parser.getText());
            default -> 0;
        };
    }

    private static long number(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return switch (parser.getNumberType()) {
                case INT, LONG -> clamp(parser.getLongValue());
                default -> parser.getBigIntegerValue().signum() < 0 ? 0 : MAX;
            };
        }
        return floating(parser.getDoubleValue());
    }

    private static long text(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 64) {
            return 0;
        }
        try {
            return floating(new BigDecimal(digits).doubleValue());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static long floating(double value) {
        return value > 0 ? clamp((long) value) : 0;
    }

    private static long clamp(long value) {
        return Math.clamp(value, 0, MAX);
    }
}
