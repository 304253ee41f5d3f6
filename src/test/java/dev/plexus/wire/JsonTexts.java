package dev.plexus.wire;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Random JSON texts with everything that a writer would have spelled otherwise: escapes, odd numbers, blanks.
public final class JsonTexts {

    private JsonTexts() {}

    /// Blanks as they may stand between tokens.
    public static Arbitrary<String> blanks() {
        return Arbitraries.of("", "", "", " ", "\n", "\t ", "\r\n  ");
    }

    /// Strings, quotes included.
    public static Arbitrary<String> strings() {
        return Arbitraries.of("a", "model", "é", "日本", "😀", "\\u00e9", "\\ud83d\\ude00", "\\\"", "\\\\", "\\/", "\\n", "{", "}", ",", ":", " ", "error")
                .list()
                .ofMaxSize(6)
                .map(parts -> "\"" + String.join("", parts) + "\"");
    }

    /// Values of any kind, some nested.
    public static Arbitrary<String> values() {
        Arbitrary<String> flat = Arbitraries.oneOf(
                strings(), Arbitraries.of("null", "true", "false", "0", "-0", "1.0", "1e3", "-1.50E-7", "12345678901234567890", "[]", "{}", "[ ]", "{ }"));
        Arbitrary<String> array = Combinators.combine(flat, flat, blanks()).as((one, two, blank) -> "[" + blank + one + blank + "," + blank + two + "]");
        Arbitrary<String> object = Combinators.combine(strings(), array, strings(), flat, blanks())
                .as((name, one, other, two, blank) -> "{" + blank + name + blank + ":" + one + "," + other + ":" + blank + two + blank + "}");
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, flat), net.jqwik.api.Tuple.of(1, array), net.jqwik.api.Tuple.of(2, object));
    }
}
