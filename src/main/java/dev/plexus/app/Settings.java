package dev.plexus.app;

import dev.plexus.prices.PricesVerticle;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the gateway is told from outside its configuration file, read once at start-up and then fixed.
///
/// `home` holds what comes with Plexus (the dashboard, the demo configuration); paths that are not absolute count from the working directory.
/// `port` 0 takes any free port. `debugCapture` starts with the capture of debug traces on. `node` names this process among its peers.
/// `environment` is what `${NAME}` in the configuration file is looked up in.
public record Settings(
        Path home,
        Path configFile,
        String databaseUrl,
        Path dataDir,
        Path authJson,
        String host,
        int port,
        boolean debugCapture,
        int performanceSamplesMax,
        @Nullable String encryptionKey,
        String node,
        UnaryOperator<@Nullable String> environment) {

    public Settings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " is not between 0 and 65535");
        }
        if (performanceSamplesMax < 1) {
            throw new IllegalArgumentException("performanceSamplesMax: " + performanceSamplesMax + " is less than 1");
        }
    }

    /// The folder of the dashboard's files.
    public Path webroot() {
        return home.resolve("webroot");
    }

    /// Where the live price list is: OpenRouter's, or what `OPENROUTER_MODELS_URL` says in its place.
    public String priceList() {
        String given = environment.apply("OPENROUTER_MODELS_URL");
        return given == null || given.isBlank() ? PricesVerticle.OPENROUTER : given.strip();
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "Settings[" + configFile + ", " + host + ":" + port + ", node " + node + "]";
    }
}
