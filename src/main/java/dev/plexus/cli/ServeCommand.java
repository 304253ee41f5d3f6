package dev.plexus.cli;

import dev.plexus.app.Plexus;
import dev.plexus.app.Settings;
import dev.plexus.telemetry.Logs;
import java.net.BindException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `plexus serve`: starts the gateway, says where it is, and drains it when the process is told to stop.
final class ServeCommand {

    /// Beyond the configured grace period for running streams: what closing journals and the database may take.
    private static final long STOP_EXTRA_SECONDS = 30;
    private static final long GRACE_SECONDS_UNKNOWN = 60;

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private final Terminal terminal;
    private final Launch launch;

    ServeCommand(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.launch = launch;
    }

    int run(@Nullable String config, @Nullable String host, @Nullable Integer port) {
        @Nullable Path file = launch.configFile(config);
        if (file == null) {
            return Exit.FAILED;
        }
        @Nullable Settings settings = launch.settings(file, new Environment.Options(host, port));
        return settings == null ? Exit.FAILED : serve(settings);
    }

    private int serve(Settings settings) {
        Plexus plexus;
        try {
            plexus = Plexus.start(settings).toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            terminal.complain(reason(cause, settings));
            if (LOG.isDebugEnabled()) {
                cause.printStackTrace(terminal.err());
            }
            return Exit.FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(plexus), "plexus-drain"));
        terminal.say(Banner.of(settings, plexus.port(), plexus.config()));
        return Exit.RUNNING;
    }

    private static String reason(Throwable cause, Settings settings) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return cause instanceof BindException ? "cannot listen on " + settings.host() + ":" + settings.port() + ": " + message : message;
    }

    /// Runs as the shutdown hook. A drain that ended well is a normal end, whatever signal asked for it; the virtual machine would otherwise
    /// report the signal.
    private void drain(Plexus plexus) {
        terminal.say("Plexus is stopping: running requests may finish.");
        var config = plexus.config();
        long grace = config == null ? GRACE_SECONDS_UNKNOWN : config.shutdownGrace().toSeconds();
        int exit = Exit.OK;
        try {
            plexus.stop().toCompletionStage().toCompletableFuture().get(grace + STOP_EXTRA_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            terminal.complain("not everything ended within " + (grace + STOP_EXTRA_SECONDS) + " s");
            exit = Exit.FAILED;
        } catch (Exception failed) {
            terminal.complain("while stopping: " + failed);
            exit = Exit.FAILED;
        }
        terminal.out().flush();
        terminal.err().flush();
        Logs.close();
        Runtime.getRuntime().halt(exit);
    }
}
