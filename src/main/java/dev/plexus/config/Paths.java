package dev.plexus.config;

/// How a place in the configuration is written: keys joined by dots, list items by their index.
final class Paths {

    private Paths() {}

    static String member(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String item(String path, int index) {
        return path + "[" + index + "]";
    }
}
