package dev.plexus.cli;

import dev.plexus.app.Settings;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What every subcommand that looks at the configuration begins with: find the file, read the environment, complain about what is wrong.
final class Launch {

    private final Terminal terminal;
    private final UnaryOperator<@Nullable String> variables;
    private final Path workingDir;
    private final Path home;

    Launch(Terminal terminal, UnaryOperator<@Nullable String> variables, Path workingDir, Path home) {
        this.terminal = terminal;
        this.variables = variables;
        this.workingDir = workingDir;
        this.home = home;
    }

    UnaryOperator<@Nullable String> variables() {
        return variables;
    }

    /// Where Plexus is installed.
    Path home() {
        return home;
    }

    /// The demo configuration that comes with Plexus.
    Path demoConfig() {
        return home.resolve("conf").resolve("plexus.yaml");
    }

    /// The configuration file to read, or null after a complaint.
    @Nullable Path configFile(@Nullable String option) {
        return switch (ConfigLookup.find(option, variables.apply("CONFIG_FILE"), workingDir, home)) {
            case ConfigLookup.Outcome.Found(var file, var warning) -> {
                if (warning != null) {
                    terminal.complain("warning: " + warning);
                }
                yield file;
            }
            case ConfigLookup.Outcome.Missing(var message) -> {
                terminal.complain(message);
                yield null;
            }
        };
    }

    /// The settings to start with, or null after a complaint.
    @Nullable Settings settings(Path configFile, Environment.Options options) {
        return switch (Environment.read(variables, options, home, configFile, workingDir)) {
            case Environment.Outcome.Good(var settings) -> settings;
            case Environment.Outcome.Bad(var faults) -> {
                faults.forEach(terminal::complain);
                yield null;
            }
        };
    }
}
