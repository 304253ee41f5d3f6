package dev.plexus.ingress;

/// What a lane knows of a request that runs on it.
interface Running {

    /// Looks at the clock: a few times a second.
    void tick(long now);

    /// The gateway stops and cannot wait any longer.
    void stop();
}
