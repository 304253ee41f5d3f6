package dev.plexus.message;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.model.RequestId;
import dev.plexus.model.TargetId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// May this key make this request? `tokens` is what it may take, as far as that is known before, for quotas that hold a place for it.
///
/// `targets` are those that it may go to and `alias` the name by which it got there; they are needed only where a quota of the key counts some targets
/// and not others, and empty elsewhere.
public record QuotaAsked(Config config, KeyRule key, RequestId requestId, long tokens, List<TargetId> targets, @Nullable String alias) {

    public QuotaAsked {
        targets = List.copyOf(targets);
    }
}
