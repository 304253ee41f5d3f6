package dev.plexus.routing;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.PerformanceSample;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads from the record of an exchange what each of its attempts showed of its target (routing.md 7): one sample for each attempt that says something
/// of the target, with times counted from the attempt's own start, so that nobody is charged for the slowness of whoever was asked before.
final class Samples {

    /// What went wrong was the caller's doing.
    private static final Set<Integer> CALLERS = Set.of(400, 413, 422);
    /// So the attempt lines call what ended an attempt without a fault of the target's.
    private static final Set<String> NOBODYS = Set.of("cancelled", "draining", "the gateway is shutting down", "internal error");

    private Samples() {}

    static List<PerformanceSample> of(UsageRecord usage) {
        List<AttemptLine> lines = usage.served().attempts();
        List<PerformanceSample> samples = new ArrayList<>(lines.size());
        for (AttemptLine line : lines) {
            switch (line.status()) {
                case SUCCESS -> samples.add(served(usage, line));
                case FAILED -> {
                    boolean callers = CALLERS.contains(line.statusCode());
                    boolean nobodys = NOBODYS.contains(line.reason());
                    if (!callers && !nobodys) {
                        samples.add(sample(usage, line, Double.NaN, 0, Double.NaN, false));
                    }
                }
                case SKIPPED -> {} // the target was not asked
            }
        }
        return samples;
    }

    /// The attempt that succeeded is the last one, and ended when the exchange did.
    private static PerformanceSample served(UsageRecord usage, AttemptLine line) {
        UsageRecord.Outcome outcome = usage.outcome();
        long output = outcome.usage() == null ? 0 : outcome.usage().output();
        double began = Math.max(0, outcome.durationMs() - line.durationMs());
        double ttft = outcome.streamed() && outcome.ttftMs() >= 0 ? Math.max(0, outcome.ttftMs() - began) : Double.NaN;
        double generating = Double.isNaN(ttft) ? line.durationMs() : line.durationMs() - ttft;
        double tokensPerSecond = output > 0 && generating > 0 ? output / generating * 1_000 : Double.NaN;
        return sample(usage, line, ttft, output, tokensPerSecond, outcome.status() != ExchangeStatus.EMPTY);
    }

    private static PerformanceSample sample(
            UsageRecord usage, AttemptLine line, double ttft, long output, double tokensPerSecond, boolean success) {
        return new PerformanceSample(
                new TargetId(new ProviderId(line.provider()), line.model()),
                usage.served().canonicalModel(),
                usage.requestId().value(),
                ttft,
                output,
                line.durationMs(),
                tokensPerSecond,
                success,
                usage.startTime() + usage.outcome().durationMs());
    }
}
