package dev.plexus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.app.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    private static final Path HOME = Path.of("/opt/plexus");
    private static final Path CONFIG = Path.of("conf/plexus.yaml");

    @Test
    void an_empty_environment_gives_the_defaults() {
        Settings settings = good(Map.of());

        assertThat(settings.home()).isEqualTo(HOME);
        assertThat(settings.webroot()).isEqualTo(HOME.resolve("webroot"));
        assertThat(settings.configFile()).isEqualTo(CONFIG);
        assertThat(settings.databaseUrl()).isEqualTo("sqlite://data/plexus.db");
        assertThat(settings.dataDir()).isEqualTo(Path.of("data"));
        assertThat(settings.authJson()).isEqualTo(Path.of("auth.json"));
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(4000);
        assertThat(settings.debugCapture()).isFalse();
        assertThat(settings.performanceSamplesMax()).isEqualTo(100);
        assertThat(settings.encryptionKey()).isNull();
        assertThat(settings.node()).isEqualTo("local");
    }

    @Test
    void every_variable_is_heard() {
        Settings settings = good(Map.ofEntries(
                Map.entry("DATABASE_URL", "postgres://u:p@h:5432/db"),
                Map.entry("DATA_DIR", "/var/lib/plexus"),
                Map.entry("AUTH_JSON", "/secrets/auth.json"),
                Map.entry("HOST", "127.0.0.1"),
                Map.entry("PORT", " 8080 "),
                Map.entry("LOG_LEVEL", " Silly "),
                Map.entry("LOG_FORMAT", "JSON"),
                Map.entry("DEBUG", "true"),
                Map.entry("PLEXUS_PROVIDER_PERFORMANCE_RETENTION_LIMIT", "7"),
                Map.entry("ENCRYPTION_KEY", "secret"),
                Map.entry("HOSTNAME", "pod-1")));

        assertThat(settings.databaseUrl()).isEqualTo("postgres://u:p@h:5432/db");
        assertThat(settings.dataDir()).isEqualTo(Path.of("/var/lib/plexus"));
        assertThat(settings.authJson()).isEqualTo(Path.of("/secrets/auth.json"));
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.debugCapture()).isTrue();
        assertThat(settings.performanceSamplesMax()).isEqualTo(7);
        assertThat(settings.encryptionKey()).isEqualTo("secret");
        assertThat(settings.node()).isEqualTo("pod-1");
        assertThat(settings.toString()).doesNotContain("secret").doesNotContain("u:p");
    }

    @Test
    void the_default_database_lies_in_the_data_directory() {
        assertThat(good(Map.of("DATA_DIR", "/var/lib/plexus")).databaseUrl()).isEqualTo("sqlite:///var/lib/plexus/plexus.db");
        assertThat(good(Map.of("DATA_DIR", "./state")).databaseUrl()).isEqualTo("sqlite://state/plexus.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "-1", "65536", "80.5", "4000x"})
    void a_port_that_is_none_forbids_the_start(String port) {
        assertThat(faults(Map.of("PORT", port))).containsExactly("PORT: \"" + port + "\" is not a port number (0 to 65535)");
    }

    @Test
    void options_win_over_the_environment() {
        var options = new Environment.Options("::1", 0);

        Settings settings = good(Environment.read(Map.of("PORT", "nonsense", "HOST", "10.0.0.1")::get, options, HOME, CONFIG, Path.of("")));

        assertThat(settings.host()).isEqualTo("::1");
        assertThat(settings.port()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite:///abs/p.db", "sqlite://./p.db", "sqlite://:memory:", "sqlite::memory:", "postgres://h/d", "postgresql://h/d"})
    void known_database_urls_are_kept_as_they_are(String url) {
        assertThat(good(Map.of("DATABASE_URL", url)).databaseUrl()).isEqualTo(url);
    }

    @Test
    void an_unknown_database_url_forbids_the_start_without_showing_its_password() {
        assertThat(faults(Map.of("DATABASE_URL", "mysql://root:hunter2@h/d")))
                .containsExactly("DATABASE_URL must start with sqlite:// or postgres://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "TRUE", "yes", " true", ""})
    void debug_means_exactly_true(String value) {
        Settings settings = good(Map.of("DEBUG", value));

        assertThat(settings.debugCapture()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "many", ""})
    void a_useless_sample_limit_is_the_default(String limit) {
        assertThat(good(Map.of("PLEXUS_PROVIDER_PERFORMANCE_RETENTION_LIMIT", limit)).performanceSamplesMax()).isEqualTo(100);
    }

    @Test
    void all_faults_are_told_at_once() {
        assertThat(faults(Map.of("PORT", "x", "DATABASE_URL", "y"))).hasSize(2);
    }

    private static Environment.Outcome read(Map<String, String> variables) {
        return Environment.read(variables::get, Environment.Options.NONE, HOME, CONFIG, Path.of(""));
    }

    private static Settings good(Map<String, String> variables) {
        return good(read(variables));
    }

    private static Settings good(Environment.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Environment.Outcome.Good.class);
        return ((Environment.Outcome.Good) outcome).settings();
    }

    private static List<String> faults(Map<String, String> variables) {
        assertThat(read(variables)).isInstanceOf(Environment.Outcome.Bad.class);
        return ((Environment.Outcome.Bad) read(variables)).faults();
    }
}
