package dev.plexus.cli;

import dev.plexus.app.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads the environment variables, and the options that override some of them, into [Settings]. It opens no file and prints nothing.
final class Environment {

    /// What the environment came to: settings, or everything that forbids a start.
    sealed interface Outcome {
        record Good(Settings settings) implements Outcome {}

        record Bad(List<String> faults) implements Outcome {}
    }

    /// What the command line says; null where it is silent.
    record Options(@Nullable String host, @Nullable Integer port) {
        static final Options NONE = new Options(null, null);
    }

    private static final int DEFAULT_PORT = 4000;
    private static final int DEFAULT_PERFORMANCE_SAMPLES = 100;

    private final UnaryOperator<@Nullable String> variables;
    private final List<String> faults = new ArrayList<>();

    private Environment(UnaryOperator<@Nullable String> variables) {
        this.variables = variables;
    }

    /// `configFile` was found before; `home` is where Plexus is installed.
    static Outcome read(UnaryOperator<@Nullable String> variables, Options options, Path home, Path configFile, Path workingDir) {
        return new Environment(variables).read(options, home, configFile, workingDir);
    }

    private Outcome read(Options options, Path home, Path configFile, Path workingDir) {
        boolean debug = "true".equals(variables.apply("DEBUG"));
        Path dataDir = workingDir.resolve(textOr("DATA_DIR", "data")).normalize();
        int port = port(options);
        String databaseUrl = databaseUrl(dataDir);
        if (!faults.isEmpty()) {
            return new Outcome.Bad(List.copyOf(faults));
        }
        Settings settings = new Settings(
                home,
                configFile,
                databaseUrl,
                dataDir,
                workingDir.resolve(textOr("AUTH_JSON", "auth.json")).normalize(),
                options.host() != null ? options.host() : textOr("HOST", "0.0.0.0"),
                port,
                debug,
                performanceSamples(),
                text("ENCRYPTION_KEY"),
                textOr("PLEXUS_NODE", textOr("HOSTNAME", "local")),
                variables);
        return new Outcome.Good(settings);
    }

    private int port(Options options) {
        if (options.port() != null) {
            return options.port();
        }
        String given = text("PORT");
        if (given == null) {
            return DEFAULT_PORT;
        }
        int port = number(given, -1);
        if (port < 0 || port > 65535) {
            faults.add("PORT: \"" + given + "\" is not a port number (0 to 65535)");
            return DEFAULT_PORT;
        }
        return port;
    }

    /// The URL as it was given, for the storage room to take apart. It may hold a password, so no message repeats it.
    private String databaseUrl(Path dataDir) {
        String given = text("DATABASE_URL");
        if (given == null) {
            return "sqlite://" + dataDir.resolve("plexus.db");
        }
        boolean known = given.startsWith("sqlite://")
                || given.equals("sqlite::memory:")
                || given.startsWith("postgres://")
                || given.startsWith("postgresql://");
        if (!known) {
            faults.add("DATABASE_URL must start with sqlite:// or postgres://");
        }
        return given;
    }

    private int performanceSamples() {
        String given = text("PLEXUS_PROVIDER_PERFORMANCE_RETENTION_LIMIT");
        int samples = given == null ? DEFAULT_PERFORMANCE_SAMPLES : number(given, 0);
        return samples < 1 ? DEFAULT_PERFORMANCE_SAMPLES : samples;
    }

    private static int number(String text, int otherwise) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            return otherwise;
        }
    }

    /// The value without surrounding blanks; null when the variable is not set or blank.
    private @Nullable String text(String name) {
        String value = variables.apply(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private String textOr(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }
}
