package dev.plexus.simulator;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request, as far as the simulator understands it, whatever its dialect.
///
/// `lastText` is what the last turn says, shortened; `prefill` the text of a last turn that is the assistant's own; `maxTokens` is 0 without
/// a limit; `inputTokens` is an estimate from the size of the body.
record Question(
        String model,
        Delivery delivery,
        boolean includeUsage,
        String lastText,
        @Nullable String prefill,
        boolean afterToolResult,
        boolean asksThinking,
        List<Tool> tools,
        boolean mustCall,
        int maxTokens,
        int inputTokens) {

    /// How the answer is to be delivered. Only gemini knows the array.
    enum Delivery { WHOLE, EVENTS, ARRAY }

    /// A function that the client offers.
    record Tool(String name, JsonObject schema) {}

    Question {
        tools = List.copyOf(tools);
    }

    /// The same question, with usage asked for.
    Question askingForUsage() {
        return new Question(model, delivery, true, lastText, prefill, afterToolResult, asksThinking, tools, mustCall, maxTokens, inputTokens);
    }

    boolean streamed() {
        return delivery != Delivery.WHOLE;
    }
}
