package dev.plexus.model;

import org.jspecify.annotations.Nullable;

/// A web page that a text refers to. `start` and `end` count code points of the text of its choice; both are -1 where the place is not known.
/// `quote` is the cited text of the page.
public record Citation(String url, @Nullable String title, @Nullable String quote, int start, int end) {}
