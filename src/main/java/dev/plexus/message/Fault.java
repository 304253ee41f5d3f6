package dev.plexus.message;

/// Why an attempt failed, with every consequence in one row: the tag that attempt lists show, whether the next candidate may try, whether the
/// target is cooled, and whether the same target may be asked again at once.
///
/// The rows are those of the failover table (routing.md 8); HTTP statuses refine `STATUS` through the configured code list.
public enum Fault {
    /// The upstream could not be reached, or was lost before its response headers.
    NETWORK("network", true, true, true),
    /// The attempt's time was up before the answer began.
    TIMEOUT("timeout", true, true, false),
    /// An HTTP status that another try at the same target may cure.
    STATUS_TRANSIENT("", true, true, true),
    /// An HTTP status that only another target may cure.
    STATUS("", true, true, false),
    /// An HTTP status that speaks of this one request's deadline, not of the target's health.
    DEADLINE("", true, false, false),
    /// 400, 413, 422: the client's own mistake; no target would judge otherwise.
    CALLER("", false, false, false),
    /// The prompt does not fit this model; a larger one may take it.
    CONTEXT_TOO_LONG("", true, false, false),
    /// A 2xx answer that is not of its dialect.
    BROKEN_ANSWER("invalid", true, true, false),
    /// An error delivered with status 200, whole or as the first event.
    ERROR_IN_ANSWER("", true, true, false),
    /// An answer without anything in it.
    EMPTY("empty", true, false, false),
    /// The stream broke after content had gone to the client: nothing can be hidden any more.
    STREAM_CUT("cut", false, true, false),
    /// The stream was too slow, where that is watched for: like a time limit, but cooled only if the operator says so.
    STALL("stall", true, false, false),
    /// Another target was to go on with a stream, and began another answer than the client has read the beginning of.
    DEPARTED("departed", false, false, false),
    /// The target cannot serve this request (no common dialect, model name unusable): not an attempt.
    SKIPPED("skipped", true, false, false),
    /// The gateway itself failed at it, which says nothing about the target.
    BUG("internal", true, false, false),
    /// The client left.
    CLIENT_GONE("cancelled", false, false, false),
    /// The gateway itself is stopping.
    DRAINING("draining", false, false, false);

    private final String tag;
    private final boolean triesNext;
    private final boolean cools;
    private final boolean triesAgain;

    Fault(String tag, boolean triesNext, boolean cools, boolean triesAgain) {
        this.tag = tag;
        this.triesNext = triesNext;
        this.cools = cools;
        this.triesAgain = triesAgain;
    }

    /// What an attempt list says in brackets; empty where the HTTP status says it.
    public String tag() {
        return tag;
    }

    /// May the next candidate try?
    public boolean triesNext() {
        return triesNext;
    }

    /// Is the target to be cooled?
    public boolean cools() {
        return cools;
    }

    /// May the same target be asked once more at once?
    public boolean triesAgain() {
        return triesAgain;
    }
}
