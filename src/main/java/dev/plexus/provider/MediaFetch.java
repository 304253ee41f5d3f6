package dev.plexus.provider;

import dev.plexus.dialect.Unsupported;
import dev.plexus.model.Source;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Fetches what a request names by its address on the web, for targets that do not (translation.md 4.3, `remote_media: fetch`).
///
/// The addresses come from strangers. So each is resolved once, every address of the name must be a public one, the connection goes to the very address that
/// was looked at, each redirect is judged like the first, and size, time, kind and number are bounded.
final class MediaFetch {

    static final int BYTES_MAX = 20 * 1024 * 1024;
    private static final int URLS_MAX = 16;
    private static final int REDIRECTS_MAX = 3;
    private static final long MILLIS_MAX = 10_000;
    private static final int CONNECTIONS_MAX = 64;

    private final Vertx vertx;
    private final Predicate<InetAddress> mayBeAsked;
    private final long millisMax;
    private @Nullable HttpClient plain;
    private @Nullable HttpClient secure;

    MediaFetch(Vertx vertx) {
        this(vertx, PublicAddresses::includes, MILLIS_MAX);
    }

    /// With other limits, for tests, whose servers live at loopback.
    MediaFetch(Vertx vertx, Predicate<InetAddress> mayBeAsked, long millisMax) {
        this.vertx = vertx;
        this.mayBeAsked = mayBeAsked;
        this.millisMax = millisMax;
    }

    /// What is there, by address; fails as [Unsupported] if anything cannot be had. The size counts for all together.
    Future<Map<String, Source.Base64>> all(Set<String> urls) {
        if (urls.size() > URLS_MAX) {
            return Future.failedFuture(refused("more than " + URLS_MAX + " addresses to fetch"));
        }
        Job job = new Job();
        long timer = vertx.setTimer(millisMax, _ -> job.fail("took longer than " + millisMax + " ms"));
        Map<String, Source.Base64> fetched = new HashMap<>();
        List<Future<Void>> running = new ArrayList<>(urls.size());
        for (String url : urls) {
            running.add(job.fetch(url, REDIRECTS_MAX).map(media -> {
                fetched.put(url, media);
                return null;
            }));
        }
        Future.all(running).onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                job.end.tryComplete();
            } else {
                job.fail(done.cause() instanceof Unsupported unsupported ? unsupported : refused("cannot be fetched"));
            }
        });
        return job.end.future().map(_ -> fetched);
    }

    private static Unsupported refused(String reason) {
        return new Unsupported("messages", "media by URL: " + reason);
    }

    private HttpClient client(boolean ssl) {
        HttpClient known = ssl ? secure : plain;
        if (known != null) {
            return known;
        }
        HttpClientOptions options = new HttpClientOptions().setSsl(ssl).setKeepAlive(false).setDecompressionSupported(false).setName("media");
        HttpClient made = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(CONNECTIONS_MAX))
                .build();
        if (ssl) {
            secure = made;
        } else {
            plain = made;
        }
        return made;
    }

    /// The fetching for one request; everything that runs for it ends with it.
    private final class Job {

        private final Promise<Void> end = Promise.promise();
        private final List<HttpClientRequest> open = new ArrayList<>();
        private int bytes;

        void fail(String reason) {
            fail(refused(reason));
        }

        void fail(Unsupported why) {
            if (end.tryFail(why)) {
                open.forEach(HttpClientRequest::reset);
            }
        }

        Future<Source.Base64> fetch(String url, int redirects) {
            URI uri;
            try {
                uri = URI.create(url);
            } catch (IllegalArgumentException e) {
                return Future.failedFuture(refused("no address"));
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            String host = uri.getHost();
            if (host == null || uri.getRawUserInfo() != null || !scheme.equals("http") && !scheme.equals("https")) {
                return Future.failedFuture(refused("no address of the web"));
            }
            boolean ssl = scheme.equals("https");
            int port = uri.getPort() > 0 ? uri.getPort() : ssl ? 443 : 80;
            return resolved(host).compose(address -> ask(uri, ssl, host, port, address)).compose(answer -> judge(uri, answer, redirects));
        }

        /// The address to connect to. One that must not be asked among several means that the name plays tricks.
        private Future<InetAddress> resolved(String host) {
            String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return vertx.executeBlocking(() -> InetAddress.getAllByName(name), false)
                    .recover(_ -> Future.failedFuture(refused("the host is not known")))
                    .compose(all -> {
                        for (InetAddress address : all) {
                            if (!mayBeAsked.test(address)) {
                                return Future.failedFuture(refused("the host is not a public one"));
                            }
                        }
                        return Future.succeededFuture(all[0]);
                    });
        }

        private Future<HttpClientResponse> ask(URI uri, boolean ssl, String host, int port, InetAddress address) {
            if (end.future().isComplete()) {
                return Future.failedFuture(refused("too late"));
            }
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                    .setHost(host)
                    .setPort(port)
                    .setSsl(ssl)
                    .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                    .setFollowRedirects(false)
                    .setConnectTimeout(millisMax)
                    .putHeader(HttpHeaders.ACCEPT_ENCODING.toString(), "identity");
            return client(ssl).request(options)
                    .compose(request -> {
                        if (end.future().isComplete()) {
                            request.reset();
                            return Future.failedFuture(refused("too late"));
                        }
                        open.add(request);
                        return request.send().map(answer -> answer.pause().exceptionHandler(_ -> {}));
                    })
                    .recover(_ -> Future.failedFuture(refused("the host does not answer")));
        }

        private Future<Source.Base64> judge(URI uri, HttpClientResponse answer, int redirects) {
            int status = answer.statusCode();
            String location = answer.getHeader(HttpHeaders.LOCATION);
            if (status >= 301 && status <= 308 && status != 304 && location != null) {
                answer.request().reset();
                if (redirects == 0) {
                    return Future.failedFuture(refused("more than " + REDIRECTS_MAX + " redirects"));
                }
                try {
                    return fetch(uri.resolve(location).toString(), redirects - 1);
                } catch (IllegalArgumentException e) {
                    return Future.failedFuture(refused("a redirect to no address"));
                }
            }
            String type = mime(answer.getHeader(HttpHeaders.CONTENT_TYPE));
            String coding = answer.getHeader(HttpHeaders.CONTENT_ENCODING);
            if (status != 200) {
                return given(answer, "the host says " + status);
            }
            if (!isAllowed(type)) {
                return given(answer, "neither image, audio, video nor document");
            }
            if (coding != null && !coding.equalsIgnoreCase("identity")) {
                return given(answer, "compressed though that was not asked for");
            }
            return body(answer).map(content -> new Source.Base64(type, Base64.getEncoder().encodeToString(content.getBytes())));
        }

        private static Future<Source.Base64> given(HttpClientResponse answer, String reason) {
            answer.request().reset();
            return Future.failedFuture(refused(reason));
        }

        private Future<Buffer> body(HttpClientResponse answer) {
            Promise<Buffer> whole = Promise.promise();
            Buffer content = Buffer.buffer();
            answer.handler(chunk -> {
                bytes += chunk.length();
                if (bytes > BYTES_MAX) {
                    whole.tryFail(refused("larger than " + BYTES_MAX + " bytes"));
                    answer.request().reset();
                } else {
                    content.appendBuffer(chunk);
                }
            });
            answer.exceptionHandler(_ -> whole.tryFail(refused("broken off")));
            answer.endHandler(_ -> whole.tryComplete(content));
            answer.resume();
            return whole.future();
        }
    }

    private static String mime(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isAllowed(String type) {
        return type.startsWith("image/") && !type.equals("image/svg+xml") || type.startsWith("audio/") || type.startsWith("video/")
                || type.equals("application/pdf") || type.equals("text/plain");
    }
}
