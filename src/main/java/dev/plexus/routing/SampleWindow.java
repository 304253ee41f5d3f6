package dev.plexus.routing;

import dev.plexus.message.PerformanceSample;
import dev.plexus.message.PerformanceView.Figures;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// The last samples of one target with their running sums, and its requests of the last 24 hours, hour by hour.
///
/// Grows to its full length only where there are that many samples. Hours are counted from the epoch.
final class SampleWindow {

    private static final int HOURS = 24;
    private static final int FIRST_LENGTH = 8;

    private final int samplesMax;
    private final Average tokensPerSecond = new Average();
    private final Average ttft = new Average();
    private final Average inAll = new Average();
    private final int[] requests = new int[HOURS];
    private final long[] hours = new long[HOURS];
    private long count;
    private long lastSampleAt;

    SampleWindow(int samplesMax) {
        this.samplesMax = samplesMax;
    }

    void add(PerformanceSample sample) {
        int place = (int) (count % samplesMax);
        tokensPerSecond.put(place, sample.tokensPerSecond(), samplesMax);
        ttft.put(place, sample.ttftMs(), samplesMax);
        inAll.put(place, sample.tokensPerSecondInAll(), samplesMax);
        count++;
        lastSampleAt = Math.max(lastSampleAt, sample.at());
    }

    void requests(long hour, int number) {
        int place = (int) (hour % HOURS);
        if (hours[place] != hour) {
            if (hours[place] > hour) {
                return; // older than a day
            }
            hours[place] = hour;
            requests[place] = 0;
        }
        requests[place] += number;
    }

    Figures figures(long now) {
        return new Figures(tokensPerSecond.value(), ttft.value(), inAll.value(), lastSampleAt, requestsOfTheDay(now));
    }

    private long requestsOfTheDay(long now) {
        long hour = hourOf(now);
        long sum = 0;
        for (int place = 0; place < HOURS; place++) {
            sum += hours[place] > hour - HOURS ? requests[place] : 0;
        }
        return sum;
    }

    static long hourOf(long millis) {
        return TimeUnit.MILLISECONDS.toHours(millis);
    }

    /// The average of the known ones among the last values: NaN without any, never 0.
    private static final class Average {
        private float[] values = new float[0];
        private double sum;
        private int known;

        void put(int place, double value, int lengthMax) {
            if (place >= values.length) {
                int from = values.length;
                values = Arrays.copyOf(values, Math.clamp(2L * place, Math.min(FIRST_LENGTH, lengthMax), lengthMax));
                Arrays.fill(values, from, values.length, Float.NaN);
            }
            float before = values[place];
            if (!Float.isNaN(before)) {
                sum -= before;
                known--;
            }
            float now = (float) value;
            values[place] = now;
            if (!Float.isNaN(now)) {
                sum += now;
                known++;
            }
        }

        double value() {
            return known == 0 ? Double.NaN : sum / known;
        }
    }
}
