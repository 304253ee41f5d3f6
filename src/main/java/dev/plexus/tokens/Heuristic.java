package dev.plexus.tokens;

import dev.plexus.wire.TextMeter;

/// A rule of thumb for the tokens of a whole text (see [TextMeter]).
final class Heuristic {

    private Heuristic() {}

    /// The estimate, rounded half up.
    static long tokens(String text) {
        TextMeter meter = new TextMeter();
        meter.add(text);
        return meter.tokens();
    }

    /// The estimate before it is rounded.
    static double raw(String text) {
        TextMeter meter = new TextMeter();
        meter.add(text);
        return meter.raw();
    }
}
