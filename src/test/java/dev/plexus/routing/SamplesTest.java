package dev.plexus.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.PerformanceSample;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.message.UsageRecord.AttemptLine.Status;
import dev.plexus.model.DialectId;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {

    @Test
    void a_streamed_answer_is_measured_from_the_start_of_its_own_attempt() {
        UsageRecord usage = usage(ExchangeStatus.SUCCESS, 5_000, 3_500, true, 100, line(Status.FAILED, 503, "busy", 2_990), line(Status.SUCCESS, 200, "", 2_000));

        List<PerformanceSample> samples = Samples.of(usage);

        assertThat(samples).extracting(PerformanceSample::success).containsExactly(false, true);
        assertThat(samples.getFirst().ttftMs()).isNaN();
        assertThat(samples.getFirst().tokensPerSecond()).isNaN();
        assertThat(samples.getLast().ttftMs()).isEqualTo(500);
        assertThat(samples.getLast().tokensPerSecond()).isEqualTo(100 / 1.5);
        assertThat(samples.getLast().tokensPerSecondInAll()).isEqualTo(50);
        assertThat(samples.getLast().canonicalModel()).isEqualTo("fast");
    }

    @Test
    void a_whole_answer_has_no_time_to_the_first_token_and_is_measured_over_its_duration() {
        PerformanceSample sample = Samples.of(usage(ExchangeStatus.SUCCESS, 2_000, 1_999, false, 100, line(Status.SUCCESS, 200, "", 2_000))).getFirst();

        assertThat(sample.ttftMs()).isNaN();
        assertThat(sample.tokensPerSecond()).isEqualTo(50);
    }

    @Test
    void an_answer_without_output_or_duration_has_no_speed() {
        assertThat(Samples.of(usage(ExchangeStatus.SUCCESS, 2_000, 10, true, 0, line(Status.SUCCESS, 200, "", 2_000))).getFirst().tokensPerSecond()).isNaN();
        assertThat(Samples.of(usage(ExchangeStatus.SUCCESS, 10, 10, true, 5, line(Status.SUCCESS, 200, "", 10))).getFirst().tokensPerSecond()).isNaN();
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource({
        "FAILED, 500, broken, 1",
        "FAILED, 429, busy, 1",
        "FAILED, 0, ECONNRESET, 1",
        "FAILED, 400, bad, 0",
        "FAILED, 413, large, 0",
        "FAILED, 422, bad, 0",
        "FAILED, 0, cancelled, 0",
        "FAILED, 0, draining, 0",
        "FAILED, 200, internal error, 0",
        "FAILED, 200, the gateway is shutting down, 0",
        "SKIPPED, 0, concurrency limit reached, 0"
    })
    void only_what_says_something_of_the_target_is_a_sample(Status status, int code, String reason, int samples) {
        assertThat(Samples.of(usage(ExchangeStatus.ERROR, 100, -1, false, 0, line(status, code, reason, 50)))).hasSize(samples);
    }

    @Test
    void an_empty_answer_is_a_failure() {
        assertThat(Samples.of(usage(ExchangeStatus.EMPTY, 100, 10, true, 0, line(Status.SUCCESS, 200, "", 100))).getFirst().success()).isFalse();
    }

    private static AttemptLine line(Status status, int code, String reason, long durationMs) {
        return new AttemptLine("p", "m", DialectId.CHAT, status, code, reason, true, durationMs);
    }

    private static UsageRecord usage(ExchangeStatus status, long durationMs, double ttftMs, boolean streamed, long output, AttemptLine... lines) {
        return new UsageRecord(
                new RequestId("r"),
                1_000_000,
                new UsageRecord.Caller("127.0.0.1", null, null, null),
                new UsageRecord.Asked(DialectId.CHAT, "fast", streamed, 0, 1, null),
                new UsageRecord.Served("fast", "p", "m", DialectId.CHAT, true, List.of(lines)),
                new UsageRecord.Outcome(status, 200, durationMs, ttftMs, streamed, new Usage(1, 0, 0, 0, output, 0, 1 + output), 0, null, null),
                "hash");
    }
}
