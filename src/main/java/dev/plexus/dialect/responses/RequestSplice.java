package dev.plexus.dialect.responses;

import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.PassThrough;
import dev.plexus.dialect.RequestHead;
import dev.plexus.wire.Pieces;

/// Makes a request body fit for an upstream.
final class RequestSplice {

    private RequestSplice() {}

    static Pieces writeBody(Pieces body, RequestHead head, Outgoing outgoing) {
        return PassThrough.withModel(head, outgoing, Wire.MODEL).apply(body);
    }
}
