package dev.plexus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `plexus` script in a checkout of its own, with a Java that only says how it was called and a Maven that only makes the jar.
class LauncherTest {

    private record Ran(int exit, String out, String err) {}

    private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path root;

    private Path checkout;
    private Path work;
    private Path java;
    private Path bin;

    @BeforeEach
    void makeCheckout() throws IOException {
        root = root.toRealPath();
        checkout = Files.createDirectories(root.resolve("checkout"));
        work = Files.createDirectories(root.resolve("work"));
        bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("plexus"), checkout.resolve("plexus"), StandardCopyOption.COPY_ATTRIBUTES);
        old(Files.writeString(checkout.resolve("pom.xml"), "<project/>"));
        old(Files.writeString(Files.createDirectories(checkout.resolve("src/main/java")).resolve("A.java"), "class A {}"));
        old(checkout.resolve("src/main/java"), checkout.resolve("src/main"));
        java = jdk(root.resolve("jdk-25"), "25.0.3");
        for (String tool : List.of("sh", "find", "head", "mkdir", "rm", "cat", "touch", "sed", "awk", "tee", "grep", "tail", "sleep", "readlink",
                "nproc", "getconf", "mv", "dirname", "kill")) {
            pass(tool);
        }
    }

    @Test
    void a_built_checkout_starts_without_a_build_in_the_callers_folder() throws Exception {
        built();

        Ran ran = plexus(checkout.resolve("plexus"), "serve", "--config", "my conf.yaml");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(ran.out())
                .contains("folder=" + work)
                .contains("arg=-Dplexus.home=" + checkout)
                .contains("arg=" + checkout.resolve("target/plexus.jar"))
                .endsWith("arg=serve\narg=--config\narg=my conf.yaml\n");
    }

    @Test
    void a_link_leads_to_the_checkout() throws Exception {
        built();
        Path first = Files.createSymbolicLink(root.resolve("first"), Path.of("checkout/plexus"));
        Path second = Files.createSymbolicLink(bin.resolve("plexus"), Path.of("../first"));

        assertThat(plexus(first, "version").out()).contains("arg=-Dplexus.home=" + checkout);
        assertThat(plexus(second, "version").out()).contains("arg=-Dplexus.home=" + checkout);
    }

    @Test
    void an_old_java_home_is_passed_over() throws Exception {
        built();
        Path old = jdk(root.resolve("jdk-17"), "17.0.15");
        Path path = jdk(root.resolve("jdk-26"), "26");
        Files.createSymbolicLink(bin.resolve("java"), path.resolve("bin/java"));

        Ran ran = run(Map.of("JAVA_HOME", old.toString()), checkout.resolve("plexus"), "version");

        assertThat(ran.out()).contains("java=" + path.resolve("bin/java"));
    }

    @Test
    void options_from_the_environment_come_after_ours() throws Exception {
        built();

        Ran ran = run(Map.of("JAVA_HOME", java.toString(), "JAVA_OPTS", "-Xmx1g -Da=b", "PLEXUS_JAVA_OPTS", "-XX:+UseZGC"),
                checkout.resolve("plexus"), "version");

        List<String> args = ran.out().lines().toList();
        assertThat(args).containsSubsequence("arg=-Xmx1g", "arg=-Da=b", "arg=-XX:+UseZGC", "arg=-jar");
        assertThat(args).filteredOn(arg -> arg.startsWith("arg=-XX:+Use") && arg.endsWith("GC")).containsExactly("arg=-XX:+UseZGC");
    }

    @Test
    void a_fresh_checkout_is_built_first_and_only_once() throws Exception {
        maven("mkdir -p \"" + checkout + "/target/lib\"; echo jar > \"" + checkout + "/target/plexus.jar\"");

        Ran first = plexus(checkout.resolve("plexus"), "version");
        Ran second = plexus(checkout.resolve("plexus"), "version");

        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.err()).contains("Building Plexus");
        assertThat(first.out()).contains("arg=version");
        assertThat(second.err()).isEmpty();
        assertThat(checkout.resolve("target/.building")).doesNotExist();
    }

    @Test
    void a_newer_source_is_built_even_if_the_build_leaves_the_jar_as_it_is() throws Exception {
        built();
        maven("true");
        Files.setLastModifiedTime(checkout.resolve("src/main/java/A.java"), FileTime.from(Instant.now().minusSeconds(10)));
        old(checkout.resolve("target/plexus.jar"));

        assertThat(plexus(checkout.resolve("plexus"), "version").err()).contains("Building Plexus");
        assertThat(plexus(checkout.resolve("plexus"), "version").err()).isEmpty();
    }

    @Test
    void no_build_means_no_build() throws Exception {
        built();
        old(checkout.resolve("target/plexus.jar"));
        Files.writeString(checkout.resolve("src/main/java/B.java"), "class B {}");

        assertThat(plexus(checkout.resolve("plexus"), "--no-build", "version").out()).doesNotContain("--no-build").endsWith("arg=version\n");
        assertThat(run(Map.of("JAVA_HOME", java.toString(), "PLEXUS_NO_BUILD", "1"), checkout.resolve("plexus"), "version").exit()).isZero();
    }

    @Test
    void a_failed_build_shows_what_maven_said_and_stops() throws Exception {
        maven("echo '[ERROR] A.java:[1,1] class expected'; exit 1");

        Ran ran = plexus(checkout.resolve("plexus"), "version");

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("[ERROR] A.java:[1,1] class expected").contains("the build failed; the whole log is in");
        assertThat(checkout.resolve("target/.building")).doesNotExist();
    }

    @Test
    void a_missing_or_old_maven_is_one_clear_line() throws Exception {
        Ran none = plexus(checkout.resolve("plexus"), "version");
        maven("true", "3.6.3");
        Ran old = plexus(checkout.resolve("plexus"), "version");

        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("needs Maven 3.8 or newer; install it").hasLineCount(1);
        assertThat(old.err()).contains("needs Maven 3.8 or newer, and mvn here is 3.6.3.").hasLineCount(1);
    }

    @Test
    void the_start_up_cache_is_made_once_and_used_afterwards() throws Exception {
        built();

        Ran first = run(Map.of("JAVA_HOME", java.toString()), checkout.resolve("plexus"));
        Ran second = run(Map.of("JAVA_HOME", java.toString()), checkout.resolve("plexus"));

        assertThat(first.err()).contains("Preparing fast starts");
        assertThat(first.out()).contains("arg=-XX:AOTCache=" + checkout.resolve("target/aot/plexus-25.0.3-"));
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("arg=-XX:AOTCache=");
    }

    @Test
    void preparing_makes_a_cache_for_each_size_of_machine_and_starts_nothing() throws Exception {
        built();

        Ran small = run(Map.of("JAVA_HOME", java.toString(), "PLEXUS_CPUS", "2"), checkout.resolve("plexus"), "--prepare");
        Ran large = run(Map.of("JAVA_HOME", java.toString(), "PLEXUS_CPUS", "3"), checkout.resolve("plexus"), "--prepare");

        assertThat(small.exit() + large.exit()).isZero();
        assertThat(small.out() + large.out()).isEmpty();
        assertThat(checkout.resolve("target/aot/plexus-25.0.3-Serial.aot")).exists();
        assertThat(checkout.resolve("target/aot/plexus-25.0.3-G1.aot")).exists();
    }

    @Test
    void a_cache_older_than_the_jar_is_not_used_but_made_again() throws Exception {
        built();
        plexusWithCache();
        Path cache = checkout.resolve("target/aot/plexus-25.0.3-Serial.aot");
        old(cache, checkout.resolve("target/aot/plexus-25.0.3-Serial.aot.tried"));

        Ran ran = plexusWithCache();

        assertThat(ran.err()).contains("Preparing fast starts");
        assertThat(Files.getLastModifiedTime(cache).toInstant()).isAfter(PAST);
    }

    @Test
    void no_java_is_one_clear_line() throws Exception {
        built();
        Path old = jdk(root.resolve("jdk-17"), "17.0.15");
        String script = Files.readString(checkout.resolve("plexus"));
        String elsewhere = script.replaceAll("(?s)for candidate in .*?; do", "for candidate in /nonexistent; do");
        Files.writeString(checkout.resolve("plexus"), elsewhere);

        Ran ran = run(Map.of("JAVA_HOME", old.toString()), checkout.resolve("plexus"), "version");

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).startsWith("plexus: needs a JDK 25 or newer and found none").hasLineCount(1);
    }

    @Test
    void a_training_that_fails_costs_nothing_but_the_cache() throws Exception {
        built();
        Files.createFile(root.resolve("no-training"));

        Ran first = run(Map.of("JAVA_HOME", java.toString()), checkout.resolve("plexus"));
        Ran second = run(Map.of("JAVA_HOME", java.toString()), checkout.resolve("plexus"));

        assertThat(first.exit()).isZero();
        assertThat(first.err()).contains("no start-up cache could be made");
        assertThat(first.out()).doesNotContain("AOTCache");
        assertThat(second.err()).isEmpty();
    }

    private void built() throws IOException {
        Files.createDirectories(checkout.resolve("target/lib"));
        Files.writeString(checkout.resolve("target/plexus.jar"), "jar");
    }

    private void maven(String work) throws IOException {
        maven(work, "3.9.9");
    }

    private void maven(String work, String version) throws IOException {
        script(bin.resolve("mvn"), "if [ \"$1\" = -v ]; then echo 'Apache Maven " + version + "'; exit 0; fi; " + work);
    }

    /// A Java home whose `java` prints the folder it runs in and its arguments, and makes an empty promise of a cache.
    private Path jdk(Path folder, String version) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(folder.resolve("bin/java"), """
                for arg in "$@"; do
                    case $arg in -XX:AOTCacheOutput=*) [ ! -e "%s" ] || exit 1; echo cache > "${arg#*=}"; exit 0 ;; esac
                done
                echo "java=$0"; echo "folder=$(pwd)"
                for arg in "$@"; do echo "arg=$arg"; done
                """.formatted(root.resolve("no-training")));
        script(folder.resolve("bin/javac"), "exit 0");
        return folder;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// The script sees these tools and no Java or Maven of this machine.
    private void pass(String tool) throws IOException {
        for (String folder : List.of("/bin", "/usr/bin")) {
            Path real = Path.of(folder, tool);
            if (Files.exists(real)) {
                script(bin.resolve(tool), "exec " + real + " \"$@\"");
                return;
            }
        }
    }

    private static void old(Path... files) throws IOException {
        for (Path file : files) {
            Files.setLastModifiedTime(file, FileTime.from(PAST));
        }
    }

    private Ran plexusWithCache() throws Exception {
        return run(Map.of("JAVA_HOME", java.toString(), "PLEXUS_CPUS", "1"), checkout.resolve("plexus"));
    }

    private Ran plexus(Path script, String... args) throws Exception {
        return run(Map.of("JAVA_HOME", java.toString(), "PLEXUS_AOT", "off"), script, args);
    }

    private Ran run(Map<String, String> variables, Path script, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(Arrays.asList(args));
        Path out = Files.createTempFile(root, "out", "");
        Path err = Files.createTempFile(root, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(variables));
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("HOME", root.toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
