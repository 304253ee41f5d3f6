package dev.plexus.message;

import dev.plexus.config.Alias;
import dev.plexus.model.GatewayError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to [PlanAsked].
public sealed interface Plan {

    /// The candidates in the order in which they are to be tried, never empty; `alias` is null for a direct route. `skipped` are targets that cannot
    /// serve this request at all, for the attempt history. `conversation` is to be told with the target that served it, where it is not null.
    record Ready(
            String canonicalName,
            @Nullable Alias alias,
            List<Candidate> candidates,
            List<UsageRecord.AttemptLine> skipped,
            @Nullable ConversationKey conversation)
            implements Plan {

        public Ready {
            candidates = List.copyOf(candidates);
            skipped = List.copyOf(skipped);
        }
    }

    /// Nobody can serve it. `canonicalName` is null while the name is unknown; `retryAfterMillis` is 0 when no wait helps.
    record Refused(GatewayError error, @Nullable String canonicalName, long retryAfterMillis) implements Plan {}
}
