package dev.plexus.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSetupTest {

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void completeContext() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @ParameterizedTest
    @CsvSource({
        "error, ERROR, ERROR",
        "warn, WARN, WARN",
        "info, INFO, WARN",
        "' Debug ', DEBUG, INFO",
        "VERBOSE, TRACE, DEBUG",
        "silly, TRACE, TRACE",
        "loud, INFO, WARN",
    })
    void levels_are_read_whatever_their_case_and_spaces(String spelled, String ours, String libraries) {
        configure(Map.of("LOG_LEVEL", spelled));

        assertThat(context.getLogger("dev.plexus.ingress").getEffectiveLevel()).isEqualTo(Level.toLevel(ours));
        assertThat(context.getLogger(ExchangeLog.LOGGER).getEffectiveLevel()).isEqualTo(Level.toLevel(ours));
        assertThat(context.getLogger("io.vertx.core").getEffectiveLevel()).isEqualTo(Level.toLevel(libraries));
    }

    @Test
    void debug_is_the_default_only_when_it_is_exactly_true() {
        assertThat(LogLevel.chosen(null, null)).isEqualTo(LogLevel.INFO);
        assertThat(LogLevel.chosen(null, "true")).isEqualTo(LogLevel.DEBUG);
        assertThat(LogLevel.chosen(null, "TRUE")).isEqualTo(LogLevel.INFO);
        assertThat(LogLevel.chosen("warn", "true")).isEqualTo(LogLevel.WARN);
        assertThat(LogLevel.chosen("loud", "true")).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void lines_are_human_by_default() {
        assertThat(encoded(Map.of())).contains("WARN").contains("hello").doesNotContain("{");
    }

    @Test
    void lines_are_json_when_asked_for_and_carry_the_fields() {
        assertThat(encoded(Map.of("LOG_FORMAT", "json")))
                .startsWith("{")
                .contains("\"message\":\"hello\"")
                .contains("\"level\":\"WARN\"")
                .contains("\"plexus.alias\":\"fast\"");
    }

    @Test
    void a_reader_that_stands_still_never_holds_up_a_writer() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LogQueue queue = queueInto(new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent line) {
                stuck.countDown();
                awaitForTenSeconds(goOn);
                super.append(line);
            }
        });
        Logger logger = context.getLogger("dev.plexus");
        logger.addAppender(queue);

        logger.warn("first");
        assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < LogQueue.LINES_MAX + 1_000; i++) {
            logger.warn("next");
        }

        // The reader has taken one line, or a batch of them, out of the queue.
        assertThat(queue.dropped()).isBetween(1L, 1_000L);
        goOn.countDown();
        queue.stop();
    }

    private LogQueue queueInto(ListAppender<ILoggingEvent> reader) {
        reader.setContext(context);
        reader.start();
        LogQueue queue = new LogQueue();
        queue.setContext(context);
        queue.addAppender(reader);
        queue.start();
        return queue;
    }

    private static void awaitForTenSeconds(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void configure(Map<String, String> environment) {
        LogSetup setup = new LogSetup(environment::get);
        setup.setContext(context);
        setup.configure(context);
    }

    private String encoded(Map<String, String> environment) {
        configure(environment);
        LogQueue queue = (LogQueue) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(LogQueue.NAME);
        var console = (ConsoleAppender<ILoggingEvent>) queue.getAppender("console");
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        Logger logger = context.getLogger(ExchangeLog.LOGGER);
        logger.setAdditive(false);
        logger.addAppender(events);
        logger.atWarn().addKeyValue("plexus.alias", "fast").log("hello");
        List<ILoggingEvent> seen = events.list;
        return new String(console.getEncoder().encode(seen.getFirst()), StandardCharsets.UTF_8);
    }
}
