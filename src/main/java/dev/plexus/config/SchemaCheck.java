package dev.plexus.config;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Holds a tree against the sections of [Schema]: types, bounds, required and unknown keys. What needs more than one value is checked by the readers.
///
/// No message quotes a value, since any of them may be a secret in the wrong place; words of a fixed choice are quoted when they were written literally.
final class SchemaCheck {

    private static final int QUOTED_MAX = 40;
    private static final String ENABLED = "enabled";

    private final Faults faults;
    /// True below a key that has no effect itself: one notice is enough.
    private boolean idle;

    SchemaCheck(Faults faults) {
        this.faults = faults;
    }

    /// `place` is where a fault of the value is shown: its key, or itself in a list.
    void check(@Nullable Tree value, Kind kind, String path, Place place) {
        if (value == null || Tree.isNothing(value) || isUnresolved(value)) {
            return;
        }
        switch (kind) {
            case Kind.Text text -> text(value, text, path, place);
            case Kind.Flag _ -> {
                if (!(value instanceof Tree.Scalar scalar) || Numbers.flag(scalar) == null) {
                    faults.error(place, path, "must be true or false");
                }
            }
            case Kind.Whole(long min, long max) -> {
                BigDecimal number = value instanceof Tree.Scalar scalar ? Numbers.parse(scalar) : null;
                if (number == null
                        || number.stripTrailingZeros().scale() > 0
                        || number.compareTo(BigDecimal.valueOf(min)) < 0
                        || number.compareTo(BigDecimal.valueOf(max)) > 0) {
                    faults.error(place, path, "must be a " + kind.describe());
                }
            }
            case Kind.Decimal(BigDecimal min, var max) -> {
                BigDecimal number = value instanceof Tree.Scalar scalar ? Numbers.parse(scalar) : null;
                if (number == null || number.compareTo(min) < 0 || (max != null && number.compareTo(max) > 0)) {
                    faults.error(place, path, "must be a " + kind.describe());
                }
            }
            case Kind.OneOf choice -> oneOf(value, choice, path, place);
            case Kind.Url _ -> {
                if (!(value instanceof Tree.Scalar scalar) || !isHttpUrl(scalar.text())) {
                    faults.error(place, path, "must be an absolute http or https URL");
                }
            }
            case Kind.Span _ -> {
                if (!(value instanceof Tree.Scalar scalar) || SpanText.parse(scalar.text()).isEmpty()) {
                    faults.error(place, path, "must be a duration such as 30s, 5m, 2h30m or 1d, longer than zero");
                }
            }
            case Kind.ListOf(Kind item) -> {
                if (!(value instanceof Tree.Sequence sequence)) {
                    faults.error(place, path, "must be a list");
                    return;
                }
                List<Tree> items = sequence.items();
                for (int i = 0; i < items.size(); i++) {
                    if (Tree.isNothing(items.get(i))) {
                        faults.error(items.get(i).place(), Paths.item(path, i), "is empty");
                    }
                    check(items.get(i), item, Paths.item(path, i), items.get(i).place());
                }
            }
            case Kind.MapOf(String name, Kind each) -> {
                if (!(value instanceof Tree.Mapping mapping)) {
                    faults.error(place, path, "must be a map: " + name + " → value");
                    return;
                }
                for (Tree.Member member : mapping.members()) {
                    if (member.name().isBlank()) {
                        faults.error(member.place(), path, "a " + name + " must not be empty");
                    }
                    // A name with nothing behind it is an object without keys.
                    Tree body = Tree.isNothing(member.value()) ? new Tree.Mapping(List.of(), member.place()) : member.value();
                    check(each instanceof Kind.Keys ? body : member.value(), each, Paths.member(path, member.name()), member.place());
                }
            }
            case Kind.Keys(Section section) -> keys(value, section, path, place);
            case Kind.Free _ -> {}
        }
    }

    private void text(Tree value, Kind.Text kind, String path, Place place) {
        if (!(value instanceof Tree.Scalar scalar)) {
            faults.error(place, path, "must be text");
        } else if (kind.filled() && scalar.text().isBlank()) {
            faults.error(place, path, "must not be empty");
        } else if (scalar.sort() != Tree.Sort.TEXT) {
            String sort = scalar.sort() == Tree.Sort.FLAG ? "a truth value" : "a number";
            faults.warning(place, path, "is " + sort + " where text belongs and is taken as its text; put it in quotes");
        }
    }

    private void oneOf(Tree value, Kind.OneOf choice, String path, Place place) {
        String allowed = "; allowed: " + String.join(", ", choice.words());
        if (!(value instanceof Tree.Scalar scalar)) {
            faults.error(place, path, "must be one word" + allowed);
            return;
        }
        String word = scalar.text();
        String match = choice.match(word);
        if (match != null) {
            if (choice.idle().contains(match) && !idle) {
                faults.notice(place, path, "\"" + match + "\" is accepted, but has no effect in this version");
            }
            return;
        }
        boolean quotable = scalar.origin() == Tree.Origin.WRITTEN && word.length() <= QUOTED_MAX;
        String unknown = quotable ? "unknown value \"" + word + "\"" : "unknown value";
        faults.error(place, path, unknown + allowed + Nearest.hint(word, choice.words()));
    }

    private void keys(Tree value, Section section, String path, Place place) {
        if (!(value instanceof Tree.Mapping mapping)) {
            faults.error(place, path, "must be a map of settings");
            return;
        }
        for (Tree.Member member : mapping.members()) {
            Key key = section.find(member.name());
            if (key != null) {
                known(member, key, Paths.member(path, member.name()));
            } else if (!faults.full()) {
                faults.warning(
                        member.place(),
                        Paths.member(path, member.name()),
                        "unknown key, ignored" + Nearest.hint(member.name(), section.names()));
            }
        }
        for (Key key : section.keys()) {
            if (key.required() && isMissing(mapping, section, key)) {
                faults.error(place, Paths.member(path, key.name()), "must be given");
            }
        }
    }

    private void known(Tree.Member member, Key key, String path) {
        boolean outer = idle;
        if (key.idle() != null && !outer && isUsed(member.value(), key)) {
            faults.notice(member.place(), path, key.idle());
        }
        idle |= key.idle() != null;
        check(member.value(), key.kind(), path, member.place());
        idle = outer;
    }

    /// False for what only says that something is off, or names nothing: then nothing is missed either.
    private static boolean isUsed(Tree value, Key key) {
        return switch (value) {
            case Tree.Mapping mapping -> !mapping.members().isEmpty()
                    && mapping.members().stream().noneMatch(member -> member.name().equals(ENABLED) && isFalse(member.value()));
            case Tree.Sequence sequence -> !sequence.items().isEmpty();
            case Tree.Scalar scalar -> !Tree.isNothing(scalar) && !(key.fallback().equals("false") && isFalse(scalar));
        };
    }

    private static boolean isFalse(Tree value) {
        return value instanceof Tree.Scalar scalar && Boolean.FALSE.equals(Numbers.flag(scalar));
    }

    private static boolean isMissing(Tree.Mapping mapping, Section section, Key key) {
        return mapping.members().stream()
                .noneMatch(member -> key.equals(section.find(member.name())) && !Tree.isNothing(member.value()));
    }

    private static boolean isUnresolved(Tree value) {
        return value instanceof Tree.Scalar scalar && scalar.origin() == Tree.Origin.UNRESOLVED;
    }

    /// True for an absolute http or https URL with a host, as it is after trimming.
    static boolean isHttpUrl(String text) {
        try {
            URI url = new URI(text.strip());
            String scheme = url.getScheme();
            return scheme != null
                    && Stream.of("http", "https").anyMatch(scheme::equalsIgnoreCase)
                    && url.getHost() != null
                    && url.getPort() <= 65_535;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
