package dev.plexus.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigFault;
import dev.plexus.config.ConfigReader;
import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigState;
import dev.plexus.message.ConfigStateAsked;
import dev.plexus.model.KeyName;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With real files: what editors, deployment tools and Kubernetes do to them.
@Timeout(60)
class ConfigVerticleTest {

    /// The promise is one second; the rest is for a busy machine.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ConfigReader reader = new ConfigReader(_ -> null);
    private final LinkedBlockingQueue<Config> announced = new LinkedBlockingQueue<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Vertx vertx;

    @SuppressWarnings("NullAway.Init")
    private Bus bus;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        bus = Bus.on(vertx);
        bus.hear(Addresses.CONFIG_CHANGED, changed -> announced.add(changed.config()));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void b21_a_file_renamed_over_it_is_taken() throws Exception {
        Path file = folder.resolve("plexus.yaml");
        Files.writeString(file, withSecret("one"));
        deploy(file);

        Path fresh = Files.writeString(folder.resolve("plexus.yaml.new"), withSecret("two"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(secretOf(next())).isEqualTo("two");
    }

    @Test
    void b21_a_symbolic_link_that_is_moved_is_followed() throws Exception {
        Files.createDirectory(folder.resolve("..v1"));
        Files.createDirectory(folder.resolve("..v2"));
        Files.writeString(folder.resolve("..v1/plexus.yaml"), withSecret("one"));
        Files.writeString(folder.resolve("..v2/plexus.yaml"), withSecret("two"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..v1"));
        Path file = Files.createSymbolicLink(folder.resolve("plexus.yaml"), Path.of("..data/plexus.yaml"));
        deploy(file);

        Path fresh = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..v2"));
        Files.move(fresh, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(secretOf(next())).isEqualTo("two");
    }

    @Test
    void b20_a_broken_file_is_refused_with_its_faults_and_a_repaired_one_taken() throws Exception {
        Path file = folder.resolve("plexus.yaml");
        Files.writeString(file, withSecret("one"));
        Config initial = deploy(file);

        Files.writeString(file, withSecret("two").replace("secret: two", "secret: \"two:x\""));
        ConfigState refused = stateWhen(state -> !state.lastReloadErrors().isEmpty());

        assertThat(refused.hash()).isEqualTo(initial.hash());
        assertThat(refused.lastReloadErrors()).extracting(ConfigFault::path).containsExactly("keys.app.secret");
        assertThat(refused.lastReloadErrors()).extracting(ConfigFault::line).containsExactly(5);
        assertThat(announced).isEmpty();

        Files.writeString(file, withSecret("three"));

        Config repaired = next();
        assertThat(secretOf(repaired)).isEqualTo("three");
        ConfigState healthy = stateWhen(state -> state.lastReloadErrors().isEmpty());
        assertThat(healthy.hash()).isEqualTo(repaired.hash());
    }

    @Test
    void what_is_no_yaml_is_refused_too() throws Exception {
        Path file = folder.resolve("plexus.yaml");
        Files.writeString(file, withSecret("one"));
        Config initial = deploy(file);

        Files.writeString(file, "adminKey: [\n");

        ConfigState refused = stateWhen(state -> !state.lastReloadErrors().isEmpty());
        assertThat(refused.hash()).isEqualTo(initial.hash());
    }

    @Test
    void the_same_content_written_again_is_not_announced() throws Exception {
        Path file = folder.resolve("plexus.yaml");
        Files.writeString(file, withSecret("one"));
        deploy(file);

        Files.writeString(file, withSecret("one"));
        Path fresh = Files.writeString(folder.resolve("plexus.yaml.new"), withSecret("one"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(file, withSecret("two"));

        assertThat(secretOf(next())).isEqualTo("two");
        assertThat(announced).isEmpty();
    }

    @Test
    void a_file_that_is_gone_for_a_while_leaves_the_snapshot_alone() throws Exception {
        Path file = folder.resolve("plexus.yaml");
        Files.writeString(file, withSecret("one"));
        Config initial = deploy(file);

        Files.delete(file);
        ConfigState gone = stateWhen(state -> !state.lastReloadErrors().isEmpty());
        assertThat(gone.hash()).isEqualTo(initial.hash());

        Files.writeString(file, withSecret("two"));
        assertThat(secretOf(next())).isEqualTo("two");
    }

    @Test
    void a_change_between_the_first_reading_and_the_start_is_not_missed() throws Exception {
        Path file = folder.resolve("plexus.yaml");
        Config initial = read(withSecret("one"));
        Files.writeString(file, withSecret("two"));

        vertx.deployVerticle(new ConfigVerticle(bus, file, reader, initial, _ -> {})).await(10, TimeUnit.SECONDS);

        assertThat(secretOf(next())).isEqualTo("two");
    }

    @Test
    void after_it_is_undeployed_nobody_answers_and_nothing_is_announced() throws Exception {
        Path file = folder.resolve("plexus.yaml");
        Files.writeString(file, withSecret("one"));
        String id = vertx.deployVerticle(new ConfigVerticle(bus, file, reader, read(withSecret("one")), _ -> {})).await(10, TimeUnit.SECONDS);

        vertx.undeploy(id).await(10, TimeUnit.SECONDS);

        assertThat(bus.ask(Addresses.CONFIG_STATE, new ConfigStateAsked()).failed()).isTrue();
    }

    private Config deploy(Path file) throws Exception {
        Config initial = read(Files.readString(file));
        vertx.deployVerticle(new ConfigVerticle(bus, file, reader, initial, _ -> {})).await(10, TimeUnit.SECONDS);
        return initial;
    }

    private Config read(String yaml) {
        return Objects.requireNonNull(reader.read(yaml).config());
    }

    private Config next() throws InterruptedException {
        @Nullable Config config = announced.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(config).as("a snapshot was announced").isNotNull();
        return Objects.requireNonNull(config);
    }

    private ConfigState stateWhen(Predicate<ConfigState> holds) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ConfigState state;
        do {
            assertThat(System.nanoTime()).as("still in time").isLessThan(deadline);
            state = bus.ask(Addresses.CONFIG_STATE, new ConfigStateAsked()).await(10, TimeUnit.SECONDS);
        } while (!holds.test(state));
        return state;
    }

    private static String withSecret(String secret) {
        return "adminKey: a\nproviders: {}\nmodels: {}\nkeys:\n  app: {secret: " + secret + "}\n";
    }

    private static String secretOf(Config config) {
        return Objects.requireNonNull(config.keys().get(new KeyName("app"))).secret();
    }
}
