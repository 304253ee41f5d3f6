package dev.plexus.simulator;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Answers that are the same every time, kept ready. Single-threaded; bounded in number and in size.
final class Shelf {

    private static final int KEPT_MAX = 500;
    private static final int CHUNKS_MAX = 1_000;
    private static final int PIECE_BYTES_MAX = 4_096;
    private static final int BIG_KB_MAX = 2_048;
    private static final long BYTES_MAX = 64L << 20;

    private record Label(Voice voice, String model, Question.Delivery delivery, boolean includeUsage, Behaviour behaviour) {}

    private final Map<Label, Reel> reels = new HashMap<>();
    private final Map<Label, Buffer> wholes = new HashMap<>();
    private long bytes;

    static boolean keeps(Question question, Behaviour behaviour) {
        return Author.isFixed(question, behaviour)
                && behaviour.number(Token.CHUNKS, 0) <= CHUNKS_MAX
                && behaviour.number(Token.SIZE, 0) <= PIECE_BYTES_MAX
                && behaviour.number(Token.BIG, 0) <= BIG_KB_MAX;
    }

    Reel reel(Voice voice, Question question, Behaviour behaviour, Supplier<Reel.Live> made) {
        Label label = label(voice, question, behaviour);
        Reel kept = reels.get(label);
        if (kept != null) {
            return kept;
        }
        if (reels.size() >= KEPT_MAX || bytes >= BYTES_MAX) {
            return made.get();
        }
        Reel.Kept fresh = Reel.Kept.of(made.get(), behaviour.number(Token.ERROR, -1));
        reels.put(label, fresh);
        for (Buffer step : fresh.steps()) {
            bytes += step.length();
        }
        return fresh;
    }

    Buffer whole(Voice voice, Question question, Behaviour behaviour, Supplier<Buffer> made) {
        Label label = label(voice, question, behaviour);
        Buffer kept = wholes.get(label);
        if (kept != null) {
            return kept;
        }
        Buffer fresh = made.get();
        if (wholes.size() < KEPT_MAX && bytes < BYTES_MAX) {
            wholes.put(label, fresh);
            bytes += fresh.length();
        }
        return fresh;
    }

    private static Label label(Voice voice, Question question, Behaviour behaviour) {
        return new Label(voice, question.model(), question.delivery(), question.includeUsage(), behaviour);
    }
}
