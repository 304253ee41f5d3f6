package dev.plexus.config;

/// One key of a section: what it may hold, whether it must be there, its default and its meaning in the words of the reference.
record Key(String name, Kind kind, boolean required, String fallback, String meaning) {}
