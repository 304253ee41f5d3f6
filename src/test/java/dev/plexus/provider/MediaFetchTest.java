package dev.plexus.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.dialect.Unsupported;
import dev.plexus.model.Source;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Media from the web, from a real server; loopback is allowed here and nowhere else.
class MediaFetchTest {

    private static final byte[] PICTURE = {1, 2, 3, 4};

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = vertx.createHttpServer().requestHandler(MediaFetchTest::answer).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void answer(HttpServerRequest request) {
        var response = request.response();
        switch (request.path()) {
            case "/picture" -> response.putHeader("content-type", "image/png; x=y").end(Buffer.buffer(PICTURE));
            case "/page" -> response.putHeader("content-type", "text/html").end("<p>");
            case "/drawing" -> response.putHeader("content-type", "image/svg+xml").end("<svg/>");
            case "/zipped" -> response.putHeader("content-type", "image/png").putHeader("content-encoding", "gzip").end("x");
            case "/kindless" -> response.end("x");
            case "/never" -> {}
            case "/broken" -> {
                response.putHeader("content-type", "image/png").putHeader("content-length", "100");
                response.write("x").onComplete(_ -> request.connection().close());
            }
            case "/endless" -> {
                response.putHeader("content-type", "image/png").setChunked(true);
                pour(request, 0);
            }
            case "/inside" -> response.setStatusCode(302).putHeader("location", "http://127.0.0.2:1/secret").end();
            case "/file" -> response.setStatusCode(302).putHeader("location", "file:///etc/passwd").end();
            default -> {
                if (request.path().startsWith("/hop/")) {
                    int left = Integer.parseInt(request.path().substring(5));
                    response.setStatusCode(302).putHeader("location", left == 0 ? "/picture" : "/hop/" + (left - 1)).end();
                } else {
                    response.setStatusCode(404).putHeader("content-type", "image/png").end();
                }
            }
        }
    }

    private static void pour(HttpServerRequest request, int count) {
        if (count < 50) {
            request.response().write(Buffer.buffer(new byte[1 << 20])).onSuccess(_ -> pour(request, count + 1));
        } else {
            request.response().end();
        }
    }

    @Test
    void what_is_there_comes_in_base64_with_the_kind_that_the_server_says() throws Exception {
        assertThat(fetched("/picture")).isEqualTo(new Source.Base64("image/png", Base64.getEncoder().encodeToString(PICTURE)));
    }

    @Test
    void three_redirects_are_followed() throws Exception {
        assertThat(fetched("/hop/2").mime()).isEqualTo("image/png");
    }

    @ParameterizedTest
    @CsvSource({
        "/hop/3, more than 3 redirects",
        "/page, neither image",
        "/drawing, neither image",
        "/kindless, neither image",
        "/zipped, compressed",
        "/nothing, the host says 404",
        "/broken, broken off",
        "/endless, larger than",
        "/inside, not a public one",
        "/file, no address of the web",
        "/never, took longer than"
    })
    void what_cannot_be_had_is_refused(String path, String reason) {
        assertThatThrownBy(() -> fetched(path)).cause().isInstanceOf(Unsupported.class).hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:80/x", "http://localhost/x", "http://[::1]/x", "http://169.254.169.254/latest", "http://2130706433/x", "http://0/x"})
    void nothing_of_ours_is_asked(String url) {
        assertThatThrownBy(() -> await(new MediaFetch(vertx).all(Set.of(url)))).cause().isInstanceOf(Unsupported.class)
                .message().containsAnyOf("not a public one", "not known", "no address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:word@127.0.0.1/x", "ftp://127.0.0.1/x", "http:///x", "http://a b/x"})
    void what_is_no_plain_address_of_the_web_is_refused(String url) {
        assertThatThrownBy(() -> await(fetch(_ -> true).all(Set.of(url)))).cause().isInstanceOf(Unsupported.class).hasMessageContaining("no address");
    }

    private Source.Base64 fetched(String path) throws Exception {
        String url = "http://127.0.0.1:" + server.actualPort() + path;
        return await(fetch(address -> address.getHostAddress().equals("127.0.0.1")).all(Set.of(url))).get(url);
    }

    private MediaFetch fetch(Predicate<InetAddress> allowed) {
        return new MediaFetch(vertx, allowed, 2_000);
    }

    private static Map<String, Source.Base64> await(Future<Map<String, Source.Base64>> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
