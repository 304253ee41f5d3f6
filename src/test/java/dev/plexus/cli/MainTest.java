package dev.plexus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @TempDir
    private Path work;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "simulate", "version"})
    void every_command_has_help(String command) {
        assertThat(plexus(command, "--help")).isEqualTo(Exit.OK);
        assertThat(out()).startsWith("Usage: plexus " + command);
    }

    @Test
    void help_lists_the_commands_for_people_only() {
        assertThat(plexus("--help")).isEqualTo(Exit.OK);
        assertThat(out()).contains("serve", "check", "simulate", "version").doesNotContain("train");
    }

    @Test
    void version_says_which_plexus_on_which_java() {
        assertThat(plexus("version")).isEqualTo(Exit.OK);
        assertThat(out()).startsWith("Plexus ").contains(" on Java " + Runtime.version().feature());
    }

    @Test
    void an_unknown_word_is_a_usage_error_with_a_guess() {
        assertThat(plexus("serv")).isEqualTo(Exit.USAGE);
        assertThat(err()).contains("serv").contains("Did you mean").contains("serve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "65536", "-1"})
    void a_port_that_is_none_is_a_usage_error(String port) {
        assertThat(plexus("--port=" + port)).isEqualTo(Exit.USAGE);
        assertThat(err()).contains("\"" + port + "\" is not a port number (0 to 65535)");
    }

    @Test
    void check_names_a_file_that_is_not_there() {
        assertThat(plexus("check", "gone.yaml")).isEqualTo(Exit.FAILED);
        assertThat(err()).contains("Configuration file not found at " + work.resolve("gone.yaml"));
    }

    @Test
    void check_lists_faults_with_their_place_and_fails() throws IOException {
        Path bad = Files.writeString(work.resolve("bad.yaml"), "providers: 7\n");

        assertThat(plexus("check", "--config", "bad.yaml")).isEqualTo(Exit.FAILED);

        assertThat(err()).contains(bad + ":1: ");
        assertThat(out()).startsWith(bad + ": ").contains("error");
    }

    @Test
    void check_lists_what_has_no_effect_yet_and_finds_the_file_good() throws IOException {
        Path good = Files.writeString(work.resolve("good.yaml"), """
                adminKey: a
                providers: {p: {api_base_url: "https://p.test/v1", api_key: k, models: [m]}}
                models:
                  smart: {targets: [{provider: p, model: m}], enforce_limits: true, hedge: {afterMs: 5}}
                keys: {app: {secret: s}}
                """);

        assertThat(plexus("check", "--config", "good.yaml")).isEqualTo(Exit.OK);

        assertThat(err())
                .contains("notice: " + good + ":4: models.smart.enforce_limits: accepted, has no effect in this version")
                .contains("notice: " + good + ":4: models.smart.hedge: accepted, has no effect in this version");
        assertThat(out()).startsWith(good + ": good (").contains("; 0 warnings, 2 notices)");
    }

    @Test
    void serve_without_a_configuration_says_where_it_looked() {
        assertThat(plexus()).isEqualTo(Exit.FAILED);
        assertThat(plexus("serve", "-c", "gone.yaml")).isEqualTo(Exit.FAILED);
        assertThat(err())
                .contains("Configuration file not found at " + work.resolve("conf/plexus.yaml"))
                .contains("Configuration file not found at " + work.resolve("gone.yaml"));
    }

    private int plexus(String... args) {
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Main(terminal, Map.<String, String>of()::get, work, work.resolve("nowhere")).run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
