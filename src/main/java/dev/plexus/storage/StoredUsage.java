package dev.plexus.storage;

import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.pricing.Cost;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A usage record as it is to be stored: with what it cost, and the node that served it.
public record StoredUsage(UsageRecord usage, @Nullable Cost cost, String node) {

    /// The attempts that were really made.
    List<AttemptLine> realAttempts() {
        return usage.served().attempts().stream()
                .filter(line -> line.status() != AttemptLine.Status.SKIPPED)
                .toList();
    }

    /// Epoch milliseconds as the text columns have them: ISO 8601, UTC, always with three decimals.
    static String iso(long epochMillis) {
        String text = Instant.ofEpochMilli(epochMillis).toString();
        return epochMillis % 1_000 == 0 ? text.substring(0, text.length() - 1) + ".000Z" : text;
    }
}
