package dev.plexus.cli;

/// What the process tells its parent.
final class Exit {

    static final int OK = 0;
    /// Something that the gateway was given is wrong, or it could not start.
    static final int FAILED = 1;
    /// The command line is wrong.
    static final int USAGE = 2;
    /// No exit code: event loops are running, and the process lives until it is told to stop.
    static final int RUNNING = -1;

    private Exit() {}
}
