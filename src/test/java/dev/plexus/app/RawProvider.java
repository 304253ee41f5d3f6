package dev.plexus.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider made of a socket: a script says what becomes of each connection, byte by byte.
final class RawProvider implements AutoCloseable {

    /// What becomes of one connection. Whatever it throws closes the connection.
    interface Script {
        void play(Line line) throws IOException, InterruptedException;
    }

    /// A request of the gateway.
    record Asked(String head, String body) {}

    /// One connection of the gateway; `number` counts from 1.
    record Line(int number, InputStream in, OutputStream out, RawProvider provider) {

        /// The next request, its head; the body is read and dropped. Null when the gateway has closed the connection.
        String request() throws IOException {
            Asked asked = asked();
            return asked == null ? null : asked.head();
        }

        /// The next request with its body.
        Asked asked() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return null;
                }
                head.append((char) next);
            }
            int length = 0;
            for (String header : head.toString().split("\r\n")) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
                }
            }
            byte[] body = in.readNBytes(length);
            provider.heads.add(head.toString());
            return new Asked(head.toString(), new String(body, StandardCharsets.UTF_8));
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /// A whole answer with its length.
        void answer(int status, String body, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\ncontent-type: application/json\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            send(head + "content-length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
        }

        /// The head of a stream that ends with the connection.
        void streamHead() throws IOException {
            send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
        }

        /// One chunk of a chunked answer.
        void chunk(String text) throws IOException {
            send(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
        }

        /// Waits until the gateway closes the connection.
        void untilClosed() throws IOException {
            while (in.read() >= 0) {
                continue;
            }
        }
    }

    private final ServerSocket listening;
    private final Script script;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    private RawProvider(ServerSocket listening, Script script) {
        this.listening = listening;
        this.script = script;
    }

    static RawProvider start(Script script) {
        try {
            RawProvider provider = new RawProvider(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), script);
            Thread.ofVirtual().start(provider::accept);
            return provider;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofVirtual().start(() -> play(socket));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void play(Socket socket) {
        try (socket) {
            script.play(new Line(connections.incrementAndGet(), new BufferedInputStream(socket.getInputStream()), socket.getOutputStream(), this));
        } catch (IOException | InterruptedException _) {
            // the gateway left; what follows from that is for the test to judge
        } finally {
            open.remove(socket);
        }
    }

    String baseUrl() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /// The heads of the requests so far.
    List<String> heads() {
        return List.copyOf(heads);
    }

    int connections() {
        return connections.get();
    }

    int openConnections() {
        return open.size();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
