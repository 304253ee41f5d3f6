package dev.plexus.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where a command prints: answers on `out`, complaints on `err`.
record Terminal(PrintStream out, PrintStream err) {

    /// That of this process.
    static Terminal ofProcess() {
        return new Terminal(
                new PrintStream(System.out, true, StandardCharsets.UTF_8), new PrintStream(System.err, true, StandardCharsets.UTF_8));
    }

    void say(String text) {
        out.println(text);
    }

    void complain(String text) {
        err.println("plexus: " + text);
    }
}
