package dev.plexus.contract;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Makes request bodies that are valid and as odd as JSON allows, together with what a provider must receive. The same seed makes the same bodies.
final class RandomBodies {

    /// A body as the client sends it and as the provider must see it.
    record Pair(String sent, String expected) {}

    private static final List<String> NUMBERS = List.of(
            "0", "-0", "1.0", "1e3", "1E+3", "2.50", "-17", "3.141592653589793238462643383279502884197", "12345678901234567890123", "1e-400", "0.1e0",
            "9007199254740993", "-0.0", "1000000000000000000000000000000000000000000000000000000000000000");
    private static final List<String> NAMES = List.of(
            "x", "x_new", "models", "Model", "model ", "", "ключ", "a\\\"b", "\\u0000", "mod\\u0065l2", "😀", "metadata", "user", "plexus_", "$ref", "__proto__",
            "a/b~c", "\\\\", "messages_");
    private static final List<String> TEXTS = List.of(
            "hi", "", "\\u00e9", "é", "日本語", "😀", "\\ud83d\\ude00", "\\ud83d", "\\n\\t\\r\\b\\f", "\\/", "/", "\\\"", "\\\\", "\\u0000", "\u2028\u2029",
            "\u007f", "}{][,:", "\\\"model\\\":\\\"fast\\\"", "data: [DONE]", "e\u0301", "\ufeff", "\\u003cscript>");
    private static final List<String> SPACES = List.of("", "", "", " ", "  ", "\n", "\t", "\r\n", "\n  ");
    private static final int LONG_TEXT_CHARACTERS = 150_000;
    private static final int DEEPEST = 100;

    private final Random random;
    private final StringBuilder sent = new StringBuilder();
    private final StringBuilder expected = new StringBuilder();
    private boolean first;

    RandomBodies(long seed) {
        this.random = new Random(seed);
    }

    /// A body with these members, which may come in any order and between others; `model` is null where the body names none.
    Pair next(String model, String upstreamModel, List<Supplier<String>> members) {
        sent.setLength(0);
        expected.setLength(0);
        first = true;
        both(space() + "{");
        boolean twice = model != null && chance(40);
        int modelsLeft = model == null ? 0 : twice ? 2 : 1;
        int next = 0;
        while (next < members.size() || modelsLeft > 0 || chance(2)) {
            int turn = random.nextInt(6);
            if (turn < 2 && next < members.size()) {
                member(members.get(next++).get());
            } else if (turn == 2 && modelsLeft > 0) {
                modelsLeft--;
                model(model, upstreamModel, twice);
            } else if (turn == 3 && chance(15)) {
                gone();
            } else if (turn > 3) {
                member(quoted(pick(NAMES)) + space() + ":" + space() + value(0));
            }
        }
        both(space() + "}" + (chance(3) ? space() : ""));
        return new Pair(sent.toString(), expected.toString());
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    /// The text of a JSON string, quotes included.
    String string() {
        if (chance(2_500)) {
            return quoted((pick(TEXTS) + "0123456789abcdef").repeat(LONG_TEXT_CHARACTERS / 20));
        }
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(4); count >= 0; count--) {
            text.append(pick(TEXTS));
        }
        return quoted(text.toString());
    }

    /// Between `least` and `least + 3` things as a JSON array.
    String array(int least, Supplier<String> element) {
        StringBuilder array = new StringBuilder("[").append(space());
        for (int left = least + random.nextInt(4), index = 0; index < left; index++) {
            array.append(index == 0 ? "" : space() + "," + space()).append(element.get());
        }
        return array.append(space()).append(']').toString();
    }

    /// An object that holds this text among other members, some of them twice.
    String objectWith(String member) {
        StringBuilder object = new StringBuilder("{").append(space());
        for (int left = random.nextInt(3); left > 0; left--) {
            object.append(quoted(pick(NAMES))).append(space()).append(':').append(value(2)).append(space()).append(',').append(space());
        }
        object.append(member);
        for (int left = random.nextInt(3); left > 0; left--) {
            object.append(',').append(space()).append("\"k\":").append(value(2));
        }
        return object.append(space()).append('}').toString();
    }

    /// Any value.
    String value(int depth) {
        return switch (random.nextInt(depth > 4 ? 5 : 8)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> pick(NUMBERS);
            case 3, 4 -> string();
            case 5 -> array(0, () -> value(depth + 1));
            case 6 -> objectWith(quoted(pick(NAMES)) + ":" + value(depth + 1));
            default -> chance(50) ? "[".repeat(DEEPEST) + "]".repeat(DEEPEST) : array(1, () -> pick(NUMBERS));
        };
    }

    String space() {
        return pick(SPACES);
    }

    String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private void both(String text) {
        sent.append(text);
        expected.append(text);
    }

    private void member(String text) {
        both(separator() + text);
        first = false;
    }

    private String separator() {
        return first ? space() : space() + "," + space();
    }

    /// The member that is spliced: a name that needs no edit stays as it is written, unless it stands there twice.
    private void model(String model, String upstreamModel, boolean twice) {
        boolean escaped = chance(10);
        String before = separator() + (chance(10) ? "\"m\\u006fdel\"" : "\"model\"") + space() + ":" + space();
        String written = quoted(escaped ? "\\u00" + Integer.toHexString(model.charAt(0)) + model.substring(1) : model);
        both(before);
        sent.append(written);
        expected.append(model.equals(upstreamModel) && !twice ? written : quoted(upstreamModel));
        first = false;
    }

    /// A member by which clients speak to the gateway alone; it goes with the comma before it.
    private void gone() {
        if (!first) {
            sent.append(separator()).append(pick(List.of("\"plexus\"", "\"plexus_metadata\""))).append(':').append(space()).append(value(1));
        }
    }
}
