package dev.plexus.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts environment variables and secret files into the text values of a tree: `${NAME}`, `${NAME:-text}`, `${file:/path}`, and `$${` for a
/// literal `${`. Keys are left alone, and what was put in is not looked at again. Used for one document.
final class Interpolation {

    private static final String OPEN = "${";
    private static final String FILE = "file:";
    /// Longer text between the braces is no placeholder; it keeps the search linear.
    private static final int INSIDE_MAX = 1_000;

    private static final Pattern INSIDE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);

    private final UnaryOperator<@Nullable String> environment;
    private final FileText files;
    private final Faults faults;
    /// A node shared by aliases is expanded once, and its faults are reported once.
    private final Map<Tree, Tree> expanded = new IdentityHashMap<>();

    Interpolation(UnaryOperator<@Nullable String> environment, FileText files, Faults faults) {
        this.environment = environment;
        this.files = files;
        this.faults = faults;
    }

    Tree expand(Tree tree) {
        return expand(tree, "");
    }

    private Tree expand(Tree tree, String path) {
        Tree known = expanded.get(tree);
        if (known != null) {
            return known;
        }
        Tree made =
                switch (tree) {
                    case Tree.Scalar scalar -> scalar(scalar, path);
                    case Tree.Sequence(var items, var place) -> {
                        List<Tree> copies = new ArrayList<>(items.size());
                        for (int i = 0; i < items.size(); i++) {
                            copies.add(expand(items.get(i), Paths.item(path, i)));
                        }
                        yield new Tree.Sequence(copies, place);
                    }
                    case Tree.Mapping(var members, var place) ->
                        new Tree.Mapping(
                                members.stream()
                                        .map(member -> new Tree.Member(
                                                member.name(),
                                                member.place(),
                                                expand(member.value(), Paths.member(path, member.name()))))
                                        .toList(),
                                place);
                };
        expanded.put(tree, made);
        return made;
    }

    private Tree.Scalar scalar(Tree.Scalar scalar, String path) {
        if (scalar.sort() != Tree.Sort.TEXT || !scalar.text().contains("${")) {
            return scalar;
        }
        Expansion expansion = new Expansion(scalar.place(), path);
        return new Tree.Scalar(expansion.of(scalar.text()), Tree.Sort.TEXT, expansion.origin, scalar.place());
    }

    /// The work on one scalar.
    private final class Expansion {
        private final Place place;
        private final String path;
        private Tree.Origin origin = Tree.Origin.WRITTEN;

        Expansion(Place place, String path) {
            this.place = place;
            this.path = path;
        }

        String of(String text) {
            StringBuilder made = new StringBuilder();
            int done = 0;
            int close = -1;
            for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, Math.max(done, open + 1))) {
                if (close < open) {
                    close = text.indexOf('}', open);
                }
                if (close < 0) {
                    break;
                }
                if (close - open > INSIDE_MAX) {
                    continue;
                }
                boolean escaped = open > done && text.charAt(open - 1) == '$';
                String inside = text.substring(open + OPEN.length(), close);
                String value = escaped ? OPEN + inside + "}" : value(inside);
                if (value != null) {
                    made.append(text, done, escaped ? open - 1 : open).append(value);
                    done = close + 1;
                }
            }
            return made.append(text, done, text.length()).toString();
        }

        /// What the placeholder stands for, or null when it is none.
        private @Nullable String value(String inside) {
            if (inside.startsWith(FILE)) {
                return file(inside.substring(FILE.length()));
            }
            Matcher matcher = INSIDE.matcher(inside);
            return matcher.matches() ? variable(matcher.group(1), matcher.group(2)) : null;
        }

        private String variable(String name, @Nullable String otherwise) {
            String value = environment.apply(name);
            if (otherwise != null && (value == null || value.isEmpty())) {
                value = otherwise;
            }
            if (value == null) {
                return unresolved(OPEN + name + "}", "environment variable " + name + " is not set");
            }
            return resolved(value);
        }

        private String file(String file) {
            try {
                return resolved(files.read(file).replaceFirst("\\r?\\n\\z", ""));
            } catch (IOException _) {
                return unresolved("${file:" + file + "}", "the file " + file + " cannot be read");
            }
        }

        private String resolved(String value) {
            if (origin == Tree.Origin.WRITTEN) {
                origin = Tree.Origin.EXPANDED;
            }
            return value;
        }

        private String unresolved(String written, String message) {
            origin = Tree.Origin.UNRESOLVED;
            faults.error(place, path, message);
            return written;
        }
    }
}
