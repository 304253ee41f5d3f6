package dev.plexus.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys that one kind of mapping knows. `path` is where it stands, with `<...>` for names that the file chooses.
final class Section {

    /// What a file is told that uses something on which nothing acts.
    static final String NO_EFFECT = "accepted, has no effect in this version";

    private final String path;
    private final boolean snakeCaseToo;
    private final Map<String, Key> keys;

    private Section(String path, boolean snakeCaseToo, Map<String, Key> keys) {
        this.path = path;
        this.snakeCaseToo = snakeCaseToo;
        this.keys = keys;
    }

    static Building at(String path) {
        return new Building(path);
    }

    String path() {
        return path;
    }

    List<Key> keys() {
        return List.copyOf(keys.values());
    }

    /// The key that the file means by this name, or null.
    @Nullable Key find(String name) {
        Key key = keys.get(name);
        return key != null || !snakeCaseToo ? key : keys.get(camel(name));
    }

    List<String> names() {
        return List.copyOf(keys.keySet());
    }

    private static String camel(String snake) {
        String[] words = snake.split("_", -1);
        StringBuilder camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            if (!words[i].isEmpty()) {
                camel.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
            }
        }
        return camel.toString();
    }

    /// Collects the keys of a section; built once, at class initialization.
    static final class Building {
        private final String path;
        private final List<Key> keys = new ArrayList<>();
        private boolean snakeCaseToo;

        private Building(String path) {
            this.path = path;
        }

        Building must(String name, Kind kind, String meaning) {
            keys.add(new Key(name, kind, true, "required", meaning, null));
            return this;
        }

        Building may(String name, Kind kind, String fallback, String meaning) {
            keys.add(new Key(name, kind, false, fallback, meaning, null));
            return this;
        }

        /// A key that is checked, but that nothing acts on in this version, nor on anything below it.
        Building idle(String name, Kind kind, String fallback, String meaning) {
            return idle(name, kind, fallback, meaning, NO_EFFECT);
        }

        Building idle(String name, Kind kind, String meaning) {
            return idle(name, kind, "–", meaning, NO_EFFECT);
        }

        /// The same for a key of which a part is without effect; `notice` says which.
        Building idle(String name, Kind kind, String fallback, String meaning, String notice) {
            keys.add(new Key(name, kind, false, fallback, meaning, notice));
            return this;
        }

        Building may(String name, Kind kind, String meaning) {
            return may(name, kind, "–", meaning);
        }

        Building snakeCaseToo() {
            snakeCaseToo = true;
            return this;
        }

        Section done() {
            Map<String, Key> byName = new LinkedHashMap<>();
            for (Key key : keys) {
                if (byName.put(key.name(), key) != null) {
                    throw new IllegalArgumentException("Section " + path + ": " + key.name() + " stands twice");
                }
            }
            return new Section(path, snakeCaseToo, byName);
        }
    }
}
