package dev.plexus.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.function.UnaryOperator;
import net.logstash.logback.encoder.LogstashEncoder;
import org.jspecify.annotations.Nullable;

/// Sets up Logback from the environment: `LOG_FORMAT`, `LOG_LEVEL`, `DEBUG`. Logback finds it through `META-INF/services`.
///
/// Written in Java because reading `logback.xml` would take longer than all the rest of setting up. A `logback.configurationFile` system property
/// wins over it.
public final class LogSetup extends ContextAwareBase implements Configurator {

    private static final String HUMAN = "%d{HH:mm:ss.SSS} %-5level %-26logger{26} %msg%n";

    private final UnaryOperator<@Nullable String> environment;

    /// As Logback makes it.
    public LogSetup() {
        this(name -> name == null ? null : System.getenv(name));
    }

    LogSetup(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setEncoder(encoder(context));
        console.start();
        LogQueue queue = new LogQueue();
        queue.setContext(context);
        queue.addAppender(console);
        queue.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(queue);
        String logLevel = environment.apply("LOG_LEVEL");
        LogLevel level = LogLevel.chosen(logLevel, environment.apply("DEBUG"));
        level.applyTo(context);
        if (logLevel != null && LogLevel.of(logLevel).isEmpty()) {
            context.getLogger(LogSetup.class)
                    .warn(
                            "LOG_LEVEL={} is not a level; logging at {}. Levels are error, warn, info, debug, verbose and silly.",
                            Printable.word(logLevel),
                            level.label());
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private Encoder<ILoggingEvent> encoder(LoggerContext context) {
        Encoder<ILoggingEvent> encoder = wantsJson() ? json() : human();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private boolean wantsJson() {
        String format = environment.apply("LOG_FORMAT");
        return format != null && format.strip().equalsIgnoreCase("json");
    }

    private static Encoder<ILoggingEvent> human() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(HUMAN);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json() {
        LogstashEncoder encoder = new LogstashEncoder();
        return encoder;
    }
}
