package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.storage.RealPostgres;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is recorded of hundreds of written-down provider answers, against counts and dollars that were worked out without our code
/// (`src/test/resources/ledger/generate.py`): token rules T1 to T13, and every kind of price.
class GoldenLedgerTest {

    private static final int ANSWERS_MIN = 300;

    private final Path directory;

    GoldenLedgerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void answers_that_are_passed_through_come_to_what_was_worked_out_by_hand_on_sqlite() throws Exception {
        compare("jdbc:sqlite:" + directory.resolve("plexus.db"), Map.of(), false);
    }

    @Test
    void answers_that_are_passed_through_come_to_what_was_worked_out_by_hand_on_postgres() throws Exception {
        String url = RealPostgres.freshDatabase();
        URI uri = URI.create(url);
        compare(
                "jdbc:postgresql://127.0.0.1:" + uri.getPort() + uri.getPath() + "?user=postgres&password=postgres",
                Map.of("DATABASE_URL", url),
                false);
    }

    @Test
    void answers_that_are_translated_come_to_the_same() throws Exception {
        compare("jdbc:sqlite:" + directory.resolve("plexus.db"), Map.of(), true);
    }

    private void compare(String database, Map<String, String> environment, boolean translated) throws Exception {
        List<JsonObject> cases = cases();
        assertThat(cases).hasSizeGreaterThan(ANSWERS_MIN);
        try (WritingProvider provider = new WritingProvider()) {
            cases.forEach(one -> provider.answers(one.getString("id"), one.getString("answer")));
            Map<String, String> variables = new HashMap<>(environment);
            variables.put("OPENROUTER_MODELS_URL", provider.url() + "/prices");
            try (RunningGateway gateway = RunningGateway.start(directory, yaml(cases, provider.url()), variables)) {
                RunningGateway.eventually("prices", () -> gateway.get("/v1/openrouter/models").statusCode() == 200);
                Map<String, JsonObject> wanted = new LinkedHashMap<>();
                for (JsonObject one : cases) {
                    HttpResponse<String> answer = ask(gateway, one, translated);
                    assertThat(answer.statusCode()).as("%s: %s", one.getString("id"), answer.body()).isEqualTo(200);
                    wanted.put(answer.headers().firstValue("x-request-id").orElseThrow(), one);
                }
                List<String> wrong = new ArrayList<>();
                Map<String, Map<String, Object>> rows = rows(database, wanted.size());
                wanted.forEach((id, one) -> wrong.addAll(differences(one, rows.getOrDefault(id, Map.of()), translated)));
                assertThat(wrong).isEmpty();
            }
        }
    }

    private static HttpResponse<String> ask(RunningGateway gateway, JsonObject one, boolean translated) {
        Question own = Question.valueOf(one.getString("dialect").toUpperCase(Locale.ROOT));
        Question asked = !translated ? own : own == Question.CHAT ? Question.MESSAGES : Question.CHAT;
        return asked.ask(gateway, "direct/gold-" + one.getString("dialect") + "/" + one.getString("id"), one.getBoolean("stream"));
    }

    private static List<String> differences(JsonObject one, Map<String, Object> row, boolean translated) {
        JsonObject expected = one.getJsonObject("expected");
        List<String> wrong = new ArrayList<>();
        String id = one.getString("id");
        Map<String, String> columns = Map.of(
                "input", "tokens_input",
                "cached", "tokens_cached",
                "cacheWrite", "tokens_cache_write",
                "output", "tokens_output",
                "reasoning", "tokens_reasoning",
                "costInput", "cost_input",
                "costOutput", "cost_output",
                "costCached", "cost_cached",
                "costCacheWrite", "cost_cache_write",
                "costTotal", "cost_total");
        columns.forEach((name, column) -> {
            Object given = row.get(column);
            Object value = expected.getValue(name);
            boolean same = value == null
                    ? given == null
                    : given instanceof Number number && Math.abs(number.doubleValue() - Double.parseDouble(value.toString())) < 1e-9;
            if (!same) {
                wrong.add(id + ": " + column + " is " + given + ", not " + value);
            }
        });
        if (!expected.getString("source").equals(row.get("cost_source"))) {
            wrong.add(id + ": cost_source is " + row.get("cost_source"));
        }
        if (!"success".equals(row.get("response_status")) || number(row.get("tokens_estimated")) != 0) {
            wrong.add(id + ": " + row.get("response_status") + ", estimated " + row.get("tokens_estimated"));
        }
        if (number(row.get("is_passthrough")) != (translated ? 0 : 1)) {
            wrong.add(id + ": passed through " + row.get("is_passthrough"));
        }
        return wrong;
    }

    private static int number(Object value) {
        return value instanceof Number number ? number.intValue() : -1;
    }

    private static String yaml(List<JsonObject> cases, String url) {
        StringBuilder yaml = new StringBuilder("adminKey: admin-secret\nmodels: {}\nkeys:\n  app: {secret: sk-test}\nproviders:\n");
        for (String dialect : List.of("chat", "responses", "messages", "gemini")) {
            yaml.append("  gold-%s:\n    api_base_url: {%s: \"%s%s\"}\n    api_key: k\n    models:\n"
                    .formatted(dialect, dialect, url, dialect.equals("gemini") ? "" : "/v1"));
            for (JsonObject one : cases) {
                if (one.getString("dialect").equals(dialect)) {
                    yaml.append("      %s: {pricing: %s}\n".formatted(one.getString("id"), one.getString("pricing")));
                }
            }
        }
        return yaml.toString();
    }

    private static List<JsonObject> cases() throws IOException {
        try (InputStream file = GoldenLedgerTest.class.getResourceAsStream("/ledger/answers.jsonl")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().map(JsonObject::new).toList();
        }
    }

    private static Map<String, Map<String, Object>> rows(String database, int wanted) {
        Map<String, Map<String, Object>> found = new HashMap<>();
        RunningGateway.eventually("all records", () -> {
            found.clear();
            try (Connection connection = DriverManager.getConnection(database);
                    ResultSet rows = connection.createStatement().executeQuery("select * from request_usage where response_status <> 'pending'")) {
                while (rows.next()) {
                    Map<String, Object> row = new HashMap<>();
                    for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                        row.put(rows.getMetaData().getColumnName(column), rows.getObject(column));
                    }
                    found.put(String.valueOf(row.get("request_id")), row);
                }
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
            return found.size() == wanted;
        });
        return found;
    }
}
