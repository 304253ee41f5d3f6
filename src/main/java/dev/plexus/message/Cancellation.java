package dev.plexus.message;

import org.jspecify.annotations.Nullable;

/// How an exchange tells whatever works for it to stop. Live, and of one lane: it is touched on one event loop only.
public final class Cancellation {

    private @Nullable Fault reason;
    private @Nullable Runnable hook;

    /// Runs `hook` once when the exchange is cancelled; at once if it is cancelled already. The latest hook replaces earlier ones.
    public void whenCancelled(Runnable hook) {
        if (reason != null) {
            hook.run();
        } else {
            this.hook = hook;
        }
    }

    /// Forgets the hook: its work is over.
    public void release() {
        hook = null;
    }

    /// Stops the work; only the first call counts.
    public void cancel(Fault why) {
        if (reason != null) {
            return;
        }
        reason = why;
        Runnable runs = hook;
        hook = null;
        if (runs != null) {
            runs.run();
        }
    }

    /// Why it was cancelled, null while it was not.
    public @Nullable Fault reason() {
        return reason;
    }
}
