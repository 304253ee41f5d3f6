package dev.plexus.admin;

import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that happened, written down only when somebody reads it, and then once for all readers. Single-threaded.
final class LiveEvent {

    private final long number;
    private final String type;
    private @Nullable Supplier<JsonObject> data;
    private String text = "";

    LiveEvent(long number, String type, Supplier<JsonObject> data) {
        this.number = number;
        this.type = type;
        this.data = data;
    }

    long number() {
        return number;
    }

    String type() {
        return type;
    }

    /// As a server-sent event.
    String text() {
        Supplier<JsonObject> told = data;
        if (told != null) {
            data = null;
            text = "event: " + type + "\nid: " + number + "\ndata: " + told.get().encode() + "\n\n";
        }
        return text;
    }
}
