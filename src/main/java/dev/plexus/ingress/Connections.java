package dev.plexus.ingress;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Knows which client connections are silent, so that one that drips its headers, or is left open, does not stay for ever.
final class Connections {

    private static final long IDLE_NANOS_MAX = Duration.ofSeconds(120).toNanos();

    /// What is known of one connection.
    private static final class State {
        private long since;
        private boolean served;
        private boolean last;
        private int running;

        State(long now) {
            since = now;
        }
    }

    private final Map<HttpConnection, State> open = new IdentityHashMap<>();

    void opened(HttpConnection connection, long now) {
        open.put(connection, new State(now));
        connection.closeHandler(_ -> open.remove(connection));
    }

    /// False when the connection has had its last request: whatever comes then is not to be answered.
    boolean requestBegan(HttpConnection connection) {
        State state = open.get(connection);
        if (state == null) {
            return true;
        }
        if (state.last) {
            return false;
        }
        state.running++;
        state.served = true;
        return true;
    }

    /// The request that runs is the last one of its connection, which is closed behind the answer.
    void endsWithThisRequest(HttpConnection connection) {
        State state = open.get(connection);
        if (state != null) {
            state.last = true;
        }
    }

    void requestEnded(HttpConnection connection, long now) {
        State state = open.get(connection);
        if (state != null) {
            state.running--;
            state.since = now;
            if (state.last && state.running == 0) {
                connection.close();
            }
        }
    }

    /// Closes connections that have been silent too long: a short time before their first request, a longer one between requests.
    void sweep(long now, Duration firstRequest) {
        List<HttpConnection> silent = new ArrayList<>(0);
        open.forEach((connection, state) -> {
            long limit = state.served ? IDLE_NANOS_MAX : firstRequest.toNanos();
            if (state.running == 0 && now - state.since > limit) {
                silent.add(connection);
            }
        });
        silent.forEach(HttpConnection::close);
    }

    int count() {
        return open.size();
    }
}
