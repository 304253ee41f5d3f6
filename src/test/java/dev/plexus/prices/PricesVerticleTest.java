package dev.plexus.prices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigReader;
import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.PricesAsked;
import dev.plexus.message.PricesChanged;
import dev.plexus.message.PricesFound;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesVerticleTest {

    private static final String LIST = "{\"data\":[{\"id\":\"lab/one\",\"pricing\":{\"prompt\":\"%s\",\"completion\":\"0\"}}]}";
    private static final Config PRICED = config("{source: openrouter, slug: lab/one}");
    private static final Config UNPRICED = config("{source: simple, input: 1, output: 1}");

    private final Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.on(vertx);
    private final LinkedBlockingQueue<PricesChanged> told = new LinkedBlockingQueue<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicReference<String> answer = new AtomicReference<>("");
    private final HttpServer server;

    PricesVerticleTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        server = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    fetches.incrementAndGet();
                    String body = answer.get();
                    request.response().setStatusCode(body.isEmpty() ? 500 : 200).end(body);
                })
                .listen(0, "127.0.0.1"));
        bus.hear(Addresses.PRICES_CHANGED, told::add);
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static Config config(String pricing) {
        Config config = new ConfigReader(_ -> null)
                .read("adminKey: k\nmodels: {}\nkeys: {}\nproviders:\n  p: {api_base_url: \"http://127.0.0.1:1/v1\", api_key: k, models: {m: {pricing: %s}}}\n"
                        .formatted(pricing))
                .config();
        assertThat(config).isNotNull();
        return config;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }

    private void deploy(Config config, Duration fresh, Duration retry) throws Exception {
        await(vertx.deployVerticle(
                new PricesVerticle(bus, config, "http://127.0.0.1:" + server.actualPort() + "/models", directory, fresh, retry)));
    }

    private String nextPrompt() throws Exception {
        PricesChanged changed = told.poll(10, TimeUnit.SECONDS);
        assertThat(changed).isNotNull();
        var rates = changed.catalogue().rates("lab/one");
        assertThat(rates).isNotNull();
        return rates.prompt().toPlainString();
    }

    @Test
    void the_list_is_fetched_told_and_kept_on_disk() throws Exception {
        answer.set(LIST.formatted("0.000003"));
        deploy(PRICED, Duration.ofHours(1), Duration.ofHours(1));

        assertThat(nextPrompt()).isEqualTo("0.000003");
        assertThat(Files.readString(directory.resolve("openrouter-models.json"))).isEqualTo(answer.get());
    }

    @Test
    void without_a_network_the_copy_on_disk_holds() throws Exception {
        Files.writeString(directory.resolve("openrouter-models.json"), LIST.formatted("0.000007"));
        deploy(PRICED, Duration.ofHours(1), Duration.ofHours(1));

        assertThat(nextPrompt()).isEqualTo("0.000007");
    }

    @Test
    void a_failed_fetch_is_tried_again_and_leaves_the_old_list_in_force() throws Exception {
        Files.writeString(directory.resolve("openrouter-models.json"), LIST.formatted("0.000007"));
        deploy(PRICED, Duration.ofHours(1), Duration.ofMillis(20));
        assertThat(nextPrompt()).isEqualTo("0.000007");

        answer.set(LIST.formatted("0.000008"));

        assertThat(nextPrompt()).isEqualTo("0.000008");
    }

    @Test
    void the_list_is_fetched_again_after_its_time() throws Exception {
        answer.set(LIST.formatted("0.000003"));
        deploy(PRICED, Duration.ofMillis(20), Duration.ofHours(1));
        assertThat(nextPrompt()).isEqualTo("0.000003");

        answer.set(LIST.formatted("0.000004"));
        String prompt = nextPrompt();
        while (prompt.equals("0.000003")) {
            prompt = nextPrompt();
        }

        assertThat(prompt).isEqualTo("0.000004");
    }

    @Test
    void nobody_is_asked_while_no_model_is_priced_by_the_list_and_nobody_searches_it() throws Exception {
        answer.set(LIST.formatted("0.000003"));
        deploy(UNPRICED, Duration.ofHours(1), Duration.ofHours(1));
        assertThat(fetches).hasValue(0);

        PricesFound first = await(bus.ask(Addresses.PRICES_SEARCH, new PricesAsked("LAB")));

        assertThat(first.loaded()).isFalse();
        assertThat(nextPrompt()).isEqualTo("0.000003");
        assertThat(await(bus.ask(Addresses.PRICES_SEARCH, new PricesAsked("LAB"))).ids()).containsExactly("lab/one");
    }
}
