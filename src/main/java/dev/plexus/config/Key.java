package dev.plexus.config;

import org.jspecify.annotations.Nullable;

/// One key of a section: what it may hold, whether it must be there, its default and its meaning in the words of the reference.
///
/// `idle` is what a file is told that uses the key although nothing acts on it in this version; null when something does.
record Key(String name, Kind kind, boolean required, String fallback, String meaning, @Nullable String idle) {}
