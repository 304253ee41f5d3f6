package dev.plexus.app;

import dev.plexus.config.ConfigFault;
import dev.plexus.ingress.HealthSource.Health;
import dev.plexus.message.ConfigState;
import dev.plexus.message.JournalState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/// The details of `/health/ready`. A refused configuration or a database that is behind does not make a process unready: it serves.
final class HealthJson {

    private HealthJson() {}

    static Health of(ConfigState configured, JournalState journal, String file) {
        JsonArray errors = new JsonArray();
        for (ConfigFault fault : configured.lastReloadErrors()) {
            errors.add(fault.describe(file));
        }
        JsonObject details = new JsonObject()
                .put("status", "ready")
                .put("config", new JsonObject().put("hash", configured.hash()).put("lastReloadErrors", errors))
                .put(
                        "journal",
                        new JsonObject()
                                .put("backlogBytes", journal.backlogBytes())
                                .put("backlogRecords", journal.backlogRecords())
                                .put("oldestAgeMs", journal.oldestAgeMs())
                                .put("written", journal.written())
                                .put("rejected", journal.rejected())
                                .put("lastError", journal.lastError()));
        return new Health(true, details.encode());
    }
}
