package dev.plexus.dialect;

import java.util.function.Consumer;

/// Finds `<think>...</think>` at the beginning of a text that comes in pieces, and tells what is in it as thoughts. One per text,
/// single-threaded.
public final class ThinkTags {

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum State {
        BEFORE,
        INSIDE,
        BEHIND,
        AFTER
    }

    private final Consumer<String> thinking;
    private final Consumer<String> text;
    private State state = State.BEFORE;
    private String held = "";

    /// Thoughts and text are told to these, empty pieces included.
    public ThinkTags(Consumer<String> thinking, Consumer<String> text) {
        this.thinking = thinking;
        this.text = text;
    }

    /// Takes the next piece.
    public void accept(String delta) {
        String all = held.isEmpty() ? delta : held + delta;
        held = "";
        if (state == State.BEFORE) {
            String begun = all.stripLeading();
            if (begun.length() < OPEN.length() && OPEN.startsWith(begun)) {
                held = all;
                return;
            }
            boolean opens = begun.startsWith(OPEN);
            state = opens ? State.INSIDE : State.AFTER;
            all = opens ? begun.substring(OPEN.length()) : all;
        }
        if (state == State.INSIDE) {
            int close = all.indexOf(CLOSE);
            if (close < 0) {
                int sure = all.length() - partOfClose(all);
                held = all.substring(sure);
                thinking.accept(all.substring(0, sure));
                return;
            }
            thinking.accept(all.substring(0, close));
            state = State.BEHIND;
            all = all.substring(close + CLOSE.length());
        }
        if (state == State.BEHIND) {
            all = all.stripLeading();
            state = all.isEmpty() ? State.BEHIND : State.AFTER;
        }
        text.accept(all);
    }

    /// How many characters at the end may be the beginning of the closing tag.
    private static int partOfClose(String text) {
        for (int length = Math.min(CLOSE.length() - 1, text.length()); length > 0; length--) {
            if (text.regionMatches(text.length() - length, CLOSE, 0, length)) {
                return length;
            }
        }
        return 0;
    }

    /// Nothing more will come, or something else comes between: what was held back is what it looks like.
    public void end() {
        String rest = held;
        held = "";
        state = state == State.BEFORE && !rest.isEmpty() ? State.AFTER : state;
        if (state == State.INSIDE) {
            thinking.accept(rest);
        } else {
            text.accept(rest);
        }
    }
}
