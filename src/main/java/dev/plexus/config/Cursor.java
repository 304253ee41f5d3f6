package dev.plexus.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A mapping with its path and its section, read by key. Values that [SchemaCheck] has refused read as if they were absent, so that the readers
/// go on and find the rest. Asking for a key that the section does not know is a bug and fails.
final class Cursor {

    private final Section section;
    /// By the name that the section has for the key, however the file spells it.
    private final Map<String, Tree.Member> members = new HashMap<>();
    private final String path;
    private final Place place;
    private final Faults faults;

    Cursor(Tree.Mapping mapping, Section section, String path, Place place, Faults faults) {
        this.section = section;
        this.path = path;
        this.place = place;
        this.faults = faults;
        for (Tree.Member member : mapping.members()) {
            Key key = section.find(member.name());
            if (key != null && (key.name().equals(member.name()) || !members.containsKey(key.name()))) {
                members.put(key.name(), member);
            }
        }
    }

    String path() {
        return path;
    }

    Place place() {
        return place;
    }

    Faults faults() {
        return faults;
    }

    /// True if the key is there and not null.
    boolean has(String key) {
        return value(key) != null;
    }

    /// True if the key is there, even with nothing behind it.
    boolean mentions(String key) {
        return member(key) != null;
    }

    /// The raw value, or null when it is absent or a YAML null.
    @Nullable Tree value(String key) {
        Tree.Member member = member(key);
        return member == null || Tree.isNothing(member.value()) ? null : member.value();
    }

    @Nullable String text(String key) {
        return value(key) instanceof Tree.Scalar scalar ? scalar.text() : null;
    }

    String text(String key, String fallback) {
        String text = text(key);
        return text == null ? fallback : text;
    }

    /// The chosen word of a fixed choice, or null when it is absent or not one of them.
    @Nullable String word(String key) {
        String text = text(key);
        return text == null || !(known(key).kind() instanceof Kind.OneOf choice) ? null : choice.match(text);
    }

    String word(String key, String fallback) {
        String word = word(key);
        return word == null ? fallback : word;
    }

    /// The text in quotes for a message, unless it came from the environment or a file and might be a secret.
    String quoted(String key) {
        return value(key) instanceof Tree.Scalar(var text, _, var origin, _) && origin == Tree.Origin.WRITTEN ? "\"" + text + "\"" : "of this name";
    }

    @Nullable Boolean flag(String key) {
        return value(key) instanceof Tree.Scalar scalar ? Numbers.flag(scalar) : null;
    }

    boolean flag(String key, boolean fallback) {
        Boolean flag = flag(key);
        return flag == null ? fallback : flag;
    }

    @Nullable BigDecimal number(String key) {
        return value(key) instanceof Tree.Scalar scalar ? Numbers.parse(scalar) : null;
    }

    @Nullable Long whole(String key) {
        BigDecimal number = number(key);
        return number == null ? null : number.longValue();
    }

    long whole(String key, long fallback) {
        Long whole = whole(key);
        return whole == null ? fallback : whole;
    }

    /// The texts of a list; empty when the key is absent.
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (value(key) instanceof Tree.Sequence(var items, _)) {
            for (Tree item : items) {
                if (item instanceof Tree.Scalar scalar && scalar.sort() != Tree.Sort.NOTHING) {
                    texts.add(scalar.text());
                }
            }
        }
        return texts;
    }

    /// The texts of a map; empty when the key is absent.
    Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (value(key) instanceof Tree.Mapping map) {
            for (Tree.Member member : map.members()) {
                if (member.value() instanceof Tree.Scalar scalar && scalar.sort() != Tree.Sort.NOTHING) {
                    texts.put(member.name(), scalar.text());
                }
            }
        }
        return texts;
    }

    /// The object under a key; one without members when the key is absent.
    Cursor object(String key) {
        Key known = known(key);
        if (!(known.kind() instanceof Kind.Keys(Section inner))) {
            throw new IllegalArgumentException("Cursor: " + key + " is no object");
        }
        Tree.Mapping map = value(key) instanceof Tree.Mapping found ? found : new Tree.Mapping(List.of(), place);
        return new Cursor(map, inner, pathOf(key), placeOf(key), faults);
    }

    /// The named objects under a key, in the order of the file. A name without a value counts as an empty object.
    Map<String, Cursor> objects(String key) {
        if (!(known(key).kind() instanceof Kind.MapOf(_, Kind.Keys(Section inner)))) {
            throw new IllegalArgumentException("Cursor: " + key + " is no map of objects");
        }
        return objects(value(key), inner, pathOf(key));
    }

    /// The same for a map that stands where other things may stand too.
    Map<String, Cursor> objects(@Nullable Tree map, Section inner, String mapPath) {
        Map<String, Cursor> objects = new LinkedHashMap<>();
        if (map instanceof Tree.Mapping(var members, _)) {
            for (Tree.Member member : members) {
                if (member.name().isBlank() || !(member.value() instanceof Tree.Mapping || Tree.isNothing(member.value()))) {
                    continue;
                }
                Tree.Mapping body = member.value() instanceof Tree.Mapping found ? found : new Tree.Mapping(List.of(), member.place());
                objects.put(member.name(), new Cursor(body, inner, Paths.member(mapPath, member.name()), member.place(), faults));
            }
        }
        return objects;
    }

    /// The objects of a list, in order.
    List<Cursor> list(String key) {
        if (!(known(key).kind() instanceof Kind.ListOf(Kind.Keys(Section inner)))) {
            throw new IllegalArgumentException("Cursor: " + key + " is no list of objects");
        }
        List<Cursor> objects = new ArrayList<>();
        if (value(key) instanceof Tree.Sequence(var items, _)) {
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof Tree.Mapping map) {
                    objects.add(new Cursor(map, inner, Paths.item(pathOf(key), i), map.place(), faults));
                }
            }
        }
        return objects;
    }

    String pathOf(String key) {
        Tree.Member member = member(key);
        return Paths.member(path, member == null ? key : member.name());
    }

    /// Where the key stands, or the object when the key is absent.
    Place placeOf(String key) {
        Tree.Member member = member(key);
        return member == null ? place : member.place();
    }

    void error(String message) {
        faults.error(place, path, message);
    }

    void error(String key, String message) {
        faults.error(placeOf(key), pathOf(key), message);
    }

    void warning(String message) {
        faults.warning(place, path, message);
    }

    void warning(String key, String message) {
        faults.warning(placeOf(key), pathOf(key), message);
    }

    private Tree.@Nullable Member member(String key) {
        return members.get(known(key).name());
    }

    private Key known(String key) {
        Key known = section.find(key);
        if (known == null) {
            throw new IllegalArgumentException("Cursor: " + section.path() + " has no key " + key);
        }
        return known;
    }
}
