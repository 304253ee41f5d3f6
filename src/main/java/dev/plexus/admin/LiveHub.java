package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;
import dev.plexus.message.LiveAsked;
import dev.plexus.message.LiveEvents;
import dev.plexus.model.RequestId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Live events and whoever reads them. The last few hundred are kept for readers that come back. Single-threaded.
final class LiveHub {

    private static final int READERS_MAX = 50;
    private static final int KEPT_MAX = 500;
    private static final Map<String, String> HEADERS = Map.of(
            "content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache, no-transform", "x-accel-buffering", "no");

    private final InstantSource clock;
    private final ArrayDeque<LiveEvent> kept = new ArrayDeque<>();
    private final Map<RequestId, LiveReader> readers = new HashMap<>();
    private long number;

    LiveHub(InstantSource clock) {
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.on("GET", "/v0/management/events", this::open);
    }

    void tell(String type, Supplier<JsonObject> data) {
        LiveEvent event = new LiveEvent(++number, type, data);
        kept.add(event);
        if (kept.size() > KEPT_MAX) {
            kept.removeFirst();
        }
        long now = clock.millis();
        readers.values().forEach(reader -> reader.offer(event, now));
    }

    private AdminAnswer open(Call call) {
        if (readers.size() >= READERS_MAX) {
            throw new Refusal(503, "Too many live streams");
        }
        String types = call.text("types");
        Set<String> wanted = types == null ? Set.of() : Arrays.stream(types.split(",", -1)).map(String::trim).collect(Collectors.toSet());
        long now = clock.millis();
        LiveReader reader = new LiveReader(wanted, now);
        long seen = seen(call.asked().lastEventId());
        kept.stream().filter(event -> event.number() > seen).forEach(event -> reader.offer(event, now));
        readers.put(call.asked().requestId(), reader);
        return new AdminAnswer.Live(HEADERS);
    }

    /// A reader that is new wants only what happens from now on. Numbers begin anew with the process: one from before it has seen nothing of this one.
    private long seen(@Nullable String lastEventId) {
        if (lastEventId == null || !lastEventId.matches("\\d{1,18}")) {
            return number;
        }
        long last = Long.parseLong(lastEventId);
        return last > number ? 0 : last;
    }

    Future<LiveEvents> fetch(LiveAsked asked) {
        LiveReader reader = readers.get(asked.stream());
        if (asked.over() || reader == null) {
            readers.remove(asked.stream());
            return Future.succeededFuture(new LiveEvents(Buffer.buffer(), true));
        }
        return reader.fetch(clock.millis());
    }

    /// Called about every second.
    void tick() {
        long now = clock.millis();
        readers.values().removeIf(reader -> !reader.tick(now));
    }

    void end() {
        long now = clock.millis();
        readers.values().forEach(reader -> reader.end(now));
        readers.clear();
    }
}
