package dev.plexus.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The files of the repository are tidy, and each check notices an offence when there is one.
class TidyTest {

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Path DECISIONS = Path.of("docs/decisions");

    /// Everything that a reader of the repository sees.
    @Nested
    class TheHouse {

        @Test
        void has_a_sign_at_every_door() {
            List<String> offences = new ArrayList<>();
            for (Path room : under(MAIN, ".java").map(Path::getParent).collect(Collectors.toCollection(TreeSet::new))) {
                Path sign = room.resolve("package-info.java");
                if (Files.exists(sign)) {
                    Tidy.doorSign(text(sign)).forEach(offence -> offences.add(sign + ": " + offence));
                } else {
                    offences.add(room + ": no package-info.java");
                }
            }
            assertThat(offences).isEmpty();
        }

        @Test
        void has_dialect_rooms_of_one_shape() {
            Map<String, Set<String>> rooms = new LinkedHashMap<>();
            Path dialects = MAIN.resolve("dev/plexus/dialect");
            under(dialects, ".java").filter(file -> !file.getParent().equals(dialects)).forEach(file -> rooms.computeIfAbsent(
                    file.getParent().getFileName().toString(), _ -> new TreeSet<>()).add(file.getFileName().toString()));
            assertThat(Tidy.dialectRooms(rooms)).isEmpty();
        }

        @Test
        void has_no_open_tasks_without_an_issue() {
            assertThat(offences(sources().filter(file -> !file.startsWith(TESTS.resolve("dev/plexus/house"))), Tidy::openTasks)).isEmpty();
        }

        @Test
        void has_no_disabled_tests() {
            assertThat(offences(under(TESTS, ".java").filter(file -> !file.startsWith(TESTS.resolve("dev/plexus/house"))),
                    Tidy::disabledTests)).isEmpty();
        }

        @Test
        void has_no_defaults_in_switches_over_sealed_types() {
            List<String> sources = under(MAIN, ".java").map(TidyTest::text).toList();
            assertThat(offences(under(MAIN, ".java"), source -> Tidy.defaultsOverSealed(source, Tidy.sealedVariants(seenBy(source, sources)))))
                    .isEmpty();
        }

        /// The sources whose types this one can name: its own package, and what it imports. Elsewhere the same simple name means something else.
        private static List<String> seenBy(String source, List<String> sources) {
            String own = source.lines().filter(line -> line.startsWith("package ")).findFirst().orElse("");
            return sources.stream().filter(other -> other.contains(own) || imports(source, other)).toList();
        }

        private static boolean imports(String source, String other) {
            return other.lines()
                    .filter(line -> line.startsWith("package "))
                    .map(line -> line.substring("package ".length(), line.length() - 1))
                    .anyMatch(name -> source.contains("import " + name + "."));
        }

        @Test
        void has_lines_that_fit_a_screen() {
            assertThat(offences(under(MAIN, ".java"), source -> Tidy.longLines(source, Tidy.LINE_LENGTH_MAX))).isEmpty();
            assertThat(offences(under(TESTS, ".java"), source -> Tidy.longLines(source, Tidy.TEST_LINE_LENGTH_MAX))).isEmpty();
        }

        @Test
        void names_no_path_of_the_machine_it_was_written_on() {
            Stream<Path> documents = Stream.of("README.md", "LICENSE", "Dockerfile", "plexus", "pom.xml", ".ci/run").map(Path::of)
                    .filter(Files::exists);
            Stream<Path> folders = Stream.of("docs", "conf", "k8s", "webroot", "src/main/resources").map(Path::of)
                    .flatMap(folder -> under(folder, ""));
            assertThat(offences(Stream.of(documents, folders, sources()).flatMap(Function.identity()), Tidy::machinePaths)).isEmpty();
        }

        @Test
        void has_decision_records_with_all_their_sections() {
            assertThat(offences(under(DECISIONS, ".md").filter(file -> file.getFileName().toString().matches("\\d{4}-.*")),
                    Tidy::decisionRecord)).isEmpty();
        }

        @Test
        void has_no_dead_links_in_its_documents() {
            List<String> offences = new ArrayList<>();
            Stream.concat(Stream.of(Path.of("README.md")), under(Path.of("docs"), ".md")).forEach(file -> {
                Path folder = file.toAbsolutePath().getParent();
                Tidy.deadLinks(text(file), link -> Files.exists(folder.resolve(link)))
                        .forEach(offence -> offences.add(file + ": " + offence));
            });
            assertThat(offences).isEmpty();
        }
    }

    /// Small offences, one for each check.
    @Nested
    class TheChecks {

        private static final String SIGN = """
                /// Chooses.
                ///
                /// Owns: candidates.
                /// Threads: one event loop.
                /// Speaks: answers `plan`.
                /// Start reading at: [x.Planner].
                @NullMarked
                package x;
                """;

        @Test
        void want_each_line_of_a_door_sign() {
            assertThat(Tidy.doorSign(SIGN)).isEmpty();
            assertThat(Tidy.doorSign(SIGN.replace("Speaks", "Never"))).isEmpty();
            for (String word : List.of("/// Owns", "/// Threads", "/// Speaks", "/// Start", "@NullMarked", "/// Chooses.")) {
                assertThat(Tidy.doorSign(SIGN.replace(word, "//"))).as(word).hasSize(1);
            }
        }

        @Test
        void want_the_same_files_in_every_dialect() {
            assertThat(Tidy.dialectRooms(Map.of(
                    "chat", Set.of("ChatDialect.java", "Wire.java"), "gemini", Set.of("GeminiDialect.java", "Wire.java")))).isEmpty();
            assertThat(Tidy.dialectRooms(Map.of(
                    "chat", Set.of("ChatDialect.java", "Wire.java"), "gemini", Set.of("GeminiDialect.java"))))
                    .containsExactly("gemini has no Wire.java, other dialects do");
        }

        @Test
        void want_an_issue_with_each_open_task() {
            assertThat(Tidy.openTasks("// TODO(#12): later\nint mastodon;")).isEmpty();
            assertThat(Tidy.openTasks("int a;\n// TODO later")).containsExactly("line 2: an open task without an issue");
            assertThat(Tidy.openTasks("// FIXME")).hasSize(1);
        }

        @Test
        void want_every_test_to_run() {
            assertThat(Tidy.disabledTests("@Test\nvoid a() {}")).isEmpty();
            assertThat(Tidy.disabledTests("@Disabled(\"flaky\")\n@Test")).hasSize(1);
        }

        @Test
        void want_short_lines() {
            assertThat(Tidy.longLines("x".repeat(150), 150)).isEmpty();
            assertThat(Tidy.longLines("a\n" + "x".repeat(151), 150)).containsExactly("line 2: longer than 150 characters");
        }

        @Test
        void want_no_machine_paths() {
            String slash = "/";
            assertThat(Tidy.machinePaths("https://example.test/work/items /usr/lib/jvm ./work/x")).isEmpty();
            assertThat(Tidy.machinePaths("see " + slash + "work/notes.md")).hasSize(1);
            assertThat(Tidy.machinePaths("\"" + slash + "root/.m2\"")).hasSize(1);
            assertThat(Tidy.machinePaths("a\n" + slash + "home/ada/plexus")).containsExactly("line 2: a path of one machine");
        }

        @Test
        void know_the_variants_of_sealed_types() {
            assertThat(Tidy.sealedVariants(List.of(
                    "sealed interface Event { record Delta(String text) implements Event {} record Ended() implements Event, Other {} }",
                    "record Far(int x)\n        implements Event {}",
                    "record Foreign() implements Runnable {}",
                    "// a sealed interface Ghost\nrecord Boo() implements Ghost {}"))).containsExactly("Delta", "Ended", "Far");
        }

        @Test
        void want_no_default_over_sealed_types() {
            Set<String> variants = Set.of("Delta", "Ended");
            assertThat(Tidy.defaultsOverSealed("""
                    switch (event) {
                        case Delta(var text) -> 1;
                        default -> 2;
                    }
                    """, variants)).hasSize(1);
            assertThat(Tidy.defaultsOverSealed("x();\nswitch (event) { case Event.Ended _ -> 1; default -> 2; }", variants)).hasSize(1);
            assertThat(Tidy.defaultsOverSealed("switch (event) { case Delta d, Ended e: break; default: return; }", variants)).hasSize(1);
        }

        @Test
        void let_other_switches_have_their_default() {
            Set<String> variants = Set.of("Delta", "Ended");
            assertThat(Tidy.defaultsOverSealed("switch (event) { case Delta _ -> 1; case Ended _ -> 2; }", variants)).isEmpty();
            assertThat(Tidy.defaultsOverSealed("switch (word) { case \"Delta d ->\" -> 1; default -> 2; }", variants)).isEmpty();
            assertThat(Tidy.defaultsOverSealed("switch (number) { case Number n -> 1; default -> 2; }", variants)).isEmpty();
            assertThat(Tidy.defaultsOverSealed(
                    "switch (event) { case Delta _ -> switch (word) { case \"a\" -> 1; default -> 2; }; case Ended _ -> 3; }", variants))
                    .isEmpty();
        }

        @Test
        void want_every_section_of_a_decision() {
            String good = "# 1. X\n## Context\na\n## Options\n## Choice\n## What it costs\n## How we would know that it was wrong\n";
            assertThat(Tidy.decisionRecord(good)).isEmpty();
            assertThat(Tidy.decisionRecord(good.replace("## Choice\n", ""))).containsExactly("no section \"## Choice\"");
        }

        @Test
        void want_links_that_lead_somewhere() {
            String text = "[a](there.md) [b](there.md#part) [c](https://example.test/x) [d](#part) [e](gone.md)";
            assertThat(Tidy.deadLinks(text, "there.md"::equals)).containsExactly("a link to gone.md, which is not there");
        }
    }

    private static Stream<Path> sources() {
        return Stream.concat(under(MAIN, ".java"), under(TESTS, ".java"));
    }

    private static Stream<Path> under(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(suffix)).sorted().toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<String> offences(Stream<Path> files, Function<String, List<String>> check) {
        return files.flatMap(file -> check.apply(text(file)).stream().map(offence -> file + ": " + offence)).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
