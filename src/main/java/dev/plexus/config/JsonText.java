package dev.plexus.config;

import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes a tree as JSON: the members that go into request bodies, and the canonical form that the hash is made of.
final class JsonText {

    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    /// Numbers that JSON cannot write (`.inf`, `.nan`) become text; see [#hasForm].
    static String of(Tree tree) {
        JsonText json = new JsonText();
        json.write(tree);
        return json.out.toString();
    }

    /// False if some number in the tree cannot be said in JSON.
    static boolean hasForm(Tree tree) {
        return switch (tree) {
            case Tree.Scalar scalar ->
                switch (scalar.sort()) {
                    case WHOLE, DECIMAL -> Numbers.parse(scalar) != null;
                    case TEXT, FLAG, NOTHING -> true;
                };
            case Tree.Sequence(var items, _) -> items.stream().allMatch(JsonText::hasForm);
            case Tree.Mapping(var members, _) -> members.stream().allMatch(member -> hasForm(member.value()));
        };
    }

    static String quote(String text) {
        JsonText json = new JsonText();
        json.string(text);
        return json.out.toString();
    }

    private void write(Tree tree) {
        switch (tree) {
            case Tree.Scalar scalar -> scalar(scalar);
            case Tree.Sequence(var items, _) -> {
                out.append('[');
                String separator = "";
                for (Tree item : items) {
                    out.append(separator);
                    write(item);
                    separator = ",";
                }
                out.append(']');
            }
            case Tree.Mapping(var members, _) -> {
                out.append('{');
                String separator = "";
                for (Tree.Member member : members) {
                    out.append(separator);
                    string(member.name());
                    out.append(':');
                    write(member.value());
                    separator = ",";
                }
                out.append('}');
            }
        }
    }

    private void scalar(Tree.Scalar scalar) {
        switch (scalar.sort()) {
            case TEXT -> string(scalar.text());
            case NOTHING -> out.append("null");
            case FLAG -> out.append(scalar.text().toLowerCase(Locale.ROOT));
            case WHOLE, DECIMAL -> {
                @Nullable BigDecimal number = Numbers.parse(scalar);
                if (number == null) {
                    string(scalar.text());
                } else {
                    out.append(number.toPlainString());
                }
            }
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                        out.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
