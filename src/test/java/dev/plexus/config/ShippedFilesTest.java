package dev.plexus.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.model.AliasName;
import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The files of `conf/` are what people copy: they load without a fault, and the one that comes with Plexus promises nothing that is still to come.
class ShippedFilesTest {

    static Stream<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(Path.of("conf"))) {
            return found.filter(path -> path.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void loads_without_errors_or_warnings(Path file) throws IOException {
        ConfigReader reader = new ConfigReader(name -> "ADMIN_KEY".equals(name) ? null : "value-of-" + name, path -> "secret in " + path);

        ConfigRead read = reader.read(Files.readString(file));

        assertThat(read.errors()).isEmpty();
        assertThat(read.warnings()).isEmpty();
        assertThat(read.config()).isNotNull();
    }

    @Test
    void the_demonstration_needs_no_environment_and_reaches_the_simulator_in_every_dialect() throws IOException {
        ConfigRead read = new ConfigReader(_ -> null).read(Files.readString(Path.of("conf/plexus.yaml")));

        assertThat(read.faults()).isEmpty();
        Config config = Objects.requireNonNull(read.config());
        Provider simulator = Objects.requireNonNull(config.providers().get(new ProviderId("simulator")));
        assertThat(simulator.dialects())
                .containsExactly(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES, DialectId.EMBEDDINGS);
        assertThat(simulator.baseUrls())
                .containsEntry(DialectId.CHAT, "simulator:///v1")
                .containsEntry(DialectId.MESSAGES, "simulator:///v1")
                .containsEntry(DialectId.RESPONSES, "simulator:///v1")
                .containsEntry(DialectId.EMBEDDINGS, "simulator:///v1")
                .containsEntry(DialectId.GEMINI, "simulator://");
        assertThat(config.aliases()).containsOnlyKeys(new AliasName("demo"), new AliasName("demo-large"), new AliasName("demo-embed"));
        assertThat(config.keys().values()).extracting(KeyRule::secret).containsExactly("sk-demo");
    }
}
