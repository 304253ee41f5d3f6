package dev.plexus.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.LiveEvents;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveReaderTest {

    private static LiveEvent event(long number, String type) {
        return new LiveEvent(number, type, () -> new JsonObject().put("n", number));
    }

    @Test
    void a_reader_gets_only_the_types_that_it_wants() {
        LiveReader reader = new LiveReader(Set.of("log"), 0);
        Future<LiveEvents> next = reader.fetch(0);

        reader.offer(event(1, "config"), 0);
        assertThat(next.isComplete()).isFalse();
        reader.offer(event(2, "log"), 0);

        assertThat(next.result().text().toString()).isEqualTo("event: log\nid: 2\ndata: {\"n\":2}\n\n");
    }

    @Test
    void a_slow_reader_loses_the_oldest_events_and_is_told_how_many() {
        LiveReader reader = new LiveReader(Set.of(), 0);
        for (int number = 1; number <= 5_000; number++) {
            reader.offer(event(number, "log"), 0);
        }

        String text = reader.fetch(0).result().text().toString();
        assertThat(text).startsWith("event: dropped\ndata: {\"count\":4000}\n\nevent: log\nid: 4001\n");
        assertThat(text.split("\n\n", -1)).hasSize(102);
    }

    @Test
    void a_reader_that_waits_is_kept_alive_and_one_that_never_comes_back_is_let_go() {
        LiveReader reader = new LiveReader(Set.of(), 0);
        Future<LiveEvents> waits = reader.fetch(0);

        assertThat(reader.tick(9_999)).isTrue();
        assertThat(waits.isComplete()).isFalse();
        assertThat(reader.tick(10_000)).isTrue();
        assertThat(waits.result().text().toString()).isEqualTo("event: ping\ndata: pong\n\n");
        assertThat(reader.tick(69_999)).isTrue();
        assertThat(reader.tick(70_000)).isFalse();
    }
}
