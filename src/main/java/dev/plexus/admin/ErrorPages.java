package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;
import dev.plexus.storage.ErrorQueries;
import dev.plexus.storage.PerformanceFigures;
import dev.plexus.storage.Removal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/// What went wrong, and how fast targets are: lists to look at and to clear.
final class ErrorPages {

    private final ErrorQueries errors;
    private final PerformanceFigures performance;
    private final Removal removal;

    ErrorPages(ErrorQueries errors, PerformanceFigures performance, Removal removal) {
        this.errors = errors;
        this.performance = performance;
        this.removal = removal;
    }

    void register(Routes routes) {
        routes.on("GET", "/v0/management/errors", this::list)
                .on("DELETE", "/v0/management/errors", _ -> Reply.deleted(removal.all(Removal.Table.ERRORS).await()))
                .on("DELETE", "/v0/management/errors/*", call -> Reply.deleted(removal.of(Removal.Table.ERRORS, call.name()).await()))
                .on("GET", "/v0/management/performance", this::performance)
                .on("DELETE", "/v0/management/performance", this::forget);
    }

    private AdminAnswer list(Call call) {
        Long status = call.whole("statusCode");
        ErrorQueries.Filter filter = new ErrorQueries.Filter(
                call.text("provider"), status == null ? null : (int) Math.clamp(status, 0, 999), call.text("q"));
        JsonArray data = errors.list(filter, call.limit(Call.LIMIT_DEFAULT), call.offset()).await();
        if (!"page".equals(call.text("format"))) {
            return Reply.json(data);
        }
        return Reply.json(new JsonObject().put("data", data).put("total", errors.count(filter).await()));
    }

    private AdminAnswer performance(Call call) {
        return Reply.json(performance.list(call.text("provider"), call.text("model"), call.limit(500)).await());
    }

    private AdminAnswer forget(Call call) {
        String model = call.text("model");
        if (model == null) {
            throw new Refusal(400, "Model parameter is required");
        }
        removal.samplesOf(model).await();
        return Reply.json(new JsonObject().put("success", true).put("model", model));
    }
}
