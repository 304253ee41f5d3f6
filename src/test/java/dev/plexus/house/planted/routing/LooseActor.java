package dev.plexus.house.planted.routing;

import io.vertx.core.VerticleBase;

/// Offends: a verticle that may be extended and does not say what it is.
class LooseActor extends VerticleBase {}
