package dev.plexus.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.plexus.message.UsageRecord;
import dev.plexus.pricing.Cost;
import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;

/// What does it cost to count an ended exchange, and to write its line up to the queue?
///
/// `java -cp <test class path> org.openjdk.jmh.Main ExchangeMetricsBenchmark`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ExchangeMetricsBenchmark {

    private final ExchangeMetrics metrics = new Telemetry().exchanges();
    private final ExchangeLog log = new ExchangeLog();
    private final UsageRecord usage = UsageRecords.success();
    private final Cost cost = new Cost(
            BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, new BigDecimal("0.01260000"), "simple", "{}");

    /// Lines end in an appender that drops them.
    @Setup
    public void dropLines() {
        Logger logger = (Logger) LoggerFactory.getLogger(ExchangeLog.LOGGER);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        AppenderBase<ILoggingEvent> nowhere = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {}
        };
        nowhere.start();
        logger.addAppender(nowhere);
    }

    @Benchmark
    public void record() {
        metrics.record(usage, cost);
    }

    @Benchmark
    public void line() {
        log.write(usage, cost);
    }
}
