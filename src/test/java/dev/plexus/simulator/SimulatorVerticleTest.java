package dev.plexus.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.SimulatorAsked;
import io.vertx.core.Vertx;
import java.net.URI;
import org.junit.jupiter.api.Test;

class SimulatorVerticleTest {

    @Test
    void it_says_where_it_listens() throws Exception {
        Vertx vertx = Vertx.vertx();
        Bus bus = Bus.on(vertx);
        Caller.await(vertx.deployVerticle(new SimulatorVerticle(bus, "127.0.0.1", 0)));

        String url = Caller.await(bus.ask(Addresses.SIMULATOR, new SimulatorAsked())).baseUrl();

        assertThat(new Caller(vertx, URI.create(url).getPort()).get("/v1/models").status()).isEqualTo(200);
        Caller.await(vertx.close());
    }
}
