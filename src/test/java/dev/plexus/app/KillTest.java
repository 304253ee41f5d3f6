package dev.plexus.app;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.cli.Main;
import dev.plexus.simulator.Simulator;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What remains when the gateway is killed, told to stop, or loses its database, in the middle of its work.
class KillTest {

    private static final int RUNS = 20;
    private static final int LOADERS = 6;

    private final Path directory;

    KillTest(@TempDir Path directory) {
        this.directory = directory;
    }

    /// The gateway as a process of its own, begun with the command line that the launcher uses.
    static final class Child implements AutoCloseable {

        private static final Pattern LISTENS = Pattern.compile("listens on 127\\.0\\.0\\.1:(\\d+)");

        private final Process process;
        private final int port;

        private Child(Process process, int port) {
            this.process = process;
            this.port = port;
        }

        static Child start(Path directory) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "serve",
                    "--config",
                    directory.resolve("plexus.yaml").toString(),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "0");
            Map<String, String> environment = builder.environment();
            environment.put("DATA_DIR", directory.resolve("data").toString());
            environment.put("LOG_LEVEL", "WARN");
            environment.remove("DATABASE_URL");
            Process process = builder.directory(directory.toFile()).redirectErrorStream(true).start();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            StringBuilder said = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                Matcher listens = LISTENS.matcher(line);
                if (listens.find()) {
                    Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {})); // so that it never waits for a reader
                    return new Child(process, Integer.parseInt(listens.group(1)));
                }
            }
            throw new IllegalStateException("the gateway did not start: " + said);
        }

        String url() {
            return "http://127.0.0.1:" + port;
        }

        /// As `kill -9` does.
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private void configure(Simulator simulator, String more) throws IOException {
        Files.writeString(
                directory.resolve("plexus.yaml"), RunningGateway.oneTarget("mock-d5-c5").replace("{sim}", simulator.baseUrl()) + more);
    }

    private Path database() {
        return directory.resolve("data").resolve("plexus.db");
    }

    /// Final usage records per client request id.
    private static Map<String, Integer> records(String jdbcUrl) {
        Map<String, Integer> found = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                ResultSet rows = connection.createStatement().executeQuery(
                        "select client_request_id from request_usage where response_status <> 'pending' and client_request_id is not null")) {
            while (rows.next()) {
                found.merge(rows.getString(1), 1, Integer::sum);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        return found;
    }

    /// Asks again and again, whole and streamed by turns, until told to stop; remembers whose answer arrived to its last byte.
    private static final class Load implements AutoCloseable {

        private final Set<String> delivered;
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final ExecutorService loaders = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        Load(String url, String name, Set<String> delivered) {
            this.delivered = delivered;
            for (int loader = 0; loader < LOADERS; loader++) {
                String mine = name + "-" + loader + "-";
                Asking[] askings = Asking.values();
                loaders.submit(() -> {
                    for (int number = 0; !over.get(); number++) {
                        ask(url, askings[number % askings.length], mine + number);
                    }
                });
            }
        }

        private void ask(String url, Asking asking, String id) {
            try {
                var request = HttpRequest.newBuilder(asking.request(url, "fast"), (_, _) -> true)
                        .header("x-client-request-id", id)
                        .build();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    delivered.add(id);
                } else {
                    failures.incrementAndGet();
                }
            } catch (IOException _) {
                failures.incrementAndGet();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        int failures() {
            return failures.get();
        }

        @Override
        public void close() {
            over.set(true);
            loaders.close();
            client.close();
        }
    }

    @Test
    void twenty_kills_under_load_lose_no_record_of_a_delivered_answer_and_double_none() throws Exception {
        Vertx vertx = Vertx.vertx();
        Simulator simulator = RunningGateway.await(Simulator.start(vertx, "127.0.0.1", 0));
        configure(simulator, "");
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        for (int run = 0; run < RUNS; run++) {
            int before = delivered.size();
            try (Child child = Child.start(directory); Load load = new Load(child.url(), "run" + run, delivered)) {
                int enough = before + 40 + 7 * run; // not always the same moment
                eventually("answers", () -> delivered.size() >= enough);
                load.over.set(run % 2 == 0); // sometimes with nothing new coming in
                child.process.destroyForcibly().waitFor();
                load.over.set(true);
            }
        }
        try (Child last = Child.start(directory)) {
            eventually("all records", () -> records("jdbc:sqlite:" + database()).keySet().containsAll(delivered));
            assertThat(last.process.isAlive()).isTrue();
        }

        assertThat(delivered).hasSizeGreaterThan(RUNS * 40);
        assertThat(records("jdbc:sqlite:" + database()).values()).allMatch(count -> count == 1);
        RunningGateway.await(vertx.close());
    }

    @Test
    void told_to_stop_it_lets_streams_finish_within_the_grace_and_ends_the_rest_clearly() throws Exception {
        Vertx vertx = Vertx.vertx();
        Simulator simulator = RunningGateway.await(Simulator.start(vertx, "127.0.0.1", 0));
        configure(simulator, "shutdown: {graceSeconds: 2}\n");
        Child child = Child.start(directory);
        Set<String> ids = new HashSet<>();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> shorts = new ArrayList<>();
            List<Future<String>> longs = new ArrayList<>();
            for (int one = 0; one < 20; one++) {
                ids.add("short-" + one);
                ids.add("long-" + one);
                shorts.add(stream(readers, child, Asking.CHAT_STREAM, "direct/sim/mock-d100-c10", "short-" + one));
                longs.add(stream(readers, child, Asking.MESSAGES_STREAM, "direct/sim/mock-d100-c300", "long-" + one));
            }
            RunningGateway.await(simulator.when(tally -> tally.openStreams() == 40));
            long told = System.nanoTime();
            child.process.destroy();

            for (Future<String> one : shorts) {
                assertThat(one.get(30, TimeUnit.SECONDS)).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
            }
            for (Future<String> one : longs) {
                assertThat(one.get(30, TimeUnit.SECONDS)).contains("event: error").contains("shutting down").endsWith("0\r\n\r\n");
            }
            assertThat(child.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(child.process.exitValue()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - told)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(12));
        }
        Map<String, Integer> records = records("jdbc:sqlite:" + database());
        assertThat(records.keySet()).isEqualTo(ids);
        assertThat(records.values()).allMatch(count -> count == 1);
        RunningGateway.await(vertx.close());
    }

    private static Future<String> stream(ExecutorService readers, Child child, Asking asking, String model, String id) {
        return readers.submit(() -> {
            try (RawClient client = RawClient.to(child.port)) {
                return client.send(asking.raw(model, "x-client-request-id: " + id, "connection: close")).readUntil("never to be seen");
            }
        });
    }

    @Test
    void a_database_locked_for_three_seconds_fails_no_request_and_loses_no_record() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(directory, RunningGateway.oneTarget("mock-c3"))) {
            Set<String> delivered = ConcurrentHashMap.newKeySet();
            int failures;
            try (Load load = new Load(gateway.url(""), "locked", delivered)) {
                eventually("answers", () -> delivered.size() > 50);
                try (Connection locking = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("plexus.db") + "?busy_timeout=10000")) {
                    locking.createStatement().execute("begin exclusive");
                    long since = System.nanoTime();
                    eventually("three seconds of load", () -> System.nanoTime() - since > TimeUnit.SECONDS.toNanos(3));
                    locking.createStatement().execute("rollback");
                }
                int then = delivered.size();
                eventually("answers after the lock", () -> delivered.size() > then + 50);
                load.over.set(true);
                failures = load.failures();
            }

            assertThat(failures).isZero();
            String url = "jdbc:sqlite:" + directory.resolve("plexus.db");
            eventually("all records", () -> records(url).keySet().containsAll(delivered));
            assertThat(records(url).values()).allMatch(count -> count == 1);
        }
    }

    private static EmbeddedPostgres.Builder postgres(Path data) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofSeconds(60));
    }

    @Test
    void a_postgres_that_stops_and_comes_back_fails_no_request_and_loses_no_record() throws Exception {
        Path data = directory.resolve("postgres");
        EmbeddedPostgres first = postgres(data).start();
        int port = first.getPort();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
        try (RunningGateway gateway = RunningGateway.start(
                directory, RunningGateway.oneTarget("mock-c3"), Map.of("DATABASE_URL", "postgres://postgres@127.0.0.1:" + port + "/postgres"))) {
            Set<String> delivered = ConcurrentHashMap.newKeySet();
            int failures;
            EmbeddedPostgres second;
            try (Load load = new Load(gateway.url(""), "postgres", delivered)) {
                eventually("records", () -> records(url).size() > 50);
                first.close();
                int then = delivered.size();
                eventually("answers without a database", () -> delivered.size() > then + 300);
                second = postgres(data).setPort(port).start();
                int back = delivered.size();
                eventually("answers with it", () -> delivered.size() > back + 50);
                load.over.set(true);
                failures = load.failures();
            }
            try (second) {
                assertThat(failures).isZero();
                eventually("all records", () -> records(url).keySet().containsAll(delivered));
                assertThat(records(url).values()).allMatch(count -> count == 1);
            }
        }
    }
}
