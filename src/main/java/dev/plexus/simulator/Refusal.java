package dev.plexus.simulator;

import org.jspecify.annotations.Nullable;

/// An error that the simulator answers with; each dialect spells it in its own way.
record Refusal(int status, Cause cause, @Nullable String message, @Nullable String param) {

    /// Why; `STATUS` and `INVALID` go by status alone.
    enum Cause { STATUS, INVALID, CONTEXT, FILTER, PREFILL }

    static Refusal ofStatus(int status) {
        return new Refusal(status, Cause.STATUS, "mock upstream error " + status, null);
    }

    static Refusal invalid(String message, @Nullable String param) {
        return new Refusal(400, Cause.INVALID, message, param);
    }

    static Refusal invalid(int status, String message) {
        return new Refusal(status, Cause.INVALID, message, null);
    }

    static Refusal of(Cause cause) {
        return new Refusal(400, cause, null, null);
    }

    /// The given text, or the dialect's own words for the cause.
    String messageOr(String words) {
        return message == null ? words : message;
    }
}
