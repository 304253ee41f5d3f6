package dev.plexus.house.planted.routing;

/// Offends: only the name of a verticle.
record FalseVerticle() {}
