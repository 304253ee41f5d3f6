package dev.plexus.admin;

import dev.plexus.config.Config;
import dev.plexus.dialect.Drops;
import dev.plexus.message.DebugTrace;
import dev.plexus.storage.TraceRepository.StoredTrace;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/// Makes of a debug trace what is stored: texts, with every secret masked.
final class TraceText {

    private TraceText() {}

    static StoredTrace of(DebugTrace trace, Config config) {
        SecretMask mask = SecretMask.of(config, trace.usage());
        DebugTrace.Bodies bodies = trace.bodies();
        boolean sent = !trace.url().isEmpty();
        boolean answered = trace.upstreamStatus() != 0;
        return new StoredTrace(
                trace.usage().requestId().value(),
                trace.usage().caller().apiKey() == null ? null : trace.usage().caller().apiKey().value(),
                trace.createdAt(),
                text(bodies.clientRequest(), mask),
                sent ? text(bodies.upstreamRequest(), mask) : null,
                answered ? text(bodies.upstreamResponse(), mask) : null,
                text(bodies.clientResponse(), mask),
                headers(trace.headers().clientRequest(), mask),
                headers(trace.headers().clientResponse(), mask),
                trace.clientStatus(),
                sent ? mask.url(trace.url()) : null,
                trace.upstreamStatus(),
                sent ? headers(trace.headers().upstreamRequest(), mask) : null,
                answered ? headers(trace.headers().upstreamResponse(), mask) : null,
                trace.drops().isEmpty() ? null : drops(trace.drops(), mask),
                trace.truncated());
    }

    private static String text(Buffer body, SecretMask mask) {
        return mask.text(body.toString());
    }

    private static String headers(Map<String, String> headers, SecretMask mask) {
        JsonObject shown = new JsonObject();
        mask.headers(headers).forEach(shown::put);
        return shown.encode();
    }

    private static String drops(List<Drops.Drop> drops, SecretMask mask) {
        JsonArray shown = new JsonArray();
        drops.forEach(drop -> shown.add(new JsonObject()
                .put("feature", drop.feature().label())
                .put("path", drop.path())
                .put("reason", mask.text(drop.reason()))));
        return shown.encode();
    }
}
