package dev.plexus.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A client made of a socket, so that any bytes can be sent and the connection can be dropped at any moment. Reading never takes longer than
/// twenty seconds at a time.
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    /// A response as it came; `names` are in lower case. A response without a status means that the connection was closed instead.
    record Answer(int status, Map<String, String> headers, String body) {

        static final Answer NONE = new Answer(0, Map.of(), "");

        boolean isNone() {
            return status == 0;
        }
    }

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    static RawClient to(int port) {
        return to(port, 0);
    }

    /// One that waits longer than others for what is to come.
    static RawClient patient(int port, int seconds) {
        RawClient client = to(port);
        try {
            client.socket.setSoTimeout(seconds * 1000);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return client;
    }

    /// With a small receive buffer, where the client is to look slow; 0 leaves it to the system.
    static RawClient to(int port, int receiveBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            return new RawClient(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Sends the text, one byte per character.
    RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// As [#send], for a peer that may have closed by now.
    RawClient trySend(String text) {
        try {
            return send(text);
        } catch (UncheckedIOException _) {
            return this;
        }
    }

    /// Reads until this has arrived, and returns everything up to its end; whatever arrived if the peer closed before.
    String readUntil(String marker) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] wanted = marker.getBytes(StandardCharsets.ISO_8859_1);
        int matched = 0;
        while (matched < wanted.length) {
            int next;
            try {
                next = read();
            } catch (UncheckedIOException late) {
                throw new UncheckedIOException("waited in vain for " + marker + " after " + all.toString(StandardCharsets.ISO_8859_1),
                        late.getCause());
            }
            if (next < 0) {
                break;
            }
            all.write(next);
            matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /// The next response, its body whole; [Answer#NONE] if the peer closed the connection instead.
    Answer readAnswer() {
        String head = readUntil("\r\n\r\n");
        if (!head.endsWith("\r\n\r\n")) {
            return Answer.NONE;
        }
        String[] lines = head.split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int line = 1; line < lines.length; line++) {
            int colon = lines[line].indexOf(':');
            headers.put(lines[line].substring(0, colon).toLowerCase(Locale.ROOT), lines[line].substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        if (status < 200 || status == 204 || status == 304) {
            return new Answer(status, headers, "");
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new Answer(status, headers, readChunks());
        }
        return new Answer(status, headers, readBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
    }

    /// A chunked body; what arrived of it if the peer closed before its end, then with a mark.
    private String readChunks() {
        StringBuilder body = new StringBuilder();
        while (true) {
            String size = readUntil("\r\n").strip();
            if (size.isEmpty()) {
                return body + CUT;
            }
            int length = Integer.parseInt(size, 16);
            body.append(readBytes(length));
            if (!readUntil("\r\n").endsWith("\r\n")) {
                return body + CUT;
            }
            if (length == 0) {
                return body.toString();
            }
        }
    }

    /// What stands at the end of a body that was cut off.
    static final String CUT = "<cut>";

    private String readBytes(int length) {
        try {
            return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /// The next byte, negative when the peer has closed the connection, one way or another.
    int read() {
        try {
            return in.read();
        } catch (SocketTimeoutException late) {
            throw new UncheckedIOException("nothing came for " + PATIENCE_MILLIS + " ms", late);
        } catch (IOException _) {
            return -1;
        }
    }

    /// Reads whatever comes until the peer closes; returns how much it was. Fails if the peer does not close.
    long drain() {
        long bytes = 0;
        while (read() >= 0) {
            bytes++;
        }
        return bytes;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
