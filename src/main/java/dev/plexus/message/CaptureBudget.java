package dev.plexus.message;

/// How many bytes the running captures of one lane may still take. Live and single-threaded.
public final class CaptureBudget {

    private long left;

    public CaptureBudget(long bytes) {
        this.left = bytes;
    }

    /// As many of the wanted bytes as there is room for.
    int take(int wanted) {
        int granted = (int) Math.min(wanted, left);
        left -= granted;
        return granted;
    }

    void giveBack(long bytes) {
        left += bytes;
    }

    /// What is left of it.
    public long left() {
        return left;
    }
}
