package dev.plexus.cli;

import dev.plexus.simulator.Simulator;
import dev.plexus.simulator.Token;
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
            terminal.say(manual("http://" + Banner.reachable(host) + ":" + simulator.port()));
            return Exit.RUNNING;
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            terminal.complain("the simulator cannot listen on " + host + ":" + port + ": " + cause.getMessage());
            vertx.close();
            return Exit.FAILED;
        }
    }

    static String manual(String url) {
        StringBuilder text = new StringBuilder("""

                The provider simulator listens. Base URLs, for a client or for a provider in plexus.yaml:
                  chat, responses, messages, embeddings   %1$s/v1
                  gemini                                  %1$s

                Any model name and any key will do. Words in the model name, parted by "-", or in the header x-simulate, parted by
                blanks, say how it behaves: the model "x-429-flaky2" refuses twice and is well then.
                """.formatted(url));
        int width = 0;
        for (Token token : Token.values()) {
            width = Math.max(width, spelling(token).length());
        }
        for (Token.Group group : Token.Group.values()) {
            text.append('\n').append(group.title()).append('\n');
            for (Token token : Token.in(group)) {
                String word = spelling(token);
                text.append("  ").append(word).append(" ".repeat(width - word.length() + 2)).append(token.meaning()).append('\n');
            }
        }
        return text.toString();
    }

    /// A bare number is an HTTP status.
    private static String spelling(Token token) {
        return token.spelling().equals("N") ? "a status" : token.spelling();
    }
}
