package dev.plexus.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// The text of an answer, in the pieces a stream sends.
sealed interface Words {

    int count();

    /// Piece `i`; asked once for each, in order, when it is sent.
    String piece(int i);

    /// Some words, over and over.
    record Cycle(List<String> words, int count) implements Words {
        public Cycle {
            words = List.copyOf(words);
            if (words.isEmpty() && count > 0) {
                throw new IllegalArgumentException("words: none to repeat");
            }
        }

        @Override
        public String piece(int i) {
            return words.get(i % words.size());
        }
    }

    /// The time at which each piece is made.
    record Stamps(LongSupplier nanos, int count) implements Words {
        @Override
        public String piece(int i) {
            return "@" + nanos.getAsLong() / 1000 + "@";
        }
    }

    Words NONE = new Cycle(List.of(), 0);

    /// A text cut behind each blank.
    static Words of(String text) {
        List<String> words = split(text);
        return new Cycle(words, words.size());
    }

    /// The pieces of a text, cut behind each blank.
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int blank = text.indexOf(' '); blank >= 0; blank = text.indexOf(' ', start)) {
            words.add(text.substring(start, blank + 1));
            start = blank + 1;
        }
        if (start < text.length()) {
            words.add(text.substring(start));
        }
        return words;
    }

    /// All pieces in a row.
    default String joined() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            all.append(piece(i));
        }
        return all.toString();
    }
}
