package dev.plexus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happens in an answer, in order (spec: streaming, section 2).
///
/// Every sequence keeps these rules: exactly one [Start], first; a part's [PartStart] before anything else of it, its [PartEnd] before the [Finish] of
/// its choice; at most one [Finish] for each choice; last of all exactly one [End] or [Failed]. `part` numbers are unique in the stream and count
/// from 0. Several parts may be open at once. Deltas are never empty, and are appended.
public sealed interface StreamEvent {

    /// `id`, `model`, `created` (epoch seconds) as the upstream said them, null and 0 where it did not.
    record Start(@Nullable String id, @Nullable String model, long created) implements StreamEvent {}

    /// A part begins; `call` is there exactly for [PartKind#TOOL_CALL].
    record PartStart(int choice, int part, PartKind kind, @Nullable Call call) implements StreamEvent {}

    /// A piece of text, thinking or refusal, by the kind of its part; of a tool call a piece of its arguments as raw text.
    record Delta(int part, String text) implements StreamEvent {}

    /// The secret of a part: of thinking, or a Gemini signature of a call or a text. Comes at most once for each part.
    record Sealed(int part, Secret secret) implements StreamEvent {}

    record Cited(int part, Citation citation) implements StreamEvent {}

    record Logprobs(int choice, List<TokenLogprob> tokens) implements StreamEvent {

        public Logprobs {
            tokens = List.copyOf(tokens);
        }
    }

    /// A whole image; its part is opened before and closed after.
    record ImageData(int part, String mime, String base64) implements StreamEvent {}

    record PartEnd(int part) implements StreamEvent {}

    /// `upstreamWord` is the finish reason as the upstream spelled it, null where it gave none.
    record Finish(int choice, FinishReason reason, @Nullable String upstreamWord, @Nullable String stopSequence) implements StreamEvent {}

    /// The counts until now; a later report replaces an earlier one.
    record Counted(Usage usage) implements StreamEvent {}

    /// The answer is complete.
    record End() implements StreamEvent {}

    /// The answer breaks off here.
    record Failed(GatewayError error) implements StreamEvent {}

    /// What a part is.
    enum PartKind {
        TEXT,
        THINKING,
        REFUSAL,
        TOOL_CALL,
        IMAGE
    }

    /// The head of a tool call. `itemId` is the id of the Responses item.
    record Call(String id, String name, ToolKind kind, @Nullable String namespace, @Nullable String itemId) {}
}
