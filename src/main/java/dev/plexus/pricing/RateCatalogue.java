package dev.plexus.pricing;

import org.jspecify.annotations.Nullable;

/// A list of live prices that somebody else keeps fresh. Asked on any thread, and answers at once from what it holds.
@FunctionalInterface
public interface RateCatalogue {

    /// Holds nothing: every slug is unknown.
    RateCatalogue EMPTY = slug -> null;

    /// The rates of the model with this slug, null when the catalogue does not know it.
    @Nullable TokenRates rates(String slug);
}
