package dev.plexus.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.simulator.Caller.Got;
import dev.plexus.simulator.Caller.Tongue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatorLoadTest {

    private final Vertx vertx = Vertx.vertx();
    private Simulator simulator;
    private Caller caller;

    @BeforeEach
    void start() throws Exception {
        simulator = Caller.await(Simulator.start(vertx, "127.0.0.1", 0));
        caller = new Caller(vertx, simulator.port());
    }

    @AfterEach
    void stop() throws Exception {
        Caller.await(vertx.close());
    }

    private Future<HttpClientResponse> chat(String model) {
        return caller.send("/v1/chat/completions", Caller.body(Tongue.CHAT, model, true, "hi"));
    }

    private Future<Got> talk(String model) {
        return caller.exchange("/v1/chat/completions", Caller.body(Tongue.CHAT, model, true, "hi"));
    }

    @Test
    void a_thousand_streams_run_at_once() throws Exception {
        List<Future<Got>> streams = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            streams.add(talk("mock-c5-hslow1000-d20"));
        }

        Caller.await(simulator.when(tally -> tally.openStreams() == 1_000));
        for (Future<Got> stream : streams) {
            assertThat(Caller.await(stream).text()).endsWith("data: [DONE]\n\n");
        }
        Caller.await(simulator.whenQuiet());
        assertThat(simulator.tally().completed()).isEqualTo(1_000);
    }

    @Test
    void clients_that_leave_are_counted() throws Exception {
        for (int i = 0; i < 20; i++) {
            chat("mock-c1000-d50").onSuccess(response -> response.request().reset());
        }

        Caller.await(simulator.whenCancelled(20));
        Caller.await(simulator.whenQuiet());
        assertThat(simulator.tally().openStreams()).isZero();
    }

    @Test
    void a_reader_that_stops_stops_the_writer() throws Exception {
        long before = used();
        List<HttpClientResponse> paused = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            paused.add(Caller.await(chat("sim-c1000000-size1000")));
        }

        // Other answers pass by meanwhile: were the paused streams not held back, they would have made gigabytes by now.
        for (int i = 0; i < 300; i++) {
            Caller.await(talk("mock-c50"));
        }
        assertThat(used() - before).isLessThan(64L << 20);
        paused.forEach(response -> response.request().reset());
        Caller.await(simulator.whenCancelled(10));
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
