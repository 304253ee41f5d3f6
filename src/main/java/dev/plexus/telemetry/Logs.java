package dev.plexus.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/// The process's logs as a whole. Safe on any thread. All of this does nothing where a file of the operator's has set up Logback otherwise.
public final class Logs {

    private Logs() {}

    /// Logs as much as this from now on, until the process ends or it is called again.
    public static void setLevel(LogLevel level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            level.applyTo(context);
        }
    }

    /// How many lines were dropped because the log's reader was too slow.
    public static long linesDropped() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(LogQueue.NAME) instanceof LogQueue queue
                ? queue.dropped()
                : 0;
    }

    /// Writes what is still queued, for two seconds at most, and ends logging. The last thing a process does before it exits.
    public static void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
