package dev.plexus.provider;

import dev.plexus.message.Fault;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;

/// Why a response did not come to its end: the fault before and after the commit, and the words for it.
record Break(Fault beforeCommit, Fault afterCommit, String reason, GatewayError error) {

    /// True if the answer may have been complete when this happened.
    boolean mayBeLate() {
        return beforeCommit == Fault.TIMEOUT || beforeCommit == Fault.STALL;
    }

    static Break lost(String code, String text) {
        return new Break(
                Fault.NETWORK,
                Fault.STREAM_CUT,
                code + ": " + text,
                GatewayError.of(ErrorKind.UPSTREAM_INVALID, "upstream_unreachable", "The upstream connection was lost (" + code + ")"));
    }

    static Break timeout(String what) {
        return new Break(Fault.TIMEOUT, Fault.TIMEOUT, what, GatewayError.of(ErrorKind.TIMEOUT, "upstream_timeout", "Upstream timeout: " + what));
    }

    static Break stall(String what, boolean cools) {
        Fault fault = cools ? Fault.TIMEOUT : Fault.STALL;
        return new Break(fault, fault, what, GatewayError.of(ErrorKind.TIMEOUT, "upstream_timeout", "Upstream stalled: " + what));
    }

    static Break invalid(String code, String text) {
        return new Break(Fault.BROKEN_ANSWER, Fault.STREAM_CUT, text, GatewayError.of(ErrorKind.UPSTREAM_INVALID, code, text));
    }

    static Break draining() {
        return new Break(
                Fault.DRAINING,
                Fault.DRAINING,
                "the gateway is shutting down",
                GatewayError.of(ErrorKind.UNAVAILABLE, "draining", "The gateway is shutting down"));
    }
}
