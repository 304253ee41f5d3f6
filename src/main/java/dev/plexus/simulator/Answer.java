package dev.plexus.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the simulator says, before a dialect spells it.
///
/// `number` makes the ids; `fixedWhole` is the text of a whole answer where that is not the stream's text; `counts` is null if usage is not told.
record Answer(
        String number,
        long created,
        String model,
        List<String> thoughts,
        Words words,
        @Nullable String fixedWhole,
        List<Call> calls,
        Finish finish,
        @Nullable Counts counts,
        boolean fixed) {

    /// A tool call; the arguments are JSON text.
    record Call(String name, String arguments) {

        /// The arguments in the fragments of a stream; never none.
        List<String> fragments() {
            List<String> fragments = new java.util.ArrayList<>();
            for (int at = 0; at < arguments.length(); at += 7) {
                fragments.add(arguments.substring(at, Math.min(arguments.length(), at + 7)));
            }
            return fragments;
        }
    }

    /// Why the answer ends.
    enum Finish { STOP, CALLS, LENGTH, FILTERED }

    /// Tokens: `input` holds `cached`, `output` holds `reasoning`.
    record Counts(int input, int cached, int output, int reasoning) {}

    Answer {
        thoughts = List.copyOf(thoughts);
        calls = List.copyOf(calls);
    }

    boolean hasText() {
        return calls.isEmpty() || words.count() > 0;
    }

    String whole() {
        return fixedWhole == null ? words.joined() : fixedWhole;
    }

    String thought() {
        return String.join("", thoughts);
    }

    String id(String prefix) {
        return prefix + number;
    }

    /// The id of call `k` in a dialect's own prefix.
    String callId(String prefix, int k) {
        return prefix + number + (k == 0 ? "" : "_" + k);
    }

    /// The id of call `k` as chat and responses spell it.
    String openAiCallId(int k) {
        return fixed ? "call_mock_000" + (k + 1) : callId("call_", k);
    }
}
