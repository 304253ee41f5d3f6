package dev.plexus.simulator;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One streamed answer as the texts of its frames, in order: the opening, then one frame per chunk until there is none, then the closing.
/// Made for one stream and used up by it.
abstract class Frames {

    /// What part of the end a closing frame is: faults leave some of them out.
    enum Part { CONTENT, FINISH, TERMINAL }

    /// A frame of the closing.
    record Closing(Part part, String text) {}

    private final Words words;
    private final boolean hasCalls;
    private int at;
    private @Nullable Queue<String> callFrames;

    Frames(Answer answer) {
        this.words = answer.words();
        this.hasCalls = !answer.calls().isEmpty();
    }

    /// The next chunk, or null when all has been said.
    final @Nullable String next() {
        if (at < words.count()) {
            return text(words.piece(at++));
        }
        if (!hasCalls) {
            return null;
        }
        if (callFrames == null) {
            callFrames = new ArrayDeque<>(calls());
        }
        return callFrames.poll();
    }

    /// What comes before the first chunk of text, thinking included.
    abstract List<String> opening();

    abstract String text(String piece);

    /// The frames of the tool calls, with those that end the text before them.
    abstract List<String> calls();

    abstract List<Closing> closing();

    /// An event whose JSON is cut off.
    abstract String malformed();

    /// The dialect's error event.
    abstract String failure();
}
