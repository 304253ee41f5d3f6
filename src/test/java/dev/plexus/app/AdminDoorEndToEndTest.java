package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who gets into the management API.
class AdminDoorEndToEndTest {

    private static final String VERIFY = "/v0/management/auth/verify";

    private RunningGateway gateway;
    private Admin admin;

    @BeforeEach
    void start(@TempDir Path directory) {
        gateway = RunningGateway.start(directory, RunningGateway.oneTarget("mock-c2"));
        admin = new Admin(gateway, HttpClient.newHttpClient());
    }

    @AfterEach
    void stop() {
        admin.client().close();
        gateway.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET,/v0/management/auth/verify",
        "GET,/v0/management/usage",
        "GET,/v0/management/usage/x",
        "GET,/v0/management/usage/summary",
        "GET,/v0/management/usage/timeseries",
        "GET,/v0/management/usage/breakdown",
        "DELETE,/v0/management/usage?all=true",
        "DELETE,/v0/management/usage/x",
        "DELETE,/v0/management/logs/reset",
        "GET,/v0/management/events",
        "GET,/v0/management/cooldowns",
        "POST,/v0/management/cooldowns",
        "DELETE,/v0/management/cooldowns",
        "DELETE,/v0/management/cooldowns/sim",
        "GET,/v0/management/quota/status",
        "GET,/v0/management/quota/status/app",
        "POST,/v0/management/quota/clear",
        "GET,/v0/management/errors",
        "DELETE,/v0/management/errors",
        "DELETE,/v0/management/errors/x",
        "GET,/v0/management/performance",
        "DELETE,/v0/management/performance?model=x",
        "GET,/v0/management/debug",
        "POST,/v0/management/debug",
        "GET,/v0/management/debug/logs",
        "GET,/v0/management/debug/logs/x",
        "DELETE,/v0/management/debug/logs",
        "DELETE,/v0/management/debug/logs/x",
        "GET,/v0/nothing",
        "GET,/v0",
    })
    void nothing_is_answered_without_the_admin_key(String method, String path) {
        HttpResponse<String> none = admin.ask(method, path, "");
        HttpResponse<String> clients = admin.ask(method, path, "", "authorization", "Bearer sk-test");

        for (HttpResponse<String> answer : new HttpResponse[] {none, clients}) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo("{\"error\":{\"message\":\"Unauthorized\",\"type\":\"auth_error\",\"code\":401}}");
            assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer realm=\"plexus-admin\"");
            assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        }
    }

    @Test
    void the_key_is_taken_from_either_header_and_never_from_the_address() {
        assertThat(admin.ask("GET", VERIFY, "", "x-admin-key", Admin.KEY).statusCode()).isEqualTo(200);
        assertThat(admin.ask("GET", VERIFY, "", "authorization", "Bearer " + Admin.KEY).body()).isEqualTo("{\"ok\":true,\"role\":\"admin\"}");
        assertThat(admin.ask("GET", VERIFY, "", "x-admin-key", "wrong", "authorization", "Bearer " + Admin.KEY).statusCode()).isEqualTo(401);
        assertThat(admin.ask("GET", VERIFY + "?key=" + Admin.KEY + "&x-admin-key=" + Admin.KEY, "").statusCode()).isEqualTo(401);
    }

    @Test
    void guessing_from_one_address_locks_that_address_and_no_other() {
        HttpClient elsewhere = HttpClient.newBuilder().localAddress(InetAddress.ofLiteral("127.0.0.2")).build();
        for (int guess = 1; guess <= 5; guess++) {
            assertThat(admin.ask("GET", VERIFY, "", "x-admin-key", "guess-" + guess).statusCode()).isEqualTo(401);
        }

        HttpResponse<String> locked = admin.get(VERIFY);
        assertThat(locked.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(locked.headers().firstValue("retry-after").orElseThrow())).isBetween(28, 30);
        assertThat(new JsonObject(locked.body()).getJsonObject("error").getInteger("code")).isEqualTo(429);
        assertThat(new Admin(gateway, elsewhere).get(VERIFY).statusCode()).isEqualTo(200);
        assertThat(gateway.post("/v1/chat/completions", "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}").statusCode())
                .isEqualTo(200);
        elsewhere.close();
    }

    @Test
    void unknown_paths_and_wrong_methods_say_so_in_json() {
        assertThat(admin.get("/v0/management/nothing").body()).isEqualTo("{\"error\":\"Not found\"}");
        assertThat(admin.get("/v0/management/nothing").statusCode()).isEqualTo(404);
        HttpResponse<String> wrong = admin.ask("PUT", "/v0/management/debug", "{}", "x-admin-key", Admin.KEY);
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("allow")).contains("GET, PATCH, POST");
        assertThat(admin.post("/v0/management/debug", "x".repeat(300_000)).statusCode()).isEqualTo(413);
        assertThat(admin.ask("HEAD", VERIFY, "", "x-admin-key", Admin.KEY).statusCode()).isEqualTo(200);
    }
}
