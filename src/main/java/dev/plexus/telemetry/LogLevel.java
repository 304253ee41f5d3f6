package dev.plexus.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// How much is logged, from least to most. Libraries are held one step quieter than the gateway, or its own lines would drown.
public enum LogLevel {
    ERROR(Level.ERROR, Level.ERROR),
    WARN(Level.WARN, Level.WARN),
    INFO(Level.INFO, Level.WARN),
    DEBUG(Level.DEBUG, Level.INFO),
    VERBOSE(Level.TRACE, Level.DEBUG),
    SILLY(Level.TRACE, Level.TRACE);

    private final Level ours;
    private final Level libraries;
    private final String label = name().toLowerCase(Locale.ROOT);

    LogLevel(Level ours, Level libraries) {
        this.ours = ours;
        this.libraries = libraries;
    }

    public String label() {
        return label;
    }

    /// The level spelled so, in any case and with any space around it.
    public static Optional<LogLevel> of(String spelled) {
        String wanted = spelled.strip().toLowerCase(Locale.ROOT);
        for (LogLevel level : values()) {
            if (level.label.equals(wanted)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /// What the environment asks for: `LOG_LEVEL` where that is valid, else debug if `DEBUG` is exactly `true`, else info.
    static LogLevel chosen(@Nullable String logLevel, @Nullable String debug) {
        LogLevel otherwise = "true".equals(debug) ? DEBUG : INFO;
        return logLevel == null ? otherwise : of(logLevel).orElse(otherwise);
    }

    void applyTo(LoggerContext context) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
        context.getLogger("dev.plexus").setLevel(ours);
        context.getLogger("plexus").setLevel(ours);
    }
}
