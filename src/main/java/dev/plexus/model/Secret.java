package dev.plexus.model;

import org.jspecify.annotations.Nullable;

/// An opaque value by which a vendor recognises its own earlier reasoning: meaningless to everybody else, and worthless if changed.
///
/// `dialect` is the format whose vendor made it; `itemId` the id of the item it belongs to, where that vendor names items (a Responses reasoning
/// item) or the call it must return to (a Gemini signature carried elsewhere).
public record Secret(DialectId dialect, Kind kind, String value, @Nullable String itemId) {

    /// What the value is in its vendor's own words.
    public enum Kind {
        /// Proves that a visible thought, text or call is the vendor's own.
        SIGNATURE,
        /// Reasoning that only its vendor can read, beside an optional visible summary.
        ENCRYPTED,
        /// Reasoning that was hidden for safety; nothing visible goes with it.
        REDACTED
    }

    public Secret(DialectId dialect, Kind kind, String value) {
        this(dialect, kind, value, null);
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "Secret[" + dialect + " " + kind + ", " + value.length() + " characters]";
    }
}
