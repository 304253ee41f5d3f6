package dev.plexus.prices;

import static dev.plexus.message.Addresses.CONFIG_IN_FORCE;
import static dev.plexus.message.Addresses.PRICES_CHANGED;
import static dev.plexus.message.Addresses.PRICES_SEARCH;

import dev.plexus.config.Config;
import dev.plexus.config.Pricing;
import dev.plexus.message.Bus;
import dev.plexus.message.PricesAsked;
import dev.plexus.message.PricesChanged;
import dev.plexus.message.PricesFound;
import dev.plexus.pricing.PriceList;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one owner of the live price list. Nobody waits for it: it begins with the copy on disk, if there is one, fetches the list when a model is priced by
/// it, and goes on with the last good one when that fails.
public final class PricesVerticle extends VerticleBase {

    /// Where OpenRouter publishes its list.
    public static final String OPENROUTER = "https://openrouter.ai/api/v1/models";

    private static final Logger LOG = LoggerFactory.getLogger(PricesVerticle.class);
    private static final Duration FRESH = Duration.ofMinutes(60);
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Duration FETCH_MAX = Duration.ofSeconds(30);
    private static final int FAILURES_MAX = 3;
    private static final int LIST_BYTES_MAX = 32 * 1024 * 1024;
    private static final String FILE = "openrouter-models.json";

    private final Bus bus;
    private final String url;
    private final Path file;
    private final Duration fresh;
    private final Duration retry;
    private @Nullable WebClient client;
    private @Nullable CircuitBreaker breaker;
    private @Nullable PriceList list;
    private boolean wanted;
    private boolean fetching;
    private long timer = -1;

    /// The copy is kept in `directory`.
    public PricesVerticle(Bus bus, Config initial, String url, Path directory) {
        this(bus, initial, url, directory, FRESH, RETRY);
    }

    PricesVerticle(Bus bus, Config initial, String url, Path directory, Duration fresh, Duration retry) {
        this.bus = bus;
        this.url = url;
        this.file = directory.resolve(FILE);
        this.fresh = fresh;
        this.retry = retry;
        this.wanted = isWanted(initial);
    }

    @Override
    public Future<?> start() {
        client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setConnectTimeout((int) FETCH_MAX.toMillis())
                        .setDecompressionSupported(true)
                        .setUserAgentEnabled(false)
                        .setFollowRedirects(true));
        breaker = CircuitBreaker.create(
                "openrouter-prices",
                vertx,
                new CircuitBreakerOptions()
                        .setMaxFailures(FAILURES_MAX)
                        .setTimeout(FETCH_MAX.toMillis())
                        .setResetTimeout(retry.toMillis())
                        .setNotificationAddress(null));
        bus.hear(CONFIG_IN_FORCE, changed -> {
            wanted |= isWanted(changed.config());
            fetchIfWanted();
        });
        bus.answer(PRICES_SEARCH, asked -> Future.succeededFuture(search(asked)));
        Future<Void> unused = vertx.<@Nullable PriceList>executeBlocking(this::stored).onSuccess(this::adopt).transform(_ -> {
            fetchIfWanted();
            return Future.succeededFuture();
        });
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        if (client != null) {
            client.close();
        }
        if (breaker != null) {
            breaker.close();
        }
        return Future.succeededFuture();
    }

    private static boolean isWanted(Config config) {
        return config.providers().values().stream()
                .flatMap(provider -> provider.models().values().stream())
                .anyMatch(model -> model.pricing() instanceof Pricing.OpenRouter);
    }

    /// Whoever asks for the list wants it.
    private PricesFound search(PricesAsked asked) {
        wanted = true;
        PriceList known = list;
        if (known == null) {
            fetchIfWanted();
            return new PricesFound(false, List.of());
        }
        return new PricesFound(true, known.search(asked.text()));
    }

    private void adopt(@Nullable PriceList fetched) {
        if (fetched != null) {
            list = fetched;
            bus.publish(PRICES_CHANGED, new PricesChanged(fetched));
        }
    }

    /// Fetches now, unless that is going on or its next time is set.
    private void fetchIfWanted() {
        CircuitBreaker guard = breaker;
        WebClient from = client;
        if (!wanted || fetching || timer >= 0 || guard == null || from == null) {
            return;
        }
        fetching = true;
        guard.execute(() -> fetch(from)).onComplete(
                fetched -> {
                    adopt(fetched);
                    again(fresh);
                },
                failure -> {
                    LOG.warn("the price list at {} could not be fetched, {}: {}", url, held(), failure.toString());
                    again(retry);
                });
    }

    private String held() {
        PriceList known = list;
        return known == null ? "models priced by it have no price" : "the last one holds on, with " + known.size() + " models";
    }

    private void again(Duration delay) {
        fetching = false;
        timer = vertx.setTimer(delay.toMillis(), _ -> {
            timer = -1;
            fetchIfWanted();
        });
    }

    private Future<PriceList> fetch(WebClient from) {
        return from.getAbs(url)
                .timeout(FETCH_MAX.toMillis())
                .putHeader("accept", "application/json")
                .send()
                .compose(answer -> vertx.executeBlocking(() -> read(answer)));
    }

    private PriceList read(HttpResponse<Buffer> answer) throws IOException {
        Buffer body = answer.bodyAsBuffer();
        if (answer.statusCode() != 200 || body == null) {
            throw new IOException("HTTP status " + answer.statusCode());
        }
        if (body.length() > LIST_BYTES_MAX) {
            throw new IOException("a list of " + body.length() + " bytes");
        }
        byte[] bytes = body.getBytes();
        PriceList fetched = PriceList.read(bytes);
        if (fetched.size() == 0) {
            throw new IOException("no model in it has a price");
        }
        store(bytes);
        return fetched;
    }

    private void store(byte[] bytes) {
        try {
            Path fresh = file.resolveSibling(FILE + ".new");
            Files.write(fresh, bytes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            LOG.warn("the price list could not be kept on disk: {}", failed.toString());
        }
    }

    /// The copy on disk, null when there is none that can be read.
    private @Nullable PriceList stored() {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return PriceList.read(Files.readAllBytes(file));
        } catch (IOException failed) {
            LOG.warn("the price list on disk is not readable: {}", failed.toString());
            return null;
        }
    }
}
