package dev.plexus.quota;

import static java.util.Objects.requireNonNull;

import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import dev.plexus.message.QuotaStandings;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.model.KeyName;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What a client is told of a quota: what is left of it, when it is whole again, and how long to wait.
final class Standings {

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1_000);

    private Standings() {}

    /// For the answer's headers.
    static QuotaVerdict.Standing standing(UserQuota quota, BigDecimal held, long now) {
        BigDecimal remaining = quota.limit().subtract(held).max(BigDecimal.ZERO);
        return new QuotaVerdict.Standing(
                quota.name(),
                plain(quota.limit()),
                shown(quota, remaining),
                ISO.format(Instant.ofEpochMilli(resetsAt(quota, held, now))));
    }

    /// For a refusal.
    static QuotaVerdict.Exceeded exceeded(UserQuota quota, BigDecimal held, long now) {
        BigDecimal waitMillis = CountingWindow.has(quota)
                ? BigDecimal.valueOf(CountingWindow.at(quota, now).end() - now)
                : drainMillis(quota, held.subtract(quota.limit()));
        long seconds = waitMillis.divide(MILLIS_PER_SECOND, 0, RoundingMode.CEILING).longValue();
        return new QuotaVerdict.Exceeded(
                quota.name(),
                quota.measures().name().toLowerCase(Locale.ROOT),
                shown(quota, held),
                plain(quota.limit()),
                resetsAt(quota, held, now),
                Math.max(1, seconds));
    }

    /// How the key stands with the quota, for a person who looks.
    static QuotaStandings.Line line(KeyName key, UserQuota quota, BigDecimal held, long now) {
        return new QuotaStandings.Line(
                key,
                quota.name(),
                quota.window().name().toLowerCase(Locale.ROOT),
                quota.measures().name().toLowerCase(Locale.ROOT),
                shown(quota, held),
                plain(quota.limit()),
                shown(quota, quota.limit().subtract(held).max(BigDecimal.ZERO)),
                ISO.format(Instant.ofEpochMilli(resetsAt(quota, held, now))));
    }

    /// When nothing is held any more, if nothing more is used: the end of the window, or the time at which the bucket has leaked empty.
    private static long resetsAt(UserQuota quota, BigDecimal held, long now) {
        return CountingWindow.has(quota)
                ? CountingWindow.at(quota, now).end()
                : now + drainMillis(quota, held).setScale(0, RoundingMode.CEILING).longValue();
    }

    /// How long a leaky bucket takes to lose this amount.
    private static BigDecimal drainMillis(UserQuota quota, BigDecimal amount) {
        BigDecimal duration = BigDecimal.valueOf(requireNonNull(quota.duration()).toMillis());
        return amount.multiply(duration).divide(quota.limit(), 3, RoundingMode.HALF_UP);
    }

    /// Of several refusals the one that holds longest is told first: when it is over, so are the others.
    static QuotaVerdict.Exceeded longest(List<QuotaVerdict.Exceeded> refusals) {
        QuotaVerdict.Exceeded longest = Collections.max(refusals, Comparator.comparingLong(QuotaVerdict.Exceeded::retryAfterSeconds));
        if (refusals.size() == 1) {
            return longest;
        }
        List<QuotaVerdict.Exceeded> others = refusals.stream().filter(refusal -> refusal != longest).toList();
        return new QuotaVerdict.Exceeded(
                longest.quota(),
                longest.measure(),
                longest.currentUsage(),
                longest.limit(),
                longest.resetsAt(),
                longest.retryAfterSeconds(),
                others);
    }

    /// Requests and tokens are shown whole, dollars as they are.
    private static BigDecimal shown(UserQuota quota, BigDecimal amount) {
        return quota.measures() == Measure.COST ? plain(amount) : amount.setScale(0, RoundingMode.HALF_UP);
    }

    /// Without trailing zeros, and never in powers of ten.
    private static BigDecimal plain(BigDecimal amount) {
        BigDecimal stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
