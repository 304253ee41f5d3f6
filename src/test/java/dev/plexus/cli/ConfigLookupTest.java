package dev.plexus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.cli.ConfigLookup.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLookupTest {

    @TempDir
    private Path root;

    private Path work;
    private Path home;

    @BeforeEach
    void makeFolders() throws IOException {
        work = Files.createDirectory(root.resolve("work"));
        home = Files.createDirectory(root.resolve("home"));
        file(home, "conf/plexus.yaml");
    }

    @Test
    void the_option_wins_over_everything() throws IOException {
        Path mine = file(work, "mine.yaml");
        file(work, "other.yaml");
        file(work, "conf/plexus.yaml");

        assertThat(ConfigLookup.find("mine.yaml", "other.yaml", work, home)).isEqualTo(new Outcome.Found(mine, null));
    }

    @Test
    void the_variable_wins_over_the_usual_places() throws IOException {
        Path other = file(work, "other.yaml");
        file(work, "conf/plexus.yaml");

        assertThat(ConfigLookup.find(null, "other.yaml", work, home)).isEqualTo(new Outcome.Found(other, null));
        assertThat(ConfigLookup.find(null, other.toString(), root, home)).isEqualTo(new Outcome.Found(other, null));
    }

    @Test
    void both_usual_places_give_the_first_and_one_warning_that_names_both() throws IOException {
        Path ours = file(work, "conf/plexus.yaml");
        Path compatible = file(work, "config/plexus.yaml");

        Outcome.Found found = (Outcome.Found) ConfigLookup.find(null, null, work, home);

        assertThat(found.file()).isEqualTo(ours);
        assertThat(found.warning()).contains(ours.toString()).contains(compatible.toString());
    }

    @Test
    void the_compatible_place_serves_alone_without_a_warning() throws IOException {
        Path compatible = file(work, "config/plexus.yaml");

        assertThat(ConfigLookup.find(null, " ", work, home)).isEqualTo(new Outcome.Found(compatible, null));
    }

    @Test
    void without_any_configuration_the_demo_serves() {
        assertThat(ConfigLookup.find(null, null, work, home)).isEqualTo(new Outcome.Found(home.resolve("conf/plexus.yaml"), null));
    }

    @Test
    void a_file_that_was_asked_for_and_is_not_there_is_never_replaced_by_another() {
        assertThat(ConfigLookup.find("gone.yaml", null, work, home))
                .isEqualTo(new Outcome.Missing("Configuration file not found at " + work.resolve("gone.yaml")));
        assertThat(ConfigLookup.find(null, "gone.yaml", work, home)).isInstanceOf(Outcome.Missing.class);
    }

    @Test
    void nothing_anywhere_names_the_first_usual_place() {
        assertThat(ConfigLookup.find(null, null, work, root))
                .isEqualTo(new Outcome.Missing("Configuration file not found at " + work.resolve("conf/plexus.yaml")));
    }

    private static Path file(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "adminKey: x\n");
    }
}
