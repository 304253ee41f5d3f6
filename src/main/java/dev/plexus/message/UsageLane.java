package dev.plexus.message;

/// A lane's own end of the usage journal. Live and single-threaded: only the lane that asked for it may write.
public interface UsageLane {

    /// Appends the record so that it outlives the process. When this returns, a killed process no longer loses it. Takes about a microsecond and
    /// never waits for a disk or a database. A later record with the same request id replaces an earlier pending one.
    ///
    /// Throws `java.io.UncheckedIOException` when the journal's disk is full.
    void append(UsageRecord usage);
}
