package dev.plexus.config;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads the two spellings of [Stall]: `stall` at the top level, and the `stall...` keys of a provider.
final class StallReader {

    private static final BigDecimal SECOND_MILLIS = BigDecimal.valueOf(1_000);

    private StallReader() {}

    static Stall top(Cursor at) {
        Stall base = Stall.OFF;
        Duration window = seconds(at, "windowSeconds");
        Duration grace = seconds(at, "gracePeriodSeconds");
        return new Stall(
                seconds(at, "ttfbSeconds"),
                at.whole("ttfbBytes", base.firstBytes()),
                at.whole("minBytesPerSecond"),
                window == null ? base.window() : window,
                grace == null ? base.grace() : grace,
                at.flag("stallCooldown", base.cools()));
    }

    /// A key that is left out is inherited; of the two thresholds one that is there without a value is off.
    static Stall provider(Cursor at, Stall base) {
        return new Stall(
                inherits(at, "stallTtfbMs") ? base.firstWithin() : millis(at, "stallTtfbMs"),
                at.whole("stallTtfbBytes", base.firstBytes()),
                inherits(at, "stallMinBps") ? base.bytesPerSecond() : positive(at.whole("stallMinBps")),
                SettingsReader.millis(at, "stallWindowMs", base.window()),
                SettingsReader.millis(at, "stallGracePeriodMs", base.grace()),
                at.flag("stall_cooldown", base.cools()));
    }

    private static boolean inherits(Cursor at, String key) {
        return !at.mentions(key);
    }

    private static @Nullable Duration seconds(Cursor at, String key) {
        BigDecimal seconds = at.number(key);
        return seconds == null ? null : Duration.ofMillis(seconds.multiply(SECOND_MILLIS).longValue());
    }

    private static @Nullable Duration millis(Cursor at, String key) {
        Long millis = positive(at.whole(key));
        return millis == null ? null : Duration.ofMillis(millis);
    }

    private static @Nullable Long positive(@Nullable Long value) {
        return value == null || value <= 0 ? null : value;
    }
}
