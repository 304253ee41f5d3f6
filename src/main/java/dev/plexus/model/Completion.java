package dev.plexus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A whole answer. `id`, `model` and `created` (epoch seconds) are the upstream's, null and 0 where it gave none; `usage` is null where it reported
/// none.
public record Completion(@Nullable String id, @Nullable String model, long created, List<Choice> choices, @Nullable Usage usage) {

    public Completion {
        choices = List.copyOf(choices);
    }

    /// One of the answers. `stopSequence` is the sequence that ended it, where known.
    public record Choice(
            int index, List<Part> parts, FinishReason finish, @Nullable String stopSequence, List<TokenLogprob> logprobs) {

        public Choice {
            parts = List.copyOf(parts);
            logprobs = List.copyOf(logprobs);
        }
    }
}
