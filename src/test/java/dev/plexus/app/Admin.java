package dev.plexus.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// An administrator at a running gateway.
record Admin(RunningGateway gateway, HttpClient client) {

    static final String KEY = "admin-secret";

    HttpResponse<String> ask(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url(path)))
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    HttpResponse<String> get(String path) {
        return ask("GET", path, "", "x-admin-key", KEY);
    }

    HttpResponse<String> post(String path, String body) {
        return ask("POST", path, body, "x-admin-key", KEY);
    }

    HttpResponse<String> delete(String path) {
        return ask("DELETE", path, "", "x-admin-key", KEY);
    }

    JsonObject object(String path) {
        return new JsonObject(expecting(200, get(path)).body());
    }

    JsonArray array(String path) {
        return new JsonArray(expecting(200, get(path)).body());
    }

    static HttpResponse<String> expecting(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new AssertionError(answer.request().method() + " " + answer.uri() + " -> " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }
}
