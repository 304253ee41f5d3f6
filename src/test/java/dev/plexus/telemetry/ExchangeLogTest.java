package dev.plexus.telemetry;

import static dev.plexus.telemetry.UsageRecords.attempt;
import static dev.plexus.telemetry.UsageRecords.attempts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord.AttemptLine.Status;
import dev.plexus.pricing.Cost;
import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ExchangeLogTest {

    private static final Cost COST =
            new Cost(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, new BigDecimal("0.01260000"), "simple", "{}");

    private final Logger logger = (Logger) LoggerFactory.getLogger(ExchangeLog.LOGGER);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final ExchangeLog log = new ExchangeLog();

    @BeforeEach
    void listen() {
        written.start();
        logger.setAdditive(false);
        logger.addAppender(written);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(written);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void a_success_is_one_readable_line() {
        log.write(UsageRecords.success(), COST);

        assertThat(only().getLevel()).isEqualTo(Level.INFO);
        assertThat(only().getFormattedMessage())
                .isEqualTo("7c9e6679-7425-40de-944b-e07fc1f90ae7 chat key=web:shop fast -> openai/gpt-5 success 200"
                        + " in=700 cached=300 written=20 out=200 cost=$0.0126 time=1234ms ttft=312ms attempts=1");
    }

    @Test
    void a_failover_tells_its_history() {
        log.write(
                UsageRecords.of(
                        "fast",
                        "fast",
                        attempts(
                                attempt("azure", "gpt-4", Status.SKIPPED, 0),
                                attempt("azure", "gpt-5", Status.FAILED, 503),
                                attempt(Status.SUCCESS, 200)),
                        ExchangeStatus.SUCCESS,
                        200),
                null);

        assertThat(only().getFormattedMessage())
                .endsWith("attempts=2 [azure/gpt-4 skipped, azure/gpt-5 failed 503, openai/gpt-5 success 200]");
    }

    @Test
    void errors_and_timeouts_are_warnings() {
        log.write(UsageRecords.of("fast", "fast", attempts(attempt(Status.FAILED, 500)), ExchangeStatus.ERROR, 500), null);
        log.write(UsageRecords.of("fast", "fast", attempts(attempt(Status.FAILED, 0)), ExchangeStatus.TIMEOUT, 504), null);
        log.write(UsageRecords.of("fast", "fast", attempts(attempt(Status.FAILED, 0)), ExchangeStatus.CANCELLED, 499), null);

        assertThat(written.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.WARN, Level.INFO);
    }

    @Test
    void structured_output_gets_the_same_as_fields() {
        log.write(UsageRecords.success(), COST);

        Map<String, Object> fields =
                only().getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
        assertThat(fields)
                .contains(
                        entry("plexus.request_id", UsageRecords.REQUEST_ID),
                        entry("plexus.key", "web"),
                        entry("plexus.alias", "fast"),
                        entry("plexus.provider", "openai"),
                        entry("gen_ai.response.model", "gpt-5"),
                        entry("plexus.status", "success"),
                        entry("http.response.status_code", 200),
                        entry("gen_ai.usage.input_tokens", 1_020L),
                        entry("gen_ai.usage.output_tokens", 200L),
                        entry("plexus.cost_usd", COST.total()),
                        entry("plexus.duration_ms", 1_234L));
    }

    @Test
    void a_client_cannot_forge_a_line_or_a_word() {
        log.write(UsageRecords.refused("x\r\n12:00:00 ERROR \u001b[31mhacked success 200\u2028", "no"), null);

        assertThat(only().getFormattedMessage())
                .contains(" \"x??12:00:00 ERROR ?[31mhacked success 200?\" -> - error 404")
                .doesNotContain("\r", "\n", "\u001b", "\u2028");
    }

    @Test
    void a_long_name_is_cut() {
        log.write(UsageRecords.refused("m".repeat(100_000), "no"), null);

        assertThat(only().getFormattedMessage()).contains("m".repeat(256)).doesNotContain("m".repeat(257));
    }

    @Test
    void what_the_upstream_said_is_kept_for_debugging_because_it_may_quote_the_prompt() {
        log.write(UsageRecords.refused("fast", "your prompt 'secret plans' was refused"), null);
        assertThat(only().getFormattedMessage()).doesNotContain("secret plans");

        written.list.clear();
        logger.setLevel(Level.DEBUG);
        log.write(UsageRecords.refused("fast", "your prompt 'secret plans' was refused"), null);
        assertThat(only().getFormattedMessage()).endsWith(" error=\"your prompt 'secret plans' was refused\"");
    }

    private ILoggingEvent only() {
        assertThat(written.list).hasSize(1);
        return written.list.getFirst();
    }
}
