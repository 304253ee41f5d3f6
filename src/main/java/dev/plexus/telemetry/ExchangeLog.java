package dev.plexus.telemetry;

import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.model.Usage;
import dev.plexus.pricing.Cost;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// Writes the one log line of each exchange, to the logger `plexus.exchange`. Safe on any thread.
///
/// The line never holds a secret or a prompt: keys appear by name, and what an upstream said about an error, which may quote the prompt, only when
/// the logger is set to debug. Names that a client spelled are made printable.
public final class ExchangeLog {

    public static final String LOGGER = "plexus.exchange";

    private final Logger logger = LoggerFactory.getLogger(LOGGER);

    /// Writes the line: a warning for errors and timeouts, else for information. `cost` is null when there was none.
    public void write(UsageRecord usage, @Nullable Cost cost) {
        UsageRecord.Outcome outcome = usage.outcome();
        Level level =
                switch (outcome.status()) {
                    case ERROR, TIMEOUT -> Level.WARN;
                    case PENDING, SUCCESS, CANCELLED, STALL, EMPTY, QUOTA_EXCEEDED, ABORTED -> Level.INFO;
                };
        if (!logger.isEnabledForLevel(level)) {
            return;
        }
        Fields fields = fields(logger.atLevel(level), usage, cost);
        String line = line(usage, cost);
        String error = outcome.errorMessage();
        if (error == null || !logger.isDebugEnabled()) {
            fields.log(line);
        } else {
            fields.text("plexus.error", error).log(line + " error=" + Printable.word(error));
        }
    }

    private static String line(UsageRecord usage, @Nullable Cost cost) {
        UsageRecord.Outcome outcome = usage.outcome();
        StringBuilder line = new StringBuilder(256)
                .append(Printable.word(usage.requestId().value()))
                .append(' ')
                .append(usage.asked().dialect().label())
                .append(" key=")
                .append(wordOrDash(keyName(usage)));
        String attribution = usage.caller().attribution();
        if (attribution != null) {
            line.append(':').append(Printable.word(attribution));
        }
        line.append(' ').append(wordOrDash(alias(usage))).append(" -> ").append(target(usage.served()));
        line.append(' ').append(outcome.status().label()).append(' ').append(outcome.httpStatus());
        appendTokens(line, outcome.usage());
        if (cost != null && cost.total() != null) {
            line.append(" cost=$").append(cost.total().stripTrailingZeros().toPlainString());
        }
        line.append(" time=").append(outcome.durationMs()).append("ms");
        if (outcome.streamed() && outcome.ttftMs() >= 0) {
            line.append(" ttft=").append(Math.round(outcome.ttftMs())).append("ms");
        }
        appendAttempts(line, usage.served().attempts());
        return line.toString();
    }

    private static void appendTokens(StringBuilder line, @Nullable Usage usage) {
        if (usage == null) {
            return;
        }
        line.append(" in=").append(usage.input());
        if (usage.cached() > 0) {
            line.append(" cached=").append(usage.cached());
        }
        if (usage.cacheWrite() > 0) {
            line.append(" written=").append(usage.cacheWrite());
        }
        line.append(" out=").append(usage.output());
    }

    /// A single success needs no history; whatever else happened is told attempt by attempt.
    private static void appendAttempts(StringBuilder line, List<AttemptLine> attempts) {
        line.append(" attempts=").append(attempted(attempts));
        if (attempts.isEmpty() || (attempts.size() == 1 && attempts.getFirst().status() == AttemptLine.Status.SUCCESS)) {
            return;
        }
        String separator = " [";
        for (AttemptLine attempt : attempts) {
            line.append(separator)
                    .append(Printable.word(attempt.provider() + "/" + attempt.model()))
                    .append(' ')
                    .append(attempt.status().name().toLowerCase(Locale.ROOT));
            if (attempt.statusCode() != 0) {
                line.append(' ').append(attempt.statusCode());
            }
            separator = ", ";
        }
        line.append(']');
    }

    private static Fields fields(LoggingEventBuilder event, UsageRecord usage, @Nullable Cost cost) {
        UsageRecord.Served served = usage.served();
        UsageRecord.Outcome outcome = usage.outcome();
        Fields fields = new Fields(event)
                .text("plexus.request_id", usage.requestId().value())
                .text("plexus.dialect", usage.asked().dialect().label())
                .text("plexus.client_request_id", usage.caller().clientRequestId())
                .text("plexus.key", keyName(usage))
                .text("plexus.attribution", usage.caller().attribution())
                .text("gen_ai.request.model", usage.asked().model())
                .text("plexus.alias", served.canonicalModel())
                .text("plexus.provider", served.provider())
                .text("gen_ai.response.model", served.model())
                .value("plexus.status", outcome.status().label())
                .value("http.response.status_code", outcome.httpStatus())
                .value("plexus.attempts", attempted(served.attempts()))
                .value("plexus.stream", outcome.streamed())
                .value("plexus.duration_ms", outcome.durationMs())
                .value("plexus.ttft_ms", outcome.ttftMs() < 0 ? null : outcome.ttftMs())
                .value("plexus.cost_usd", cost == null ? null : cost.total())
                .text("gen_ai.response.finish_reason", outcome.finishReason());
        Usage counts = outcome.usage();
        return counts == null
                ? fields
                : fields.value("gen_ai.usage.input_tokens", counts.input() + counts.cached() + counts.cacheWrite())
                        .value("gen_ai.usage.output_tokens", counts.output())
                        .value("plexus.cached_tokens", counts.cached())
                        .value("plexus.cache_write_tokens", counts.cacheWrite())
                        .value("plexus.reasoning_tokens", counts.reasoning());
    }

    private static @Nullable String keyName(UsageRecord usage) {
        return usage.caller().apiKey() == null ? null : usage.caller().apiKey().value();
    }

    /// The canonical name, or while there is none what the client sent.
    private static @Nullable String alias(UsageRecord usage) {
        String canonical = usage.served().canonicalModel();
        return canonical == null ? usage.asked().model() : canonical;
    }

    private static String target(UsageRecord.Served served) {
        return served.provider() == null ? "-" : Printable.word(served.provider() + "/" + served.model());
    }

    private static String wordOrDash(@Nullable String text) {
        return text == null ? "-" : Printable.word(text);
    }

    private static long attempted(List<AttemptLine> attempts) {
        return attempts.stream().filter(attempt -> attempt.status() != AttemptLine.Status.SKIPPED).count();
    }

    /// The fields of a log event; absent ones are left out.
    private record Fields(LoggingEventBuilder event) {

        /// A field whose text somebody else may have chosen.
        Fields text(String name, @Nullable String text) {
            return value(name, text == null ? null : Printable.label(text));
        }

        Fields value(String name, @Nullable Object value) {
            return value == null ? this : new Fields(event.addKeyValue(name, value));
        }

        void log(String line) {
            event.log(line);
        }
    }
}
