package dev.plexus.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a key may hold. The rules are data, so that checking a file and documenting its keys cannot disagree.
sealed interface Kind {

    /// Marks in the table of keys what has no effect in this version.
    String IDLE = "∅";

    /// What a person reads in the table of keys.
    String describe();

    /// Text; numbers and truth values are taken as their text, with a warning. `filled` text is not blank.
    record Text(boolean filled) implements Kind {
        @Override
        public String describe() {
            return "text";
        }
    }

    /// `true` or `false`.
    record Flag() implements Kind {
        @Override
        public String describe() {
            return "`true` or `false`";
        }
    }

    /// A whole number within bounds.
    record Whole(long min, long max) implements Kind {
        @Override
        public String describe() {
            return "whole number" + bounds(BigDecimal.valueOf(min), max == Integer.MAX_VALUE || max == Long.MAX_VALUE ? null : BigDecimal.valueOf(max));
        }
    }

    /// A number within bounds; null = without upper bound.
    record Decimal(BigDecimal min, @Nullable BigDecimal max) implements Kind {
        @Override
        public String describe() {
            return "number" + bounds(min, max);
        }
    }

    /// One of some words. `more` words are accepted but not advertised; `idle` ones, of either, have no effect in this version.
    record OneOf(List<String> words, List<String> more, boolean anyCase, List<String> idle) implements Kind {
        public OneOf {
            words = List.copyOf(words);
            more = List.copyOf(more);
            idle = List.copyOf(idle);
        }

        OneOf(List<String> words, List<String> more, boolean anyCase) {
            this(words, more, anyCase, List.of());
        }

        /// The same choice, of which these words have no effect.
        OneOf idle(String... without) {
            return new OneOf(words, more, anyCase, List.of(without));
        }

        /// The accepted word that the text is, or null.
        @Nullable String match(String text) {
            String word = anyCase ? text.strip().toLowerCase(Locale.ROOT) : text;
            return words.contains(word) || more.contains(word) ? word : null;
        }

        @Override
        public String describe() {
            return words.stream().map(word -> "`" + word + "`" + (idle.contains(word) ? " " + IDLE : "")).collect(Collectors.joining(", "));
        }
    }

    /// An absolute http or https URL.
    record Url() implements Kind {
        @Override
        public String describe() {
            return "URL";
        }
    }

    /// A duration as [SpanText] reads it.
    record Span() implements Kind {
        @Override
        public String describe() {
            return "duration";
        }
    }

    record ListOf(Kind item) implements Kind {
        @Override
        public String describe() {
            return "list of " + (item instanceof Keys keys ? "`" + keys.section().path() + "`" : item.describe());
        }
    }

    /// A mapping whose names are free; `name` is what the names are.
    record MapOf(String name, Kind value) implements Kind {
        @Override
        public String describe() {
            return "map: " + name + " → " + (value instanceof Keys keys ? "`" + keys.section().path() + "`" : value.describe());
        }
    }

    /// A mapping with the keys of a section.
    record Keys(Section section) implements Kind {
        @Override
        public String describe() {
            return "object: `" + section.path() + "`";
        }
    }

    /// Anything; whoever reads it checks it.
    record Free(String describe) implements Kind {}

    private static String bounds(BigDecimal min, @Nullable BigDecimal max) {
        if (max != null) {
            return " " + min.toPlainString() + " to " + max.toPlainString();
        }
        return " ≥ " + min.toPlainString();
    }
}
