package dev.plexus.ingress;

import static dev.plexus.message.Addresses.PRICES_SEARCH;

import dev.plexus.config.Config;
import dev.plexus.message.Bus;
import dev.plexus.message.PricesAsked;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The small answers that need no upstream: lists of models, health, metrics, and the dashboard's files.
final class Pages {

    private static final String VERSION = "x-plexus-version";
    private static final int LIMIT_DEFAULT = 20;
    private static final int GEMINI_PAGE_DEFAULT = 50;

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Vertx vertx;
    private final Bus bus;
    private final InstantSource clock;
    private final HealthSource health;
    private final Handler<HttpServerRequest> dashboard;
    private final RequestIds ids;
    private final Instant started;
    private ModelCatalogue models;
    private Instant modelsChanged;
    private boolean draining;

    /// `started` is when the process began: the age of the models, which must be the same in every lane and at every call.
    Pages(
            Vertx vertx,
            Bus bus,
            InstantSource clock,
            Instant started,
            HealthSource health,
            Handler<HttpServerRequest> dashboard,
            RequestIds ids,
            Config config) {
        this.vertx = vertx;
        this.bus = bus;
        this.clock = clock;
        this.health = health;
        this.dashboard = dashboard;
        this.ids = ids;
        this.started = started;
        this.models = new ModelCatalogue(config, started.getEpochSecond());
        this.modelsChanged = started;
    }

    void configure(Config config) {
        ModelCatalogue next = new ModelCatalogue(config, started.getEpochSecond());
        if (!next.isLike(models)) {
            models = next;
            modelsChanged = clock.instant();
        }
    }

    void drain() {
        draining = true;
    }

    void answer(HttpServerRequest request, Match.Page page) {
        if (page.kind() == Match.Page.Kind.DASHBOARD) {
            Answers.identify(request.response(), ids.next().value());
            dashboard.handle(request);
            return;
        }
        Answers.common(request.response(), DialectId.CHAT, ids.next().value(), request.headers().contains(HttpHeaders.ORIGIN));
        switch (page.kind()) {
            case MODELS -> models(request);
            case MODEL -> model(request, page.id());
            case GEMINI_MODELS -> geminiModels(request);
            case GEMINI_MODEL -> geminiModel(request, page.id());
            case PRICES -> prices(request);
            case HEALTH -> health(request);
            case LIVE -> text(request, 200, "OK");
            case READY -> ready(request);
            case METRICS -> metrics(request);
            case DASHBOARD -> throw new IllegalStateException("answered above");
        }
    }

    void unknown(HttpServerRequest request, Match.Unknown unknown) {
        String id = ids.next().value();
        HttpServerResponse response = request.response();
        Answers.common(response, unknown.dialect(), id, request.headers().contains(HttpHeaders.ORIGIN));
        if (unknown.allow() != null) {
            response.putHeader(HttpHeaders.ALLOW, unknown.allow());
        }
        response.end(Answers.error(response, unknown.dialect(), unknown.error(), id, "gateway", 0));
    }

    /// The models of the live price list, for whoever writes a configuration.
    private void prices(HttpServerRequest request) {
        String wanted = Paths.parameter(request.query(), "q");
        bus.ask(PRICES_SEARCH, new PricesAsked(wanted == null ? "" : wanted)).onComplete(
                found -> {
                    if (found.loaded()) {
                        JsonArray data = new JsonArray();
                        found.ids().forEach(id -> data.add(new JsonObject().put("id", id)));
                        json(request, new JsonObject().put("data", data).toBuffer().getBytes());
                    } else {
                        pricesMissing(request);
                    }
                },
                _ -> pricesMissing(request));
    }

    private void pricesMissing(HttpServerRequest request) {
        GatewayError error = GatewayError.of(ErrorKind.UNAVAILABLE, "prices_not_loaded", "The price list has not been loaded yet");
        HttpServerResponse response = request.response();
        response.end(Answers.error(response, DialectId.CHAT, error, ids.next().value(), "gateway", 0));
    }

    private void models(HttpServerRequest request) {
        if (request.getHeader("anthropic-version") == null) {
            json(request, models.openAiList());
            return;
        }
        int limit = number(Paths.parameter(request.query(), "limit"), LIMIT_DEFAULT);
        json(
                request,
                models.anthropicList(
                        Math.max(1, limit), Paths.parameter(request.query(), "after_id"), Paths.parameter(request.query(), "before_id")));
    }

    private void model(HttpServerRequest request, String id) {
        boolean anthropic = request.getHeader("anthropic-version") != null;
        if (!models.has(id)) {
            notFound(request, anthropic ? DialectId.MESSAGES : DialectId.CHAT, id);
        } else {
            json(request, anthropic ? models.anthropicModel(id) : models.openAiModel(id));
        }
    }

    private void geminiModels(HttpServerRequest request) {
        int size = Math.max(1, number(Paths.parameter(request.query(), "pageSize"), GEMINI_PAGE_DEFAULT));
        int start = Math.max(0, number(Paths.parameter(request.query(), "pageToken"), 0));
        json(request, models.geminiList(size, start));
    }

    private void geminiModel(HttpServerRequest request, String id) {
        if (!models.has(id)) {
            notFound(request, DialectId.GEMINI, id);
        } else {
            json(request, models.geminiModel(id));
        }
    }

    private static int number(@Nullable String text, int otherwise) {
        if (text == null || text.isEmpty() || text.length() > 6 || !text.chars().allMatch(Character::isDigit)) {
            return otherwise;
        }
        return Integer.parseInt(text);
    }

    private void notFound(HttpServerRequest request, DialectId dialect, String model) {
        GatewayError error = new GatewayError(
                ErrorKind.NOT_FOUND, 404, "Model '" + model + "' not found in configuration", "model_not_found", "model");
        unknown(request, new Match.Unknown(dialect, error, null));
    }

    /// With an entity tag, so that clients that poll get an empty answer while nothing has changed.
    private void json(HttpServerRequest request, byte[] body) {
        HttpServerResponse response = request.response();
        String tag = '"' + sha256(body) + '"';
        response.putHeader(HttpHeaders.ETAG, tag).putHeader(HttpHeaders.LAST_MODIFIED, HTTP_DATE.format(modelsChanged));
        String asked = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        if (asked != null ? matches(asked, tag) : isKnown(request.getHeader(HttpHeaders.IF_MODIFIED_SINCE))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
        send(request, Buffer.buffer(body));
    }

    /// True if a client that saw the models at this time has seen them as they are.
    private boolean isKnown(@Nullable String since) {
        if (since == null) {
            return false;
        }
        try {
            return modelsChanged.getEpochSecond() <= Instant.from(HTTP_DATE.parse(since)).getEpochSecond();
        } catch (DateTimeException _) {
            return false; // not a date: as if it were not there
        }
    }

    private static boolean matches(String asked, String tag) {
        for (String one : asked.split(",", -1)) {
            String candidate = one.trim();
            if (candidate.equals("*") || candidate.equals(tag) || candidate.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static void text(HttpServerRequest request, int status, String text) {
        request.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
        send(request, Buffer.buffer(text));
    }

    private void health(HttpServerRequest request) {
        request.response().putHeader(VERSION, health.version());
        text(request, draining ? 503 : 200, draining ? "draining" : "OK");
    }

    private void ready(HttpServerRequest request) {
        health.health()
                .onComplete(
                        found -> {
                            boolean serves = found.ready() && !draining;
                            request.response()
                                    .setStatusCode(serves ? 200 : 503)
                                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
                            send(request, Buffer.buffer(found.json()));
                        },
                        _ -> text(request, 503, "unknown"));
    }

    private void metrics(HttpServerRequest request) {
        vertx.executeBlocking(health::scrape, false)
                .onComplete(
                        scraped -> {
                            request.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
                            send(request, Buffer.buffer(scraped));
                        },
                        _ -> text(request, 500, "metrics are not available"));
    }

    private static void send(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (request.method() == HttpMethod.HEAD) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
        } else {
            response.end(body);
        }
    }
}
