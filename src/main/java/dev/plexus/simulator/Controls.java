package dev.plexus.simulator;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/// The simulator's controls over HTTP, under `/__`: what it has counted and recorded, and how a model behaves from now on.
final class Controls {

    private final Ledger ledger;
    private final Moods moods;

    Controls(Ledger ledger, Moods moods) {
        this.ledger = ledger;
        this.moods = moods;
    }

    void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/__stats" -> respond(request, 200, stats().encode());
            case "/__reset" -> {
                ledger.clear();
                moods.clear();
                respond(request, 200, "{}");
            }
            case "/__record/on", "/__record/off" -> {
                ledger.record(request.path().endsWith("on"));
                ledger.forgetRequests();
                respond(request, 200, "{}");
            }
            case "/__requests" -> respond(request, 200, requests().encode());
            case "/__behave" -> {
                String model = request.getParam("model");
                String tokens = request.getParam("tokens", "");
                if (model == null || Behaviour.unknownIn(tokens).isPresent()) {
                    respond(request, 400, "{\"error\":\"wanted: /__behave?model=NAME&tokens=TOKEN+TOKEN\"}");
                } else {
                    moods.set(model, tokens);
                    respond(request, 200, "{}");
                }
            }
            case null, default -> respond(request, 404, "{}");
        }
    }

    private static void respond(HttpServerRequest request, int status, String json) {
        request.response().setStatusCode(status).putHeader("content-type", "application/json").end(json);
    }

    private JsonObject stats() {
        Tally tally = ledger.tally();
        JsonObject byModel = new JsonObject();
        ledger.hits().forEach(byModel::put);
        return new JsonObject()
                .put("requests", tally.requests())
                .put("completed", tally.completed())
                .put("broken", tally.broken())
                .put("clientAborts", tally.cancelled())
                .put("open", tally.open())
                .put("openStreams", tally.openStreams())
                .put("silenced", tally.silenced())
                .put("conns", tally.connections())
                .put("byModel", byModel)
                .put("pid", ProcessHandle.current().pid());
    }

    private JsonArray requests() {
        JsonArray all = new JsonArray();
        for (SeenRequest seen : ledger.kept()) {
            StringBuilder head = new StringBuilder(seen.method()).append(' ').append(seen.path()).append(" HTTP/1.1");
            for (Map.Entry<String, String> header : seen.headers()) {
                head.append("\r\n").append(header.getKey()).append(": ").append(header.getValue());
            }
            all.add(new JsonObject()
                    .put("method", seen.method())
                    .put("path", seen.path())
                    .put("head", head.toString())
                    .put("body", seen.body().toString()));
        }
        return all;
    }
}
