package dev.plexus.message;

import dev.plexus.config.KeyRule;
import java.util.List;

/// How far have these keys used up their quotas? Asking takes nothing from them.
public record QuotaStandingsAsked(List<KeyRule> keys) {

    public QuotaStandingsAsked {
        keys = List.copyOf(keys);
    }
}
