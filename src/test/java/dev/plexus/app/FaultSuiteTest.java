package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sixteen provider faults, for every dialect, streamed and whole, with a provider that speaks the client's dialect and with one that does not: each
/// a cell with an alias and models of its own. Limits are a tenth of the defaults and less, so that the bounds of the table are kept in short time.
class FaultSuiteTest {

    private static final int CELLS_AT_ONCE = 24;
    private static final String SICK = "sick";
    private static final String WELL = "well";

    /// A fault: what the targets do, by the simulator's tokens, and what must come of it.
    private enum Fault {
        S01("429-ra2-once"),
        S02("429-ra1"),
        S03("once"),
        S04("503", ""),
        S05("reset-once"),
        S05_GONE("reset"),
        S05_OTHER("reset", ""),
        S06("hang", ""),
        S07("hslow20000", ""),
        S08("c60-d2-cut40", "c60"),
        S08_ALONE("c60-d2-cut40"),
        S08_ERROR("c60-err30", "c60"),
        S09("c60-silent20", "c60"),
        S10("c60-bad20", "c60"),
        S11("c60-noterm"),
        S11_OPEN("c60-noend"),
        S11_UNFINISHED("c60-nofinish", "c60"),
        S12("ctx", ""),
        S12_ALONE("ctx"),
        S13("filter", ""),
        S14("c60-d2-cut40", "c60-noprefill"),
        S15("down3000", ""),
        S16("500", "");

        final List<String> targets;

        Fault(String... targets) {
            this.targets = List.of(targets);
        }
    }

    private record Cell(Fault fault, Asking asking, boolean translated) {

        String alias() {
            return (fault + "." + asking + (translated ? ".translated" : "")).toLowerCase(Locale.ROOT);
        }

        String model(int target) {
            String tokens = fault.targets.get(target);
            return "mock-" + (tokens.isEmpty() ? "" : tokens + "-") + alias().replace('.', '_') + "_" + target;
        }

        String targetDialect() {
            if (!translated) {
                return asking.dialect();
            }
            return switch (asking.dialect()) {
                case "chat" -> "messages";
                case "messages" -> "chat";
                case "responses" -> "gemini";
                default -> "responses";
            };
        }

        String provider(int target) {
            return (target == 0 ? SICK : WELL) + "_" + targetDialect();
        }

        @Override
        public String toString() {
            return alias();
        }
    }

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, yaml());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CLIENT.close();
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Asking asking : Asking.values()) {
                cells.add(new Cell(fault, asking, false));
                cells.add(new Cell(fault, asking, true));
            }
        }
        return cells;
    }

    private static String yaml() {
        StringBuilder yaml = new StringBuilder("adminKey: admin-secret\nkeys: {app: {secret: sk-test}}\ncooldown: {initialMinutes: 0.1}\n");
        yaml.append("timeouts: {firstByteMs: 4000, idleMs: 3000, totalMs: 20000}\nproviders:\n");
        for (String role : List.of(SICK, WELL)) {
            for (String dialect : List.of("chat", "messages", "responses", "gemini")) {
                yaml.append("  ").append(role).append('_').append(dialect).append(": {api_base_url: {").append(dialect);
                yaml.append(": \"{sim}").append(dialect.equals("gemini") ? "" : "/v1").append("\"}, api_key: upstream-secret-key}\n");
            }
        }
        yaml.append("models:\n");
        for (Cell cell : cells()) {
            yaml.append("  \"").append(cell.alias()).append("\": {selector: in_order, targets: [");
            for (int target = 0; target < cell.fault.targets.size(); target++) {
                yaml.append("{provider: ").append(cell.provider(target)).append(", model: \"").append(cell.model(target)).append("\"}, ");
            }
            yaml.append("]}\n");
        }
        return yaml.toString();
    }

    @Test
    void every_fault_is_survived_in_every_dialect_streamed_and_whole() throws InterruptedException {
        String only = System.getProperty("plexus.faults", "");
        List<Cell> cells = cells().stream().filter(cell -> cell.alias().contains(only)).toList();
        List<String> failures = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(CELLS_AT_ONCE)) {
            List<Future<?>> running = new ArrayList<>();
            for (Cell cell : cells) {
                running.add(executor.submit(() -> {
                    check(cell);
                    return null;
                }));
            }
            for (int index = 0; index < cells.size(); index++) {
                try {
                    running.get(index).get();
                } catch (ExecutionException failed) {
                    failures.add(cells.get(index) + ": " + String.valueOf(failed.getCause()).replace('\n', ' '));
                }
            }
        }
        failures.forEach(System.out::println);
        System.out.println(cells.size() - failures.size() + " passed, " + failures.size() + " failed");
        assertThat(failures).isEmpty();
    }

    private static void check(Cell cell) throws IOException, InterruptedException {
        long before = System.nanoTime();
        if (cell.fault == Fault.S15) {
            recovers(cell);
            return;
        }
        HttpResponse<String> answer = ask(cell);
        long millis = (System.nanoTime() - before) / 1_000_000;
        switch (cell.fault) {
            case S01 -> {
                good(cell, answer, 0);
                assertThat(millis).isBetween(2_000L, 10_000L);
                assertThat(hits(cell, 0)).isEqualTo(2);
            }
            case S02 -> {
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.headers().firstValue("retry-after")).isPresent();
                assertThat(hits(cell, 0)).isBetween(1L, 4L);
            }
            case S03, S05 -> {
                good(cell, answer, 0);
                assertThat(hits(cell, 0)).isEqualTo(2);
            }
            case S04 -> {
                good(cell, answer, 1);
                long hits = hits(cell, 0);
                good(cell, ask(cell), 1);
                assertThat(hits(cell, 0)).isEqualTo(hits);
            }
            case S05_OTHER -> good(cell, answer, 1);
            case S05_GONE -> {
                assertThat(answer.statusCode()).isBetween(500, 599);
                assertThat(answer.body()).contains("ECONNRESET").contains("\"error\"");
            }
            case S06, S07 -> {
                good(cell, answer, 1);
                assertThat(millis).isBetween(4_000L, 15_000L);
                assertThat(hits(cell, 0)).isEqualTo(1);
            }
            case S08, S08_ERROR, S09, S11_UNFINISHED, S14 -> spliced(cell, answer);
            case S08_ALONE -> {
                if (cell.asking.streams()) {
                    assertThat(answer.body()).contains(cell.asking.errorEvent());
                    assertThat(gateway.usageOf(answer)).containsEntry("response_status", "error");
                } else {
                    assertThat(answer.statusCode()).isBetween(500, 599);
                    assertThat(answer.body()).contains("\"error\"");
                }
            }
            case S10 -> {
                good(cell, answer, cell.asking.streams() ? 0 : 1);
                assertThat(millis).isLessThan(10_000);
            }
            case S11, S11_OPEN -> {
                good(cell, answer, 0);
                assertThat(millis).isLessThan(10_000);
            }
            case S12 -> {
                good(cell, answer, 1);
                assertThat(hits(cell, 0)).isEqualTo(1);
                good(cell, ask(cell), 1);
                assertThat(hits(cell, 0)).isEqualTo(2); // not cooled
            }
            case S12_ALONE -> {
                assertThat(answer.statusCode()).isEqualTo(400);
                assertThat(hits(cell, 0)).isEqualTo(1);
            }
            case S13 -> {
                assertThat(answer.statusCode()).isEqualTo(400);
                assertThat(hits(cell, 0)).isEqualTo(1);
                assertThat(hits(cell, 1)).isZero();
            }
            case S16 -> {
                good(cell, answer, 1);
                assertThat(gateway.usageOf(answer))
                        .containsEntry("provider", cell.provider(1))
                        .containsEntry("selected_model_name", cell.model(1))
                        .containsEntry("tokens_output", 128)
                        .containsEntry("attempt_count", 2);
            }
            case S15 -> throw new IllegalStateException("handled above");
        }
    }

    /// All requests are served while the first target is down, few of them by way of it, and it is used again once it is well.
    private static void recovers(Cell cell) throws IOException, InterruptedException {
        for (int request = 0; request < 20; request++) {
            good(cell, ask(cell), 1);
        }
        assertThat(hits(cell, 0)).isLessThanOrEqualTo(4);
        long until = System.nanoTime() + 30_000_000_000L;
        RunningGateway.eventually("the recovery of " + cell, () -> provider(cell).equals(cell.provider(0)) || System.nanoTime() > until);
    }

    private static String provider(Cell cell) {
        try {
            return ask(cell).headers().firstValue("x-plexus-provider").orElse("");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static void spliced(Cell cell, HttpResponse<String> answer) {
        good(cell, answer, 1);
        boolean streamCut = cell.asking.streams();
        var usage = gateway.usageOf(answer);
        assertThat(usage).containsEntry("response_status", "success").containsEntry("attempt_count", streamCut || !isStreamFault(cell) ? 2 : 1);
        if (streamCut) {
            assertThat((String) usage.get("retry_history")).contains("resumed after");
        }
    }

    /// Faults of streams that whole answers do not have.
    private static boolean isStreamFault(Cell cell) {
        return cell.fault == Fault.S08_ERROR || cell.fault == Fault.S11_UNFINISHED;
    }

    private static HttpResponse<String> ask(Cell cell) throws IOException, InterruptedException {
        return CLIENT.send(cell.asking.request(gateway.url(""), cell.alias()), HttpResponse.BodyHandlers.ofString());
    }

    private static long hits(Cell cell, int target) {
        return gateway.simulator().hits(cell.model(target));
    }

    /// The answer is whole, and says what that target says, in the client's dialect with all of its closing events.
    private static void good(Cell cell, HttpResponse<String> answer, int target) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        int chunks = cell.fault.targets.get(0).startsWith("c60") ? 60 : 20;
        String text = cell.asking.streams() ? streamed(cell.asking.dialect(), answer.body()) : whole(cell.asking.dialect(), new JsonObject(answer.body()));
        assertThat(text.split(" ").length).as("%s", text).isGreaterThanOrEqualTo(chunks / 2);
        assertThat(text).isEqualTo(TEXTS.computeIfAbsent(cell.asking.streams() ? -chunks : chunks, FaultSuiteTest::said));
        assertThat(target).isLessThan(cell.fault.targets.size());
    }

    private static final Map<Integer, String> TEXTS = new ConcurrentHashMap<>();

    /// What a healthy target says in so many chunks; in a stream if the number is negative.
    private static String said(int chunks) {
        Asking asking = chunks < 0 ? Asking.CHAT_STREAM : Asking.CHAT_WHOLE;
        try {
            var request = asking.request(gateway.simulator().baseUrl(), "mock-c" + Math.abs(chunks));
            String body = CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return asking.streams() ? streamed("chat", body) : whole("chat", new JsonObject(body));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String whole(String dialect, JsonObject answer) {
        return switch (dialect) {
            case "chat" -> answer.getJsonArray("choices").getJsonObject(0).getJsonObject("message").getString("content");
            case "messages" -> texts(answer.getJsonArray("content"));
            case "responses" -> texts(answer.getJsonArray("output").getJsonObject(0).getJsonArray("content"));
            default -> texts(answer.getJsonArray("candidates").getJsonObject(0).getJsonObject("content").getJsonArray("parts"));
        };
    }

    private static String texts(JsonArray blocks) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < blocks.size(); index++) {
            text.append(blocks.getJsonObject(index).getString("text", ""));
        }
        return text.toString();
    }

    private static List<String> frames(String body) {
        return Arrays.stream(body.split("\r?\n")).filter(line -> line.startsWith("data:")).map(line -> line.substring(5).strip()).toList();
    }

    /// The text of a stream, which must be one stream from its first event to its last.
    private static String streamed(String dialect, String body) {
        List<String> frames = frames(body);
        return switch (dialect) {
            case "chat" -> chat(frames);
            case "messages" -> messages(frames);
            case "responses" -> responses(frames);
            default -> gemini(frames);
        };
    }

    private static String chat(List<String> frames) {
        assertThat(frames.getLast()).isEqualTo("[DONE]");
        StringBuilder text = new StringBuilder();
        List<String> ids = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String frame : frames.subList(0, frames.size() - 1)) {
            JsonObject chunk = new JsonObject(frame);
            assertThat(chunk.containsKey("error")).as(frame).isFalse();
            ids.add(chunk.getString("id"));
            JsonArray choices = chunk.getJsonArray("choices");
            if (choices != null && !choices.isEmpty()) {
                JsonObject choice = choices.getJsonObject(0);
                text.append(choice.getJsonObject("delta", new JsonObject()).getString("content", ""));
                if (choice.getString("finish_reason") != null) {
                    reasons.add(choice.getString("finish_reason"));
                }
            }
        }
        assertThat(ids.stream().distinct()).hasSize(1);
        assertThat(reasons).containsExactly("stop");
        return text.toString();
    }

    private static String messages(List<String> frames) {
        StringBuilder text = new StringBuilder();
        List<String> order = new ArrayList<>();
        for (String frame : frames) {
            JsonObject event = new JsonObject(frame);
            String type = event.getString("type");
            if (type.equals("content_block_delta")) {
                assertThat(event.getInteger("index")).isZero();
                text.append(event.getJsonObject("delta").getString("text"));
            }
            if (!type.equals("ping") && (order.isEmpty() || !order.getLast().equals(type))) {
                order.add(type);
            }
        }
        assertThat(order)
                .containsExactly(
                        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop");
        return text.toString();
    }

    private static String responses(List<String> frames) {
        StringBuilder text = new StringBuilder();
        List<String> types = new ArrayList<>();
        List<String> items = new ArrayList<>();
        long last = -1;
        for (String frame : frames) {
            if (frame.equals("[DONE]")) {
                continue;
            }
            JsonObject event = new JsonObject(frame);
            types.add(event.getString("type"));
            assertThat(event.getLong("sequence_number")).isGreaterThan(last);
            last = event.getLong("sequence_number");
            if (event.getString("type").equals("response.output_text.delta")) {
                text.append(event.getString("delta"));
                items.add(event.getString("item_id"));
            }
        }
        assertThat(items.stream().distinct()).as("%s", frames).hasSize(1);
        assertThat(types.stream().filter("response.created"::equals)).hasSize(1);
        assertThat(types.stream().filter("response.output_item.done"::equals)).hasSize(1);
        assertThat(types.getLast()).isEqualTo("response.completed");
        JsonObject response = new JsonObject(frames.stream().filter(frame -> !frame.equals("[DONE]")).toList().getLast()).getJsonObject("response");
        assertThat(response.getString("id")).isEqualTo(new JsonObject(frames.getFirst()).getJsonObject("response").getString("id"));
        assertThat(whole("responses", response)).isEqualTo(text.toString());
        return text.toString();
    }

    private static String gemini(List<String> frames) {
        StringBuilder text = new StringBuilder();
        List<String> reasons = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String frame : frames) {
            JsonObject chunk = new JsonObject(frame);
            assertThat(chunk.containsKey("error")).as(frame).isFalse();
            ids.add(chunk.getString("responseId"));
            JsonObject candidate = chunk.getJsonArray("candidates", new JsonArray().add(new JsonObject())).getJsonObject(0);
            text.append(texts(candidate.getJsonObject("content", new JsonObject()).getJsonArray("parts", new JsonArray())));
            if (candidate.getString("finishReason") != null) {
                reasons.add(candidate.getString("finishReason"));
            }
        }
        assertThat(reasons).containsExactly("STOP");
        assertThat(ids.stream().distinct()).hasSize(1);
        return text.toString();
    }
}
