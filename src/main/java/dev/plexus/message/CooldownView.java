package dev.plexus.message;

import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All cooldown entries of this node as one immutable snapshot. A provider-wide entry has the empty model name.
public record CooldownView(Map<TargetId, Entry> entries) {

    public static final CooldownView EMPTY = new CooldownView(Map.of());

    /// `expiry` and `lastFailureAt` are epoch milliseconds; an entry whose expiry has passed no longer blocks but still counts its failures.
    public record Entry(long expiry, int consecutiveFailures, long lastFailureAt, String lastError) {}

    public CooldownView {
        entries = Map.copyOf(entries);
    }

    /// The entry of the target itself.
    public @Nullable Entry of(TargetId target) {
        return entries.isEmpty() ? null : entries.get(target);
    }

    /// When the target may be used again, as epoch milliseconds: 0 when nothing blocks it.
    public long blockedUntil(TargetId target) {
        if (entries.isEmpty()) {
            return 0;
        }
        return Math.max(expiry(target), expiry(wide(target.provider())));
    }

    private long expiry(TargetId target) {
        Entry entry = entries.get(target);
        return entry == null ? 0 : entry.expiry();
    }

    private static TargetId wide(ProviderId provider) {
        return new TargetId(provider, "");
    }
}
