package dev.plexus.cli;

import dev.plexus.simulator.Simulator;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionException;

/// `plexus simulate`: the provider simulator alone, for a client's or a gateway's own tests.
final class SimulateCommand {

    static final int PORT = 4010;

    private final Terminal terminal;

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    int run(String host, int port) {
        Vertx vertx = Vertx.vertx();
        try {
            Simulator simulator = Simulator.start(vertx, host, port).toCompletionStage().toCompletableFuture().join();
            terminal.say(text("http://" + (host.equals("0.0.0.0") ? "localhost" : host) + ":" + simulator.port()));
            return Exit.RUNNING;
        } catch (CompletionException failed) {
            terminal.complain("the simulator cannot listen on " + host + ":" + port + ": " + failed.getCause());
            vertx.close();
            return Exit.FAILED;
        }
    }

    private static String text(String url) {
        return """

                The provider simulator listens. Base URLs for a provider of each kind:
                  chat, responses, embeddings   %1$s/v1
                  messages                      %1$s/v1
                  gemini                        %1$s/v1beta
                """.formatted(url);
    }
}
