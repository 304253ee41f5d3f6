package dev.plexus.model;

import org.jspecify.annotations.Nullable;

/// What the client asked about reasoning; every member is null where it did not say.
///
/// `effort` is one of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`; `budget` counts tokens; `adaptive` leaves the amount to the model;
/// `include` says whether the client wants to see the thoughts; `summary` is the Responses API's word for how.
public record Reasoning(
        @Nullable Boolean enabled,
        @Nullable String effort,
        @Nullable Long budget,
        boolean adaptive,
        @Nullable Boolean include,
        @Nullable String summary) {

    public static final Reasoning UNSAID = new Reasoning(null, null, null, false, null, null);

    /// True if the client wants reasoning, in whatever words.
    public boolean isOn() {
        return Boolean.TRUE.equals(enabled) || enabled == null && (budget != null || effort != null && !effort.equals("none"));
    }

    /// True if the client said that it wants none.
    public boolean isOff() {
        return Boolean.FALSE.equals(enabled) || "none".equals(effort);
    }
}
