package dev.plexus.simulator;

import io.vertx.core.json.Json;
import java.util.function.UnaryOperator;

/// A frame with a hole for one JSON string: made once per stream, filled for every chunk.
record Hole(String before, String after) {

    private static final String MARK = "\u0001hole\u0001";

    /// Makes the frame with a mark and cuts it there.
    static Hole in(UnaryOperator<String> frame) {
        String made = frame.apply(MARK);
        String quoted = Json.encode(MARK);
        int at = made.indexOf(quoted);
        if (at < 0) {
            throw new IllegalArgumentException("frame: has no hole");
        }
        return new Hole(made.substring(0, at), made.substring(at + quoted.length()));
    }

    String filledWith(String text) {
        return before + Json.encode(text) + after;
    }
}
