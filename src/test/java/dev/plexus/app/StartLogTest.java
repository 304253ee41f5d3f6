package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static dev.plexus.app.RunningGateway.oneTarget;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an operator reads at the start and after a reload.
@Timeout(60)
class StartLogTest {

    @TempDir
    private Path directory;

    @Test
    void settings_without_effect_are_named_in_one_line_at_the_start_and_at_every_reload() throws IOException {
        String yaml = oneTarget("answer5").replace("selector: in_order", "selector: in_order, enforce_limits: true, preferred_api: [chat]");
        try (LogLines log = new LogLines(); RunningGateway gateway = RunningGateway.start(directory, yaml)) {
            String file = gateway.configFile() + ": ";
            assertThat(log.seen())
                    .filteredOn(line -> line.contains("without effect"))
                    .containsExactly(file + "accepted without effect in this version: models.fast.enforce_limits, models.fast.preferred_api");

            Files.writeString(
                    gateway.configFile(), Files.readString(gateway.configFile()).replace("enforce_limits", "use_image_fallthrough"));

            eventually("the reload", () -> log.seen().contains(
                    file + "accepted without effect in this version: models.fast.use_image_fallthrough, models.fast.preferred_api"));
        }
    }

    @Test
    void a_good_file_starts_without_complaints_about_meters() {
        try (LogLines log = new LogLines(); RunningGateway _ = RunningGateway.start(directory, oneTarget("answer5"))) {
            assertThat(log.seen()).noneMatch(line -> line.contains("without effect")).noneMatch(line -> line.contains("already registered"));
        }
    }
}
