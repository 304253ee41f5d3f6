package dev.plexus.message;

import dev.plexus.model.KeyName;
import java.math.BigDecimal;
import java.util.List;

/// The answer to [QuotaStandingsAsked]: a line for each quota of each key.
public record QuotaStandings(List<Line> lines) {

    /// What a key holds of one of its quotas. `window` and `measure` are in the words of the configuration; `resetsAt` is ISO 8601 in UTC.
    public record Line(
            KeyName key, String quota, String window, String measure, BigDecimal used, BigDecimal limit, BigDecimal remaining, String resetsAt) {}

    public QuotaStandings {
        lines = List.copyOf(lines);
    }
}
