package dev.plexus.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Loads a chat endpoint at a fixed rate (for whole answers, or for the first bytes of streams), or with many slow streams at once, and prints what it saw as one line of `name=value` words (times in
/// microseconds). The end-to-end benchmark starts it as a process of its own on the load core: `docs/benchmarks/run.sh`.
///
/// ```
/// Load rate URL MODEL KEY REQUESTS_PER_SECOND SECONDS
/// Load first URL MODEL KEY STREAMS_PER_SECOND SECONDS
/// Load streams URL MODEL KEY COUNT SECONDS_MAX
/// ```
///
/// Each first does the same once without counting, so that neither this process nor the gateway is measured while its code is still being compiled.
/// A request's latency counts from the moment at which it was due, so that a gateway which stalls cannot hide the requests that it kept waiting.
/// The delay of a chunk is the difference between the clock that the simulator writes into each chunk (token `ts`, microseconds) and the moment of
/// its arrival: both processes read the clock of the same machine.
public final class Load {

    private static final Pattern STAMP = Pattern.compile("@(\\d{10,20})@");
    private static final int SAMPLES_MAX = 2_000_000;

    private final long[] samples = new long[SAMPLES_MAX];
    private final HttpClient client;
    private final URI url;
    private final String model;
    private final String key;
    private final AtomicInteger failed = new AtomicInteger();
    private int count;

    private Load(Vertx vertx, String url, String model, String key) {
        this.url = URI.create(url);
        this.model = model;
        this.key = key;
        this.client = vertx.createHttpClient(new HttpClientOptions().setMaxChunkSize(64 * 1024), new PoolOptions().setHttp1MaxSize(20_000));
    }

    public static void main(String[] args) throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        Load load = new Load(vertx, args[1], args[2], args[3]);
        int number = Integer.parseInt(args[4]);
        int seconds = Integer.parseInt(args[5]);
        System.out.println(
                switch (args[0]) {
                    case "rate" -> load.rate(vertx, number, seconds, false);
                    case "first" -> load.rate(vertx, number, seconds, true);
                    case "streams" -> load.streams(vertx, number, seconds);
                    default -> throw new IllegalArgumentException("mode: " + args[0]);
                });
        vertx.close();
    }

    private String rate(Vertx vertx, int perSecond, int seconds, boolean stream) throws InterruptedException {
        once(vertx, perSecond, seconds, stream);
        forget();
        return once(vertx, perSecond, seconds, stream);
    }

    private void forget() {
        count = 0;
        failed.set(0);
    }

    private String once(Vertx vertx, int perSecond, int seconds, boolean stream) throws InterruptedException {
        int total = perSecond * seconds;
        CountDownLatch done = new CountDownLatch(total);
        long step = TimeUnit.SECONDS.toNanos(1) / perSecond;
        Buffer body = Buffer.buffer(body(stream));
        vertx.runOnContext(_ -> {
            long begin = System.nanoTime();
            AtomicInteger sent = new AtomicInteger();
            vertx.setPeriodic(1, timer -> {
                while (sent.get() < total && System.nanoTime() >= begin + sent.get() * step) {
                    long due = begin + sent.getAndIncrement() * step;
                    if (stream) {
                        ask(body, response -> first(response, due, done), done);
                    } else {
                        ask(body, response -> whole(response, due, done), done);
                    }
                }
                if (sent.get() == total) {
                    vertx.cancelTimer(timer);
                }
            });
        });
        boolean all = done.await(seconds + 20L, TimeUnit.SECONDS);
        return report(all, total);
    }

    private void whole(HttpClientResponse response, long due, CountDownLatch done) {
        response.body().onComplete(
                _ -> {
                    sample(System.nanoTime() - due);
                    done.countDown();
                },
                _ -> lost(done));
    }

    private void first(HttpClientResponse response, long due, CountDownLatch done) {
        AtomicInteger chunks = new AtomicInteger();
        response.handler(_ -> {
            if (chunks.getAndIncrement() == 0) {
                sample(System.nanoTime() - due);
            }
        });
        response.exceptionHandler(_ -> lost(done));
        response.endHandler(_ -> done.countDown());
    }

    private String streams(Vertx vertx, int number, int seconds) throws InterruptedException {
        together(vertx, number, seconds);
        forget();
        return together(vertx, number, seconds);
    }

    private String together(Vertx vertx, int number, int seconds) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(number);
        Buffer body = Buffer.buffer(body(true));
        vertx.runOnContext(_ -> {
            for (int stream = 0; stream < number; stream++) {
                vertx.setTimer(1 + stream * 2_000L / number, _ -> ask(body, response -> {
                    response.handler(this::stamps);
                    response.exceptionHandler(_ -> lost(done));
                    response.endHandler(_ -> done.countDown());
                }, done));
            }
        });
        boolean all = done.await(seconds, TimeUnit.SECONDS);
        return report(all, number);
    }

    private void ask(Buffer body, Consumer<HttpClientResponse> answered, CountDownLatch done) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(url.getHost())
                .setPort(url.getPort())
                .setURI(url.getPath())
                .putHeader("authorization", "Bearer " + key)
                .putHeader("content-type", "application/json");
        client.request(options).compose(request -> request.send(body)).onComplete(
                response -> {
                    if (response.statusCode() == 200) {
                        answered.accept(response);
                    } else {
                        lost(done);
                    }
                },
                _ -> lost(done));
    }

    private void lost(CountDownLatch done) {
        failed.incrementAndGet();
        done.countDown();
    }

    private void stamps(Buffer chunk) {
        Instant now = Instant.now();
        long micros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
        Matcher stamp = STAMP.matcher(chunk.toString());
        while (stamp.find()) {
            sample(TimeUnit.MICROSECONDS.toNanos(micros - Long.parseLong(stamp.group(1))));
        }
    }

    private void sample(long nanos) {
        if (count < SAMPLES_MAX) {
            samples[count++] = nanos;
        }
    }

    private String report(boolean all, int total) {
        long[] sorted = Arrays.copyOf(samples, count);
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "finished=%s of=%d failed=%d samples=%d p50=%d p99=%d max=%d",
                all,
                total,
                failed.get(),
                count,
                quantile(sorted, 0.50),
                quantile(sorted, 0.99),
                quantile(sorted, 1.0));
    }

    private static long quantile(long[] sorted, double share) {
        return sorted.length == 0 ? -1 : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))] / Duration.ofNanos(1_000).toNanos();
    }

    private String body(boolean stream) {
        String text = "Summarise the following notes in three sentences, keeping every figure and every name as it stands. ".repeat(18);
        return "{\"model\":\"" + model + "\"," + (stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "")
                + "\"temperature\":0.2,\"max_tokens\":512,\"messages\":[{\"role\":\"system\",\"content\":\"You are terse.\"},"
                + "{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }
}
