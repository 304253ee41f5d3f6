package dev.plexus.dialect;

import dev.plexus.model.GatewayError;

/// The outcome of scanning a request: what was found, or what is wrong with it.
public sealed interface HeadRead {

    record Good(RequestHead head) implements HeadRead {}

    record Bad(GatewayError error) implements HeadRead {}
}
