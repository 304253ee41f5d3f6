package dev.plexus.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Finds the configuration file: `--config`, then `CONFIG_FILE`, then `conf/plexus.yaml` and `config/plexus.yaml` under the working directory,
/// then the demo file that comes with Plexus.
final class ConfigLookup {

    /// What the search came to.
    sealed interface Outcome {
        /// This file is read; `warning` says what is doubtful about the choice.
        record Found(Path file, @Nullable String warning) implements Outcome {}

        /// There is no file at the place that was asked for, or at any of the usual ones.
        record Missing(String message) implements Outcome {}
    }

    private static final Path OURS = Path.of("conf", "plexus.yaml");
    private static final Path COMPATIBLE = Path.of("config", "plexus.yaml");

    private ConfigLookup() {}

    /// `option` and `variable` are null or blank when not given. Relative names count from `workingDir`.
    static Outcome find(@Nullable String option, @Nullable String variable, Path workingDir, Path home) {
        String asked = option != null && !option.isBlank() ? option : variable;
        if (asked != null && !asked.isBlank()) {
            Path file = workingDir.resolve(asked.strip());
            return Files.isRegularFile(file) ? new Outcome.Found(file, null) : missing(file);
        }
        Path ours = workingDir.resolve(OURS);
        Path compatible = workingDir.resolve(COMPATIBLE);
        if (Files.isRegularFile(ours)) {
            boolean both = Files.isRegularFile(compatible);
            return new Outcome.Found(ours, both ? "both " + ours + " and " + compatible + " exist; " + ours + " is used" : null);
        }
        if (Files.isRegularFile(compatible)) {
            return new Outcome.Found(compatible, null);
        }
        Path demo = home.resolve(OURS);
        return Files.isRegularFile(demo) ? new Outcome.Found(demo, null) : missing(ours);
    }

    private static Outcome missing(Path file) {
        return new Outcome.Missing("Configuration file not found at " + file);
    }
}
