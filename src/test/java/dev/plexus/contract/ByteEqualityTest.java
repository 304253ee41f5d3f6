package dev.plexus.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.plexus.app.RunningGateway;
import dev.plexus.simulator.SeenRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Ten thousand bodies of each dialect, valid and as odd as can be, reach the provider byte for byte but for the model's name, what a stream's usage
/// needs, and what is said to the gateway alone.
class ByteEqualityTest {

    private static final int BODIES = 10_000;
    private static final int ROUND = 1_000;
    private static final int IN_FLIGHT = 24;
    private static final int PIECE_BYTES = 37;
    private static final Logger EXCHANGES = (Logger) LoggerFactory.getLogger("plexus.exchange");

    private static RunningGateway gateway;
    private static HttpClient client;
    private static Level logged;

    /// Where bodies go, and what they must hold to be taken.
    private enum Kind {
        CHAT("/v1/chat/completions"),
        MESSAGES("/v1/messages"),
        RESPONSES("/v1/responses"),
        GEMINI("/v1beta/models/%s:generateContent"),
        EMBEDDINGS("/v1/embeddings");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        private List<Supplier<String>> members(RandomBodies bodies) {
            return switch (this) {
                case CHAT -> List.of(() -> "\"messages\":" + bodies.array(1, () -> bodies.objectWith("\"role\":\"user\"")), () ->
                        bodies.pick(List.of("\"stream\":false", "\"stream\" : null", "\"temperature\":1.0", "\"tools\":[{\"a\":1}]")));
                case MESSAGES -> List.of(
                        () -> "\"messages\":" + bodies.array(1, () -> bodies.value(1)),
                        () -> "\"max_tokens\"" + bodies.space() + ":" + bodies.pick(List.of("1", "4096", "64000")));
                case RESPONSES -> List.of(
                        () -> "\"input\":" + (bodies.chance(2) ? bodies.string() : bodies.array(1, () -> bodies.value(1))), () ->
                        bodies.pick(List.of("\"conversation\":null", "\"previous_response_id\": null", "\"store\":false")));
                case GEMINI -> List.of(() -> "\"contents\":" + bodies.array(1, () -> bodies.objectWith("\"parts\":[{\"text\":\"x\"}]")));
                case EMBEDDINGS -> List.of(
                        () -> "\"input\":" + (bodies.chance(2) ? bodies.string() : bodies.array(1, bodies::string)), () -> "\"dimensions\":4");
            };
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) {
        logged = EXCHANGES.getLevel();
        EXCHANGES.setLevel(Level.WARN);
        gateway = RunningGateway.start(directory, """
                adminKey: admin-secret
                retry: {sameTargetRetries: 0}
                providers:
                  sim:
                    api_base_url: {chat: "{sim}/v1", messages: "{sim}/v1", responses: "{sim}/v1", embeddings: "{sim}/v1", gemini: "{sim}"}
                    api_key: upstream-secret-key
                    disable_cooldown: true
                models:
                  fast: {targets: [{provider: sim, model: mock-c1}]}
                  mock-c1: {targets: [{provider: sim, model: mock-c1}]}
                keys: {app: {secret: sk-test}}
                """);
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        EXCHANGES.setLevel(logged);
    }

    @Test
    void chat() throws InterruptedException {
        all_arrive_as_they_were_sent(Kind.CHAT);
    }

    @Test
    void messages() throws InterruptedException {
        all_arrive_as_they_were_sent(Kind.MESSAGES);
    }

    @Test
    void responses() throws InterruptedException {
        all_arrive_as_they_were_sent(Kind.RESPONSES);
    }

    @Test
    void gemini() throws InterruptedException {
        all_arrive_as_they_were_sent(Kind.GEMINI);
    }

    @Test
    void embeddings() throws InterruptedException {
        all_arrive_as_they_were_sent(Kind.EMBEDDINGS);
    }

    @Test
    void a_chat_stream_differs_by_the_usage_that_it_is_asked_for() throws InterruptedException {
        String stream = "{ \"stream\" :true,\"model\":\"fast\", \"messages\":[{\"role\":\"user\",\"content\":\"h\\u0069\"}]";

        assertThat(arriving(stream + " }")).isEqualTo(stream.replace("fast", "mock-c1") + " ,\"stream_options\":{\"include_usage\":true}}");
        assertThat(arriving(stream + ",\"stream_options\":{ \"x\":1.0 }}"))
                .isEqualTo(stream.replace("fast", "mock-c1") + ",\"stream_options\":{ \"x\":1.0 ,\"include_usage\":true}}");
        assertThat(arriving(stream + ",\"stream_options\":{\"include_usage\": true , \"x\":1.0 }}"))
                .isEqualTo(stream.replace("fast", "mock-c1") + ",\"stream_options\":{\"include_usage\": true , \"x\":1.0 }}");
    }

    private static String arriving(String body) throws InterruptedException {
        gateway.simulator().clear();
        send(Kind.CHAT, "fast", body.getBytes(StandardCharsets.UTF_8), false).join();
        return gateway.simulator().requests().getFirst().body().toString();
    }

    private static void all_arrive_as_they_were_sent(Kind kind) throws InterruptedException {
        RandomBodies bodies = new RandomBodies(kind.ordinal());
        for (int round = 0; round < BODIES / ROUND; round++) {
            gateway.simulator().clear();
            Set<String> expected = new TreeSet<>();
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            Semaphore free = new Semaphore(IN_FLIGHT);
            for (int index = 0; index < ROUND; index++) {
                String model = bodies.chance(5) ? "mock-c1" : "fast";
                RandomBodies.Pair pair = numbered(bodies, kind, model, index);
                expected.add(pair.expected());
                free.acquire();
                answers.add(send(kind, model, pair.sent().getBytes(StandardCharsets.UTF_8), bodies.chance(8))
                        .whenComplete((_, _) -> free.release()));
            }
            answers.forEach(CompletableFuture::join);
            List<SeenRequest> seen = gateway.simulator().requests();
            Set<String> arrived = new TreeSet<>();
            seen.forEach(request -> arrived.add(request.body().toString(StandardCharsets.UTF_8)));
            assertThat(seen).hasSize(ROUND).allMatch(request -> request.model().equals("mock-c1"));
            assertThat(arrived).isEqualTo(expected);
        }
    }

    /// No two bodies of a round are alike.
    private static RandomBodies.Pair numbered(RandomBodies bodies, Kind kind, String model, int index) {
        List<Supplier<String>> members = new ArrayList<>(kind.members(bodies));
        members.add(() -> "\"x_number\":" + index);
        return bodies.next(kind == Kind.GEMINI ? null : model, "mock-c1", members);
    }

    private static CompletableFuture<Integer> send(Kind kind, String model, byte[] body, boolean inPieces) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url(kind.path.formatted(model))))
                .header("authorization", "Bearer sk-test")
                .header("content-type", "application/json")
                .POST(inPieces ? pieces(body) : BodyPublishers.ofByteArray(body))
                .build();
        return client.sendAsync(request, BodyHandlers.discarding()).thenApply(answer -> answer.statusCode());
    }

    /// Chunked, and cut where no reader would like it.
    private static BodyPublisher pieces(byte[] body) {
        List<byte[]> pieces = new ArrayList<>();
        int size = Math.max(PIECE_BYTES, body.length / 50);
        for (int at = 0; at < body.length; at += size) {
            pieces.add(Arrays.copyOfRange(body, at, Math.min(body.length, at + size)));
        }
        return BodyPublishers.ofByteArrays(pieces);
    }
}
