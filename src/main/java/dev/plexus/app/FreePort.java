package dev.plexus.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Finds a free port, so that all lanes can share one although none was named.
final class FreePort {

    private FreePort() {}

    static int on(String host) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, 0));
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException("no free port on " + host, none);
        }
    }
}
