package dev.plexus.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plexus.model.DialectId;
import dev.plexus.wire.SseFramer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Recorded traces, and ways to play them to a watch.
public final class Traces {

    /// What a watch made of a stream: the kind of each frame, and what it had seen at the end.
    public record Played(List<FrameKind> kinds, Observed observed, boolean complete) {}

    private Traces() {}

    public static byte[] read(DialectId dialect, String name) {
        try (InputStream stream = Traces.class.getResourceAsStream("/traces/" + dialect.label() + "/" + name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no trace " + name + " of " + dialect);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Plays a stream whose bytes arrive in pieces that end at the given places.
    public static Played play(StreamWatch watch, byte[] stream, int... cuts) {
        List<FrameKind> kinds = new ArrayList<>();
        SseFramer framer = new SseFramer();
        SseFramer.Handler handler = frame -> {
            if (frame.hasData()) {
                kinds.add(watch.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event()));
            }
        };
        int at = 0;
        for (int cut : cuts) {
            framer.feed(Arrays.copyOfRange(stream, at, cut), 0, cut - at, handler);
            at = cut;
        }
        framer.feed(Arrays.copyOfRange(stream, at, stream.length), 0, stream.length - at, handler);
        framer.end(handler);
        return new Played(kinds, watch.observed(), watch.complete());
    }

    /// Plays events, each given by its data alone, or as `name | data`.
    public static Played play(StreamWatch watch, String... events) {
        StringBuilder stream = new StringBuilder();
        for (String event : events) {
            int bar = event.indexOf(" | ");
            if (bar >= 0) {
                stream.append("event: ").append(event, 0, bar).append('\n');
            }
            stream.append("data: ").append(bar >= 0 ? event.substring(bar + 3) : event).append("\n\n");
        }
        return play(watch, stream.toString().getBytes(UTF_8));
    }

    /// Plays a whole answer whose bytes arrive in pieces that end at the given places.
    public static AnswerWatch.Result answer(AnswerWatch watch, byte[] answer, int... cuts) {
        int at = 0;
        for (int cut : cuts) {
            watch.feed(Arrays.copyOfRange(answer, at, cut), 0, cut - at);
            at = cut;
        }
        watch.feed(answer, at, answer.length);
        return watch.end();
    }

    public static AnswerWatch.Result answer(AnswerWatch watch, String answer) {
        return answer(watch, answer.getBytes(UTF_8));
    }
}
