package dev.plexus.dialect;

import com.fasterxml.jackson.core.JsonParser;
import dev.plexus.wire.TextMeter;
import java.io.IOException;

/// Measures what an answer holds, for answers that do not say what they used: `output` what the client is shown and the arguments of calls, `reasoning`
/// the thoughts. Only counters are kept. One per answer, single-threaded.
public final class Generated {

    /// Of an answer of which nothing has come.
    public static Generated nothing() {
        return new Generated();
    }

    private boolean off;
    private final TextMeter output = new TextMeter();
    private final TextMeter reasoning = new TextMeter();

    /// Nobody will ask: nothing is measured from now on.
    public void off() {
        off = true;
    }

    /// The next piece of what is shown, or of a thought.
    public void add(String text, boolean thought) {
        if (!off) {
            (thought ? reasoning : output).add(text);
        }
    }

    /// The string at the parser is the next piece of what is shown, or of a thought.
    public void add(JsonParser parser, boolean thought) throws IOException {
        if (!off) {
            (thought ? reasoning : output).add(parser);
        }
    }

    /// An object or array begins that is shown in its JSON form, as the arguments of a call.
    public void open(boolean array) {
        if (!off) {
            output.open(array);
        }
    }

    /// It ends.
    public void close() {
        if (!off) {
            output.close();
        }
    }

    /// The scalar at the parser belongs to it.
    public void member(JsonParser parser) throws IOException {
        if (!off) {
            output.member(parser);
        }
    }

    /// The tokens of what is shown.
    public long output() {
        return output.tokens();
    }

    /// The tokens of the thoughts.
    public long reasoning() {
        return reasoning.tokens();
    }
}
