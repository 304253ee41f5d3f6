package dev.plexus.message;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.model.DialectId;
import java.util.function.LongSupplier;

/// Which targets, in what order, for this model name? Answered from the given snapshot.
///
/// `beginning` tells conversations apart, 0 where nothing does; it is asked only for aliases whose conversations stay at their targets.
public record PlanAsked(Config config, String model, DialectId dialect, KeyRule key, LongSupplier beginning) {

    /// For a request that is no turn of a conversation.
    public PlanAsked(Config config, String model, DialectId dialect, KeyRule key) {
        this(config, model, dialect, key, () -> 0);
    }
}
