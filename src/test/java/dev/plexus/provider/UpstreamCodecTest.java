package dev.plexus.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The moment in which an unasked answer has arrived and the event loop, busy with our next request, has not read it.
class UpstreamCodecTest {

    private static final Duration DELIVERED = Duration.ofMillis(50);

    private final CountDownLatch push = new CountDownLatch(1);
    private final CountDownLatch pushed = new CountDownLatch(1);

    private static byte[] answer(String body) {
        return ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    /// Answers one request well, and pushes another answer when it is told to.
    private void serve(ServerSocket listening) {
        try (Socket socket = listening.accept()) {
            InputStream in = socket.getInputStream();
            for (int matched = 0; matched < 4; ) {
                matched = in.read() == "\r\n\r\n".charAt(matched) ? matched + 1 : 0;
            }
            socket.getOutputStream().write(answer("good"));
            push.await();
            socket.getOutputStream().write(answer("evil"));
            pushed.countDown();
            in.readAllBytes();
        } catch (IOException | InterruptedException _) {
            pushed.countDown(); // the client left
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_has_arrived_but_was_not_read_is_not_the_answer_to_the_next_request(boolean nativeTransport) throws Exception {
        int refused = 0;
        for (int attempt = 0; attempt < 5; attempt++) {
            refused += new UpstreamCodecTest().afterPush(nativeTransport).equals("ECONNRESET") ? 1 : 0;
        }
        assertThat(refused).isGreaterThanOrEqualTo(4); // a busy system may deliver a pushed answer late, when nobody can tell it from the next one
    }

    /// What a second request gets after the provider has pushed an answer while the event loop could not read.
    private String afterPush(boolean nativeTransport) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
        try (ServerSocket listening = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(listening));
            HttpClientOptions options = new HttpClientOptions();
            HttpClient client = vertx.httpClientBuilder()
                    .with(options)
                    .withConnectHandler(connection -> UpstreamCodec.guard(connection, options))
                    .build();
            Promise<String> first = Promise.promise();
            Promise<String> second = Promise.promise();
            vertx.runOnContext(_ -> ask(client, listening.getLocalPort()).onComplete(first).onSuccess(_ -> vertx.runOnContext(_ -> {
                push.countDown();
                try {
                    pushed.await(); // holds the event loop, so that it cannot read
                    LockSupport.parkNanos(DELIVERED.toNanos()); // what was sent arrives a moment later on some systems
                } catch (InterruptedException interrupted) {
                    second.fail(interrupted);
                }
                ask(client, listening.getLocalPort()).onComplete(second);
            })));

            assertThat(await(first.future())).isEqualTo("good");
            return await(second.future());
        } finally {
            await(vertx.close().map("closed"));
        }
    }

    private static Future<String> ask(HttpClient client, int port) {
        return client.request(HttpMethod.GET, port, "127.0.0.1", "/")
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString);
    }

    /// What came of it, or the code of its failure.
    private static String await(Future<String> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            return Transport.code(failed.getCause());
        }
    }
}
