package dev.plexus.quota;

import static java.util.Objects.requireNonNull;

import dev.plexus.config.UserQuota;
import dev.plexus.config.UserQuota.Measure;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;

/// The time over which a counter runs before it starts again from zero: epoch milliseconds, `end` not included. All in UTC.
record CountingWindow(long start, long end) {

    /// Is this quota counted in windows? If not, its counter leaks steadily and never starts again. Rolling cost quotas have windows of their
    /// duration, laid end to end from the epoch on.
    static boolean has(UserQuota quota) {
        return quota.window() != UserQuota.Window.ROLLING || quota.measures() == Measure.COST;
    }

    /// The window of a quota that has windows, at this time.
    static CountingWindow at(UserQuota quota, long now) {
        return switch (quota.window()) {
            case ROLLING -> aligned(requireNonNull(quota.duration()).toMillis(), now);
            case DAILY -> days(today(now), today(now).plusDays(1));
            case WEEKLY -> {
                DayOfWeek first = quota.weekStartsMonday() ? DayOfWeek.MONDAY : DayOfWeek.SUNDAY;
                LocalDate start = today(now).with(TemporalAdjusters.previousOrSame(first));
                yield days(start, start.plusWeeks(1));
            }
            case MONTHLY -> {
                LocalDate start = today(now).withDayOfMonth(1);
                yield days(start, start.plusMonths(1));
            }
        };
    }

    private static CountingWindow aligned(long length, long now) {
        long start = Math.floorDiv(now, length) * length;
        return new CountingWindow(start, start + length);
    }

    private static LocalDate today(long now) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(now), ZoneOffset.UTC);
    }

    private static CountingWindow days(LocalDate start, LocalDate end) {
        return new CountingWindow(midnight(start), midnight(end));
    }

    private static long midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
