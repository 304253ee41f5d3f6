package dev.plexus.message;

import dev.plexus.dialect.RequestHead;
import dev.plexus.wire.Pieces;
import io.vertx.core.MultiMap;

/// How many tokens would this request have at this target, which speaks the client's dialect? `clientHeaders` are read only.
public record TokenCountAsked(
        Candidate candidate,
        RequestHead head,
        Pieces body,
        MultiMap clientHeaders,
        Cancellation cancellation,
        boolean exposeRoutingHeaders) {}
