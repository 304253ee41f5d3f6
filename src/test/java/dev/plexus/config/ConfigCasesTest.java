package dev.plexus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file of `src/test/resources/config`: above the line a configuration, below it `ok` or the exact faults it must have.
///
/// The environment has SET, EMPTY, NUMBER and FLAG; the one file that can be read is `/run/secrets/x`.
class ConfigCasesTest {

    private static final Path CASES = Path.of("src/test/resources/config");
    private static final String LINE = "-----\n";
    private static final Map<String, String> ENVIRONMENT =
            Map.of("SET", "value-of-a-secret", "EMPTY", "", "NUMBER", "42", "FLAG", "true");

    static Stream<Named<Path>> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.sorted().map(file -> Named.of(file.getFileName().toString(), file)).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_file_has_exactly_these_faults(Path file) throws IOException {
        String text = Files.readString(file);
        int line = text.lastIndexOf(LINE);
        String expected = text.substring(line + LINE.length());

        ConfigRead read = reader().read(text.substring(0, line));

        assertThat(lines(read.faults())).isEqualTo(expected);
        assertThat(read.config() == null).isEqualTo(!read.errors().isEmpty());
        assertThat(String.valueOf(read.faults())).doesNotContain("value-of-a-secret").doesNotContain("from-the-file");
    }

    private static ConfigReader reader() {
        return new ConfigReader(
                name -> name == null ? null : ENVIRONMENT.get(name),
                path -> {
                    if (path.equals("/run/secrets/x")) {
                        return "from-the-file\n";
                    }
                    throw new IOException("no such file");
                });
    }

    private static String lines(List<ConfigFault> faults) {
        if (faults.isEmpty()) {
            return "ok\n";
        }
        StringBuilder lines = new StringBuilder();
        for (ConfigFault fault : faults) {
            lines.append(fault.severity().name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(fault.describe("plexus.yaml"))
                    .append('\n');
        }
        return lines.toString();
    }
}
