package dev.plexus.provider;

import dev.plexus.config.Provider;
import dev.plexus.dialect.Dialects;
import dev.plexus.model.DialectId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP client of one provider on one lane: knows where each dialect and model lives, and which connections are new.
final class Upstream {

    /// Where a request goes.
    record Route(boolean ssl, String host, int port, String uri) {
        static Route to(String url) {
            URI uri = URI.create(url);
            boolean ssl = "https".equals(uri.getScheme());
            int port = uri.getPort() > 0 ? uri.getPort() : ssl ? 443 : 80;
            String path = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
            return new Route(ssl, uri.getHost(), port, path);
        }
    }

    private record RouteKey(DialectId dialect, String model, boolean stream) {}

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    /// Streams hold a connection each on HTTP/1, so this is the bound on streams to one provider per lane.
    private static final int CONNECTIONS_MAX = 20_000;

    private static final int WAITING_MAX = 1_000;
    private static final int ROUTES_MAX = 512;
    private static final int HEADER_BYTES_MAX = 64 * 1024;
    private static final int CHUNK_BYTES_MAX = 64 * 1024;
    private static final int KEEP_ALIVE_SECONDS = 55;

    private final Map<DialectId, String> baseUrls;
    private final HttpClient plain;
    private final HttpClient secure;
    private final Set<HttpConnection> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<RouteKey, Route> routes = new HashMap<>();
    private int users;
    private boolean retired;
    private boolean closed;

    Upstream(Vertx vertx, Provider provider, Map<DialectId, String> baseUrls) {
        this.baseUrls = new LinkedHashMap<>(baseUrls);
        HttpClientOptions options = new HttpClientOptions()
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setName("upstream." + provider.id());
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setHttp2MaxSize(64).setMaxWaitQueueSize(WAITING_MAX);
        this.plain = client(vertx, options, pool);
        this.secure = client(vertx, new HttpClientOptions(options).setSsl(true).setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2), pool);
    }

    private HttpClient client(Vertx vertx, HttpClientOptions options, PoolOptions pool) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(connection -> {
                    UpstreamCodec.guard(connection, options);
                    fresh.add(connection);
                    connection.closeHandler(_ -> fresh.remove(connection));
                })
                .build();
    }

    /// Opens a request stream. Fails as the transport fails; never for the model, which the caller has checked.
    Future<HttpClientRequest> open(DialectId dialect, String model, boolean stream, long connectMillis) {
        return open(route(dialect, model, stream), connectMillis);
    }

    /// Opens a request stream for counting tokens; the same as [#open] otherwise.
    Future<HttpClientRequest> openTokenCount(DialectId dialect, String model, long connectMillis) {
        return open(Route.to(TokenCount.url(dialect, Dialects.require(dialect).upstreamUrl(baseUrl(dialect), model, false))), connectMillis);
    }

    private Future<HttpClientRequest> open(Route route, long connectMillis) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(route.ssl())
                .setHost(route.host())
                .setPort(route.port())
                .setURI(route.uri())
                .setConnectTimeout(connectMillis);
        return (route.ssl() ? secure : plain).request(options);
    }

    /// The host at which the dialect lives, empty where its URL has none.
    String host(DialectId dialect) {
        String host = URI.create(baseUrl(dialect)).getHost();
        return host == null ? "" : host;
    }

    private String baseUrl(DialectId dialect) {
        String known = baseUrls.get(dialect);
        return known == null ? baseUrls.values().iterator().next() : known;
    }

    /// True the first time that it is asked of a connection: nothing else has been sent on it.
    boolean isFirstUse(HttpConnection connection) {
        return fresh.remove(connection);
    }

    private Route route(DialectId dialect, String model, boolean stream) {
        RouteKey key = new RouteKey(dialect, model, stream);
        Route known = routes.get(key);
        if (known != null) {
            return known;
        }
        if (routes.size() >= ROUTES_MAX) {
            routes.clear(); // direct routing lets clients name models, so the keys are not ours to bound
        }
        Route route = Route.to(Dialects.require(dialect).upstreamUrl(baseUrl(dialect), model, stream));
        routes.put(key, route);
        return route;
    }

    /// An attempt begins to use this client.
    void acquire() {
        users++;
    }

    /// An attempt has ended, its connection given back or closed.
    void release() {
        users--;
        closeIfDone();
    }

    /// Closes the client as soon as nobody uses it.
    void retire() {
        retired = true;
        closeIfDone();
    }

    boolean isClosed() {
        return closed;
    }

    private void closeIfDone() {
        if (retired && users == 0 && !closed) {
            closed = true;
            plain.shutdown(0, TimeUnit.SECONDS).onFailure(why -> LOG.debug("closing an HTTP client failed", why));
            secure.shutdown(0, TimeUnit.SECONDS).onFailure(why -> LOG.debug("closing an HTTP client failed", why));
        }
    }
}
