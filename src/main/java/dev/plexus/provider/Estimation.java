package dev.plexus.provider;

import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.Fault;
import dev.plexus.model.DialectId;
import dev.plexus.model.Usage;
import dev.plexus.tokens.RequestTokens;
import dev.plexus.wire.JsonIn;
import org.jspecify.annotations.Nullable;

/// Puts estimated token counts where the provider did not report any (spec: accounting, section 5). What it did report is never overwritten; a count of
/// zero is a report.
final class Estimation {

    private final AttemptAsked asked;
    private final Generated generated;

    private Estimation(AttemptAsked asked, Generated generated) {
        this.asked = asked;
        this.generated = generated;
    }

    /// The same end, with counts for what was delivered: for an answer of a provider of which they are to be estimated, and for a stream that was cut
    /// short after its first byte, because the provider bills it.
    static AttemptEnd complete(AttemptEnd end, AttemptAsked asked, Generated generated) {
        Estimation estimation = new Estimation(asked, generated);
        return switch (end) {
            case AttemptEnd.Complete whole -> new AttemptEnd.Complete(
                    whole.statusCode(), whole.tail(), estimation.ofWhole(whole.observed()), whole.streamed(), whole.firstByteNanos(), whole.startedAt());
            case AttemptEnd.Cancelled cut -> new AttemptEnd.Cancelled(
                    cut.fault(),
                    estimation.ofCut(cut.observed(), cut.streamed() && cut.firstByteNanos() != 0),
                    cut.streamed(),
                    cut.firstByteNanos(),
                    cut.startedAt());
            case AttemptEnd.Broken broken when broken.fault() == Fault.TIMEOUT || broken.fault() == Fault.STALL -> new AttemptEnd.Broken(
                    broken.fault(),
                    broken.statusCode(),
                    broken.reason(),
                    broken.tail(),
                    estimation.ofCut(broken.observed(), broken.streamed() && broken.firstByteNanos() != 0),
                    broken.streamed(),
                    broken.firstByteNanos(),
                    broken.startedAt(),
                    broken.resume());
            case AttemptEnd.Broken _, AttemptEnd.Refused _ -> end;
        };
    }

    private Observed ofWhole(Observed observed) {
        Usage usage = observed.usage();
        boolean wanted = asked.candidate().provider().estimateTokens() || asked.dialect() == DialectId.EMBEDDINGS;
        if (usage == null) {
            return wanted ? with(observed, estimate()) : observed;
        }
        return with(observed, withThoughts(usage));
    }

    private Observed ofCut(Observed observed, boolean begun) {
        Usage usage = observed.usage();
        if (!begun) {
            return observed;
        }
        if (usage == null) {
            return with(observed, estimate());
        }
        return with(observed, isFirstGuess(observed) ? atLeastWhatCame(usage) : withThoughts(usage));
    }

    /// A stream of the Messages dialect counts its output twice: a token or so when it begins, and truly when it ends.
    private boolean isFirstGuess(Observed observed) {
        return asked.candidate().dialect() == DialectId.MESSAGES && observed.finishReason() == null;
    }

    private Usage atLeastWhatCame(Usage usage) {
        long thoughts = generated.reasoning();
        long output = generated.output() + thoughts;
        if (output <= usage.output()) {
            return usage;
        }
        return new Usage(
                usage.input(),
                usage.cached(),
                usage.cacheWrite(),
                usage.cacheWriteLong(),
                output,
                Math.max(usage.reasoning(), thoughts),
                usage.input() + usage.cached() + usage.cacheWrite() + output,
                true);
    }

    /// The Messages dialect may show thoughts without saying how many of the output tokens they were: what is not shown text was thought.
    private Usage withThoughts(Usage usage) {
        if (asked.candidate().dialect() != DialectId.MESSAGES || usage.reasoning() > 0 || generated.reasoning() == 0) {
            return usage;
        }
        long thoughts = Math.max(0, usage.output() - generated.output());
        return new Usage(
                usage.input(), usage.cached(), usage.cacheWrite(), usage.cacheWriteLong(), usage.output(), thoughts, usage.total(), true);
    }

    private Usage estimate() {
        long input = input();
        long thoughts = generated.reasoning();
        long output = generated.output() + thoughts;
        return new Usage(input, 0, 0, 0, output, thoughts, input + output, true);
    }

    /// By the client's own request: a translation holds the same.
    private long input() {
        try {
            return RequestTokens.estimate(asked.dialect(), asked.body());
        } catch (JsonIn.Bad | IllegalArgumentException _) {
            return 0; // holds nothing that could be counted
        }
    }

    private static Observed with(Observed observed, @Nullable Usage usage) {
        return usage == observed.usage() ? observed : new Observed(usage, observed.finishReason(), observed.toolCalls(), observed.visible());
    }
}
