package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.simulator.Simulator;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The configuration file is edited while requests run.
class HotReloadTest {

    private static final int EDITS = 100;

    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, yaml("{sim}", 0));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /// Each version has an alias of its own, by which it can be told that it is in force.
    private static String yaml(String at, int version) {
        return RunningGateway.oneTarget("mock-d10-c40")
                .replace("{sim}", at)
                .replace(
                        "models:\n  fast:",
                        "models:\n  version-%d: {selector: in_order, targets: [{provider: sim, model: mock-c2}]}\n  fast:".formatted(version));
    }

    private static String broken(String good, int version) {
        return switch (version % 4) {
            case 0 -> good.replace("provider: sim", "provider: simm");
            case 1 -> good + "unknown_key: 1\n  worse: [\n";
            case 2 -> good.replace("selector: in_order", "selector: at_will");
            default -> "";
        };
    }

    private void save(String text) throws IOException {
        Path file = gateway.configFile();
        Path beside = file.resolveSibling("plexus.yaml.new");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean isInForce(int version) {
        return gateway.get("/v1/models", "authorization", "Bearer sk-test").body().contains("\"version-" + version + "\"");
    }

    private JsonArray faults() {
        String ready = gateway.get("/health/ready", "authorization", "Bearer admin-secret").body();
        return new JsonObject(ready).getJsonObject("config").getJsonArray("lastReloadErrors");
    }

    @Test
    void a_hundred_edits_under_load_fail_no_request_and_cut_no_stream() throws Exception {
        String sim = gateway.simulator().baseUrl();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        List<Future<?>> loaders = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Asking asking : Asking.values()) {
                loaders.add(threads.submit(() -> {
                    while (!over.get()) {
                        var answer = gateway.post(asking.path("fast"), asking.body("fast"));
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        assertThat(answer.body()).doesNotContain("\"error\":{");
                        answers.incrementAndGet();
                    }
                }));
            }
            try {
                for (int version = 1; version <= EDITS; version++) {
                    int edit = version;
                    boolean good = version % 2 == 0;
                    String text = yaml(sim, version);
                    save(good ? text : broken(text, version));
                    if (version % 10 == 0) {
                        eventually("version " + version, () -> isInForce(edit));
                        assertThat(faults()).isEmpty();
                    } else if (version % 10 == 5) {
                        eventually("the faults of version " + version, () -> !faults().isEmpty());
                        assertThat(isInForce(edit)).isFalse();
                    } else {
                        int now = answers.get();
                        eventually("more answers", () -> answers.get() > now + 3);
                    }
                }
            } finally {
                over.set(true);
            }
            for (Future<?> loader : loaders) {
                loader.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(gateway.rows("select * from request_usage where response_status not in ('success', 'pending')")).isEmpty();
    }

    @Test
    void streams_that_run_keep_their_provider_when_its_address_changes_or_it_goes() throws Exception {
        Vertx vertx = Vertx.vertx();
        Simulator other = RunningGateway.await(Simulator.start(vertx, "127.0.0.1", 0));
        String sim = gateway.simulator().baseUrl();
        save(yaml(sim, 1).replace("mock-d10-c40", "mock-d100-c60"));
        eventually("slow streams", () -> isInForce(1));
        try (RawClient first = RawClient.to(gateway.plexus().port()); RawClient second = RawClient.to(gateway.plexus().port())) {
            first.send(Asking.CHAT_STREAM.raw("fast")).readUntil("quick");

            save(yaml(other.baseUrl(), 2).replace("mock-d10-c40", "mock-d100-c60"));
            eventually("the other address", () -> isInForce(2));
            second.send(Asking.CHAT_STREAM.raw("fast")).readUntil("quick");
            assertThat(other.hits("mock-d100-c60")).isEqualTo(1);

            save(yaml(other.baseUrl(), 3).replace("sim:\n", "renamed:\n").replace("provider: sim", "provider: renamed"));
            eventually("another provider", () -> isInForce(3));
            assertThat(gateway.post("/v1/chat/completions", Asking.CHAT_WHOLE.body("direct/sim/mock-c2")).statusCode()).isEqualTo(404);
            assertThat(gateway.post("/v1/chat/completions", Asking.CHAT_WHOLE.body("fast")).statusCode()).isEqualTo(200);

            assertThat(first.readUntil("data: [DONE]\n\n")).endsWith("data: [DONE]\n\n").doesNotContain("\"error\":");
            assertThat(second.readUntil("data: [DONE]\n\n")).endsWith("data: [DONE]\n\n").doesNotContain("\"error\":");
        }
        assertThat(gateway.simulator().tally().cancelled()).isZero();
        assertThat(other.tally().cancelled()).isZero();
        RunningGateway.await(vertx.close());
    }
}
